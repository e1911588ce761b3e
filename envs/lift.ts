// Lift-v1: grasp a cube and lift it off the table, as robosuite's Lift has it.
import {
  type Area,
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
  MASS_RANGE,
  nearTerm,
  observationGroup,
  quarterYaw,
  RobotCell,
  type RobotModel,
  randomYaw,
  sampleArea,
  scalar,
  tableArea,
  toolObservation,
} from "../src/index.js";
import { fittedCube, LEAST_EDGE } from "./fitted-cube.js";

/** robosuite's steepness of the reaching term, per m. */
const STEEPNESS = 10;

/**
 * A 4.2 cm cube within 3 cm of the middle of the robot's task region at any yaw, its centre more than 4 cm above the table; 2.5 s.
 * Sizes, places, success and reward are those of robosuite's Lift (v1.4), its reward divided by its greatest value.
 */
export const lift = defineEnv({
  id: "Lift-v1",
  description: "Grasp a cube and lift it off the table.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Edge of the cube, m. */
    cubeSize: 0.042,
    /** Mass of the cube, kg. */
    cubeMass: 0.074,
    /** Coulomb coefficient of the cube. */
    cubeFriction: 1,
    /** The cube starts this far from the middle of the task region at most, along x and along y, m. */
    spawnReach: 0.03,
    /** Success: the cube's centre is this high above the table, m. */
    liftHeight: 0.04,
    rewardWeights: {
      /** The tool is near the cube. */
      reach: 4 / 9,
      /** The fingers hold the cube. */
      grasp: 1 / 9,
      /** The cube is lifted. */
      success: 4 / 9,
    },
  },
  ranges: {
    cubeSize: { least: LEAST_EDGE, most: 0.2, unit: "m" },
    cubeMass: MASS_RANGE,
    cubeFriction: FRICTION_RANGE,
    spawnReach: { least: 0, most: 1, unit: "m" },
    liftHeight: LENGTH_RANGE,
  },
  fitted({ liftHeight, ...config }) {
    const fitted = fittedCube(config);
    return fitted ? { ...fitted.cube, liftHeight: fitted.share * liftHeight } : {};
  },
  build(config): LiftScene {
    const { cubeSize, cubeMass, cubeFriction, liftHeight } = config;
    const robot = findRobot(config.robot);
    const half = cubeSize / 2;
    const spawn = spawnArea(robot, half, config.spawnReach);
    const [x, y] = spawn.high;
    assertReachable(robot, { low: spawn.low, high: [x, y, half + liftHeight] }, "Lift-v1");
    assertGraspable(robot, cubeSize, "Lift-v1");
    const simulation = new RobotCell({
      ...config,
      boxes: [
        {
          name: "cube",
          halfExtents: [half, half, half],
          mass: cubeMass,
          friction: cubeFriction,
          color: [0.85, 0.2, 0.2, 1],
        },
      ],
      areas: [spawn],
    });
    return { simulation, spawn, cube: simulation.boxes[0]! };
  },
  reset({ simulation, spawn, cube }, random, _, difficulty) {
    cube.setPose(sampleArea(spawn, random, difficulty), randomYaw(random));
    simulation.reset(drawStart(random, simulation.model));
  },
  observation: [
    toolObservation,
    gripperObservation,
    observationGroup<LiftScene>("cube", [
      fromTool("cube_from_tcp", ({ cube }) => cube),
      scalar("cube_height", "m", ({ cube }) => cube.position[2], [-1, 2]),
    ]),
    observationGroup<LiftScene>("grasp", [quarterYaw(({ cube }) => cube), grasped(({ cube }) => cube)]),
  ],
  success: ({ cube }, { liftHeight }) => isLifted(cube, liftHeight),
  reward({ simulation, cube }, { liftHeight }) {
    return {
      reach: nearTerm(distance(cube.position, simulation.tcp.position), STEEPNESS),
      grasp: graspTerm(simulation, cube),
      success: isLifted(cube, liftHeight) ? 1 : 0,
    };
  },
});

interface LiftScene {
  readonly simulation: RobotCell;
  readonly cube: FreeBody;
  /** Where the cube starts. */
  readonly spawn: Area;
}

function isLifted({ position: [, , height] }: FreeBody, liftHeight: number): boolean {
  return height > liftHeight;
}

/** The square about the middle of the task region where the cube starts. */
function spawnArea({ taskRegion: { low, high } }: RobotModel, half: number, reach: number): Area {
  const [x, y] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  const square = { low: [x - reach, y - reach, 0], high: [x + reach, y + reach, 0] } as const;
  return tableArea("spawn area", square, half);
}
