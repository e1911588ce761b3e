// The tool's frame of an imported robot: in the middle of the pads, z out of the hand.
import { type Quat, quaternionFromRotation } from "../../../math/quaternion.js";
import { optionText } from "../../../math/usage-error.js";
import { add, cross, dot, scale, subtract, unit, type Vec3 } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { RobotModel } from "../../models/robot-model.js";
import type { Assume } from "../links.js";
import type { MeasuredGripper } from "./gripper.js";
import { type Hand, originOf, poseHand, turnBy, turnInto } from "./hand.js";
import type { JointRoles } from "./joint-roles.js";

/** A fixed jaw stands this far beside the tool, m: the other one clears a cube of 4 cm at any yaw. Or this share of the opening. */
const BESIDE_JAW = { distance: 0.035, share: 0.5 } as const;
/** A named frame's z axis is taken for the way out of the arm where it is no further from it than this, rad. */
const STRAIGHT = 0.35;
/** A last joint is a roll where it turns about the way out to within this, rad. */
const ROLL = 1;

/** The tool's frame at the fingers that were measured: y along their way, or of a single jaw x. */
export function toolOfGripper(
  hand: Hand,
  { pads, holding, opening }: MeasuredGripper,
  assume: Assume,
): RobotModel["tcp"] {
  const { arm, link, out, isJaw } = hand;
  poseHand(hand, holding);
  // pads of an odd shape lie askew: the way they move tells the direction better
  const across = scale(dot(subtract(pads[1], pads[0]), hand.along) < 0 ? -1 : 1, hand.along);
  const beside = Math.min(BESIDE_JAW.distance, BESIDE_JAW.share * opening);
  const between = scale(0.5, add(...pads));
  const point = isJaw ? besideFixedJaw(pads, across, out, beside) : between;
  const y = turnInto(arm, link, isJaw ? cross(out, across) : across);
  const z = turnInto(arm, link, out);
  // which of two fingers is left is a matter of taste: the hand's own
  const first = [y[1], y[0], y[2]].find((value) => Math.abs(value) > 1e-6)!;
  const facing = isJaw || first > 0 ? y : scale(-1, y);
  const axes: readonly [Vec3, Vec3, Vec3] = [cross(facing, z), facing, z];
  const offset = rounded(turnInto(arm, link, subtract(point, originOf(arm, link))));
  const { name } = arm.model.links[link]!;
  const place = isJaw
    ? `${(100 * beside).toFixed(1)} cm beside the jaw that stands still`
    : "between the pads";
  assume(`the tool centre point lies ${place}, (${offset.join(", ")}) m from link "${name}"`);
  return frame(name, offset, axes);
}

/** Beside the fixed jaw, in the middle of both pads sideways and no further out than they are in the mean. */
function besideFixedJaw(
  [fixed, moving]: readonly [Vec3, Vec3],
  across: Vec3,
  out: Vec3,
  beside: number,
): Vec3 {
  const way = subtract(moving, fixed);
  const side = cross(out, across);
  const shift = add(scale(beside, across), scale(dot(way, side) / 2, side));
  return add(fixed, add(shift, scale(Math.min(0, dot(way, out) / 2), out)));
}

/** The tool's frame of an arm without a gripper: the frame that is named, or the arm's end; z away from the arm. */
export function toolOfArm(
  arm: Articulation,
  { hand, toolFrame, isToolChosen, arm: joints }: JointRoles,
  assume: Assume,
): RobotModel["tcp"] {
  const { links } = arm.model;
  const known = toolFrame !== undefined && links.some(({ name }) => name === toolFrame);
  const name = known ? toolFrame : hand;
  const link = arm.linkIndex(name);
  arm.reset(new Float64Array(arm.numDofs));
  const way = isToolChosen ? undefined : rollAxis(arm, link, joints.at(-1)!.name);
  const own = turnBy(arm, link, [0, 0, 1]);
  const where = known ? `frame "${name}"` : `origin of link "${name}"`;
  const another = known ? "" : ` (${optionText("tip")} names another)`;
  if (!way || dot(way, own) > Math.cos(STRAIGHT)) {
    assume(`the tool centre point is the ${where}, its z axis out of the hand${another}`);
    return { link: name, offset: [0, 0, 0] };
  }
  assume(`the tool centre point is the ${where}, its z axis along the arm's last joint${another}`);
  const z = turnInto(arm, link, way);
  const side: Vec3 = Math.abs(z[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const y = unit(cross(z, side))!;
  return frame(name, [0, 0, 0], [cross(y, z), y, z]);
}

/** The axis of the last joint, away from the arm, where that joint rolls what it carries; else undefined. */
function rollAxis(arm: Articulation, link: number, last: string): Vec3 | undefined {
  const { links } = arm.model;
  const wrist = links.findIndex(({ joint }) => joint?.name === last);
  const { joint, centerOfMass, mass } = links[wrist]!;
  if (joint!.type !== "revolute") return undefined;
  const axis = turnBy(arm, wrist, joint!.axis);
  const chain = arm.chains[wrist]!;
  const before = chain.at(-2);
  const origin = originOf(arm, wrist);
  const ways = [
    subtract(originOf(arm, link), origin),
    ...(mass > 0 ? [turnBy(arm, wrist, centerOfMass)] : []),
    ...(before === undefined ? [] : [subtract(origin, originOf(arm, before))]),
  ];
  const way = ways.find((vector) => Math.abs(dot(vector, axis)) > 0.005);
  if (!way || Math.abs(dot(unit(way)!, axis)) < Math.cos(ROLL)) return undefined;
  return scale(Math.sign(dot(way, axis)), axis);
}

function frame(link: string, offset: Vec3, [x, y, z]: readonly [Vec3, Vec3, Vec3]): RobotModel["tcp"] {
  const turn = quaternionFromRotation([x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]]);
  const quaternion = turn.map((value) => (Math.abs(value) < 1e-9 ? 0 : value)) as unknown as Quat;
  return { link, offset, ...(Math.abs(quaternion[3]) > 1 - 1e-12 ? {} : { quaternion }) };
}

function rounded(vector: Vec3): Vec3 {
  return vector.map((value) => Number(value.toFixed(6)) + 0) as unknown as Vec3;
}
