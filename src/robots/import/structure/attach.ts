// Two descriptions become one: a gripper from its own file on the flange of an arm.
import { didYouMean } from "../../../math/nearest.js";
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { DescribedJoint, DescribedShape, Pose, RobotDescription } from "../description.js";
import { findRoot, findRoots } from "../links.js";
import { findChains } from "./chains.js";
import { findToolFrame } from "./joint-roles.js";
import { readMechanism } from "./mechanism.js";
import { takeTree } from "./trees.js";

/** Files of attached parts are named with this before what their description calls them. */
const ATTACHED = "attached:";
const NO_TURN: Pose = { position: [0, 0, 0], quaternion: [0, 0, 0, 1] };

/** Where a part is attached. */
export interface Attachment {
  /** Link of the arm that carries it; default: the arm's tool frame, or the last link of the arm. */
  readonly at?: string;
  /** Of the part's root in that link's frame; default: in its origin. */
  readonly pose?: Pose;
}

/**
 * Return `arm` with `part` fixed to one of its links.
 *
 * Links and joints of the part that are called like the arm's get the part's name before their own. Files that the part names are called
 * "attached:NAME", for `attachedFiles` to find. Throws a UsageError where the link is not there or the part has several trees.
 */
export function attachPart(
  arm: RobotDescription,
  part: RobotDescription,
  { at, pose = NO_TURN }: Attachment = {},
): RobotDescription {
  const notes: string[] = [];
  const assume = (note: string) => void notes.push(note);
  const link = at ?? flangeOf(arm);
  const names = arm.links.map(({ name }) => name);
  if (!names.includes(link)) {
    throw new UsageError(
      `${arm.file}: there is no link "${link}" to attach ${part.file} at (${optionText("at")}). ` +
        `${didYouMean(link, names)}It has: ${names.join(", ")}.`,
    );
  }
  const tree = takeTree(part, {}, assume);
  const root = findRoot(tree, part.file);
  const prefix = part.name.replaceAll(/[^A-Za-z0-9]+/g, "_") || "attached";
  const linkName = namesBeside(names, prefix);
  const jointName = namesBeside(
    arm.joints.map(({ name }) => name),
    prefix,
  );
  const mountName = namesBeside(
    [...arm.joints, ...tree.joints].map(({ name }) => name),
    prefix,
  );
  const renamedShapes = (shapes: readonly DescribedShape[]) => shapes.map(withAttachedFile);
  const links = tree.links.map((own) => ({
    ...own,
    name: linkName(own.name),
    collisions: renamedShapes(own.collisions),
    visuals: renamedShapes(own.visuals),
    ...(own.solids ? { solids: own.solids.map(withAttachedFile) } : {}),
  }));
  const joints = tree.joints.map(
    (joint): DescribedJoint => ({
      ...joint,
      name: jointName(joint.name),
      parent: linkName(joint.parent),
      child: linkName(joint.child),
      ...(joint.mimic ? { mimic: { ...joint.mimic, joint: jointName(joint.mimic.joint) } } : {}),
    }),
  );
  const mount: DescribedJoint = {
    ...{ name: mountName(`${prefix}_mount`), line: root.line, type: "fixed", damping: 0, friction: 0 },
    ...{ parent: link, child: linkName(root.name), pose, axis: [0, 0, 1] },
  };
  const posture = new Map([
    ...(arm.posture ?? []),
    ...[...(tree.posture ?? [])].map(([name, value]) => [jointName(name), value] as const),
  ]);
  const pairs = tree.mayOverlap.map(([a, b]) => [linkName(a), linkName(b)] as const);
  return {
    ...arm,
    links: [...arm.links, ...links],
    joints: [...arm.joints, mount, ...joints],
    mayOverlap: [...arm.mayOverlap, ...pairs],
    ...(posture.size > 0 ? { posture } : {}),
    notes: [
      ...arm.notes,
      ...tree.notes,
      ...notes,
      `${part.file} is attached at link "${link}"${at === undefined ? ` (${optionText("at")} names another)` : ""}`,
    ],
  };
}

/** Reads the files of an arm by `arm`, and those of the part that was attached to it by `part`. */
export function attachedFiles<Bytes>(
  arm: (name: string) => Bytes | undefined,
  part: (name: string) => Bytes | undefined,
): (name: string) => Bytes | undefined {
  // what a file of the part names in turn is called by its own name
  return (name) =>
    name.startsWith(ATTACHED) ? part(name.slice(ATTACHED.length)) : (arm(name) ?? part(name));
}

function withAttachedFile<Shape extends Pick<DescribedShape, "geometry">>(shape: Shape): Shape {
  const { geometry } = shape;
  if (geometry.type !== "mesh") return shape;
  return { ...shape, geometry: { ...geometry, filename: `${ATTACHED}${geometry.filename}` } };
}

/** Names that `taken` does not hold: the same where it is free, else with `prefix` before it, numbered where that is taken too. */
function namesBeside(taken: readonly string[], prefix: string): (name: string) => string {
  const used = new Set(taken);
  return (name) => {
    let free = name;
    for (let count = 1; used.has(free); count++) free = `${prefix}_${count > 1 ? `${count}_` : ""}${name}`;
    return free;
  };
}

/** The frame of the arm that tools go on, or its last link. */
function flangeOf(arm: RobotDescription): string {
  const [root] = findRoots(arm, arm.file);
  const ignore = () => {};
  const tree = takeTree(arm, {}, ignore);
  const mechanism = readMechanism(tree, findRoot(tree, arm.file).name, ignore);
  const hand = findChains(mechanism)[0]?.hand ?? root!.name;
  return findToolFrame(mechanism, hand)?.name ?? hand;
}
