// RememberGoal-v1: bring the tool to a point that was shown at the start only.
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
  openFingers,
  RobotCell,
  sampleArea,
  scalar,
  subtract,
  toolObservation,
  vector,
} from "../src/index.js";

/**
 * The tool centre point within 2.5 cm of a goal that is shown for the first 0.25 s only; 2.5 s.
 *
 * While the goal is shown the arm is held still: a policy without memory could otherwise set off towards it, and the
 * arm's own pose would remember for it.
 */
export const rememberGoal = defineEnv({
  id: "RememberGoal-v1",
  description: "Bring the tool centre point to a point that was shown at the start only.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** How long the goal is shown and the arm held, s; rounded to control steps, one at least. */
    shownSeconds: 0.25,
    /** Success: the tool is this near to the goal, m. */
    threshold: 0.025,
    rewardWeights: {
      /** The tool is near the goal, shown or not. */
      near: 1,
      /** It is within the threshold. */
      success: 1,
    },
  },
  ranges: { shownSeconds: { above: 0, most: 2.5, unit: "s" }, threshold: LENGTH_RANGE },
  build(config): ShownScene {
    const robot = findRobot(config.robot);
    const area = airArea("goal area", robot.taskRegion);
    assertReachable(robot, area, "RememberGoal-v1");
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      goal: { radius: config.threshold, color: [0.1, 0.75, 0.35, 0.5], seenInFirst: shownSteps(config) },
      areas: [area],
    });
    return { simulation, area };
  },
  reset({ simulation, area }, random, config, difficulty) {
    const { model } = simulation;
    simulation.goal.set(sampleArea(area, random, difficulty));
    simulation.reset(drawStart(random, model), openFingers(model), shownSteps(config));
  },
  observation: [
    toolObservation,
    observationGroup<ShownScene>("goal", [
      ofGoal(
        vector(
          "goal_from_tcp_if_shown",
          "m",
          ({ simulation: { goal, tcp, stepsHeld } }) =>
            stepsHeld > 0 ? subtract(goal, tcp.position) : [0, 0, 0],
          2,
        ),
      ),
      scalar("goal_shown", "1", ({ simulation: { stepsHeld } }) => (stepsHeld > 0 ? 1 : 0)),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    remembered: true,
    achieved: ({ simulation }, out) => out.set(simulation.tcp.position),
    desired: ({ simulation }, out) => out.set(simulation.goal),
  },
  reward({ simulation: { goal, tcp } }, { threshold }) {
    const away = distance(goal, tcp.position);
    return { near: nearTerm(away), success: away < threshold ? 1 : 0 };
  },
});

function shownSteps({ shownSeconds, controlRate }: { shownSeconds: number; controlRate: number }): number {
  return Math.max(1, Math.round(shownSeconds * controlRate));
}

interface ShownScene {
  readonly simulation: RobotCell;
  /** Where goals lie. */
  readonly area: Area;
}
