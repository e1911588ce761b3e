// Push-v1: push a cube over the table to a goal, fingers closed.
import {
  type Area,
  assertReachable,
  assertRoom,
  CELL_DEFAULTS,
  closedFingers,
  createRandom,
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
  type Random,
  type Region,
  RobotCell,
  randomYaw,
  sampleApart,
  subtract,
  tableArea,
  toolObservation,
  UsageError,
  type Vec3,
  vector,
} from "../src/index.js";

/** From the cube's edge to the tool that pushes it, m. */
const BEHIND = 0.015;
/** The tool may go this much nearer to the base than in other tasks, so that it gets behind any cube, m. */
const ROOM_BEHIND = 0.05;
/** Draws of cube and goal before it is given up that the fingers get behind the cube. */
const MAX_DRAWS = 1000;

/**
 * A 4 cm cube, anywhere in a 30 x 30 cm area at any yaw, within 2.5 cm of a goal on the table 8 cm or more away; 2.5 s.
 *
 * Cube and goal lie so that the closed fingers get behind the cube and stay there all the way: the jaws of an SO-101, which meet 2.5 cm
 * nearer to the base than its tool centre point, do not get behind a cube at the far end of its workspace.
 */
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
    const workspace = withRoomBehind(robot.workspace);
    const behind = half + BEHIND;
    const [fingers] = closedFingers(robot);
    const course = { area, workspace, fingers, behind, goalDistance, robot: robot.id };
    // told now rather than at the first reset
    drawWay(course, createRandom("Push-v1"), 1);
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      workspace,
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
    return { simulation, course, behind, cube: simulation.boxes[0]! };
  },
  reset({ simulation, course, cube }, random, _, difficulty) {
    const { goal, start } = drawWay(course, random, difficulty);
    simulation.goal.set(goal);
    cube.setPose(start, randomYaw(random));
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

/** Draw where the cube starts and its goal, so that the tool may go wherever it is when the fingers push from the one to the other. */
function drawWay(course: Course, random: Random, difficulty: number): { goal: Vec3; start: Vec3 } {
  const { area, workspace, fingers, behind, goalDistance, robot } = course;
  const { low, high } = workspace;
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const [goal, start] = sampleApart(area, 2, goalDistance, random, difficulty) as [Vec3, Vec3];
    const way = Math.max(Math.hypot(goal[0] - start[0], goal[1] - start[1]), 1e-6);
    // at yaw 0 the tool's x axis is the world's
    const [fromX, fromY] = [
      (behind * (start[0] - goal[0])) / way - fingers,
      (behind * (start[1] - goal[1])) / way,
    ];
    const mayStand = ([x, y]: Vec3) =>
      x + fromX >= low[0] && x + fromX <= high[0] && y + fromY >= low[1] && y + fromY <= high[1];
    if (mayStand(start) && mayStand(goal)) return { goal, start };
  }
  throw new UsageError(
    `The fingers of robot "${robot}" do not get behind the cube of Push-v1 within its workspace. Choose a robot that reaches further, or a smaller cube.`,
  );
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
  readonly course: Course;
}

/** Where cubes may start and goals lie. */
interface Course {
  readonly area: Area;
  /** Where the tool may go. */
  readonly workspace: Region;
  /** From the tool centre point to the closed fingers along the tool's x axis, m. */
  readonly fingers: number;
  /** From the cube's centre to the fingers that push it, m. */
  readonly behind: number;
  readonly goalDistance: number;
  readonly robot: string;
}
