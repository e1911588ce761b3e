// Which joints of a description are the arm's, which move the fingers, and which follow others.
import { didYouMean } from "../../../math/nearest.js";
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { DescribedJoint, DescribedLink, RobotDescription } from "../description.js";
import type { Assume, Follower } from "../links.js";

/** Names that tool frames and finger joints go by. */
const TOOL_FRAME = /(^|_)(tool0?|tcp|ee|eef|end_effector|grasp|pinch)(_|$|link|frame)/i;
const FINGER = /finger|grip|jaw|knuckle/i;

/** What was found. */
export interface JointRoles {
  readonly arm: readonly DescribedJoint[];
  /** Joint that moves the fingers, where there is one. */
  readonly gripper?: DescribedJoint;
  readonly followers: ReadonlyMap<string, Follower>;
  /** Link that carries the fingers, or the last of the arm. */
  readonly hand: string;
  /** Frame of the tool, where one is named. */
  readonly toolFrame?: string;
}

/** Look for the arm and its gripper; `tip` and `gripper` settle what cannot be told from the file. */
export function findRoles(
  { file, links, joints }: RobotDescription,
  root: DescribedLink,
  options: {
    readonly tip?: string;
    readonly gripper?: string;
    readonly assume: Assume;
  },
): JointRoles {
  const { assume } = options;
  const moving = joints.filter(({ type }) => type !== "fixed");
  const parentJoint = new Map(joints.map((joint) => [joint.child, joint]));
  const pathTo = (link: string): DescribedJoint[] => {
    const path: DescribedJoint[] = [];
    for (let joint = parentJoint.get(link); joint; joint = parentJoint.get(joint.parent)) path.unshift(joint);
    return path;
  };
  const hasMoversBelow = (joint: DescribedJoint) =>
    moving.some((other) => other !== joint && pathTo(other.child).includes(joint));
  const followers = findFollowers(moving, file);
  if (options.tip !== undefined) known(options.tip, links, "link", file);
  const gripper = findGripper(moving, followers, hasMoversBelow, { ...options, file });
  const hand = gripper ? gripper.parent : lastLink(links, pathTo, options.tip);
  const arm = pathTo(hand).filter(({ type, name }) => type !== "fixed" && !followers.has(name));
  if (arm.length === 0) {
    throw new UsageError(
      `${file}: no joint moves the link "${hand}" against the base "${root.name}"; is ${optionText("tip")} or ${optionText("gripper")} right?`,
    );
  }
  assume(`the arm is ${arm.map(({ name }) => name).join(", ")}`);
  if (!gripper)
    assume(
      `there is no gripper; tasks that grasp refuse this robot (${optionText("gripper")} names the joint of one)`,
    );
  for (const [name, { leader }] of followers) {
    if (leader === gripper || arm.includes(leader)) continue;
    followers.delete(name);
  }
  const carried = (name: string) => {
    const path = pathTo(name);
    const fromHand = path.slice(pathTo(hand).length);
    return (
      (name === hand || path.some(({ child }) => child === hand)) &&
      fromHand.every(({ type }) => type === "fixed")
    );
  };
  const toolFrame =
    options.tip ?? links.find(({ name }) => TOOL_FRAME.test(name) && name !== hand && carried(name))?.name;
  return {
    arm,
    ...(gripper ? { gripper } : {}),
    followers,
    hand,
    ...(toolFrame === undefined ? {} : { toolFrame }),
  };
}

function findFollowers(moving: readonly DescribedJoint[], file: string): Map<string, Follower> {
  const followers = new Map<string, Follower>();
  const byName = new Map(moving.map((joint) => [joint.name, joint]));
  for (const { name, line, mimic } of moving) {
    if (!mimic) continue;
    const refuse: (reason: string) => never = (reason) => {
      throw new UsageError(`${file}:${line}: joint "${name}" mimics "${mimic.joint}", ${reason}.`);
    };
    let { multiplier: ratio, offset } = mimic;
    let leader = byName.get(mimic.joint) ?? refuse("which does not move");
    // a follower of a follower follows that one's leader
    for (let links = 0; leader.mimic; links++) {
      if (links === moving.length) refuse("and that joint, over others, this one again");
      const next = leader.mimic;
      offset += ratio * next.offset;
      ratio *= next.multiplier;
      leader = byName.get(next.joint) ?? refuse(`which mimics "${next.joint}", which does not move`);
    }
    if (ratio === 0) refuse("with a multiplier of 0: it would not move; make the joint fixed");
    followers.set(name, { leader, ratio, offset });
  }
  return followers;
}

function findGripper(
  moving: readonly DescribedJoint[],
  followers: Map<string, Follower>,
  hasMoversBelow: (joint: DescribedJoint) => boolean,
  options: { readonly file: string; readonly gripper?: string; readonly assume: Assume },
): DescribedJoint | undefined {
  const { file, gripper, assume } = options;
  if (gripper !== undefined) {
    known(gripper, moving, "moving joint", file);
    return moving.find(({ name }) => name === gripper);
  }
  const leaders = [...new Set([...followers.values()].map(({ leader }) => leader))];
  if (leaders.length > 1) {
    const names = leaders.map(({ name }) => name).join(", ");
    throw new UsageError(
      `${file}: several joints lead others (${names}); say which moves the fingers: ${optionText("gripper")}.`,
    );
  }
  if (leaders[0]) {
    assume(`the gripper is moved by joint "${leaders[0].name}", which others mimic`);
    return leaders[0];
  }
  const leaves = moving.filter((joint) => !hasMoversBelow(joint));
  const slides = leaves.filter(({ type }) => type === "prismatic");
  const [first, second] = slides;
  if (first && second && slides.length === 2 && first.parent === second.parent) {
    const [a, b] = [first.limits!, second.limits!];
    if (a[0] !== b[0] || a[1] !== b[1]) {
      throw new UsageError(
        `${file}:${second.line}: joints "${first.name}" and "${second.name}" look like two fingers but have other ranges; ` +
          "let one mimic the other.",
      );
    }
    assume(`joints "${first.name}" and "${second.name}" are two fingers that move alike`);
    followers.set(second.name, { leader: first, ratio: 1, isDriven: true, offset: 0 });
    return first;
  }
  const jaw = leaves.find(({ name }) => FINGER.test(name));
  if (jaw && moving.length > 1)
    assume(`joint "${jaw.name}" is a jaw that closes against the link "${jaw.parent}"`);
  return moving.length > 1 ? jaw : undefined;
}

/** The link at the end of the longest chain of moving joints, or the one named. */
function lastLink(
  links: readonly DescribedLink[],
  pathTo: (link: string) => DescribedJoint[],
  tip: string | undefined,
): string {
  const depth = (name: string) => pathTo(name).filter(({ type }) => type !== "fixed").length;
  const path = pathTo(tip ?? links.reduce((a, b) => (depth(b.name) > depth(a.name) ? b : a)).name);
  return path.filter(({ type }) => type !== "fixed").at(-1)?.child ?? path.at(-1)?.child ?? links[0]!.name;
}

function known(name: string, things: readonly { readonly name: string }[], kind: string, file: string): void {
  const names = things.map((thing) => thing.name);
  if (names.includes(name)) return;
  throw new UsageError(
    `${file}: there is no ${kind} "${name}". ${didYouMean(name, names)}It has: ${names.join(", ")}.`,
  );
}
