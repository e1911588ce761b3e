// Reach-v1: bring the tool to a point in the air.
import { airArea, assertReachable, defineEnv, findRobot, RobotCell, sampleArea } from "../src/index.js";
import { CELL_DEFAULTS, drawStart } from "./cell-config.js";
import { toolObservation, vectorEntries } from "./observations.js";

const THRESHOLD = 0.025;

/** The tool centre point within 2.5 cm of a goal drawn from the robot's task region (Panda: 30 x 30 x 21 cm); 2.5 s. */
export const reach = defineEnv({
  id: "Reach-v1",
  description: "Bring the tool centre point to a point in the air.",
  maxEpisodeSteps: 50,
  defaults: { ...CELL_DEFAULTS, rewardWeights: { near: 1, success: 1 } },
  build(config) {
    const robot = findRobot(config.robot);
    const area = airArea("goal area", robot.taskRegion);
    assertReachable(robot, area, "Reach-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      goal: { radius: THRESHOLD, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [area],
    });
    return { simulation, area };
  },
  reset({ simulation, area }, random, _, difficulty) {
    simulation.goal.set(sampleArea(area, random, difficulty));
    simulation.reset(drawStart(random, simulation.model));
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
