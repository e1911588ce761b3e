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
  nearTerm,
  observationGroup,
  openFingers,
  RobotCell,
  sampleArea,
  scalar,
  subtract,
  tableArea,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";

const RADIUS = 0.02;
const THRESHOLD = 0.025;
/** At the default control rate. */
const STEPS = 50;
/** Height at which the tool follows the ball, m. */
const HOVER = 0.09;
/** Underside and thickness of the roof, and how far it reaches beyond the area, m. */
const ROOF = { underside: 0.045, thickness: 0.01, margin: 0.03 };
/** Where the roof begins, and how far the ball rolls in an episode, as shares of the area's length. */
const MOUTH = 0.1;
const ROLLED = [0.4, 1] as const;

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
  defaults: { ...CELL_DEFAULTS, rewardWeights: { near: 1, success: 1 } },
  build(config): OccludedScene {
    const robot = findRobot(config.robot);
    const area = tableArea("area that the ball crosses", robot.taskRegion, RADIUS);
    const [low, high] = [area.low, area.high];
    assertReachable(robot, { low: [low[0], low[1], HOVER], high: [high[0], high[1], HOVER] }, "Occluded-v1");
    const mouth = low[1] + MOUTH * (high[1] - low[1]);
    const { underside, thickness, margin } = ROOF;
    const simulation = new RobotCell({
      ...config,
      gripper: false,
      objects: [
        {
          name: "ball",
          shape: { type: "sphere", radius: RADIUS },
          mass: 0.05,
          friction: 0.8,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      fixtures: [
        {
          name: "roof",
          halfExtents: [(high[0] - low[0]) / 2 + margin, (high[1] - mouth + margin) / 2, thickness / 2],
          position: [(low[0] + high[0]) / 2, (mouth + high[1] + margin) / 2, underside + thickness / 2],
          color: [0.35, 0.4, 0.5, 1],
        },
      ],
      areas: [area],
    });
    return { simulation, area, mouth, ball: simulation.objects[0]! };
  },
  reset({ simulation, area, mouth, ball }, random, { controlRate }) {
    const [x] = sampleArea(area, random);
    const [start, end] = [area.low[1], area.high[1]];
    const speed = ((end - start) * random.uniform(...ROLLED) * CELL_DEFAULTS.controlRate) / STEPS;
    ball.setPose([x, start, RADIUS]);
    ball.setVelocity([0, speed, 0], [-speed / RADIUS, 0, 0]);
    const stepsSeen = Math.ceil(((mouth - start) / speed) * controlRate);
    simulation.reset(drawStart(random, simulation.model), openFingers(simulation.model), stepsSeen);
  },
  observation: [
    toolObservation,
    observationGroup<OccludedScene>("ball", [
      vector(
        "ball_from_tcp_if_seen",
        "m",
        (scene) => (isSeen(scene) ? subtract(scene.ball.position, scene.simulation.tcp.position) : [0, 0, 0]),
        2,
      ),
      scalar("ball_seen", "1", (scene) => (isSeen(scene) ? 1 : 0)),
    ]),
  ],
  goal: {
    size: 3,
    unit: "m",
    threshold: THRESHOLD,
    remembered: true,
    achieved: ({ simulation }, out) => out.set(simulation.tcp.position),
    desired: ({ ball }, out) => out.set(placeOver(ball)),
  },
  reward({ simulation: { tcp }, ball }) {
    const away = distance(placeOver(ball), tcp.position);
    return { near: nearTerm(away), success: away < THRESHOLD ? 1 : 0 };
  },
});

interface OccludedScene {
  readonly simulation: RobotCell;
  readonly ball: FreeBody;
  /** Where the ball rolls. */
  readonly area: Area;
  /** Where the roof begins along y, m. */
  readonly mouth: number;
}

function isSeen({ ball, mouth }: OccludedScene): boolean {
  return ball.position[1] < mouth;
}

/** Where the tool is wanted, m. */
function placeOver(ball: FreeBody): Vec3 {
  const [x, y] = ball.position;
  return [x, y, HOVER];
}
