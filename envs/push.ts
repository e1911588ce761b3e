// Push-v1: push a cube over the table to a goal, fingers closed.
import { sampleApart, tableArea } from "../src/env/area.js";
import { defineEnv } from "../src/env/define-env.js";
import { RobotCell } from "../src/env/robot-cell.js";
import { requireReach } from "../src/robots/reach.js";
import { findRobot } from "../src/robots/robots.js";
import { CELL_DEFAULTS, drawStart, randomYaw } from "./cell-config.js";
import { readQuarterYaw, toolObservation, vectorEntries } from "./observations.js";

const HALF = 0.02;
const THRESHOLD = 0.025;
/** Cube and goal lie at least this far apart at first, m. */
const APART = 0.08;
/** From the cube's centre to the tool that pushes it, m. */
const BEHIND = HALF + 0.015;
/** A 4 cm cube, anywhere in a 30 x 30 cm area at any yaw, within 2.5 cm of a goal on the table 8 cm or more away; 2.5 s. */
export const push = defineEnv({
  id: "Push-v1",
  description: "Push a cube over the table to a goal, fingers closed.",
  maxEpisodeSteps: 50,
  defaults: { ...CELL_DEFAULTS, rewardWeights: { reach: 0.2, push: 0.3, success: 0.5 } },
  build(config) {
    const robot = findRobot(config.robot);
    const area = tableArea("spawn and goal area", robot.taskRegion, HALF);
    requireReach(robot, area, "Push-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
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
  reward({ simulation: { goal, tcp }, cube: { position } }) {
    const [wayX, wayY] = [goal[0]! - position.x, goal[1]! - position.y];
    const away = Math.hypot(wayX, wayY, goal[2]! - position.z);
    const way = Math.max(Math.hypot(wayX, wayY), 1e-6);
    // the place to push from: behind the cube as seen from the goal
    const fromBehind = Math.hypot(
      position.x - (BEHIND * wayX) / way - tcp.position[0]!,
      position.y - (BEHIND * wayY) / way - tcp.position[1]!,
      position.z - tcp.position[2]!,
    );
    const success = away < THRESHOLD ? 1 : 0;
    return {
      reach: success || 1 - Math.tanh(5 * fromBehind),
      push: 1 - Math.tanh(5 * away),
      success,
    };
  },
});
