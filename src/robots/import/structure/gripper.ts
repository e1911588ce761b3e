// The gripper of an imported robot: which links hold an object, and how the joint's position becomes an opening.
import { distance } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { LinkModel } from "../../../physics/articulation/articulation-model.js";
import type { GripperModel } from "../../models/robot-model.js";
import type { JointRoles } from "./joint-roles.js";
import { centreOf } from "./link-places.js";

/** The fingers are told to close this share of their way beyond closed: they squeeze. */
const SQUEEZE = 0.25;

/** The two links that hold an object, and how the joint's position becomes an opening. */
export function gripperOf(
  links: readonly LinkModel[],
  arm: Articulation,
  { gripper, followers, hand }: JointRoles,
): GripperModel {
  const leader = links.findIndex(({ joint }) => joint?.name === gripper!.name);
  const isBelow = (link: number, ancestor: number): boolean => {
    for (let i = link; i >= 0; i = links[i]!.parent) if (i === ancestor) return true;
    return false;
  };
  const depth = (link: number): number => (link < 0 ? 0 : 1 + depth(links[link]!.parent));
  const deepest = (candidates: readonly number[]) =>
    candidates.toSorted(
      (a, b) =>
        Number(links[b]!.collision.length > 0) - Number(links[a]!.collision.length > 0) ||
        depth(b) - depth(a),
    )[0];
  const all = links.map((_, index) => index);
  const others = all.filter(
    (link) =>
      !isBelow(link, leader) &&
      all.some((top) => isBelow(link, top) && followers.has(links[top]!.joint?.name ?? "")),
  );
  const first = deepest(all.filter((link) => isBelow(link, leader)))!;
  const second = deepest(others);
  const handLink = links.findIndex(({ name }) => name === hand);
  const dof = arm.dofOfLink[leader]!;
  const [lower, upper] = [arm.lowerLimits[dof]!, arm.upperLimits[dof]!];
  const gapAt = (position: number) => {
    const positions = new Float64Array(arm.numDofs);
    positions[dof] = position;
    arm.reset(positions);
    const [a, b] = [centreOf(links, arm, first), centreOf(links, arm, second ?? handLink)];
    return distance(a, b);
  };
  const [gapLow, gapHigh] = [gapAt(lower), gapAt(upper)];
  const [open, closed] = gapHigh >= gapLow ? [upper, lower] : [lower, upper];
  return {
    joint: gripper!.name,
    open,
    closed: closed - SQUEEZE * (open - closed),
    fingerLinks:
      second === undefined ? [hand, links[first]!.name] : [links[first]!.name, links[second]!.name],
    lever: Number((Math.abs(gapHigh - gapLow) / 2 / (open - closed)).toFixed(6)),
    meets: closed,
  };
}
