// The chains of joints of a description that could be its arm, each with the hand at its end.
import { rotateVector } from "../../../math/quaternion.js";
import { dot } from "../../../math/vector.js";
import type { DescribedJoint, DescribedLink } from "../description.js";
import { isMover, type Mechanism, moversUnder, poseOf, subtreeOf } from "./mechanism.js";

/** A chain of joints with what its last link carries. */
export interface Chain {
  /** Moving joints from its base to its hand. */
  readonly joints: readonly DescribedJoint[];
  /** The link that the last of them moves, or that fingers hang on. */
  readonly hand: string;
  /** The first joint of each finger. */
  readonly fingers: readonly DescribedJoint[];
  /** How much it looks like an arm. */
  readonly score: number;
}

/** Fingers have no more joints in a row than this, and are no longer, m, nor than this share of what carries them. */
export const FINGER = { joints: 8, length: 0.3, share: 0.6 } as const;
/** Fingers hang behind this many joints at least. */
const LEAST_ARM = 2;
/** A slide this long is no joint of an arm, m. */
const DRIVING = 4;
/** A jaw of one joint turns over no more than this, rad, or slides no further, m. */
const JAW_RANGE = { revolute: 2.7, prismatic: 0.15 } as const;
/** Joints that are named like this are no jaws. */
const LIMB_NAME = /wrist|elbow|shoulder|ankle|knee|hip|head|neck|waist|roll|pitch|yaw/i;
const FINGER_NAME = /finger|grip|jaw|claw|knuckle|pinch/i;
const ARM_NAME = /arm|shoulder|elbow|wrist/i;
const OTHER_NAME = /leg|hip|knee|ankle|foot|toe|thigh|calf|wheel|caster|track|head|neck|cam|eye|laser|ear/i;

/** What hangs below a joint. */
interface Subtree {
  /** Most joints in a row that move by themselves, this one included. */
  readonly depth: number;
  /** From the joint to the furthest end, m. */
  readonly length: number;
  /** Whether there is anything to touch, see or weigh. */
  readonly isBody: boolean;
}

interface Walk {
  readonly link: string;
  readonly path: readonly DescribedJoint[];
  readonly branches: readonly Branch[];
}

/** Where other limbs leave the path. */
interface Branch {
  /** Joints of the path above it. */
  readonly above: number;
  /** Most joints in a row of the other limbs. */
  readonly depth: number;
}

/** List the chains, those that look most like an arm first. */
export function findChains(mechanism: Mechanism): Chain[] {
  const subtrees = measureSubtrees(mechanism);
  const chains: Chain[] = [];
  const waiting: Walk[] = [{ link: mechanism.root, path: [], branches: [] }];
  for (let walk = waiting.shift(); walk; walk = waiting.shift()) {
    const { limbs, fingers } = sortBranches(mechanism, subtrees, walk);
    if (limbs.length === 0) chains.push(chainOf(mechanism, walk, fingers));
    const { path, branches } = walk;
    waiting.unshift(
      ...limbs.map((limb) => {
        const others = limbs.filter((other) => other !== limb);
        const depth = Math.max(0, ...others.map(({ child }) => subtrees.get(child)!.depth));
        return {
          link: limb.child,
          path: [...path, limb],
          branches: others.length > 0 ? [...branches, { above: path.length, depth }] : branches,
        };
      }),
    );
  }
  return chains.toSorted((a, b) => b.score - a.score);
}

/** How far a link's shapes and mass reach from its origin, m. */
function reachOf({ inertial, collisions }: DescribedLink): number {
  const shapes = collisions.map(({ pose, geometry }) => {
    const away = Math.hypot(...pose.position);
    if (geometry.type === "box") return away + Math.max(...geometry.size) / 2;
    if (geometry.type === "sphere") return away + geometry.radius;
    return geometry.type === "mesh" || geometry.type === "convex" ? away : away + geometry.length / 2;
  });
  return Math.max(0, inertial ? Math.hypot(...inertial.centerOfMass) : 0, ...shapes);
}

function measureSubtrees({ order, childJoints, followers, links }: Mechanism): Map<string, Subtree> {
  const subtrees = new Map<string, Subtree>();
  for (const joint of order.toReversed()) {
    const below = childJoints.get(joint.child) ?? [];
    let depth = 0;
    const link = links.get(joint.child)!;
    let length = reachOf(link);
    let isBody = link.inertial !== undefined || link.collisions.length + link.visuals.length > 0;
    for (const { child, pose } of below) {
      const subtree = subtrees.get(child)!;
      depth = Math.max(depth, subtree.depth);
      isBody ||= subtree.isBody;
      length = Math.max(length, Math.hypot(...pose.position) + subtree.length);
    }
    if (isMover(joint) && !followers.has(joint.name)) depth++;
    subtrees.set(joint.child, { depth, length, isBody });
  }
  return subtrees;
}

/** Tell limbs, which chains go on with, from fingers, which end one. */
function sortBranches(
  mechanism: Mechanism,
  subtrees: ReadonlyMap<string, Subtree>,
  { link, path }: Walk,
): { limbs: DescribedJoint[]; fingers: DescribedJoint[] } {
  const { followers } = mechanism;
  const all = moversUnder(mechanism, link);
  const bodies = all.filter(({ child }) => subtrees.get(child)!.isBody);
  // frames that turn about by themselves are nothing to hold with
  const tops = bodies.length > 0 ? bodies : all;
  const free = tops.filter(({ child }) => subtrees.get(child)!.depth > 0);
  const above = path.filter(({ name }) => !followers.has(name)).length;
  const length = path.reduce((sum, { pose }) => sum + Math.hypot(...pose.position), 0);
  const isFinger = ({ child }: DescribedJoint) => {
    const subtree = subtrees.get(child)!;
    return (
      above >= LEAST_ARM &&
      subtree.depth <= FINGER.joints &&
      subtree.length <= Math.min(FINGER.length, FINGER.share * length)
    );
  };
  const [only] = free;
  if (only && free.length === 1) {
    const below = subtreeOf(mechanism, only).filter(isMover);
    const led = tops.filter(({ name }) => below.includes(followers.get(name)?.leader as DescribedJoint));
    if (led.length === 0) {
      const isEnd = below.slice(1).every(({ name }) => followers.get(name)?.leader === only);
      return isEnd && isJaw(mechanism, only, path)
        ? { limbs: [], fingers: [only] }
        : { limbs: free, fingers: [] };
    }
  }
  const limbs = free.filter((joint) => !isFinger(joint));
  return {
    limbs,
    fingers: limbs.length > 0 ? [] : tops.filter((joint) => free.length > 0 && isLight(joint)),
  };

  /** Followers of the arm's own joints are rods of the arm. */
  function isLight(joint: DescribedJoint): boolean {
    const leader = followers.get(joint.name)?.leader;
    return !leader || !path.includes(leader);
  }
}

/** Is the last joint of a chain a jaw that closes on what it hangs on? A wrist turns both ways, and about its own axis. */
function isJaw(mechanism: Mechanism, joint: DescribedJoint, path: readonly DescribedJoint[]): boolean {
  const { limits, type, name, child } = joint;
  const above = path.filter((other) => !mechanism.followers.has(other.name));
  if (!limits || type === "continuous" || above.length < LEAST_ARM) return false;
  const isNamed = FINGER_NAME.test(name) || FINGER_NAME.test(child);
  const leads = [...mechanism.followers.values()].some(({ leader }) => leader === joint);
  if (isNamed || leads) return true;
  if (LIMB_NAME.test(name)) return false;
  const range = limits[1] - limits[0];
  if (above.length < 4 || range > JAW_RANGE[type === "prismatic" ? "prismatic" : "revolute"]) return false;
  if (type === "prismatic") return true;
  const isOneSided = Math.min(Math.abs(limits[0]), Math.abs(limits[1])) <= 0.25 * range;
  const axisOf = (of: DescribedJoint) =>
    rotateVector(poseOf(mechanism, of.child, new Map()).quaternion, of.axis);
  const last = above.at(-1)!;
  return isOneSided && Math.abs(dot(axisOf(joint), axisOf(last))) < 0.5;
}

function chainOf(mechanism: Mechanism, { path, branches }: Walk, fingers: DescribedJoint[]): Chain {
  const joints = path.slice(baseJoints(mechanism, path, branches));
  const moving = joints.filter(({ name }) => !mechanism.followers.has(name));
  const kind = nameKind(moving);
  const hand = fingers[0] ? handOf(mechanism, fingers[0], path) : (path.at(-1)?.child ?? mechanism.root);
  const score =
    Math.min(moving.length, 7) +
    (fingers.length > 0 ? 4 : 0) +
    (kind === "arm" ? 2 : 0) -
    (kind === "other" ? 6 : 0);
  return { joints, hand, fingers, score };
}

/** What half of `joints` or more are named as: parts of an arm, or else of legs, wheels, heads; undefined: neither. */
export function nameKind(joints: readonly DescribedJoint[]): "arm" | "other" | undefined {
  const isNamed = (pattern: RegExp) =>
    joints.filter(({ name, child }) => pattern.test(name) || pattern.test(child)).length >= joints.length / 2;
  if (isNamed(ARM_NAME)) return "arm";
  return isNamed(OTHER_NAME) ? "other" : undefined;
}

/** The link nearest to the fingers that all of them hang on is not told by one alone: the nearest body that weighs something. */
function handOf(
  { parentJoint, links }: Mechanism,
  finger: DescribedJoint,
  path: readonly DescribedJoint[],
): string {
  const last = path.at(-1)?.child;
  let link = finger.parent;
  while (link !== last && !links.get(link)?.inertial) {
    const above = parentJoint.get(link);
    if (!above) break;
    link = above.parent;
  }
  return link;
}

/** How many of the first joints of a path are of what carries the arm: a torso that others limbs share, a base that drives about. */
function baseJoints(
  { followers }: Mechanism,
  path: readonly DescribedJoint[],
  branches: readonly Branch[],
): number {
  const count = (joints: readonly DescribedJoint[]) =>
    joints.filter(({ name }) => !followers.has(name)).length;
  let base = 0;
  for (const { above, depth } of branches) {
    const [carriers, rest] = [path.slice(0, above), path.slice(above)];
    const isShared = depth >= 3 || carriers.every(({ type }) => type === "prismatic");
    if (isShared && count(rest) >= 4 && count(carriers) < count(rest)) base = above;
  }
  return base + drivingJoints(path.slice(base), count);
}

/** A base that drives about is written as slides of many metres with a turn before or after them. */
function drivingJoints(
  path: readonly DescribedJoint[],
  count: (joints: readonly DescribedJoint[]) => number,
): number {
  const isEndless = ({ type, limits }: DescribedJoint) =>
    type === "prismatic" && (!limits || limits[1] - limits[0] >= DRIVING);
  const last = path.slice(0, 3).findLastIndex(isEndless);
  if (last < 0) return 0;
  // x, y, then the heading
  const end = last === 1 && isEndless(path[0]!) ? 3 : last + 1;
  return count(path.slice(end)) >= 5 ? end : 0;
}
