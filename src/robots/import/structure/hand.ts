// How the parts of a hand move as it closes: its two sides, and the way out of it.
import { rotateVector } from "../../../math/quaternion.js";
import { add, dot, scale, subtract, unit, type Vec3 } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { JointRoles } from "./joint-roles.js";
import { type LinkShapes, linkShapes, middleOf, placeShapes, reachAlong } from "./link-shapes.js";

/** Parts move against each other where the cosine between their ways is below this. */
const OPPOSED = -0.3;
/** Of a side are links that move along the way of closing by this share of their own way. */
const ALONG = 0.2;
/** The way out of the hand is an axis where it is nearer to it than this, rad; of a jaw, which lies beside the wrist, further. */
const SNAP = { fingers: 0.35, jaw: 0.65 } as const;
/** Shapes of a finger that reach as far as its tip but for this belong to the tip, m. */
const TIP = 0.015;
const STEP = 1e-4;

/** The hand as it moves, in the world while the arm's joints are at 0. */
export interface Hand {
  readonly arm: Articulation;
  readonly shapes: LinkShapes;
  /** Degree of freedom that closes the hand, and its range, rad or m. */
  readonly dof: number;
  readonly range: readonly [number, number];
  /** Link that carries the fingers. */
  readonly link: number;
  /** Links that move along `along`, and those that move against it or, of a jaw, stand still. */
  readonly sides: readonly [readonly number[], readonly number[]];
  /** Whether the second side stands still. */
  readonly isJaw: boolean;
  /** Unit vector out of the hand. */
  readonly out: Vec3;
  /** Unit vector across it in which the first side moves as the joint's position grows. */
  readonly along: Vec3;
}

/** Pose the hand, the arm's joints at 0. */
export function poseHand({ arm, shapes, dof }: Pick<Hand, "arm" | "shapes" | "dof">, position: number): void {
  const positions = new Float64Array(arm.numDofs);
  positions[dof] = position;
  arm.reset(positions);
  placeShapes(shapes, arm);
}

/** Watch the hand move. */
export function watchHand(arm: Articulation, { gripper, hand, arm: joints }: JointRoles): Hand {
  const { links } = arm.model;
  const shapes = linkShapes(arm);
  const leader = links.findIndex(({ joint }) => joint?.name === gripper!.name);
  const dof = arm.dofOfLink[leader]!;
  const range = [arm.lowerLimits[dof]!, arm.upperLimits[dof]!] as const;
  const posed = { arm, shapes, dof };
  const middle = (range[0] + range[1]) / 2;
  poseHand(posed, middle);
  const moved = links.flatMap((_, link) =>
    arm.chains[link]!.some((mover) => arm.dofOfLink[mover] === dof) ? [link] : [],
  );
  const places = (position: number) => {
    poseHand(posed, position);
    return links.map((_, link) => placeOf(arm, shapes, link));
  };
  const [before, after] = [places(middle - STEP), places(middle + STEP)];
  const ways = links.map((_, link) => scale(1 / (2 * STEP), subtract(after[link]!, before[link]!)));
  poseHand(posed, middle);
  const solid = moved.filter((link) => shapes.ofLink[link]!.length > 0);
  const parts = solid.length > 0 ? solid : moved;
  const still = stillParts(arm, hand, moved);
  const link = links.findIndex(({ name }) => name === hand);
  const opposed = mostOpposed(parts, ways) ?? thumbOf(arm, parts, ways);
  const isJaw = opposed === undefined;
  const [forwards, backwards] = opposed ?? [furthestMoved(parts, ways), undefined];
  const rough = unit(subtract(ways[forwards]!, backwards === undefined ? [0, 0, 0] : ways[backwards]!)) ?? [
    0, 1, 0,
  ];
  const own = (of: number | undefined) => (of === undefined ? undefined : firstMoved(arm, moved, of));
  const sideOf = (of: number): number => {
    // the finger of each of the two is on its side, whatever way its parts take
    if (own(forwards) !== own(backwards)) {
      if (own(of) === own(forwards)) return 1;
      if (own(of) === own(backwards)) return -1;
    }
    const forward = dot(ways[of]!, rough);
    return Math.abs(forward) > ALONG * Math.hypot(...ways[of]!) ? Math.sign(forward) : 0;
  };
  const sides = [
    moved.filter((of) => sideOf(of) > 0),
    isJaw ? still : moved.filter((of) => sideOf(of) < 0),
  ] as const;
  const wrist = links.findIndex(({ joint }) => joint?.name === joints.at(-1)!.name);
  // a jaw points out of the hand where it is closed: at one end of its range
  const outs = (isJaw ? [middle, ...range] : [middle]).map((position) => {
    poseHand(posed, position);
    return wayOut(arm, shapes, { still, sides, rough, wrist, isJaw, link });
  });
  poseHand(posed, middle);
  const { way: out } = outs.reduce((a, b) => (b.off < a.off - 1e-6 ? b : a));
  const along = unit(subtract(rough, scale(dot(rough, out), out))) ?? [0, 1, 0];
  return { arm, shapes, dof, range, link, sides, isJaw, out, along };
}

/** The shapes at the tips of one side of the hand as it stands: those of its links that reach furthest out. */
export function tipShapes({ shapes, sides, out }: Hand, side: 0 | 1): number[] {
  const all = sides[side].flatMap((link) => shapes.ofLink[link]!);
  if (all.length === 0) return [];
  const best = reachAlong(shapes, all, out);
  return all.filter((shape) => reachAlong(shapes, [shape], out) > best - TIP);
}

/** Middle of a link's shapes, else its centre of mass. */
function placeOf(arm: Articulation, shapes: LinkShapes, link: number): Vec3 {
  const own = shapes.ofLink[link]!;
  return own.length > 0 ? middleOf(shapes, own) : fromLink(arm, link, arm.model.links[link]!.centerOfMass);
}

/** A point of a link's frame in the world. */
export function fromLink(arm: Articulation, link: number, point: Vec3): Vec3 {
  return add(originOf(arm, link), turnBy(arm, link, point));
}

/** A direction of a link's frame in the world. */
export function turnBy(arm: Articulation, link: number, direction: Vec3): Vec3 {
  const [x, y, z, w] = arm.linkQuaternions.subarray(4 * link, 4 * link + 4);
  return rotateVector([x!, y!, z!, w!], direction);
}

/** A direction of the world in a link's frame. */
export function turnInto(arm: Articulation, link: number, direction: Vec3): Vec3 {
  const [x, y, z, w] = arm.linkQuaternions.subarray(4 * link, 4 * link + 4);
  return rotateVector([-x!, -y!, -z!, w!], direction);
}

/** Where a link's origin is in the world. */
export function originOf(arm: Articulation, link: number): Vec3 {
  const [x, y, z] = arm.linkPositions.subarray(3 * link, 3 * link + 3);
  return [x!, y!, z!];
}

/** The two parts whose ways are most against each other; undefined where nothing moves against anything. */
function mostOpposed(parts: readonly number[], ways: readonly Vec3[]): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let most = 0;
  for (const [index, a] of parts.entries()) {
    for (const b of parts.slice(index + 1)) {
      const product = dot(ways[a]!, ways[b]!);
      if (product >= most || product > OPPOSED * Math.hypot(...ways[a]!) * Math.hypot(...ways[b]!)) continue;
      [most, best] = [1.000_001 * product, [a, b]];
    }
  }
  return best;
}

/** Of three fingers or more, a part of the others and one of the finger that moves least like them. */
function thumbOf(
  arm: Articulation,
  parts: readonly number[],
  ways: readonly Vec3[],
): readonly [number, number] | undefined {
  const firsts = [...new Set(parts.map((part) => firstMoved(arm, parts, part)))];
  if (firsts.length < 3) return undefined;
  const tips = firsts.map((first) =>
    furthestMoved(
      parts.filter((part) => firstMoved(arm, parts, part) === first),
      ways,
    ),
  );
  const likeness = (of: number) =>
    tips.reduce(
      (sum, tip) => sum + (tip === of ? 0 : dot(unit(ways[tip]!) ?? [0, 0, 0], unit(ways[of]!) ?? [0, 0, 0])),
      0,
    );
  const thumb = tips.reduce((a, b) => (likeness(b) < likeness(a) - 1e-6 ? b : a));
  const others = tips.filter((tip) => tip !== thumb);
  return [furthestMoved(others, ways), thumb];
}

function furthestMoved(parts: readonly number[], ways: readonly Vec3[]): number {
  return parts.reduce((a, b) => (Math.hypot(...ways[b]!) > Math.hypot(...ways[a]!) * 1.001 ? b : a));
}

/** The first link of the finger that `link` is part of. */
function firstMoved({ model: { links } }: Articulation, moved: readonly number[], link: number): number {
  let first = link;
  for (let above = link; above >= 0; above = links[above]!.parent) if (moved.includes(above)) first = above;
  return first;
}

/** Links that are one part with the hand. */
function stillParts(arm: Articulation, hand: string, moved: readonly number[]): number[] {
  const { links } = arm.model;
  const own = links.findIndex(({ name }) => name === hand);
  const last = arm.chains[own]?.at(-1);
  return links.flatMap((_, link) =>
    !moved.includes(link) && arm.chains[link]!.at(-1) === last ? [link] : [],
  );
}

/** From the middle of the hand's body, or the wrist, to the fingers; along an axis where it is nearly one, `off` by rad. */
function wayOut(
  arm: Articulation,
  shapes: LinkShapes,
  hand: {
    readonly still: readonly number[];
    readonly sides: Hand["sides"];
    readonly rough: Vec3;
    readonly wrist: number;
    readonly isJaw: boolean;
    readonly link: number;
  },
): { readonly way: Vec3; readonly off: number } {
  const { still, sides, rough, wrist, isJaw, link } = hand;
  const body = still.flatMap((part) => shapes.ofLink[part]!);
  const from = isJaw || body.length === 0 ? originOf(arm, wrist) : middleOf(shapes, body);
  const tipOf = (side: readonly number[]) =>
    side
      .map((part) => placeOf(arm, shapes, part))
      .reduce((a, b) => (Math.hypot(...subtract(b, from)) > Math.hypot(...subtract(a, from)) ? b : a));
  const tips = (isJaw ? [sides[0]] : sides).map(tipOf);
  const to = scale(1 / tips.length, tips.reduce(add));
  const way = subtract(to, from);
  const across = isJaw ? way : subtract(way, scale(dot(way, rough), rough));
  const roll = turnBy(arm, wrist, arm.model.links[wrist]!.joint!.axis);
  const measured = unit(across);
  if (!measured || Math.hypot(...across) < 0.005) return { way: roll, off: Math.PI };
  const near = Math.cos(isJaw ? SNAP.jaw : SNAP.fingers);
  const axes = [
    roll,
    ...(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ] as const
    ).map((axis) => turnBy(arm, link, axis)),
  ];
  const [rolls, ...others] = axes.map((axis) => scale(Math.sign(dot(axis, measured)) || 1, axis));
  const fits = (axis: Vec3) => dot(axis, measured) >= near && (isJaw || Math.abs(dot(axis, rough)) < 0.3);
  const nearest = others.reduce((a, b) => (dot(b, measured) > dot(a, measured) ? b : a));
  const fitting = [rolls!, nearest].find(fits);
  return {
    way: fitting ?? measured,
    off: fitting ? Math.acos(Math.min(1, dot(fitting, measured))) : Math.PI,
  };
}

/** The links of `arm` that have shapes. */
export function hasShapes({ shapes, sides }: Hand): boolean {
  return sides.every((side) => side.some((link) => shapes.ofLink[link]!.length > 0));
}
