// What a robot is tried at moving: standing still, a square, a block, random actions.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import { createRandom } from "../../math/random.js";
import { optionText } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import { fixedJaw } from "../../robots/control/fixed-jaw.js";
import { fingerOpening, type RobotModel } from "../../robots/models/robot-model.js";
import type { RobotCell } from "../robot-cell.js";
import { centimetres, judged, millimetres, type RobotCheckItem, skipped } from "./robot-check-item.js";
import { isAllFinite, middleOf, stepTowards, trialCell } from "./trial-cell.js";

/** Standing still: for how long, s, and how far the tool may drift, m. */
const STILL_SECONDS = 5;
const DRIFT = 0.0005;
/** The square: its side, m, how fast it is followed, m/s, how far off the tool may be, m. */
const SQUARE = 0.1;
const SQUARE_SPEED = 0.1;
const OFF_SQUARE = 0.005;
/** The block: its edge, m, mass, kg, how far it is lifted, m, and at what speed, m/s. */
const BLOCK = { edge: 0.04, mass: 0.1, lift: 0.08, speed: 0.1 };
/** A block is no wider than this share of the open gripper. */
const ROOM_TO_CLOSE = 0.7;
/** Room between a jaw that stands still and the block while the hand goes down, m. */
const CLEAR = 0.004;
/** Random actions, steps in each control mode, and how much faster than it can a joint may be, at most. */
const RANDOM_STEPS = { "ee-delta": 2500, "joint-delta": 1500, osc: 1000 } as const;
const TOO_FAST = 10;
/** A joint may pass its limit by this much, rad or m. */
const PAST_LIMIT = 0.002;

/** Does the arm stay where it is when nothing is asked of it? */
export function checkStill(robot: RobotModel): RobotCheckItem {
  const cell = trialCell(robot, { gripper: false });
  cell.reset(robot.start);
  const start = Float64Array.from(cell.tcp.position);
  const action = new Float32Array(cell.actionEntries.length);
  let drift = 0;
  for (let step = 0; step < STILL_SECONDS * cell.controlRate && Number.isFinite(drift); step++) {
    cell.step(action);
    drift = Math.max(drift, away(cell.tcp.position, start));
  }
  const measured = Number.isFinite(drift)
    ? `drifts ${millimetres(drift)} in ${STILL_SECONDS} s (at most ${millimetres(DRIFT)})`
    : "the simulation breaks down";
  const advice =
    "Raise the stiffness and effort limits of its joints, or correct masses and inertias that are out of proportion.";
  return { ...judged("stands still", drift <= DRIFT && isAllFinite(cell), measured, advice), value: drift };
}

/** Does the tool follow a square? */
export function checkSquare(robot: RobotModel): RobotCheckItem {
  const { low, high } = robot.taskRegion;
  const side = Math.min(SQUARE, high[0] - low[0], high[1] - low[1]);
  const [x, y, z] = middleOf(robot);
  const corner = (dx: number, dy: number): Vec3 => [x + (dx * side) / 2, y + (dy * side) / 2, z];
  const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)];
  const cell = trialCell(robot, { gripper: false });
  cell.reset(corners[0]!);
  const steps = Math.ceil((side / SQUARE_SPEED) * cell.controlRate);
  let off = 0;
  for (const target of corners.slice(1)) {
    for (let step = 0; step < steps; step++) {
      stepTowards(cell, target, SQUARE_SPEED);
      off = Math.max(off, awayFromSquare(cell.tcp.position, [x, y, z], side / 2));
    }
  }
  const measured = `${millimetres(off)} off a square of ${centimetres(side)} at ${SQUARE_SPEED} m/s (at most ${millimetres(OFF_SQUARE)})`;
  const advice =
    "Raise the stiffness and effort limits of its joints, with a damping of about a tenth of the stiffness.";
  return { ...judged("follows a square", off <= OFF_SQUARE, measured, advice), value: off };
}

/** Does the gripper close on a block and lift it? */
export function checkLift(robot: RobotModel): RobotCheckItem {
  const name = "lifts a block";
  const { gripper } = robot;
  if (!gripper) return skipped(name, "it has no gripper");
  const opening = 2 * fingerOpening(gripper, gripper.open);
  const edge = Math.min(BLOCK.edge, ROOM_TO_CLOSE * opening);
  const half = edge / 2;
  const cell = blockCell(robot, half);
  const block = cell.boxes[0]!;
  const [x, y] = middleOf(robot);
  block.setPose([x, y, half], IDENTITY_QUATERNION);
  const jaw = fixedJaw(robot);
  const aside = jaw ? -jaw.face - jaw.side * (half + CLEAR) : 0;
  const place: Vec3 = [x + aside, y, Math.max(half, robot.workspace.low[2])];
  const above: Vec3 = [place[0], place[1], place[2] + BLOCK.lift];
  cell.reset(above);
  const go = (target: Vec3, seconds: number, grip: number) => {
    for (let step = 0; step < seconds * cell.controlRate; step++)
      stepTowards(cell, target, BLOCK.speed, grip);
  };
  const travel = (1.5 * BLOCK.lift) / BLOCK.speed;
  go(place, travel, 1);
  go(place, 1, -1);
  const force = cell.gripForce(block);
  go(above, travel, -1);
  go(above, 0.5, -1);
  const rise = block.position[2] - half;
  const size = `a block of ${centimetres(edge)} and ${BLOCK.mass} kg`;
  const held = cell.isGrasped(block);
  const lifts = held && rise > BLOCK.lift / 2;
  const outcome = lifts ? `rises ${centimetres(rise)}` : "stays behind";
  const measured = `${size} ${outcome}, squeezed with ${force.toFixed(1)} N (opens ${centimetres(opening)})`;
  const weak = force < 2 * BLOCK.mass * 9.81;
  const advice = weak
    ? `Name the joint that moves the fingers (${optionText("gripper")}), or raise its effort limit; the pad of a finger is the last collision shape of its link.`
    : `Put the tool's frame between the pads (${optionText("tip")}): the fingers close beside the block or let it slip.`;
  return { ...judged(name, lifts, measured, advice), value: rise };
}

/** Does everything stay finite and bounded whatever is commanded? */
export function checkRandom(robot: RobotModel): RobotCheckItem {
  const name = "survives random actions";
  const worst: Worst = { speed: 0, fast: "", past: 0, beyond: "" };
  const modes = Object.entries(RANDOM_STEPS) as [keyof typeof RANDOM_STEPS, number][];
  for (const [mode, steps] of modes) {
    const reached = stepAtRandom(robot, mode, steps, worst);
    if (reached < steps)
      return judged(
        name,
        false,
        `NaN after ${reached + 1} steps in control mode ${mode}`,
        "Give every link that moves a mass and an inertia in proportion to its size, and let no shape of the first link stand in the table.",
      );
  }
  const { speed, fast, past, beyond } = worst;
  const steps = modes.reduce((sum, [, count]) => sum + count, 0);
  const measured =
    `${steps} steps, ${fast} at ${speed.toFixed(1)} times its greatest speed (at most ${TOO_FAST}), ` +
    `limits passed by ${(1000 * past).toFixed(1)} mrad or mm (at most ${1000 * PAST_LIMIT})`;
  const advice =
    speed > TOO_FAST
      ? `Raise the damping or the armature of joint "${fast}", or its velocity limit where that is too low.`
      : `Lower the effort limit or raise the armature of joint "${beyond}": it breaks through its limit.`;
  return judged(name, speed <= TOO_FAST && past <= PAST_LIMIT, measured, advice);
}

/** What was worst in random steps, and whose. */
interface Worst {
  /** As a share of the joint's greatest speed. */
  speed: number;
  fast: string;
  /** Beyond the joint's limit, rad or m. */
  past: number;
  beyond: string;
}

/** Return how many steps everything stayed finite. */
function stepAtRandom(
  robot: RobotModel,
  mode: keyof typeof RANDOM_STEPS,
  steps: number,
  worst: Worst,
): number {
  const random = createRandom("check-robot/random");
  const cell = blockCell(robot, 0.01, mode);
  const [x, y] = middleOf(robot);
  cell.boxes[0]!.setPose([x, y, 0.01], IDENTITY_QUATERNION);
  cell.reset(robot.start);
  for (let step = 0; step < steps; step++) {
    cell.step(Float32Array.from(cell.actionEntries, () => random.uniform(-1, 1)));
    if (!isAllFinite(cell)) return step;
    noteWorst(robot, cell, worst);
  }
  return steps;
}

function noteWorst(robot: RobotModel, cell: RobotCell, worst: Worst): void {
  const { jointPositions, jointVelocities, lowerLimits, upperLimits } = cell.world.articulation!;
  const limits = velocityLimits(robot, cell.jointNames);
  for (const [k, joint] of cell.jointNames.entries()) {
    const speed = Math.abs(jointVelocities[k]!) / limits[k]!;
    if (speed > worst.speed) Object.assign(worst, { speed, fast: joint });
    const past = Math.max(lowerLimits[k]! - jointPositions[k]!, jointPositions[k]! - upperLimits[k]!);
    if (past > worst.past) Object.assign(worst, { past, beyond: joint });
  }
}

function velocityLimits({ articulation: { links } }: RobotModel, names: readonly string[]): number[] {
  return names.map((name) => links.find(({ joint }) => joint?.name === name)!.joint!.velocityLimit);
}

function blockCell(
  robot: RobotModel,
  half: number,
  controlMode: keyof typeof RANDOM_STEPS = "ee-delta",
): RobotCell {
  const halfExtents: Vec3 = [half, half, half];
  return trialCell(robot, {
    controlMode,
    rateLimits: controlMode !== "ee-delta",
    boxes: [{ name: "block", halfExtents, mass: BLOCK.mass, friction: 0.8, color: [1, 0, 0, 1] }],
  });
}

function away(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
}

/** Distance of a point from the outline of a horizontal square about `middle`, m. */
function awayFromSquare(point: ArrayLike<number>, [x, y, z]: Vec3, half: number): number {
  const [dx, dy] = [Math.abs(point[0]! - x), Math.abs(point[1]! - y)];
  const outside = Math.max(dx, dy) - half;
  const flat = dx > half && dy > half ? Math.hypot(dx - half, dy - half) : Math.abs(outside);
  return Math.hypot(flat, point[2]! - z);
}
