// A description that holds several arms as one for each of them, with what carries them.
import { multiplyQuaternions, type Quat, rotateVector } from "../../../math/quaternion.js";
import { subtract } from "../../../math/vector.js";
import type { DescribedJoint, DescribedLink, Pose, RobotDescription } from "../description.js";
import { findRoot } from "../links.js";
import { findSeparateArms, ownJoints } from "./arms.js";
import { type Chain, findChains } from "./chains.js";
import { isMover, type Mechanism, poseOf, readMechanism, subtreeOf } from "./mechanism.js";

/** One of several arms of a description. */
export interface ArmOfSeveral {
  /** "left" and "right" where the file's names say so, else what its joints' names begin with, or "arm1". */
  readonly name: string;
  /** Its own links and joints, on the link that its first joint hangs on; what else does not move is fixed to that. */
  readonly description: RobotDescription;
  /** Of that link in the frame of the file's root. */
  readonly mount: Pose;
  /** Number of its joints that are driven, its gripper's left out. */
  readonly numJoints: number;
  /** Link at its end, which the option "tip" takes it by. */
  readonly tip: string;
}

const SIDES = [
  ["left", /(^|[^a-z])(left|l)([^a-z]|$)/i, /^left(?=[A-Z])|Left/],
  ["right", /(^|[^a-z])(right|r)([^a-z]|$)/i, /^right(?=[A-Z])|Right/],
] as const;
/** More limbs than this are the legs of an insect. */
const MOST_ARMS = 4;
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * List the arms of `description` in its order; empty where it has fewer than two, or more than four.
 *
 * Joints that are no arm's, those of a torso, of legs and heads, stand where the file's posture has them, or at the position nearest to 0.
 */
export function splitArms(description: RobotDescription): ArmOfSeveral[] {
  const root = findRoot(description, description.file).name;
  const mechanism = readMechanism(description, root, () => {});
  const chains = findChains(mechanism);
  const arms = findSeparateArms(mechanism, chains);
  if (arms.length < 2 || arms.length > MOST_ARMS) return [];
  const parts = arms.map((chain) => subtreeOf(mechanism, ownJoints(mechanism, chain, chains)[0]!));
  const names = namesOf(parts);
  const positions = standing(description, mechanism);
  const carried = new Set(parts.flatMap((part) => part.map(({ child }) => child)));
  const carriers = description.links.filter(({ name }) => !carried.has(name));
  return arms.map((chain, index): ArmOfSeveral => {
    const part = parts[index]!;
    const foot = part[0]!.parent;
    const mount = poseOf(mechanism, foot, positions);
    const links = [
      mechanism.links.get(foot)!,
      // frames of what stands still are nothing to an arm
      ...carriers.filter(
        ({ name, collisions, visuals }) => name !== foot && collisions.length + visuals.length > 0,
      ),
      ...part.map(({ child }) => mechanism.links.get(child)!),
    ];
    const fixed = links
      .filter(({ name }) => name !== foot && !carried.has(name))
      .map((link) => fixedTo(foot, link, inFrame(mount, poseOf(mechanism, link.name, positions))));
    const kept = new Set(links.map(({ name }) => name));
    return {
      name: names[index]!,
      mount,
      numJoints: drivenJoints(mechanism, chain),
      tip: chain.hand,
      description: {
        ...description,
        name: `${description.name} ${names[index]!}`.trim(),
        links,
        joints: [...fixed, ...part],
        mayOverlap: description.mayOverlap.filter((pair) => pair.every((name) => kept.has(name))),
      },
    };
  });
}

function drivenJoints({ followers }: Mechanism, { joints }: Chain): number {
  return joints.filter(({ name }) => !followers.has(name)).length;
}

/** Where every joint stands. */
function standing({ posture }: RobotDescription, { order }: Mechanism): Map<string, number> {
  return new Map(
    order.filter(isMover).map(({ name, limits }) => {
      const [lower, upper] = limits ?? [-Infinity, Infinity];
      return [name, Math.max(lower, Math.min(upper, posture?.get(name) ?? 0))];
    }),
  );
}

function fixedTo(parent: string, { name, line }: DescribedLink, pose: Pose): DescribedJoint {
  return {
    ...{ name: `${name} stands still`, line, type: "fixed", parent, child: name, pose },
    ...{ axis: [0, 0, 1], damping: 0, friction: 0 },
  };
}

/** A pose of one frame in the frame that is at `frame` there. */
function inFrame({ position, quaternion }: Pose, of: Pose): Pose {
  const [x, y, z, w] = quaternion;
  const back: Quat = [-x, -y, -z, w];
  return {
    position: rotateVector(back, subtract(of.position, position)),
    quaternion: multiplyQuaternions(back, of.quaternion),
  };
}

/** What each arm is called: by its side, else by the beginning of its joints' names, else by its number. */
function namesOf(parts: readonly (readonly DescribedJoint[])[]): string[] {
  const found = [parts.map(sideOf), parts.map(beginningOf)];
  const fitting = found.find(
    (names) => new Set(names).size === names.length && names.every((name) => PLAIN_NAME.test(name)),
  );
  return fitting ?? parts.map((_, index) => `arm${index + 1}`);
}

function sideOf(part: readonly DescribedJoint[]): string {
  const names = part.flatMap(({ name, child }) => [name, child]);
  const counts = SIDES.map(
    ([, ...patterns]) => names.filter((name) => patterns.some((pattern) => pattern.test(name))).length,
  );
  const [left, right] = counts as [number, number];
  if (left === right) return "";
  return SIDES[left > right ? 0 : 1][0];
}

/** What the names of the joints that move begin with, up to the last word. */
function beginningOf(part: readonly DescribedJoint[]): string {
  const names = part.filter(isMover).map(({ name }) => name);
  let common = names[0]!;
  for (const name of names) while (!name.startsWith(common)) common = common.slice(0, -1);
  return common.replace(/[^A-Za-z0-9]*(joint|link|j)?[^A-Za-z0-9]*$/i, "");
}
