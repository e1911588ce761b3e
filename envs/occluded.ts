// Occluded-v1: keep the tool over a ball that has rolled under a roof.
import {
  type Area,
  assertReachable,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  drawStart,
  type FreeBody,
  findRobot,
  LENGTH_RANGE,
  MASS_RANGE,
  nearTerm,
  observationGroup,
  ofGoal,
  openFingers,
  RobotCell,
  sampleArea,
  scalar,
  subtract,
  tableArea,
  toolObservation,
  UsageError,
  type Vec3,
  vector,
} from "../src/index.js";

/** At the default control rate. */
const STEPS = 50;
/** Thickness of the roof, and how far it reaches beyond the area, m. */
const ROOF = { thickness: 0.01, margin: 0.03 };

/**
 * The tool centre point within 2.5 cm of the place 9 cm above the table over a ball that rolls at constant speed; 2.5 s.
 *
 * The ball is seen for its first 0.25 to 0.6 s, then it is under a roof. As long as it is seen the arm is held still, so that
 * the arm's own pose and speed cannot remember for the policy where the ball went, and how fast.
 */
export const occluded = defineEnv({
  id: "Occluded-v1",
  description: "Keep the tool over a ball that has rolled under a roof.",
  maxEpisodeSteps: STEPS,
  defaults: {
    ...CELL_DEFAULTS,
    /** Radius of the ball, m. */
    ballRadius: 0.02,
    /** Mass of the ball, kg. */
    ballMass: 0.05,
    /** Height of the roof's underside, m. */
    roofHeight: 0.045,
    /** Where the roof begins, as a share of the area's length. */
    roofStart: 0.1,
    /** How far the ball rolls in an episode, as shares of the area's length: drawn evenly. */
    rolled: { least: 0.4, most: 1 },
    /** Height at which the tool follows the ball, m. */
    hoverHeight: 0.09,
    /** Success: the tool is this near to its place over the ball, m. */
    threshold: 0.025,
    rewardWeights: {
      /** The tool is near the place above the ball. */
      near: 1,
      /** It is within the threshold. */
      success: 1,
    },
  },
  ranges: {
    ballRadius: { least: 0.005, most: 0.1, unit: "m" },
    ballMass: MASS_RANGE,
    roofHeight: LENGTH_RANGE,
    roofStart: { least: 0, most: 1 },
    rolled: { least: 0.01, most: 10 },
    hoverHeight: LENGTH_RANGE,
    threshold: LENGTH_RANGE,
  },
  build(config): OccludedScene {
    const { ballRadius, ballMass, roofHeight, roofStart, hoverHeight } = config;
    requirePossible(config);
    const robot = findRobot(config.robot);
    const area = tableArea("area that the ball crosses", robot.taskRegion, ballRadius);
    const [low, high] = [area.low, area.high];
    assertReachable(
      robot,
      { low: [low[0], low[1], hoverHeight], high: [high[0], high[1], hoverHeight] },
      "Occluded-v1",
    );
    const mouth = low[1] + roofStart * (high[1] - low[1]);
    const { thickness, margin } = ROOF;
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      objects: [
        {
          name: "ball",
          shape: { type: "sphere", radius: ballRadius },
          mass: ballMass,
          friction: 0.8,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      fixtures: [
        {
          name: "roof",
          halfExtents: [(high[0] - low[0]) / 2 + margin, (high[1] - mouth + margin) / 2, thickness / 2],
          position: [(low[0] + high[0]) / 2, (mouth + high[1] + margin) / 2, roofHeight + thickness / 2],
          color: [0.35, 0.4, 0.5, 1],
        },
      ],
      areas: [area],
    });
    return { simulation, area, mouth, hoverHeight, ball: simulation.objects[0]! };
  },
  reset({ simulation, area, mouth, ball }, random, { controlRate, ballRadius, rolled }) {
    const [x] = sampleArea(area, random);
    const [start, end] = [area.low[1], area.high[1]];
    const speed =
      ((end - start) * random.uniform(rolled.least, rolled.most) * CELL_DEFAULTS.controlRate) / STEPS;
    ball.setPose([x, start, ballRadius]);
    ball.setVelocity([0, speed, 0], [-speed / ballRadius, 0, 0]);
    const stepsSeen = Math.ceil(((mouth - start) / speed) * controlRate);
    simulation.reset(drawStart(random, simulation.model), openFingers(simulation.model), stepsSeen);
  },
  observation: [
    toolObservation,
    observationGroup<OccludedScene>("ball", [
      ofGoal(
        vector(
          "ball_from_tcp_if_seen",
          "m",
          (scene) =>
            isSeen(scene) ? subtract(scene.ball.position, scene.simulation.tcp.position) : [0, 0, 0],
          2,
        ),
      ),
      scalar("ball_seen", "1", (scene) => (isSeen(scene) ? 1 : 0)),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: ({ threshold }) => threshold,
    remembered: true,
    achieved: ({ simulation }, out) => out.set(simulation.tcp.position),
    desired: (scene, out) => out.set(placeOver(scene)),
  },
  reward(scene, { threshold }) {
    const away = distance(placeOver(scene), scene.simulation.tcp.position);
    return { near: nearTerm(away), success: away < threshold ? 1 : 0 };
  },
});

interface OccludedScene {
  readonly simulation: RobotCell;
  readonly ball: FreeBody;
  /** Where the ball rolls. */
  readonly area: Area;
  /** Where the roof begins along y, m. */
  readonly mouth: number;
  readonly hoverHeight: number;
}

function requirePossible({
  ballRadius,
  roofHeight,
  rolled,
}: {
  readonly ballRadius: number;
  readonly roofHeight: number;
  readonly rolled: { readonly least: number; readonly most: number };
}): void {
  if (roofHeight <= 2 * ballRadius) {
    throw new UsageError(
      `Setting "roofHeight" of Occluded-v1 is ${roofHeight}, expected more than the ball is high (${2 * ballRadius}), in m.`,
    );
  }
  if (rolled.least > rolled.most) {
    throw new UsageError(
      `Setting "rolled.least" of Occluded-v1 is ${rolled.least}, expected at most rolled.most (${rolled.most}).`,
    );
  }
}

function isSeen({ ball, mouth }: OccludedScene): boolean {
  return ball.position[1] < mouth;
}

/** Where the tool is wanted, m. */
function placeOver({ ball, hoverHeight }: OccludedScene): Vec3 {
  const [x, y] = ball.position;
  return [x, y, hoverHeight];
}
