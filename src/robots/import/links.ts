// From described links and joints to the links of an articulation: order, frames, inertias, servos, shapes.
import {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
} from "../../math/quaternion.js";
import { UsageError } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import type { JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import type { DescribedJoint, DescribedLink, RobotDescription } from "./description.js";
import type { CollisionShapes } from "./geometry/collision-shapes.js";
import { lendMasses } from "./geometry/inertials.js";

/** A joint's limits where the file does not say: two full turns or 2 m, 10 N m or 20 N, π rad/s or 0.2 m/s. */
const FREE_RANGE = { revolute: [-2 * Math.PI, 2 * Math.PI], prismatic: [-1, 1] } as const;

/** What is told about everything that the file does not say. */
export type Assume = (assumption: string) => void;

/** How the tree is made. */
export interface TreeOptions {
  readonly file: string;
  /** Makes the collision shapes. */
  readonly shapes: CollisionShapes;
  readonly assume: Assume;
  /** Names of joints, in the order of their degrees of freedom; other moving joints are welded. */
  readonly driven: readonly string[];
  /** Where those are welded, rad or m, by name; default 0. */
  readonly welded: ReadonlyMap<string, number>;
  /** Joints that share another one's degree of freedom, by name. */
  readonly followers: ReadonlyMap<string, Follower>;
}

/** How a joint follows another one. */
export interface Follower {
  readonly leader: DescribedJoint;
  /** Its position per unit of the leader's; not 0. */
  readonly ratio: number;
  /** Whether it has a servo of its own that moves as its leader's does; default false: it is passive. */
  readonly isDriven?: boolean;
  /** Its position where the leader's is 0, rad or m. */
  readonly offset: number;
}

/** What decides whether links and joints are a tree. */
interface Tree<Link> {
  readonly links: readonly Link[];
  readonly joints: readonly TreeJoint[];
}

type TreeJoint = Pick<DescribedJoint, "name" | "line" | "parent" | "child">;

/** Return the roots of the trees; throws a UsageError where a joint hangs on nothing, a link on two, or links go round. */
export function findRoots<Link extends Pick<DescribedLink, "name" | "line">>(
  { links, joints }: Tree<Link>,
  file: string,
): Link[] {
  const byName = new Map(links.map((link) => [link.name, link]));
  const parentOf = new Map<string, TreeJoint>();
  for (const joint of joints) {
    for (const end of [joint.parent, joint.child]) {
      if (byName.has(end)) continue;
      throw new UsageError(
        `${file}:${joint.line}: joint "${joint.name}" names link "${end}", which is not there.`,
      );
    }
    const other = parentOf.get(joint.child);
    if (other) {
      throw new UsageError(
        `${file}:${joint.line}: link "${joint.child}" has two parents, by joints "${other.name}" and "${joint.name}".`,
      );
    }
    parentOf.set(joint.child, joint);
  }
  const seen = new Set<string>();
  for (const link of links) {
    const path = new Set<string>();
    for (let name = link.name; parentOf.has(name); name = parentOf.get(name)!.parent) {
      if (path.has(name)) {
        throw new UsageError(
          `${file}:${parentOf.get(name)!.line}: links go round in a circle: ${[...path].join(", ")}.`,
        );
      }
      if (seen.has(name)) break;
      path.add(name);
    }
    for (const name of path) seen.add(name);
  }
  return links.filter(({ name }) => !parentOf.has(name));
}

/** Return the root link; throws a UsageError where there is none, or several, or a cycle. */
export function findRoot<Link extends Pick<DescribedLink, "name" | "line">>(
  tree: Tree<Link>,
  file: string,
): Link {
  const roots = findRoots(tree, file);
  if (roots.length === 1) return roots[0]!;
  throw new UsageError(
    `${file}:${roots[1]!.line}: there are ${roots.length} root links (${roots.map(({ name }) => name).join(", ")}); ` +
      "join them by fixed joints.",
  );
}

/** Make the articulation's links, the root being the fixed base, the driven joints first; a base with shapes comes last, as a link too. */
export function buildLinks(
  document: RobotDescription,
  root: DescribedLink,
  options: TreeOptions,
): LinkModel[] {
  const { file, assume, driven, followers } = options;
  const linkOf = new Map(document.links.map((link) => [link.name, link]));
  const index = new Map<string, number>([[root.name, -1]]);
  const result: LinkModel[] = [];
  const add = (joint: DescribedJoint) => {
    index.set(joint.child, result.length);
    const link = linkOf.get(joint.child)!;
    result.push(makeLink(link, joint, index.get(joint.parent)!, options));
  };
  const waiting = new Set(document.joints);
  const parentReady = (joint: DescribedJoint) => index.has(joint.parent);
  const isAdded = ({ child }: DescribedJoint) => index.has(child);
  const isPassive = ({ name }: DescribedJoint) => {
    const follower = followers.get(name);
    return follower ? isAdded(follower.leader) : !driven.includes(name);
  };
  // each driven joint in turn, after the welded links and the followers that lead to it
  for (const name of driven) {
    for (;;) {
      const next = [...waiting].find((joint) => joint.name === name && parentReady(joint));
      const step = next ?? [...waiting].find((joint) => isPassive(joint) && parentReady(joint));
      if (!step) throw new UsageError(`${file}: joint "${name}" hangs on a joint that is driven after it.`);
      waiting.delete(step);
      add(step);
      if (next) break;
    }
  }
  while (waiting.size > 0) {
    const step = [...waiting].find(parentReady)!;
    waiting.delete(step);
    add(step);
  }
  const base = baseLink(root, options.shapes);
  return lendMasses(base ? [...result, base] : result, assume);
}

/** The base's own shapes as a link that is welded to it; undefined where it has none. */
function baseLink(root: DescribedLink, shapes: CollisionShapes): LinkModel | undefined {
  const collision = shapes.of(root);
  if (collision.length === 0) return undefined;
  return {
    name: root.name,
    parent: -1,
    ...{ position: [0, 0, 0], quaternion: [0, 0, 0, 1] },
    ...{ mass: 0, centerOfMass: [0, 0, 0], inertia: [0, 0, 0, 0, 0, 0] },
    collision,
  };
}

function makeLink(
  link: DescribedLink,
  joint: DescribedJoint,
  parent: number,
  options: TreeOptions,
): LinkModel {
  const { followers, driven } = options;
  const follower = followers.get(joint.name);
  const moves = joint.type !== "fixed" && (driven.includes(joint.name) || follower !== undefined);
  const { inertial } = link;
  const [position, quaternion] = placeOf(joint, follower?.offset ?? options.welded.get(joint.name) ?? 0);
  return {
    name: link.name,
    parent,
    position,
    quaternion,
    mass: inertial?.mass ?? 0,
    centerOfMass: inertial?.centerOfMass ?? [0, 0, 0],
    inertia: inertial?.inertia ?? [0, 0, 0, 0, 0, 0],
    ...(moves ? { joint: makeJoint(joint, follower, options.assume) } : {}),
    collision: options.shapes.of(link),
  };
}

/** Place of the child where its joint is at 0, for a follower where its leader is at 0, or where it is welded. */
function placeOf(
  { pose: { position, quaternion }, axis, type }: DescribedJoint,
  offset: number,
): [Vec3, Quat] {
  if (offset === 0) return [position, quaternion];
  if (type !== "prismatic")
    return [position, multiplyQuaternions(quaternion, quaternionFromAxisAngle(axis, offset))];
  const shift = rotateVector(quaternion, axis);
  return [[0, 1, 2].map((k) => position[k]! + offset * shift[k]!) as unknown as Vec3, quaternion];
}

function makeJoint(joint: DescribedJoint, follower: Follower | undefined, assume: Assume): JointModel {
  const { name, effort, velocity, armature } = joint;
  const type = joint.type === "prismatic" ? "prismatic" : "revolute";
  const [lower, upper] = (follower?.leader ?? joint).limits ?? FREE_RANGE[type];
  const common = {
    name,
    type: type as JointModel["type"],
    axis: joint.axis,
    viscousFriction: joint.damping,
    ...(joint.friction > 0 ? { dryFriction: joint.friction } : {}),
    // a follower's own range is what its leader's makes it
    ...(follower ? followRange(follower, lower, upper) : { lower, upper }),
  };
  if (follower && !follower.isDriven) {
    const { leader, ratio } = follower;
    const velocityLimit = velocity ?? Math.abs(ratio) * (leader.velocity ?? 0);
    return { ...common, velocityLimit, effortLimit: 0, stiffness: 0, damping: 0, armature: 0 };
  }
  if (joint.type === "continuous") assume(`joint "${name}" turns without end: ±2π rad assumed`);
  else if (!joint.limits && !follower)
    assume(`joint "${name}": ${type === "prismatic" ? "±1 m" : "±2π rad"} assumed`);
  // its servo is made when the arm is whole
  const servo = { velocityLimit: velocity ?? 0, effortLimit: effort ?? 0, stiffness: 0, damping: 0 };
  return { ...common, ...servo, armature: armature ?? 0 };
}

function followRange({ leader, ratio }: Follower, lower: number, upper: number) {
  const [from, to] = ratio > 0 ? [lower, upper] : [upper, lower];
  const follows = { mimic: leader.name, ...(ratio === 1 ? {} : { mimicRatio: ratio }) };
  return { lower: ratio * from, upper: ratio * to, ...follows };
}
