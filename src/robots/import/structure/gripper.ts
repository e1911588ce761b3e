// The gripper of an imported robot: how far it opens, where its fingers meet, and the faces that hold things.
import { add, cross, dot, scale, subtract, unit, type Vec3 } from "../../../math/vector.js";
import type { FingerPad, GripperModel } from "../../models/robot-model.js";
import type { Assume } from "../links.js";
import { fromLink, type Hand, hasShapes, originOf, poseHand, turnInto } from "./hand.js";
import { facingPoints, gapBetween, placeShapes, reachAlong } from "./link-shapes.js";
import { cutTips, type TipParts } from "./tip-parts.js";

/** The fingers are told to close this share of their way beyond closed: they squeeze. */
const SQUEEZE = 0.25;
/** Width of the block that grippers are measured with, m, or this share of their opening. */
const BLOCK = { width: 0.04, share: 0.5 } as const;
/** A jaw opens no further than this, m: further out it sweeps what stands beside. */
const WIDEST_JAW = 0.1;
/** Parts of a face are no further behind its innermost point, m. */
const FACE = 0.002;
/** Tools hold things this far from the finger tips at most, m. */
const FROM_TIP = 0.0125;
/** Postures that the opening is sampled at. */
const SAMPLES = 33;
/** Less than this is no opening, m. */
const LEAST_OPENING = 0.002;

/** What was measured of a hand. */
export interface MeasuredGripper {
  readonly gripper: GripperModel;
  /** Gap of the open fingers, m. */
  readonly opening: number;
  /** Joint position at which a block of `block` m is held, and where the pads are then, in the world. */
  readonly holding: number;
  readonly block: number;
  readonly pads: readonly [Vec3, Vec3];
}

/** How the gap between the fingers depends on the joint. */
interface Opening {
  readonly open: number;
  readonly meets: number;
  /** What is at the tips of both sides; missing where nothing is. */
  readonly tips?: TipParts;
  readonly gapAt: (position: number) => number;
}

/** Measure the gripper that `hand` is; `joint` moves it. */
export function measureGripper(hand: Hand, joint: string, assume: Assume): MeasuredGripper {
  const { arm } = hand;
  const names = arm.model.links.map(({ name }) => name);
  const measured = hasShapes(hand) ? shapedOpening(hand) : undefined;
  if (!measured) {
    assume(
      hasShapes(hand)
        ? "the finger shapes overlap however they stand: opening estimated from the middles of the fingers"
        : "the fingers have no collision shapes: opening estimated from the middles of the fingers",
    );
  }
  const { open, meets, tips, gapAt } = measured ?? centredOpening(hand);
  const opening = gapAt(open);
  const block = Math.min(BLOCK.width, BLOCK.share * opening);
  const holding = solve(gapAt, block, open, meets);
  // exact where it is open and where it holds the block
  const lever = roundTo6((opening - block) / 2 / (open - holding)) || 1;
  const model = {
    joint,
    open: roundTo6(open),
    closed: roundTo6(meets - SQUEEZE * (open - meets)),
    lever,
    meets: roundTo6(open - opening / 2 / lever),
    ...(meets === 0 || Math.abs(meets) < 1e-6 ? {} : { idle: roundTo6(meets) }),
  };
  const way = (position: number) => Math.abs(gapAt(position) / 2 - lever * (position - model.meets));
  const error = Math.max(...sample(open, meets).map(way));
  poseHand(hand, holding);
  if (tips) placeShapes(tips.shapes, arm);
  const faces = ([0, 1] as const).map((side) => faceOf(hand, side, tips, meets > open ? 1 : -1));
  const places = faces.map(({ point }) => point) as unknown as [Vec3, Vec3];
  const pads = faces.map(({ link, point, normal }): FingerPad => {
    const position = turnInto(arm, link, subtract(point, originOf(arm, link)));
    return { position: rounded(position), normal: rounded(turnInto(arm, link, normal)) };
  }) as unknown as [FingerPad, FingerPad];
  // a jaw that stands still comes first
  const order = hand.isJaw ? ([1, 0] as const) : ([0, 1] as const);
  const pick = <T>(pair: readonly [T, T]) => order.map((side) => pair[side]) as unknown as [T, T];
  const fingerLinks = pick([names[faces[0]!.link]!, names[faces[1]!.link]!]);
  assume(
    `the fingers "${fingerLinks.join('" and "')}" open to ${centimetres(opening)} and meet at ${Number(meets.toFixed(4))} of joint ` +
      `"${joint}"${error > 5e-4 ? `; the opening is taken as linear, ${(1000 * error).toFixed(1)} mm off at most` : ""}`,
  );
  const gripper: GripperModel = { ...model, fingerLinks, ...(measured ? { pads: pick(pads) } : {}) };
  return { gripper, opening, holding, block, pads: pick(places) };
}

/** From the gap between the shapes at the finger tips; undefined where there never is one. */
function shapedOpening(hand: Hand): Opening | undefined {
  const [low, high] = hand.range;
  // what the tips are shows where the fingers are closed: the end from which their gap grows most
  const ways = (
    [
      [high, low],
      [low, high],
    ] as const
  ).map(([end, other]) => {
    poseHand(hand, other);
    const tips = cutTips(hand);
    const gapAt = (position: number) => {
      poseHand(hand, position);
      placeShapes(tips.shapes, hand.arm);
      return gapBetween(tips.shapes, ...tips.sides);
    };
    return { end, other, tips, gapAt, growth: gapAt(end) - gapAt(other) };
  });
  const { end, other, tips, gapAt } = ways.reduce((a, b) => (b.growth > a.growth ? b : a));
  if (gapAt(end) < LEAST_OPENING) return undefined;
  const meets = firstMeeting(gapAt, end, other);
  const open = hand.isJaw && gapAt(end) > WIDEST_JAW ? solve(gapAt, WIDEST_JAW, end, meets) : end;
  return { open, meets, tips, gapAt };
}

/** Where fingers on their way from `open` to `end` touch; beyond `end` where they do not get there. */
function firstMeeting(gapAt: (position: number) => number, open: number, end: number): number {
  let before = open;
  for (const position of sample(open, end)) {
    if (gapAt(position) < 1e-9) return solve(gapAt, 1e-9, before, position);
    before = position;
  }
  const [wide, left] = [gapAt(open), gapAt(end)];
  return end + ((end - open) * left) / Math.max(wide - left, 1e-6);
}

/** From the distance of the fingers' middles, which meet where they are nearest. */
function centredOpening(hand: Hand): Opening {
  const [low, high] = hand.range;
  const apart = (position: number) => {
    poseHand(hand, position);
    const [a, b] = ([0, 1] as const).map((side) => middleOfSide(hand, side)) as [Vec3, Vec3];
    return Math.abs(dot(subtract(a, b), hand.along));
  };
  const [open, meets] = apart(high) >= apart(low) ? [high, low] : [low, high];
  const closed = apart(meets);
  return { open, meets, gapAt: (position) => Math.max(0, apart(position) - closed) };
}

/** The position between `from` and `to` at which `gapAt` is `gap`, by bisection; the gap shrinks on the way. */
function solve(gapAt: (position: number) => number, gap: number, from: number, to: number): number {
  let [wide, narrow] = [from, to];
  for (let step = 0; step < 50; step++) {
    const middle = (wide + narrow) / 2;
    if (gapAt(middle) > gap) wide = middle;
    else narrow = middle;
  }
  return (wide + narrow) / 2;
}

function sample(from: number, to: number): number[] {
  return Array.from({ length: SAMPLES }, (_, k) => from + ((to - from) * k) / (SAMPLES - 1));
}

/** The inner face of a side as the hand stands; `closing` is the sign of the joint's movement that closes. */
function faceOf(
  hand: Hand,
  side: 0 | 1,
  parts: TipParts | undefined,
  closing: 1 | -1,
): { readonly link: number; readonly point: Vec3; readonly normal: Vec3 } {
  const { along, out } = hand;
  const inward = scale(side === 0 ? closing : -closing, along);
  if (!parts) {
    const link = deepest(hand, side);
    return { link, point: middleOfSide(hand, side), normal: inward };
  }
  const { shapes } = parts;
  const tips = parts.sides[side];
  const most = reachAlong(shapes, tips, inward);
  const inner = tips.filter((shape) => reachAlong(shapes, [shape], inward) > most - FACE);
  const link = shapes.colliders.link[inner[0]!]!;
  const points = inner
    .flatMap((shape) => facingPoints(shapes, shape, inward))
    .filter(({ point }) => dot(point, inward) > most - 2 * FACE);
  const spread = (axis: Vec3) => {
    const values = points.map(({ point }) => dot(point, axis));
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const across = unit(cross(inward, out))!;
  const [left, right] = spread(across);
  const [bottom, top] = spread(out);
  const height = Math.max((bottom + top) / 2, top - FROM_TIP);
  const middle = add(scale((left + right) / 2, across), scale(height, out));
  const normal = unit(points.map((point) => point.normal).reduce(add)) ?? inward;
  return { link, point: add(middle, scale(most, inward)), normal };
}

function middleOfSide(hand: Hand, side: 0 | 1): Vec3 {
  const { arm } = hand;
  const link = deepest(hand, side);
  return fromLink(arm, link, arm.model.links[link]!.centerOfMass);
}

/** The link of a side that is furthest from the base, by joints. */
function deepest({ arm, sides, link }: Hand, side: 0 | 1): number {
  const { links } = arm.model;
  const depth = (index: number): number => (index < 0 ? 0 : 1 + depth(links[index]!.parent));
  const own = sides[side];
  return own.length === 0 ? link : own.reduce((a, b) => (depth(b) > depth(a) ? b : a));
}

function roundTo6(value: number): number {
  return Number(value.toFixed(6)) + 0;
}

function rounded(vector: Vec3): Vec3 {
  return vector.map(roundTo6) as unknown as Vec3;
}

function centimetres(length: number): string {
  return `${(100 * length).toFixed(1)} cm`;
}
