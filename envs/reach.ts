// Reach-v1: bring the tool to a point in the air.
import { type Area, GOAL_COLOR, sampleArea } from "../src/env/area.js";
import { defineEnv } from "../src/env/define-env.js";
import { RobotCell } from "../src/env/robot-cell.js";
import { CELL_DEFAULTS, drawStart } from "./cell-config.js";
import { toolObservation, vectorEntries } from "./observations.js";

const GOAL_AREA: Area = {
  name: "goal area",
  low: [0.35, -0.15, 0.06],
  high: [0.65, 0.15, 0.27],
  color: GOAL_COLOR,
};
const THRESHOLD = 0.025;

/** The tool centre point within 2.5 cm of a goal drawn from a 30 x 30 x 21 cm box; 2.5 s. */
export const reach = defineEnv({
  id: "Reach-v1",
  description: "Bring the tool centre point to a point in the air.",
  maxEpisodeSteps: 50,
  defaults: { ...CELL_DEFAULTS, rewardWeights: { near: 1, success: 1 } },
  build: (config) => ({
    simulation: new RobotCell({
      ...config,
      gripper: false,
      goal: { radius: THRESHOLD, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [GOAL_AREA],
    }),
  }),
  reset({ simulation }, random) {
    simulation.goal.set(sampleArea(GOAL_AREA, random));
    simulation.reset(drawStart(random));
  },
  observation: [
    toolObservation,
    {
      group: "goal",
      entries: vectorEntries("goal_from_tcp", "m", 2),
      read({ simulation: { goal, tcp } }, out, offset) {
        for (let k = 0; k < 3; k++) out[offset + k] = goal[k]! - tcp.position[k]!;
      },
    },
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: THRESHOLD,
    achieved: ({ simulation }, out) => out.set(simulation.tcp.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation: { goal, tcp } }) {
    const [x, y, z] = tcp.position;
    const away = Math.hypot(goal[0]! - x!, goal[1]! - y!, goal[2]! - z!);
    return { near: 1 - Math.tanh(5 * away), success: away < THRESHOLD ? 1 : 0 };
  },
});
