// PickPlace-v1: grasp a cube and bring it to a goal in the air or on the table.
import {
  airArea,
  assertGraspable,
  assertReachable,
  defineEnv,
  findRobot,
  RobotCell,
  sampleArea,
  tableArea,
} from "../src/index.js";
import { CELL_DEFAULTS, drawStart, randomYaw } from "./cell-config.js";
import { gripperObservation, readQuarterYaw, toolObservation, vectorEntries } from "./observations.js";

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
  build(config) {
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
    {
      group: "cube",
      entries: [...vectorEntries("cube_from_tcp", "m", 100), ...vectorEntries("goal_from_cube", "m", 100)],
      read({ simulation: { goal, tcp }, cube: { position } }, out, offset) {
        const [x, y, z] = tcp.position;
        out[offset] = position.x - x!;
        out[offset + 1] = position.y - y!;
        out[offset + 2] = position.z - z!;
        out[offset + 3] = goal[0]! - position.x;
        out[offset + 4] = goal[1]! - position.y;
        out[offset + 5] = goal[2]! - position.z;
      },
    },
    {
      group: "grasp",
      entries: [
        { name: "sin_4_yaw", unit: "1", low: -1, high: 1 },
        { name: "cos_4_yaw", unit: "1", low: -1, high: 1 },
        { name: "grasped", unit: "1", low: 0, high: 1 },
      ],
      read({ simulation, cube }, out, offset) {
        readQuarterYaw(cube, simulation.tcp.yaw, out, offset);
        out[offset + 2] = simulation.isGrasped(cube) ? 1 : 0;
      },
    },
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: THRESHOLD,
    achieved({ cube: { position } }, out) {
      out[0] = position.x;
      out[1] = position.y;
      out[2] = position.z;
    },
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation, cube }) {
    const { goal, tcp } = simulation;
    const { x, y, z } = cube.position;
    const fromTool = Math.hypot(x - tcp.position[0]!, y - tcp.position[1]!, z - tcp.position[2]!);
    const fromGoal = Math.hypot(x - goal[0]!, y - goal[1]!, z - goal[2]!);
    const grasp = simulation.isGrasped(cube) ? 1 : 0;
    const lift = Math.min(1, Math.max(0, (z - HALF - 0.001) / LIFTED));
    return {
      reach: 1 - Math.tanh(5 * fromTool),
      grasp,
      lift: grasp * lift,
      place: grasp * (1 - Math.tanh(5 * fromGoal)),
      success: fromGoal < THRESHOLD ? 1 : 0,
    };
  },
});
