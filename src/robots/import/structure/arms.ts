// Which chains of a description are arms, and what it holds where none is.
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { DescribedJoint } from "../description.js";
import { type Chain, FINGER, nameKind } from "./chains.js";
import { isMover, type Mechanism, moversUnder, pathTo, subtreeOf } from "./mechanism.js";

/** An arm has this many joints that are driven; fewer are taken for one only where there is nothing else. */
const LEAST_JOINTS = 3;
/** So many limbs alike, of no more joints each, are legs or fingers. */
const ALIKE = { limbs: 3, joints: 4 } as const;
/** Joints of a hand's finger, at most, and how many fingers make a hand. */
const HAND = { joints: 5, fingers: 3 } as const;
/** Joints whose frames lie together to this are those of a thing that floats or drives about, m. */
const TOGETHER = 1e-6;
const FINGER_NAME = /finger|grip|jaw|claw|knuckle|thumb/i;
const CAMERA_NAME = /cam(era)?s?([^a-z]|$)|kinect|lidar|laser|(^|[^a-z])(pan|tilt)([^a-z]|$)/i;
/** Most joints that an error names. */
const MOST_NAMES = 6;

/** What a chain is that is no arm. */
type NoArm = "short" | "wheels, legs or a head" | "a hand" | "legs or fingers";

/** List those of `chains` that are arms, in the order of the file. */
export function findArms(mechanism: Mechanism, chains: readonly Chain[]): Chain[] {
  const position = new Map([...mechanism.parentJoint.values()].map((joint, index) => [joint, index]));
  return chains
    .filter((chain) => whyNoArm(mechanism, chain, chains) === undefined)
    .toSorted((a, b) => position.get(a.joints[0]!)! - position.get(b.joints[0]!)!);
}

/**
 * List the arms of `chains` that share no joint with each other, in the order of the file: what can be robots of their own.
 *
 * Each has three joints or more that lead to no other chain; a trunk that carries several belongs to none of them.
 */
export function findSeparateArms(mechanism: Mechanism, chains: readonly Chain[]): Chain[] {
  const own = (chain: Chain) => ownJoints(mechanism, chain, chains);
  return findArms(mechanism, chains).filter((chain) => {
    const moving = own(chain).filter(({ name }) => !mechanism.followers.has(name));
    return moving.length >= LEAST_JOINTS && moving.length >= chain.joints.length / 2;
  });
}

/** The moving joints of a chain that lead to no other one. */
export function ownJoints(mechanism: Mechanism, chain: Chain, chains: readonly Chain[]): DescribedJoint[] {
  const others = new Set(
    chains.filter((other) => other !== chain).flatMap((other) => moversOf(mechanism, other)),
  );
  return chain.joints.filter((joint) => !others.has(joint));
}

/** Say what the description holds instead of an arm, what was expected, and the way out. */
export function noArmError(file: string, mechanism: Mechanism, chains: readonly Chain[]): UsageError {
  const moving = mechanism.order.filter(isMover);
  const expected =
    `Expected a chain of driven joints from a base to a hand, ${LEAST_JOINTS} or more where there are others; ` +
    `${optionText("root")} and ${optionText("tip")} name one that is to be taken all the same.`;
  const [best] = chains;
  if (moving.length === 0 || !best)
    return new UsageError(`${file} holds no arm: no joint moves. ${expected}`);
  const names = moving.map(({ name }) => name);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  const joints = `${moving.length} ${moving.length === 1 ? "joint moves" : "joints move"} (${names.slice(0, MOST_NAMES).join(", ")}${more})`;
  const free = freedom(mechanism, best).length;
  const why = whyNoArm(mechanism, best, chains);
  const driven = armJoints(mechanism, best).length;
  const isHand =
    why === "a hand" ||
    moving.some(({ name, child }) => FINGER_NAME.test(`${name} ${child}`)) ||
    moving.every(isJawSlide);
  const what =
    why === "short"
      ? `the longest chain, to "${best.hand}", has ${driven}${free > 0 ? ` beside ${free} that let it float or drive about` : ""}`
      : `they are those of ${why}`;
  const attach = isHand
    ? ` A gripper or hand goes on an arm's file: give that, and this one as what is attached (${optionText("attach", file)}).`
    : "";
  return new UsageError(`${file} holds no arm: ${joints}; ${what}. ${expected}${attach}`);
}

/** Does a joint slide no further than a finger does? */
function isJawSlide({ type, limits }: DescribedJoint): boolean {
  return type === "prismatic" && limits !== undefined && limits[1] - limits[0] < FINGER.length;
}

/** Why a chain is no arm; undefined where it is one. */
function whyNoArm(mechanism: Mechanism, chain: Chain, chains: readonly Chain[]): NoArm | undefined {
  const joints = armJoints(mechanism, chain);
  const kind = nameKind(joints);
  if (joints.length > 0 && kind === "other") return "wheels, legs or a head";
  if (joints.length < LEAST_JOINTS) return whyShort(mechanism, chain);
  if (kind !== "arm" && nameKind(joints.slice(-2)) === "other") return "wheels, legs or a head";
  if (isOnHand(mechanism, chain)) return "a hand";
  if (kind === "arm" || chain.fingers.length > 0) return undefined;
  const alike = chains.filter((other) => {
    const count = armJoints(mechanism, other).length;
    return other.fingers.length === 0 && Math.abs(count - joints.length) <= 1;
  });
  return joints.length <= ALIKE.joints && alike.length >= ALIKE.limbs ? "legs or fingers" : undefined;
}

/** What a chain of fewer joints is, be it of a gripper or a camera; undefined where nothing else moves: a pendulum, a planar arm. */
function whyShort(mechanism: Mechanism, chain: Chain): NoArm | undefined {
  if (isOnHand(mechanism, chain)) return "a hand";
  const { joints, fingers } = chain;
  const isNamed = (pattern: RegExp) =>
    joints.some(({ name, child }) => pattern.test(name) || pattern.test(child));
  const own = new Set([...joints, ...fingers.flatMap((finger) => subtreeOf(mechanism, finger))]);
  const isAlone =
    armJoints(mechanism, chain).length > 0 &&
    mechanism.order.every((joint) => own.has(joint) || !isMover(joint));
  return isAlone && !isNamed(FINGER_NAME) && !isNamed(CAMERA_NAME) ? undefined : "short";
}

/** Joints of a chain that move by themselves, those left out that let all of it float or drive about. */
function armJoints(mechanism: Mechanism, chain: Chain): DescribedJoint[] {
  const free = freedom(mechanism, chain);
  return chain.joints.filter((joint) => !mechanism.followers.has(joint.name) && !free.includes(joint));
}

/** The first joints of a path that only let what follows float or drive about: two slides or more in one place, with nothing on them. */
function freedom(mechanism: Mechanism, chain: Chain): DescribedJoint[] {
  const isFrame = (link: string) => {
    const { collisions, visuals, inertial } = mechanism.links.get(link)!;
    return collisions.length + visuals.length === 0 && !(inertial && inertial.mass > 0);
  };
  const isIn = ({ pose }: DescribedJoint) => Math.hypot(...pose.position) < TOGETHER;
  const moving = moversOf(mechanism, chain);
  let count = 0;
  while (count < moving.length && (count === 0 || isIn(moving[count]!))) {
    count++;
    if (!isFrame(moving[count - 1]!.child)) break;
  }
  const free = moving.slice(0, count);
  return free.filter(({ type }) => type === "prismatic").length >= 2 ? free : [];
}

/** Does the chain pass a palm: a link that three short limbs or more hang on, before an arm's worth of joints? */
function isOnHand(mechanism: Mechanism, chain: Chain): boolean {
  const last = chain.joints.at(-1);
  const above = last ? pathTo(mechanism, last.child) : [];
  const isFinger = (joint: DescribedJoint) => {
    const below = subtreeOf(mechanism, joint);
    const count = below.filter((one) => isMover(one) && !mechanism.followers.has(one.name)).length;
    const length = below.slice(1).reduce((sum, { pose }) => sum + Math.hypot(...pose.position), 0);
    return count >= 1 && count <= HAND.joints && length <= FINGER.length;
  };
  const free = freedom(mechanism, chain);
  const links = [mechanism.root, ...above.map(({ child }) => child)];
  return links.some((link, index) => {
    const before = above.slice(0, index).filter((one) => isMover(one) && !mechanism.followers.has(one.name));
    const limbs = moversUnder(mechanism, link);
    const fingers = limbs.filter(isFinger);
    const own = above.slice(index).find((one) => limbs.includes(one));
    // of a hand is what ends in its palm, or in one of its fingers
    const isItsOwn = own === undefined || fingers.includes(own);
    return before.length - free.length < LEAST_JOINTS && fingers.length >= HAND.fingers && isItsOwn;
  });
}

function moversOf(mechanism: Mechanism, { joints, hand }: Chain): DescribedJoint[] {
  return pathTo(mechanism, joints.at(-1)?.child ?? hand).filter(isMover);
}
