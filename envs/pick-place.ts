// PickPlace-v1: grasp a cube and bring it to a goal in the air or on the table.
import {
  type Area,
  airArea,
  assertGraspable,
  assertReachable,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  drawStart,
  FRICTION_RANGE,
  type FreeBody,
  findRobot,
  fromTool,
  grasped,
  graspTerm,
  gripperObservation,
  LENGTH_RANGE,
  liftTerm,
  MASS_RANGE,
  nearSteepness,
  observationGroup,
  ofGoal,
  placeTerm,
  quarterYaw,
  RobotCell,
  randomYaw,
  reachTerm,
  sampleArea,
  subtract,
  tableArea,
  toolObservation,
  vector,
} from "../src/index.js";
import { fittedCube, LEAST_EDGE } from "./fitted-cube.js";

/** A 4 cm cube, anywhere in the robot's task region (Panda: 30 x 30 cm) at any yaw, within 2.5 cm of its goal; 2.5 s. */
export const pickPlace = defineEnv({
  id: "PickPlace-v1",
  description: "Grasp a cube and bring it to a goal in the air or on the table.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Edge of the cube, m. */
    cubeSize: 0.04,
    /** Mass of the cube, kg. */
    cubeMass: 0.1,
    /** Coulomb coefficient of the cube. */
    cubeFriction: 0.8,
    /** A cube this high above where it lay counts as lifted, m. */
    liftHeight: 0.04,
    /** Success: the cube is this near to its goal, m. */
    threshold: 0.025,
    /** Share of episodes whose goal lies on the table. */
    goalOnTable: 0.3,
    rewardWeights: {
      /** The tool is near the cube. */
      reach: 1 / 6,
      /** The fingers hold the cube. */
      grasp: 1 / 6,
      /** The cube is held above where it lay, up to `liftHeight`. */
      lift: 1 / 6,
      /** The cube is held near the goal. */
      place: 2 / 6,
      /** The cube is within the threshold of the goal, held or not. */
      success: 1 / 6,
    },
  },
  ranges: {
    cubeSize: { least: LEAST_EDGE, most: 0.2, unit: "m" },
    cubeMass: MASS_RANGE,
    cubeFriction: FRICTION_RANGE,
    liftHeight: LENGTH_RANGE,
    threshold: LENGTH_RANGE,
    goalOnTable: { least: 0, most: 1 },
  },
  fitted({ liftHeight, threshold, ...config }) {
    const fitted = fittedCube(config);
    if (!fitted) return {};
    // fingers that open less are told to be as exact in proportion
    const { cube, share } = fitted;
    return { ...cube, liftHeight: share * liftHeight, threshold: share * threshold };
  },
  build(config): CubeScene {
    const { cubeSize, cubeMass, cubeFriction, threshold } = config;
    const robot = findRobot(config.robot);
    const half = cubeSize / 2;
    const areas = {
      spawn: tableArea("spawn area", robot.taskRegion, half),
      goal: airArea("goal area", robot.taskRegion),
    };
    assertReachable(robot, { low: areas.spawn.low, high: areas.goal.high }, "PickPlace-v1");
    assertGraspable(robot, cubeSize, "PickPlace-v1");
    const simulation = new RobotCell({
      ...config,
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
      areas: [areas.spawn, areas.goal],
    });
    return { simulation, areas, cube: simulation.boxes[0]! };
  },
  reset({ simulation, areas, cube }, random, { goalOnTable, cubeSize }, difficulty) {
    const { goal } = simulation;
    goal.set(sampleArea(areas.goal, random, difficulty));
    if (random.uniform() < goalOnTable) goal[2] = cubeSize / 2;
    cube.setPose(sampleArea(areas.spawn, random, difficulty), randomYaw(random));
    simulation.reset(drawStart(random, simulation.model));
  },
  observation: [
    toolObservation,
    gripperObservation,
    observationGroup<CubeScene>("cube", [
      fromTool("cube_from_tcp", ({ cube }) => cube),
      ofGoal(
        vector("goal_from_cube", "m", ({ simulation: { goal }, cube }) => subtract(goal, cube.position)),
      ),
    ]),
    observationGroup<CubeScene>("grasp", [quarterYaw(({ cube }) => cube), grasped(({ cube }) => cube)]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved: ({ cube }, out) => out.set(cube.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation, cube }, { cubeSize, liftHeight, threshold }) {
    const grasp = graspTerm(simulation, cube);
    const steepness = nearSteepness(simulation.model);
    return {
      reach: reachTerm(simulation, cube, steepness),
      grasp,
      lift: grasp * liftTerm(cube.position[2], cubeSize / 2, liftHeight),
      place: grasp * placeTerm(cube, simulation.goal, steepness),
      success: distance(cube.position, simulation.goal) < threshold ? 1 : 0,
    };
  },
});

interface CubeScene {
  readonly simulation: RobotCell;
  readonly cube: FreeBody;
  /** Where cubes start, and where goals in the air lie. */
  readonly areas: { readonly spawn: Area; readonly goal: Area };
}
