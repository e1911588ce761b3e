// Parts that robots are drawn of for people: turned housings, tubes, lids and boxes.
import { IDENTITY_QUATERNION, type Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";

/** Radius and height of a point of an outline, m. */
export type OutlinePoint = readonly [radius: number, height: number];

/** Points that a rounded edge is made of. */
const EDGE_POINTS = 4;

/** Turn an outline, given from below, about the line through `at` along the unit vector `axis`. */
export function turned(outline: readonly OutlinePoint[], at: Vec3, axis: Vec3, color: Color): SceneShape {
  const profile = outline.map(([r, z]) => [rounded(r), rounded(z)] as const);
  return { type: "lathe", profile, position: at, quaternion: turnTo(axis), color };
}

/** Return the outline of a drum between two heights, its edges rounded by `edge`, m. */
export function drum(radius: number, low: number, high: number, edge: number): OutlinePoint[] {
  const arc = (middle: number, from: number): OutlinePoint[] =>
    Array.from({ length: EDGE_POINTS }, (_, k) => {
      const angle = from + (k * Math.PI) / 2 / (EDGE_POINTS - 1);
      return [radius - edge + edge * Math.cos(angle), middle + edge * Math.sin(angle)];
    });
  return [[0, low], ...arc(low + edge, -Math.PI / 2), ...arc(high - edge, 0), [0, high]];
}

/** Return the outline of a domed lid on `height`. */
export function dome(radius: number, height: number, rise: number): OutlinePoint[] {
  const points = [0, 0.35, 0.6, 0.8, 0.93, 1].map((share): OutlinePoint => {
    return [radius * Math.sqrt(1 - share * share), height + rise * share];
  });
  return [[radius, height], ...points.slice(1)];
}

/** A box with rounded edges, as the viewer draws links. */
export function block(
  size: Vec3,
  at: Vec3,
  color: Color,
  quaternion: Quat = IDENTITY_QUATERNION,
): SceneShape {
  return { type: "box", size, position: at, quaternion, color };
}

/** A flat or long cylinder about the line through `at` along the unit vector `axis`. */
export function disc(radius: number, length: number, at: Vec3, axis: Vec3, color: Color): SceneShape {
  return { type: "cylinder", radius, length, position: at, quaternion: turnTo(axis), color };
}

/** A capsule whose round ends are centred on `from` and `to`. */
export function rod(from: Vec3, to: Vec3, radius: number, color: Color): SceneShape {
  const way = [0, 1, 2].map((k) => to[k]! - from[k]!) as unknown as Vec3;
  const length = Math.hypot(...way);
  const axis = way.map((v) => v / length) as unknown as Vec3;
  const position = from.map((v, k) => rounded(v + way[k]! / 2)) as unknown as Vec3;
  return { type: "capsule", radius, length: rounded(length), position, quaternion: turnTo(axis), color };
}

/** The shortest turn from z to a unit vector. */
function turnTo([x, y, z]: Vec3): Quat {
  const w = 1 + z;
  if (w < 1e-9) return [1, 0, 0, 0];
  const norm = Math.hypot(x, y, w);
  return [rounded(-y / norm), rounded(x / norm), 0, rounded(w / norm)];
}

/** Recordings hold the numbers: a micrometre is enough. */
function rounded(value: number): number {
  return Math.round(1e6 * value) / 1e6 + 0;
}
