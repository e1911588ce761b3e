// One number that closes a hand: the joint that leads, and how every other finger joint follows it.
import { rotateVector } from "../../../math/quaternion.js";
import { distance, dot, scale, subtract, unit, type Vec3 } from "../../../math/vector.js";
import type { DescribedJoint } from "../description.js";
import type { Assume, Follower } from "../links.js";
import type { Chain } from "./chains.js";
import { isMover, type Mechanism, type Positions, pointIn, poseOf, subtreeOf } from "./mechanism.js";

/** The joint that closes the hand, and those that follow it. */
export interface FingerDrive {
  readonly leader: DescribedJoint;
  readonly followers: ReadonlyMap<string, Follower>;
}

/** Joints that are named like this are no fingers where others are. */
const BESIDE = /cam|sensor|laser|lidar|light|propeller|motor|slider/i;
/** Joints whose axes lie along each other to this cosine turn in one plane. */
const PARALLEL = 0.97;
/** A finger that moves less than this share of its way towards the others does not close. */
const CLOSING = 0.25;
/** A range that reaches this share of itself to its shorter side turns both ways. */
const ONE_SIDED = 0.3;
/** How far a joint without limits turns, rad, or slides, m. */
const FREE = { turn: 0.8, slide: 0.04 } as const;
const STEP = 1e-4;

/** Where a joint is with the hand open, and closed. */
interface Travel {
  readonly open: number;
  readonly closed: number;
}

/** A finger joint that nothing in the file couples to another one. */
interface Candidate {
  readonly joint: DescribedJoint;
  /** First joint of its finger. */
  readonly top: DescribedJoint;
  /** The link whose movement tells whether the finger closes, and the point of it. */
  readonly tip: { readonly link: string; readonly point: Vec3 };
}

/** Couple the finger joints of `chain`; `gripper` names the one that leads. Undefined where nothing of them moves by itself. */
export function driveFingers(
  mechanism: Mechanism,
  chain: Chain,
  { gripper, assume }: { readonly gripper?: string; readonly assume: Assume },
): FingerDrive | undefined {
  const candidates = findCandidates(mechanism, chain);
  const leader = chooseLeader(mechanism, candidates, gripper);
  if (!leader) return undefined;
  const followers = new Map<string, Follower>();
  const join = (joint: DescribedJoint, follower: Follower) => {
    followers.set(joint.name, follower);
    for (const [name, { leader: own, ratio, offset }] of mechanism.followers) {
      if (own !== joint) continue;
      const at = ratio * follower.offset + offset;
      followers.set(name, { leader: follower.leader, ratio: ratio * follower.ratio, offset: at });
    }
  };
  for (const [name, follower] of mechanism.followers)
    if (follower.leader === leader.joint) followers.set(name, follower);
  const travels = findTravels(mechanism, candidates, leader);
  const lead = travels.get(leader.joint);
  for (const { joint } of candidates) {
    const travel = travels.get(joint);
    if (joint === leader.joint || !travel || !lead) continue;
    const ratio = (travel.closed - travel.open) / (lead.closed - lead.open);
    const isDriven =
      leader.top !== joint && candidates.some(({ top }) => top === joint) && joint.effort !== 0;
    join(joint, { leader: leader.joint, ratio, offset: travel.open - ratio * lead.open, isDriven });
  }
  tell(leader.joint, [...followers.keys()], candidates, assume);
  return { leader: leader.joint, followers };
}

/** The joint that is named, or one that the file lets others follow, or that is known to close and moves its finger most. */
function chooseLeader(
  mechanism: Mechanism,
  candidates: readonly Candidate[],
  gripper: string | undefined,
): Candidate | undefined {
  const [first] = candidates;
  const named = candidates.find(({ joint }) => joint.name === gripper);
  if (named || !first || candidates.length === 1) return named ?? first;
  const leading = candidates.find(({ joint }) => leads(mechanism, joint));
  if (leading) return leading;
  const travels = findTravels(mechanism, candidates, first);
  const way = ({ joint, tip }: Candidate) => {
    const travel = travels.get(joint);
    if (!travel) return -1;
    const [open, closed] = ([travel.open, travel.closed] as const).map((at) =>
      pointIn(poseOf(mechanism, tip.link, new Map([[joint.name, at]])), tip.point),
    ) as [Vec3, Vec3];
    return distance(open, closed);
  };
  const strong = candidates.filter(({ joint }) => joint.effort !== 0);
  const driven = strong.length > 0 ? strong : candidates;
  return driven.reduce((best, next) => (way(next) > 1.001 * way(best) ? next : best));
}

function tell(
  leader: DescribedJoint,
  followers: readonly string[],
  candidates: readonly Candidate[],
  assume: Assume,
): void {
  const coupled = candidates.filter(({ joint }) => followers.includes(joint.name));
  if (followers.length === 0)
    assume(`joint "${leader.name}" is a jaw that closes against the link "${leader.parent}"`);
  else if (coupled.length === 0) assume(`the gripper is moved by joint "${leader.name}", which others mimic`);
  else if (coupled.length === 1 && followers.length === 1)
    assume(`joints "${leader.name}" and "${coupled[0]!.joint.name}" are two fingers that close together`);
  else assume(`the hand is closed by joint "${leader.name}", which these follow: ${followers.join(", ")}`);
}

function leads({ followers }: Mechanism, joint: DescribedJoint): boolean {
  return [...followers.values()].some(({ leader }) => leader === joint);
}

function findCandidates(mechanism: Mechanism, { fingers }: Chain): Candidate[] {
  const { followers } = mechanism;
  const all = fingers.flatMap((top) =>
    subtreeOf(mechanism, top)
      .filter((joint) => isMover(joint) && !followers.has(joint.name))
      .map((joint): Candidate => ({ joint, top, tip: tipOf(mechanism, top) })),
  );
  const hasLimits = all.some(({ joint }) => joint.limits);
  return all.filter(({ joint }) => {
    if (leads(mechanism, joint) || all.length === 1) return true;
    const isOdd = BESIDE.test(joint.name) || BESIDE.test(joint.child);
    return !isOdd && !(hasLimits && !joint.limits);
  });
}

/** Of all centres of mass, shapes and frames of a finger the point that is furthest from what the finger hangs on. */
function tipOf(mechanism: Mechanism, top: DescribedJoint): Candidate["tip"] {
  const base = poseOf(mechanism, top.parent, new Map()).position;
  let best = { link: top.child, point: [0, 0, 0] as Vec3 };
  let furthest = -1;
  for (const { child } of subtreeOf(mechanism, top)) {
    const { inertial, collisions, visuals } = mechanism.links.get(child)!;
    const pose = poseOf(mechanism, child, new Map());
    const shapes = [...collisions, ...visuals].map(({ pose: { position } }) => position);
    const bodies = inertial && inertial.mass > 0 ? [inertial.centerOfMass] : [];
    for (const point of [...bodies, ...shapes, [0, 0, 0] as const]) {
      const away = distance(pointIn(pose, point), base);
      if (away > furthest + 1e-6) [furthest, best] = [away, { link: child, point }];
    }
  }
  return best;
}

function rangeOf({ limits, type }: DescribedJoint): readonly [number, number] {
  return limits ?? [0, type === "prismatic" ? FREE.slide : FREE.turn];
}

/** How each joint moves from the open hand to the closed one; joints that do neither are not in it. */
function findTravels(
  mechanism: Mechanism,
  candidates: readonly Candidate[],
  leader: Candidate,
): Map<DescribedJoint, Travel> {
  const tops = new Set(candidates.map(({ top }) => top));
  const middle = new Map(
    candidates.map(({ joint }) => {
      const [low, high] = rangeOf(joint);
      return [joint.name, (low + high) / 2];
    }),
  );
  const axes = candidates
    .filter(({ joint }) => joint.type !== "prismatic")
    .map(({ joint }) => rotateVector(poseOf(mechanism, joint.child, middle).quaternion, joint.axis));
  const isPlanar = axes.every((axis) => Math.abs(dot(axis, axes[0]!)) > PARALLEL);
  if (tops.size === 2 || (isPlanar && tops.size > 2 && tops.size % 2 === 0 && tops.size <= 4))
    return twoSides(mechanism, candidates, leader, middle);
  return curls(mechanism, candidates);
}

/** Fingers on two sides that move towards each other. */
function twoSides(
  mechanism: Mechanism,
  candidates: readonly Candidate[],
  leader: Candidate,
  middle: Positions,
): Map<DescribedJoint, Travel> {
  const firsts = candidates.filter(
    ({ joint, top }) => joint === top || !candidates.some((other) => other.joint === top),
  );
  const travels = closeSides(mechanism, firsts, middle);
  const lead = travels.get(leader.joint);
  if (!lead) return travels;
  if (firsts.length > 2) turnAlike(travels, lead);
  for (const { joint, top } of candidates) {
    const above = travels.get(top);
    if (!above || firsts.some((first) => first.joint === joint)) continue;
    const held = keepsParallel(mechanism, joint, top, above);
    const [low, high] = rangeOf(joint);
    const slack = 0.1;
    if (!held || Math.min(held.open, held.closed) < low - slack) continue;
    if (Math.max(held.open, held.closed) <= high + slack) travels.set(joint, held);
  }
  return travels;
}

/** Which way the first joint of each finger closes: towards the other side. */
function closeSides(
  mechanism: Mechanism,
  firsts: readonly Candidate[],
  middle: Positions,
): Map<DescribedJoint, Travel> {
  const travels = new Map<DescribedJoint, Travel>();
  const tips = firsts.map(({ tip }) => pointIn(poseOf(mechanism, tip.link, middle), tip.point));
  const ways = firsts.map((first) => movement(mechanism, first, middle));
  // the bars of a linkage lean over the middle, but stand on their own side
  const feet = firsts.map(({ joint }) => poseOf(mechanism, joint.child, new Map()).position);
  const points = firsts.length > 2 ? feet : tips;
  const along = apart(points) ?? unit(ways[0]!) ?? [0, 1, 0];
  const places = points.map((point) => dot(point, along));
  const centre = (Math.min(...places) + Math.max(...places)) / 2;
  for (const [index, { joint }] of firsts.entries()) {
    const way = dot(ways[index]!, along);
    if (Math.abs(way) < CLOSING * Math.hypot(...ways[index]!)) continue;
    const away = places[index]! - centre;
    // fingers that lie in one place are told apart by their order
    const side = Math.abs(away) > 1e-4 ? Math.sign(away) : index === 0 ? -1 : 1;
    const [low, high] = rangeOf(joint);
    travels.set(joint, side * way < 0 ? { open: low, closed: high } : { open: high, closed: low });
  }
  return travels;
}

/** The bars of a linkage turn by the same angle. */
function turnAlike(travels: Map<DescribedJoint, Travel>, lead: Travel): void {
  const span = lead.closed - lead.open;
  for (const [joint, { open, closed }] of travels) {
    if (joint.type === "prismatic") continue;
    const turn = Math.sign(closed - open) * Math.sign(span);
    travels.set(joint, { open: turn * lead.open, closed: turn * lead.closed });
  }
}

/** The turn of a finger's further joint that keeps its pad from turning. */
function keepsParallel(
  mechanism: Mechanism,
  joint: DescribedJoint,
  top: DescribedJoint,
  { open, closed }: Travel,
): Travel | undefined {
  if (joint.type === "prismatic" || top.type === "prismatic") return undefined;
  const [a, b] = [joint, top].map((of) =>
    rotateVector(poseOf(mechanism, of.child, new Map()).quaternion, of.axis),
  ) as [Vec3, Vec3];
  const cosine = dot(a, b);
  if (Math.abs(cosine) < PARALLEL) return undefined;
  const turn = -Math.sign(cosine);
  return { open: turn * open, closed: turn * closed };
}

/** Fingers of a hand curl: a joint that turns to one side only closes there; one that turns both ways spreads them. */
function curls(mechanism: Mechanism, candidates: readonly Candidate[]): Map<DescribedJoint, Travel> {
  const travels = new Map<DescribedJoint, Travel>();
  const palm = scale(
    1 / candidates.length,
    candidates
      .map(({ top }) => poseOf(mechanism, top.child, new Map()).position)
      .reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]] as Vec3),
  );
  const isOneSidedRange = ({ joint }: Candidate) => {
    const [low, high] = rangeOf(joint);
    return Math.min(Math.abs(low), Math.abs(high)) <= ONE_SIDED * (high - low);
  };
  for (const candidate of candidates) {
    const { joint, top, tip } = candidate;
    const [low, high] = rangeOf(joint);
    const isOneSided = isOneSidedRange(candidate);
    if (!isOneSided && candidates.some((other) => other.top === top && isOneSidedRange(other))) continue;
    const away = ([low, high] as const).map((at) =>
      distance(pointIn(poseOf(mechanism, tip.link, new Map([[joint.name, at]])), tip.point), palm),
    ) as [number, number];
    const isFolding = Math.abs(away[0] - away[1]) > 0.1 * Math.max(...away);
    if (!isOneSided && !isFolding) continue;
    const closesHigh = isOneSided ? Math.abs(high) > Math.abs(low) : away[1] < away[0];
    travels.set(joint, closesHigh ? { open: low, closed: high } : { open: high, closed: low });
  }
  return travels;
}

/** The unit vector between the two points furthest apart; undefined where all lie in one place. */
function apart(points: readonly Vec3[]): Vec3 | undefined {
  let longest: Vec3 = [0, 0, 0];
  for (const [index, point] of points.entries()) {
    for (const other of points.slice(index + 1)) {
      const way = subtract(other, point);
      if (Math.hypot(...way) > Math.hypot(...longest)) longest = way;
    }
  }
  return Math.hypot(...longest) > 1e-3 ? unit(longest) : undefined;
}

/** How the tip of a finger moves per unit of a joint. */
function movement(mechanism: Mechanism, { joint, tip }: Candidate, middle: Positions): Vec3 {
  const at = (change: number) => {
    const positions = new Map(middle);
    positions.set(joint.name, (middle.get(joint.name) ?? 0) + change);
    return pointIn(poseOf(mechanism, tip.link, positions), tip.point);
  };
  return scale(1 / (2 * STEP), subtract(at(STEP), at(-STEP)));
}
