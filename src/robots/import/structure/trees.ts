// A file that holds several trees of links: the one with the arm is taken.
import type { DescribedJoint, RobotDescription } from "../description.js";
import { findRoots } from "../links.js";
import { findChains } from "./chains.js";
import { readMechanism } from "./mechanism.js";

/** Most links that a line names. */
const MOST_NAMES = 6;

/** Return the tree that the named link or joint is in, or the one with what looks most like an arm; the others are told. */
export function takeTree(
  description: RobotDescription,
  named: { readonly root?: string; readonly tip?: string; readonly gripper?: string },
  assume: (assumption: string) => void,
): RobotDescription {
  const { links, joints, file } = description;
  const roots = findRoots(description, file);
  if (roots.length < 2) return description;
  const ignore = () => {};
  const trees = roots.map(({ name }) => {
    const mechanism = readMechanism(description, name, ignore);
    const inside = new Set([name, ...mechanism.order.map(({ child }) => child)]);
    const holds = ({ child, name: joint }: DescribedJoint) => joint === named.gripper && inside.has(child);
    const isNamed =
      [named.root, named.tip].some((link) => link !== undefined && inside.has(link)) || joints.some(holds);
    const score = mechanism.order.length === 0 ? -Infinity : findChains(mechanism)[0]!.score;
    return { name, inside, score: isNamed ? Infinity : score };
  });
  const taken = trees.reduce((best, tree) => (tree.score > best.score ? tree : best));
  const others = trees.filter((tree) => tree !== taken).map(({ name }) => `"${name}"`);
  const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : "";
  assume(
    `there are ${roots.length} root links: the tree of "${taken.name}" is taken, ` +
      `${others.slice(0, MOST_NAMES).join(", ")}${more} left out`,
  );
  return {
    ...description,
    links: links.filter(({ name }) => taken.inside.has(name)),
    joints: joints.filter(({ child }) => taken.inside.has(child)),
    mayOverlap: description.mayOverlap.filter(([a, b]) => taken.inside.has(a) && taken.inside.has(b)),
  };
}
