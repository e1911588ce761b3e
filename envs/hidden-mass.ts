// HiddenMass-v1: lift a box of unknown mass, gripped neither too loosely nor too tightly.
import {
  assertForceControlled,
  assertGraspable,
  assertReachable,
  CELL_DEFAULTS,
  defineEnv,
  distance,
  type FreeBody,
  findRobot,
  fingerJoint,
  gripForceLimit,
  LENGTH_RANGE,
  observationGroup,
  RobotCell,
  sampleArea,
  scalar,
  subtract,
  tableArea,
  UsageError,
  vector,
} from "../src/index.js";
import { fittedCube, LEAST_EDGE } from "./fitted-cube.js";

const GRAVITY = 9.81;
/** The heaviest box takes no more than this share of the force that the fingers have: any box can be crushed. */
const FORCE_SHARE = 0.5;

/**
 * A box of `masses[0]` to `masses[1]` kg, which nothing seen tells, lifted 10 cm to within 2.5 cm; 2.5 s.
 *
 * The fingers stand around the box. Each must press with weight / (2 * friction) at least, or the box slips; from
 * `crushedAt` times that on it is being crushed, and then nothing is a success. All there is to feel is whether both fingers touch
 * and how fast the box slips. What would remember for the policy is left out: the fingers' command and opening, how far
 * the tool sags under the load, where the box is.
 */
export const hiddenMass = defineEnv({
  id: "HiddenMass-v1",
  description: "Lift a box of unknown mass, gripped neither too loosely nor too tightly.",
  maxEpisodeSteps: 50,
  defaults: {
    ...CELL_DEFAULTS,
    /** Width of the box, m; it is as deep. */
    boxWidth: 0.04,
    /** Height of the box, m. */
    boxHeight: 0.06,
    /** Coulomb coefficient of the box. */
    boxFriction: 0.8,
    /** Lightest and heaviest box, kg; drawn evenly in its logarithm. */
    masses: { least: 0.25, most: 1.5 },
    /** Multiple of the least sufficient force at which a box is crushed. */
    crushedAt: 2,
    /** Gap between each finger and the box at first, m. */
    fingerGap: 0.004,
    /** The goal is this far above where the box stands, m. */
    liftHeight: 0.1,
    /** Success: the box is this near to the goal, m. */
    threshold: 0.025,
    rewardWeights: {
      /** The box is held near its height, tightly or not. */
      lift: 0.3,
      /** The same, but only while the fingers hold it without crushing it. */
      gentle: 0.3,
      /** It is held so within the threshold of its goal. */
      success: 0.4,
    },
  },
  ranges: {
    boxWidth: { least: LEAST_EDGE, most: 0.2, unit: "m" },
    boxHeight: { least: 0.01, most: 0.2, unit: "m" },
    boxFriction: { least: 0.01, most: 10 },
    masses: { least: 0.01, most: 100, unit: "kg" },
    crushedAt: { above: 1, most: 1000 },
    fingerGap: { least: 0, most: 0.1, unit: "m" },
    liftHeight: LENGTH_RANGE,
    threshold: LENGTH_RANGE,
  },
  fitted(config) {
    const { boxWidth, boxFriction, masses } = config;
    const fitted = fittedCube({ robot: config.robot, cubeSize: boxWidth, cubeMass: 1 });
    const heaviest = (2 * boxFriction * FORCE_SHARE * gripForceLimit(findRobot(config.robot))) / GRAVITY;
    const lighter = heaviest > 0 ? Math.min(1, heaviest / masses.most) : 1;
    return {
      ...(fitted ? { boxWidth: fitted.cube.cubeSize } : {}),
      ...(lighter < 1 ? { masses: { least: lighter * masses.least, most: lighter * masses.most } } : {}),
    };
  },
  build(config) {
    const { least, most } = config.masses;
    if (least > most) {
      throw new UsageError(
        `Setting "masses.least" of HiddenMass-v1 is ${least}, expected at most masses.most (${most}), in kg.`,
      );
    }
    const { boxWidth, boxHeight, boxFriction, fingerGap, liftHeight, threshold } = config;
    const robot = findRobot(config.robot);
    const area = tableArea("spawn area", robot.taskRegion, boxHeight / 2);
    const [low, high] = [area.low, area.high];
    assertReachable(robot, { low, high: [high[0], high[1], boxHeight / 2 + liftHeight] }, "HiddenMass-v1");
    assertGraspable(robot, 2 * (boxWidth / 2 + fingerGap), "HiddenMass-v1");
    assertForceControlled(robot, "HiddenMass-v1");
    const simulation = new RobotCell({
      ...config,
      boxes: [
        {
          name: "box",
          halfExtents: [boxWidth / 2, boxWidth / 2, boxHeight / 2],
          mass: 1,
          friction: boxFriction,
          color: [0.9, 0.35, 0.2, 1],
        },
      ],
      goal: { radius: threshold, color: [0.1, 0.75, 0.35, 0.5] },
      areas: [area],
    });
    return { simulation, area, box: simulation.boxes[0]! };
  },
  reset({ simulation, area, box }, random, { masses: { least, most }, boxWidth, fingerGap, liftHeight }) {
    const [x, y, z] = sampleArea(area, random);
    // built with 1 kg
    simulation.scaleMass(box, least * (most / least) ** random.uniform());
    box.setPose([x, y, z]);
    simulation.goal.set([x, y, z + liftHeight]);
    // as wide as the box of this episode is
    const { shape } = box;
    const halfWidth = shape.type === "box" ? shape.halfExtents[1] : boxWidth / 2;
    simulation.reset([x, y, z], fingerJoint(simulation.model.gripper!, halfWidth + fingerGap));
  },
  observation: [
    observationGroup<LiftedBox>(
      "tool",
      [
        vector("goal_from_tcp", "m", ({ simulation: { goal, tcp } }) => subtract(goal, tcp.position), 2),
        vector("tcp_velocity", "m/s", ({ simulation: { tcp } }) => tcp.velocity),
      ],
      { proprioception: true },
    ),
    observationGroup<LiftedBox>(
      "touch",
      [
        scalar("touched", "1", ({ simulation, box }) => (simulation.isGrasped(box) ? 1 : 0)),
        scalar("slip_speed", "m/s", slipSpeed, [-100, 100]),
      ],
      { proprioception: true },
    ),
  ],
  reward(scene, config) {
    const isHeld = isHeldWell(scene, config);
    const isTouched = scene.simulation.isGrasped(scene.box);
    const away = awayFromGoal(scene);
    const lift = Math.max(0, 1 - away / config.liftHeight);
    return {
      // tight or not: how to lift at all is learnt first; for a light touch alone nothing is earned
      lift: isTouched ? lift : 0,
      gentle: isHeld ? lift : 0,
      success: isHeld && away < config.threshold ? 1 : 0,
    };
  },
  success: (scene, config) => isHeldWell(scene, config) && awayFromGoal(scene) < config.threshold,
});

interface LiftedBox {
  readonly simulation: RobotCell;
  readonly box: FreeBody;
}

/** How fast the hand rises past the box that it touches, m/s; 0 where it does not touch it. */
function slipSpeed({ simulation, box }: LiftedBox): number {
  return simulation.isGrasped(box) ? simulation.tcp.velocity[2]! - box.velocity[2] : 0;
}

/** Whether both fingers touch the box and do not crush it. */
function isHeldWell(
  { simulation, box }: LiftedBox,
  { crushedAt, boxFriction }: { readonly crushedAt: number; readonly boxFriction: number },
): boolean {
  const least = (box.mass * GRAVITY) / (2 * boxFriction);
  return simulation.isGrasped(box) && simulation.gripForce(box) < crushedAt * least;
}

function awayFromGoal({ simulation: { goal }, box }: LiftedBox): number {
  return distance(box.position, goal);
}
