// A description as a tree that can be walked: what hangs where, which joints follow others, and where links are.
import { multiplyQuaternions, quaternionFromAxisAngle, rotateVector } from "../../../math/quaternion.js";
import { add, scale, type Vec3 } from "../../../math/vector.js";
import type { DescribedJoint, DescribedLink, Pose, RobotDescription } from "../description.js";
import type { Follower } from "../links.js";

/** The tree below one root link. */
export interface Mechanism {
  readonly root: string;
  /** Joints of the tree, parents first. */
  readonly order: readonly DescribedJoint[];
  readonly links: ReadonlyMap<string, DescribedLink>;
  /** The joint above a link, by the link's name. */
  readonly parentJoint: ReadonlyMap<string, DescribedJoint>;
  /** The joints below a link, by the link's name. */
  readonly childJoints: ReadonlyMap<string, readonly DescribedJoint[]>;
  /** Joints that follow others, by name; a leader follows none. */
  readonly followers: ReadonlyMap<string, Follower>;
}

/** Joint positions by name; 0 where there is none. */
export type Positions = ReadonlyMap<string, number>;

/** Read the tree below `root`; what is odd about a mimic goes to `assume`. */
export function readMechanism(
  { links, joints }: RobotDescription,
  root: string,
  assume: (assumption: string) => void,
): Mechanism {
  const parentJoint = new Map(joints.map((joint) => [joint.child, joint]));
  const childJoints = new Map<string, DescribedJoint[]>();
  for (const joint of joints) {
    const below = childJoints.get(joint.parent);
    if (below) below.push(joint);
    else childJoints.set(joint.parent, [joint]);
  }
  const order: DescribedJoint[] = [];
  const waiting = [root];
  for (let next = 0; next < waiting.length; next++) {
    for (const joint of childJoints.get(waiting[next]!) ?? []) {
      order.push(joint);
      waiting.push(joint.child);
    }
  }
  return {
    root,
    order,
    links: new Map(links.map((link) => [link.name, link])),
    parentJoint,
    childJoints,
    followers: findFollowers(order, assume),
  };
}

/** Tell whether a joint has one degree of freedom. */
export function isMover({ type }: DescribedJoint): boolean {
  return type === "revolute" || type === "continuous" || type === "prismatic";
}

/** List the joints from the root to `link`. */
export function pathTo({ parentJoint }: Mechanism, link: string): DescribedJoint[] {
  const path: DescribedJoint[] = [];
  for (let joint = parentJoint.get(link); joint; joint = parentJoint.get(joint.parent)) path.push(joint);
  return path.reverse();
}

/** List the moving joints nearest below `link`: those that only fixed joints lie between. */
export function moversUnder({ childJoints }: Mechanism, link: string): DescribedJoint[] {
  const found: DescribedJoint[] = [];
  const waiting = [link];
  for (let next = 0; next < waiting.length; next++) {
    for (const joint of childJoints.get(waiting[next]!) ?? []) {
      if (isMover(joint)) found.push(joint);
      else waiting.push(joint.child);
    }
  }
  return found;
}

/** List `joint` and all joints below it. */
export function subtreeOf({ childJoints }: Mechanism, joint: DescribedJoint): DescribedJoint[] {
  const all = [joint];
  for (let next = 0; next < all.length; next++) all.push(...(childJoints.get(all[next]!.child) ?? []));
  return all;
}

/** Return where `link` is in the root's frame; followers are where their leaders put them. */
export function poseOf(mechanism: Mechanism, link: string, positions: Positions): Pose {
  let place: Pose = { position: [0, 0, 0], quaternion: [0, 0, 0, 1] };
  for (const joint of pathTo(mechanism, link)) {
    const { position, quaternion } = joint.pose;
    const at = positionOf(mechanism, joint, positions);
    let shift: Vec3 = position;
    let turn = quaternion;
    if (joint.type === "prismatic") shift = add(position, scale(at, rotateVector(quaternion, joint.axis)));
    else if (isMover(joint)) turn = multiplyQuaternions(quaternion, quaternionFromAxisAngle(joint.axis, at));
    place = {
      position: add(place.position, rotateVector(place.quaternion, shift)),
      quaternion: multiplyQuaternions(place.quaternion, turn),
    };
  }
  return place;
}

/** Return a point of a link's frame in the root's. */
export function pointIn({ position, quaternion }: Pose, point: Vec3): Vec3 {
  return add(position, rotateVector(quaternion, point));
}

function positionOf({ followers }: Mechanism, { name }: DescribedJoint, positions: Positions): number {
  const follower = followers.get(name);
  if (!follower) return positions.get(name) ?? 0;
  return follower.ratio * (positions.get(follower.leader.name) ?? 0) + follower.offset;
}

/** A follower of a follower follows that one's leader; a mimic that makes no sense is left out with a word. */
function findFollowers(
  joints: readonly DescribedJoint[],
  assume: (assumption: string) => void,
): Map<string, Follower> {
  const followers = new Map<string, Follower>();
  const byName = new Map(joints.filter(isMover).map((joint) => [joint.name, joint]));
  for (const { name, mimic } of byName.values()) {
    if (!mimic) continue;
    const ignore = (reason: string) =>
      assume(`joint "${name}" mimics "${mimic.joint}", ${reason}: the mimic is left out`);
    let { multiplier: ratio, offset } = mimic;
    let leader = byName.get(mimic.joint);
    for (let count = 0; leader?.mimic && count <= byName.size; count++) {
      const { mimic: next } = leader;
      offset += ratio * next.offset;
      ratio *= next.multiplier;
      leader = byName.get(next.joint);
    }
    if (!leader) ignore("which does not move");
    else if (leader.mimic) ignore("and that one, over others, this one again");
    else if (ratio === 0) ignore("with a multiplier of 0");
    else followers.set(name, { leader, ratio, offset });
  }
  return followers;
}
