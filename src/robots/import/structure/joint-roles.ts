// Which joints of a description are the arm's, which move the fingers, and which follow others.
import { didYouMean } from "../../../math/nearest.js";
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { DescribedJoint, DescribedLink, RobotDescription } from "../description.js";
import type { Assume, Follower } from "../links.js";
import { findArms, noArmError } from "./arms.js";
import { type Chain, findChains } from "./chains.js";
import { driveFingers } from "./fingers.js";
import { isMover, type Mechanism, moversUnder, pathTo, readMechanism, subtreeOf } from "./mechanism.js";

/** Names that tool frames go by. */
const TOOL_FRAME = /(^|_)(tool0?|tcp|ee|eef|end_effector|grasp|pinch)(_|$|link|frame)/i;
/** Most chains and joints that a line names. */
const MOST_CHAINS = 6;
const MOST_NAMES = 8;

/** What was found. */
export interface JointRoles {
  readonly arm: readonly DescribedJoint[];
  /** Joint that moves the fingers, where there is one. */
  readonly gripper?: DescribedJoint;
  readonly followers: ReadonlyMap<string, Follower>;
  /** Where joints that nothing drives are welded, rad or m, by name. */
  readonly welded: ReadonlyMap<string, number>;
  /** Link that carries the fingers, or the last of the arm. */
  readonly hand: string;
  /** Frame of the tool, where one is named. */
  readonly toolFrame?: string;
  /** Whether that is the user's choice, to be taken as it is. */
  readonly isToolChosen: boolean;
}

/** What settles what cannot be told from the file. */
export interface RoleOptions {
  /** Link that the arm stands on. */
  readonly root?: string;
  /** Link that is the tool's frame. */
  readonly tip?: string;
  /** Joint that moves the fingers. */
  readonly gripper?: string;
}

/** Look for the arm and its gripper. */
export function findRoles(
  description: RobotDescription,
  root: DescribedLink,
  options: RoleOptions & { readonly assume: Assume },
): JointRoles {
  const { file, links, joints } = description;
  const { assume, tip, gripper } = options;
  const moving = joints.filter(isMover);
  if (tip !== undefined) requireKnown(tip, links, "link", file);
  if (options.root !== undefined) requireKnown(options.root, links, "link", file);
  if (gripper !== undefined) requireKnown(gripper, moving, "moving joint", file);
  const mechanism = readMechanism(description, root.name, assume);
  const chain = chooseChain(mechanism, options, file);
  const drive = chain.fingers.length > 0 ? driveFingers(mechanism, chain, options) : undefined;
  const arm = chain.joints.filter(({ name }) => !mechanism.followers.has(name));
  if (arm.length === 0) {
    throw new UsageError(
      `${file}: no joint moves the link "${chain.hand}" against the base "${options.root ?? root.name}"; ` +
        `is ${optionText("tip")} or ${optionText("gripper")} right?`,
    );
  }
  assume(`the arm is ${arm.map(({ name }) => name).join(", ")}`);
  if (!drive) {
    assume(
      `there is no gripper; tasks that grasp refuse this robot (${optionText("gripper")} names the joint of one)`,
    );
  }
  const followers = new Map(drive?.followers);
  for (const [name, follower] of mechanism.followers)
    if (arm.includes(follower.leader)) followers.set(name, follower);
  const driven = new Set([...arm, ...(drive ? [drive.leader] : [])].map(({ name }) => name));
  // a tip that carries the fingers names the arm, not the tool
  const isToolChosen =
    tip !== undefined && !(drive && (tip === chain.hand || moversUnder(mechanism, tip).length > 0));
  const toolFrame = isToolChosen ? tip : findToolFrame(mechanism, chain.hand)?.name;
  return {
    arm,
    ...(drive ? { gripper: drive.leader } : {}),
    followers,
    welded: weld(description, moving, (name) => driven.has(name) || followers.has(name), assume),
    hand: chain.hand,
    isToolChosen,
    ...(toolFrame === undefined ? {} : { toolFrame }),
  };
}

/** The chain that the options name, or the one that looks most like an arm. */
function chooseChain(
  mechanism: Mechanism,
  { root, tip, gripper, assume }: RoleOptions & { readonly assume: Assume },
  file: string,
): Chain {
  const all = findChains(mechanism);
  let fitting = all;
  if (gripper !== undefined) {
    const joint = mechanism.order.find(({ name }) => name === gripper)!;
    const known = all.filter(({ fingers }) =>
      fingers.some((finger) => subtreeOf(mechanism, finger).includes(joint)),
    );
    fitting = known.length > 0 ? known : [chainTo(mechanism, joint.parent, [joint])];
  }
  if (tip !== undefined && gripper === undefined) {
    const known = all.filter((chain) => reaches(mechanism, chain, tip));
    fitting = known.length > 0 ? known : [chainTo(mechanism, tip, [])];
  }
  const [chain, ...others] = fitting;
  const isNamed = root !== undefined || tip !== undefined || gripper !== undefined;
  if (!chain || (!isNamed && findArms(mechanism, all).length === 0)) throw noArmError(file, mechanism, all);
  if (root !== undefined) return cutAt(mechanism, chain, root, file);
  if (tip === undefined && gripper === undefined) tellOthers(chain, others, assume);
  return chain;
}

/** Is `tip` at the end of a chain: on its hand, its fingers, or what is welded to it? */
function reaches(mechanism: Mechanism, { joints, fingers }: Chain, tip: string): boolean {
  const last = pathTo(mechanism, tip).filter(isMover);
  const own = joints.at(-1);
  const end = last.at(-1);
  if (!own || !end) return false;
  return end === own || fingers.some((finger) => subtreeOf(mechanism, finger).includes(end));
}

/** The chain from the root to `link`. */
function chainTo(mechanism: Mechanism, link: string, fingers: readonly DescribedJoint[]): Chain {
  const path = pathTo(mechanism, link).filter(isMover);
  const beside = fingers[0]
    ? moversUnder(mechanism, path.at(-1)?.child ?? mechanism.root).filter((joint) => joint !== fingers[0])
    : [];
  return { joints: path, hand: link, fingers: [...fingers, ...beside], score: 0 };
}

/** The part of a chain that stands on `root`. */
function cutAt(mechanism: Mechanism, chain: Chain, root: string, file: string): Chain {
  const last = chain.joints.at(-1);
  const path = last ? pathTo(mechanism, last.child) : [];
  const at = path.findIndex(({ parent }) => parent === root);
  if (at >= 0) return { ...chain, joints: path.slice(at).filter(isMover) };
  throw new UsageError(
    `${file}: the link "${root}" is not below the arm that ends in "${chain.hand}"; ${optionText("tip")} names another arm.`,
  );
}

/** Several chains: name them, and how another one is taken. */
function tellOthers(chain: Chain, others: readonly Chain[], assume: Assume): void {
  const long = others.filter(({ joints }) => joints.length >= Math.min(3, chain.joints.length));
  if (long.length === 0) return;
  const named = (of: Chain) => `"${of.hand}" (${of.joints.length} joints)`;
  const more = long.length > MOST_CHAINS ? ` and ${long.length - MOST_CHAINS} more` : "";
  assume(
    `there are ${long.length + 1} chains of joints; the one to ${named(chain)} is taken, the others end in ` +
      `${long.slice(0, MOST_CHAINS).map(named).join(", ")}${more}: ${optionText("tip", long[0]!.hand)} takes another`,
  );
}

/** Return a frame of the hand that is named like a tool's. */
export function findToolFrame(mechanism: Mechanism, hand: string): DescribedLink | undefined {
  const movers = (link: string) => pathTo(mechanism, link).filter(isMover).at(-1);
  const last = movers(hand);
  return [...mechanism.links.values()].find(
    ({ name }) => TOOL_FRAME.test(name) && name !== hand && movers(name) === last,
  );
}

/** Weld what nothing drives where the file's posture has it, or at the position nearest to 0. */
function weld(
  { posture }: RobotDescription,
  moving: readonly DescribedJoint[],
  isDriven: (name: string) => boolean,
  assume: Assume,
): Map<string, number> {
  const welded = new Map<string, number>();
  for (const { name, limits } of moving) {
    if (isDriven(name)) continue;
    const [lower, upper] = limits ?? [-Infinity, Infinity];
    welded.set(name, Math.max(lower, Math.min(upper, posture?.get(name) ?? 0)));
  }
  const names = [...welded].map(([name, at]) =>
    at === 0 ? `"${name}"` : `"${name}" at ${Number(at.toFixed(4))}`,
  );
  if (names.length > 0) {
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
    const one = names.length === 1;
    assume(
      `${one ? "joint" : "joints"} ${names.slice(0, MOST_NAMES).join(", ")}${more} ${one ? "is" : "are"} welded: ` +
        "nothing of the arm or its gripper moves them",
    );
  }
  return welded;
}

function requireKnown(
  name: string,
  things: readonly { readonly name: string }[],
  kind: string,
  file: string,
): void {
  const names = things.map((thing) => thing.name);
  if (names.includes(name)) return;
  throw new UsageError(
    `${file}: there is no ${kind} "${name}". ${didYouMean(name, names)}It has: ${names.join(", ")}.`,
  );
}
