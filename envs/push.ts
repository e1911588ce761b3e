// Push-v1: push a cube over the table to a goal, fingers closed.
import {
  assertReachable,
  defineEnv,
  type FreeBody,
  findRobot,
  type Region,
  RobotCell,
  sampleApart,
  tableArea,
} from "../src/index.js";
import { CELL_DEFAULTS, drawStart, randomYaw } from "./cell-config.js";
import { readQuarterYaw, toolObservation, vectorEntries } from "./observations.js";

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
  build(config) {
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
    {
      group: "cube",
      entries: [
        ...vectorEntries("cube_from_tcp", "m", 100),
        ...vectorEntries("goal_from_cube", "m", 100),
        { name: "cube_velocity_x", unit: "m/s", low: -100, high: 100 },
        { name: "cube_velocity_y", unit: "m/s", low: -100, high: 100 },
        { name: "sin_4_yaw", unit: "1", low: -1, high: 1 },
        { name: "cos_4_yaw", unit: "1", low: -1, high: 1 },
        { name: "behind_from_tcp_x", unit: "m", low: -100, high: 100 },
        { name: "behind_from_tcp_y", unit: "m", low: -100, high: 100 },
      ],
      read({ simulation: { goal, tcp }, cube }, out, offset) {
        const { x, y, z } = cube.position;
        out[offset] = x - tcp.position[0]!;
        out[offset + 1] = y - tcp.position[1]!;
        out[offset + 2] = z - tcp.position[2]!;
        out[offset + 3] = goal[0]! - x;
        out[offset + 4] = goal[1]! - y;
        out[offset + 5] = goal[2]! - z;
        out[offset + 6] = cube.velocity.x;
        out[offset + 7] = cube.velocity.y;
        readQuarterYaw(cube, tcp.yaw, out, offset + 8);
        const [behindX, behindY] = placeBehind(cube, goal);
        out[offset + 10] = behindX - tcp.position[0]!;
        out[offset + 11] = behindY - tcp.position[1]!;
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
  reward({ simulation: { goal, tcp }, cube }) {
    const { position } = cube;
    const away = Math.hypot(goal[0]! - position.x, goal[1]! - position.y, goal[2]! - position.z);
    const [behindX, behindY] = placeBehind(cube, goal);
    const fromBehind = Math.hypot(
      behindX - tcp.position[0]!,
      behindY - tcp.position[1]!,
      position.z - tcp.position[2]!,
    );
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

/** Where to push from: behind the cube as seen from the goal. */
function placeBehind({ position }: FreeBody, goal: ArrayLike<number>): [number, number] {
  const [wayX, wayY] = [goal[0]! - position.x, goal[1]! - position.y];
  const way = Math.max(Math.hypot(wayX, wayY), 1e-6);
  return [position.x - (BEHIND * wayX) / way, position.y - (BEHIND * wayY) / way];
}
