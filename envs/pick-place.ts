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
  type FreeBody,
  findRobot,
  fromTool,
  grasped,
  graspTerm,
  gripperObservation,
  liftTerm,
  nearTerm,
  observationGroup,
  quarterYaw,
  RobotCell,
  randomYaw,
  sampleArea,
  subtract,
  tableArea,
  toolObservation,
  vector,
} from "../src/index.js";

const HALF = 0.02;
const THRESHOLD = 0.025;
/** A cube this high above the table counts as lifted. */
const LIFTED = 0.04;

/** A 4 cm cube, anywhere in the robot's task region (Panda: 30 x 30 cm) at any yaw, within 2.5 cm of its goal; 2.5 s. */
export const pickPlace = defineEnv({
  id: "PickPlace-v1",
  description: "Grasp a cube and bring it to a goal in the air or on the table.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Share of episodes whose goal lies on the table. */
    goalOnTable: 0.3,
    rewardWeights: { reach: 1 / 6, grasp: 1 / 6, lift: 1 / 6, place: 2 / 6, success: 1 / 6 },
  },
  ranges: { goalOnTable: { least: 0, most: 1 } },
  build(config): CubeScene {
    const robot = findRobot(config.robot);
    const areas = {
      spawn: tableArea("spawn area", robot.taskRegion, HALF),
      goal: airArea("goal area", robot.taskRegion),
    };
    assertReachable(robot, { low: areas.spawn.low, high: areas.goal.high }, "PickPlace-v1");
    assertGraspable(robot, 2 * HALF, "PickPlace-v1");
    const simulation = new RobotCell({
      ...config,
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
      areas: [areas.spawn, areas.goal],
    });
    return { simulation, areas, cube: simulation.boxes[0]! };
  },
  reset({ simulation, areas, cube }, random, { goalOnTable }, difficulty) {
    const { goal } = simulation;
    goal.set(sampleArea(areas.goal, random, difficulty));
    if (random.uniform() < goalOnTable) goal[2] = HALF;
    cube.setPose(sampleArea(areas.spawn, random, difficulty), randomYaw(random));
    simulation.reset(drawStart(random, simulation.model));
  },
  observation: [
    toolObservation,
    gripperObservation,
    observationGroup<CubeScene>("cube", [
      fromTool("cube_from_tcp", ({ cube }) => cube),
      vector("goal_from_cube", "m", ({ simulation: { goal }, cube }) => subtract(goal, cube.position)),
    ]),
    observationGroup<CubeScene>("grasp", [quarterYaw(({ cube }) => cube), grasped(({ cube }) => cube)]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: THRESHOLD,
    achieved: ({ cube }, out) => out.set(cube.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation, cube }) {
    const position = cube.position;
    const away = distance(position, simulation.goal);
    const grasp = graspTerm(simulation, cube);
    return {
      reach: nearTerm(distance(position, simulation.tcp.position)),
      grasp,
      lift: grasp * liftTerm(position[2], HALF, LIFTED),
      place: grasp * nearTerm(away),
      success: away < THRESHOLD ? 1 : 0,
    };
  },
});

interface CubeScene {
  readonly simulation: RobotCell;
  readonly cube: FreeBody;
  /** Where cubes start, and where goals in the air lie. */
  readonly areas: { readonly spawn: Area; readonly goal: Area };
}
