// Push-v1: push a cube over the table to a goal, fingers closed.
import {
  type Area,
  assertReachable,
  assertRoom,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  drawStart,
  FRICTION_RANGE,
  type FreeBody,
  findRobot,
  fromTool,
  idleFingers,
  LENGTH_RANGE,
  MASS_RANGE,
  observationGroup,
  ofGoal,
  planarVector,
  quarterYaw,
  type Region,
  RobotCell,
  randomYaw,
  sampleApart,
  subtract,
  tableArea,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";

/** From the cube's edge to the tool that pushes it, m. */
const BEHIND = 0.015;
/** The tool may go this much nearer to the base than in other tasks, so that it gets behind any cube, m. */
const ROOM_BEHIND = 0.05;

/** A 4 cm cube, anywhere in a 30 x 30 cm area at any yaw, within 2.5 cm of a goal on the table 8 cm or more away; 2.5 s. */
export const push = defineEnv({
  id: "Push-v1",
  description: "Push a cube over the table to a goal, fingers closed.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Edge of the cube, m. */
    cubeSize: 0.04,
    /** Mass of the cube, kg. */
    cubeMass: 0.1,
    /** Coulomb coefficient of the cube. */
    cubeFriction: 0.8,
    /** Cube and goal lie at least this far apart at first, m. */
    goalDistance: 0.08,
    /** Success: the cube is this near to its goal, m. */
    threshold: 0.025,
    rewardWeights: {
      /** The tool is behind the cube as seen from the goal. */
      reach: 0.2,
      /** The cube is near the goal. */
      push: 0.3,
      /** The cube is within the threshold of the goal. */
      success: 0.5,
    },
  },
  ranges: {
    cubeSize: { least: 0.01, most: 0.2, unit: "m" },
    cubeMass: MASS_RANGE,
    cubeFriction: FRICTION_RANGE,
    goalDistance: { least: 0, most: 1, unit: "m" },
    threshold: LENGTH_RANGE,
  },
  build(config): PushScene {
    const { cubeSize, cubeMass, cubeFriction, goalDistance, threshold } = config;
    const robot = findRobot(config.robot);
    const half = cubeSize / 2;
    const area = tableArea("spawn and goal area", robot.taskRegion, half);
    assertReachable(robot, area, "Push-v1");
    assertRoom(area, 2, goalDistance);
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      workspace: withRoomBehind(robot.workspace),
      boxes: [
        {
          name: "cube",
          halfExtents: [half, half, half],
          mass: cubeMass,
          friction: cubeFriction,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      goal: { radius: threshold, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [area],
    });
    return { simulation, area, behind: half + BEHIND, cube: simulation.boxes[0]! };
  },
  reset({ simulation, area, cube }, random, { goalDistance }, difficulty) {
    const [goal, start] = sampleApart(area, 2, goalDistance, random, difficulty);
    simulation.goal.set(goal!);
    cube.setPose(start!, randomYaw(random));
    simulation.reset(drawStart(random, simulation.model), idleFingers(simulation.model));
  },
  observation: [
    toolObservation,
    observationGroup<PushScene>("cube", [
      fromTool("cube_from_tcp", ({ cube }) => cube),
      ofGoal(
        vector("goal_from_cube", "m", ({ simulation: { goal }, cube }) => subtract(goal, cube.position)),
      ),
      planarVector("cube_velocity", "m/s", ({ cube }) => cube.velocity),
      quarterYaw(({ cube }) => cube),
      ofGoal(
        planarVector("behind_from_tcp", "m", (scene) =>
          subtract(placeBehind(scene), scene.simulation.tcp.position),
        ),
      ),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved: ({ cube }, out) => out.set(cube.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward(scene, { threshold }) {
    const { goal, tcp } = scene.simulation;
    const away = distance(goal, scene.cube.position);
    const fromBehind = distance(placeBehind(scene), tcp.position);
    const success = away < threshold ? 1 : 0;
    return {
      reach: success || 1 - Math.tanh(5 * fromBehind) / 2 - Math.tanh(20 * fromBehind) / 2,
      push: 1 - Math.tanh(5 * away) / 2 - Math.tanh(20 * away) / 2,
      success,
    };
  },
});

function withRoomBehind({ low: [x, y, z], high }: Region): Region {
  return { low: [x - ROOM_BEHIND, y, z], high };
}

/** Where to push from: behind the cube as seen from the goal, m. */
function placeBehind({ simulation: { goal }, cube, behind }: PushScene): Vec3 {
  const [x, y, z] = cube.position;
  const [wayX, wayY] = [goal[0]! - x, goal[1]! - y];
  const way = Math.max(Math.hypot(wayX, wayY), 1e-6);
  return [x - (behind * wayX) / way, y - (behind * wayY) / way, z];
}

interface PushScene {
  readonly simulation: RobotCell;
  readonly cube: FreeBody;
  /** From the cube's centre to the tool that pushes it, m. */
  readonly behind: number;
  /** Where cubes start and goals lie. */
  readonly area: Area;
}
