// What is to be seen of an episode, and where a camera sees all of it.
import { rotateVector } from "../math/quaternion.js";
import { cross, dot, type Vec3 } from "../math/vector.js";
import {
  type LatheShape,
  POSE_SIZE,
  type SceneEntity,
  type SceneShape,
  type SolidShape,
} from "../scene/scene.js";
import { shapesOfPeople } from "../scene/seen-shapes.js";
import type { EpisodeRecording } from "./recording.js";

/** A box along the axes of the world, m. */
export interface Bounds {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** A camera's picture: the whole angle that it sees upwards, rad, and its width over its height. */
export interface Picture {
  readonly fov: number;
  readonly aspect: number;
}

/** Frames of an episode that are looked at. */
const SAMPLES = 16;
/** Share of half the picture that what is seen may fill; above and below lie buttons and words. */
const FILL = 0.84;

/** Return the box around the entities that are `wanted` over all of an episode; undefined where there are none. */
export function boundsOf(
  { header, frames }: EpisodeRecording,
  wanted: (entity: SceneEntity) => boolean,
): Bounds | undefined {
  const step = Math.max(1, Math.floor(frames.length / SAMPLES));
  const seen = frames.filter((_, index) => index % step === 0 || index === frames.length - 1);
  const points = header.scene.entities.flatMap((entity, index) => {
    if (!wanted(entity)) return [];
    const corners = shapesOfPeople(entity).flatMap(cornersOf);
    return seen.flatMap(({ poses }) => {
      const pose = poses.slice(POSE_SIZE * index, POSE_SIZE * (index + 1));
      if (!pose.every(Number.isFinite)) return [];
      const [x, y, z, ...turn] = pose as [number, number, number, number, number, number, number];
      return corners.map((corner) => add([x, y, z], rotateVector(turn, corner)));
    });
  });
  return boxAround(points);
}

/** Return the box around several; undefined without any. */
export function union(boxes: readonly Bounds[]): Bounds | undefined {
  return boxAround(boxes.flatMap(({ low, high }) => [low, high]));
}

/**
 * Return where a camera with `picture` stands that looks along `-direction` (which is not straight up), z up, and sees all of
 * `bounds` as large as it fits, in the middle.
 */
export function framing(
  bounds: Bounds,
  direction: Vec3,
  { fov, aspect }: Picture,
): { readonly position: Vec3; readonly target: Vec3 } {
  const back = scaled(direction, 1 / Math.hypot(...direction));
  const flat = Math.hypot(back[0], back[1]);
  const right: Vec3 = [-back[1] / flat, back[0] / flat, 0];
  const up = cross(back, right);
  const [tall, wide] = [Math.tan(fov / 2) * FILL, Math.tan(fov / 2) * aspect * FILL];
  const { low, high } = bounds;
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(
    (k): Vec3 => [k & 1 ? high[0] : low[0], k & 2 ? high[1] : low[1], k & 4 ? high[2] : low[2]],
  );
  let target: Vec3 = scaled(add(low, high), 0.5);
  let distance = 0;
  for (let round = 0; round < 4; round++) {
    const placed = corners.map((corner) => {
      const from = add(corner, scaled(target, -1));
      return { x: dot(from, right), y: dot(from, up), near: dot(from, back) };
    });
    distance = Math.max(
      ...placed.map(({ x, y, near }) => near + Math.max(Math.abs(x) / wide, Math.abs(y) / tall)),
    );
    const middle = (offset: (corner: (typeof placed)[number]) => number) => {
      const all = placed.map((corner) => offset(corner) / (distance - corner.near));
      return ((Math.max(...all) + Math.min(...all)) / 2) * distance;
    };
    target = add(
      target,
      add(
        scaled(
          right,
          middle(({ x }) => x),
        ),
        scaled(
          up,
          middle(({ y }) => y),
        ),
      ),
    );
  }
  return { position: add(target, scaled(back, distance)), target };
}

/** Return the box around a shape, in the frame of its entity. */
export function shapeBounds(shape: SceneShape): Bounds {
  return boxAround(cornersOf(shape))!;
}

/** Corners of the box around a shape, in the frame of its entity. */
function cornersOf(shape: SceneShape): Vec3[] {
  return localCorners(shape).map((point) => add(shape.position, rotateVector(shape.quaternion, point)));
}

function localCorners(shape: SceneShape): readonly Vec3[] {
  if (shape.type === "convex") return shape.points;
  if (shape.type !== "mesh" && shape.type !== "lathe") return boxCorners(halfSize(shape));
  const { low, high } = shape.type === "mesh" ? shape : latheBounds(shape);
  const middle = scaled(add(low, high), 0.5);
  return boxCorners(add(high, scaled(middle, -1))).map((corner) => add(corner, middle));
}

function latheBounds({ profile }: LatheShape): { readonly low: Vec3; readonly high: Vec3 } {
  const radius = Math.max(...profile.map(([r]) => r));
  const heights = profile.map(([, z]) => z);
  return { low: [-radius, -radius, Math.min(...heights)], high: [radius, radius, Math.max(...heights)] };
}

function halfSize(shape: Exclude<SolidShape, { readonly type: "convex" }>): Vec3 {
  if (shape.type === "box") return scaled(shape.size, 0.5);
  const { radius } = shape;
  if (shape.type === "sphere") return [radius, radius, radius];
  return [radius, radius, shape.length / 2 + (shape.type === "capsule" ? radius : 0)];
}

function boxCorners([x, y, z]: Vec3): Vec3[] {
  return [-1, 1].flatMap((i) => [-1, 1].flatMap((j) => [-1, 1].map((k): Vec3 => [i * x, j * y, k * z])));
}

function boxAround(points: readonly Vec3[]): Bounds | undefined {
  if (points.length === 0) return undefined;
  const extreme = (pick: (a: number, b: number) => number): Vec3 =>
    points.reduce(([x, y, z], [a, b, c]) => [pick(x, a), pick(y, b), pick(z, c)]);
  return { low: extreme(Math.min), high: extreme(Math.max) };
}

function add([x, y, z]: Vec3, [a, b, c]: Vec3): Vec3 {
  return [x + a, y + b, z + c];
}

function scaled([x, y, z]: Vec3, by: number): Vec3 {
  return [by * x, by * y, by * z];
}
