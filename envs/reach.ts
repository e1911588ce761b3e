// Reach-v1: bring the tool to a point in the air.
import {
  type Area,
  airArea,
  assertReachable,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  drawStart,
  findRobot,
  LENGTH_RANGE,
  nearTerm,
  observationGroup,
  ofGoal,
  RobotCell,
  sampleArea,
  subtract,
  toolObservation,
  vector,
} from "../src/index.js";

/** The tool centre point within 2.5 cm of a goal drawn from the robot's task region (Panda: 30 x 30 x 21 cm); 2.5 s. */
export const reach = defineEnv({
  id: "Reach-v1",
  description: "Bring the tool centre point to a point in the air.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Success: the tool is this near to the goal, m. */
    threshold: 0.025,
    rewardWeights: {
      /** The tool is near the goal. */
      near: 1,
      /** It is within the threshold. */
      success: 1,
    },
  },
  ranges: { threshold: LENGTH_RANGE },
  build(config): ReachScene {
    const robot = findRobot(config.robot);
    const area = airArea("goal area", robot.taskRegion);
    assertReachable(robot, area, "Reach-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      goal: { radius: config.threshold, color: [0.1, 0.75, 0.35, 0.5] },
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
    observationGroup<ReachScene>("goal", [
      ofGoal(
        vector("goal_from_tcp", "m", ({ simulation: { goal, tcp } }) => subtract(goal, tcp.position), 2),
      ),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    achieved: ({ simulation }, out) => out.set(simulation.tcp.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation: { goal, tcp } }, { threshold }) {
    const away = distance(goal, tcp.position);
    return { near: nearTerm(away), success: away < threshold ? 1 : 0 };
  },
});

interface ReachScene {
  readonly simulation: RobotCell;
  /** Where goals lie. */
  readonly area: Area;
}
