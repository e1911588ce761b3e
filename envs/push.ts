// Push-v1: push a cube over the table to a goal, fingers closed.
import {
  type Area,
  assertReachable,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  drawStart,
  type FreeBody,
  findRobot,
  fromTool,
  observationGroup,
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

const HALF = 0.02;
const THRESHOLD = 0.025;
/** Cube and goal lie at least this far apart at first, m. */
const APART = 0.08;
/** From the cube's centre to the tool that pushes it, m. */
const BEHIND = HALF + 0.015;
/** The tool may go this much nearer to the base than in other tasks, so that it gets behind any cube, m. */
const ROOM_BEHIND = 0.05;

/** A 4 cm cube, anywhere in a 30 x 30 cm area at any yaw, within 2.5 cm of a goal on the table 8 cm or more away; 2.5 s. */
export const push = defineEnv({
  id: "Push-v1",
  description: "Push a cube over the table to a goal, fingers closed.",
  maxEpisodeSteps: 50,
  defaults: { ...CELL_DEFAULTS, rewardWeights: { reach: 0.2, push: 0.3, success: 0.5 } },
  build(config): PushScene {
    const robot = findRobot(config.robot);
    const area = tableArea("spawn and goal area", robot.taskRegion, HALF);
    assertReachable(robot, area, "Push-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      workspace: withRoomBehind(robot.workspace),
      boxes: [
        {
          name: "cube",
          halfExtents: [HALF, HALF, HALF],
          mass: 0.1,
          friction: 0.8,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      goal: { radius: THRESHOLD, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [area],
    });
    return { simulation, area, cube: simulation.boxes[0]! };
  },
  reset({ simulation, area, cube }, random, _, difficulty) {
    const [goal, start] = sampleApart(area, 2, APART, random, difficulty);
    simulation.goal.set(goal!);
    cube.setPose(start!, randomYaw(random));
    simulation.reset(drawStart(random, simulation.model), 0);
  },
  observation: [
    toolObservation,
    observationGroup<PushScene>("cube", [
      fromTool("cube_from_tcp", ({ cube }) => cube),
      vector("goal_from_cube", "m", ({ simulation: { goal }, cube }) => subtract(goal, cube.position)),
      planarVector("cube_velocity", "m/s", ({ cube }) => cube.velocity),
      quarterYaw(({ cube }) => cube),
      planarVector("behind_from_tcp", "m", (scene) =>
        subtract(placeBehind(scene), scene.simulation.tcp.position),
      ),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: THRESHOLD,
    achieved: ({ cube }, out) => out.set(cube.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward(scene) {
    const { goal, tcp } = scene.simulation;
    const away = distance(goal, scene.cube.position);
    const fromBehind = distance(placeBehind(scene), tcp.position);
    const success = away < THRESHOLD ? 1 : 0;
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
function placeBehind({ simulation: { goal }, cube }: PushScene): Vec3 {
  const [x, y, z] = cube.position;
  const [wayX, wayY] = [goal[0]! - x, goal[1]! - y];
  const way = Math.max(Math.hypot(wayX, wayY), 1e-6);
  return [x - (BEHIND * wayX) / way, y - (BEHIND * wayY) / way, z];
}

interface PushScene {
  readonly simulation: RobotCell;
  readonly cube: FreeBody;
  /** Where cubes start and goals lie. */
  readonly area: Area;
}
