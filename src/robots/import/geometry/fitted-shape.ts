// The simplest shape that a convex solid fills: a ball, a box, a cylinder, a capsule, else its hull with few corners.
import type { Quat } from "../../../math/quaternion.js";
import { cross, dot, type Vec3 } from "../../../math/vector.js";
import type { CollisionShape } from "../../../physics/articulation/articulation-model.js";
import { type HullSolid, hullSolid } from "./hull-solid.js";

/** A primitive stands for a hull that fills this share of it; it holds all of the hull. */
const LEAST_FILLED = 0.95;
/** A hull is simplified as long as left-out points stand out by no more than this share of its size, and to so many corners. */
const ROUGHNESS = 0.005;
const MAX_CORNERS = 40;

/** A right-handed frame: three unit vectors. */
type Frame = readonly [Vec3, Vec3, Vec3];

/** Return the shape for `hull` (m) in the frame of its points. */
export function fittedShape(hull: HullSolid): CollisionShape {
  const points = Array.from(
    { length: hull.points.length / 3 },
    (_, k): Vec3 => [hull.points[3 * k]!, hull.points[3 * k + 1]!, hull.points[3 * k + 2]!],
  );
  let best: { readonly shape: CollisionShape; readonly volume: number } | undefined;
  const frames = framesOf(hull);
  for (const frame of frames) {
    for (const candidate of [ballAround, boxAround, cylinderAround, capsuleAround]) {
      const { shape, volume } = candidate(points, frame);
      // later frames and shapes must be better by more than rounding
      if (volume < (best?.volume ?? hull.volume / LEAST_FILLED) * (1 - 1e-6)) best = { shape, volume };
    }
  }
  return best?.shape ?? simplified(hull);
}

function simplified(hull: HullSolid): CollisionShape {
  const { low, high } = extentAlong(hull.points);
  const size = Math.max(...high.map((value, k) => value - low[k]!));
  const { points } =
    hullSolid(hull.points, { maxVertices: MAX_CORNERS, tolerance: ROUGHNESS * size }) ?? hull;
  const centre = low.map((value, k) => (value + high[k]!) / 2) as unknown as Vec3;
  return {
    type: "convex",
    points: Array.from(
      { length: points.length / 3 },
      (_, k): Vec3 => [
        points[3 * k]! - centre[0],
        points[3 * k + 1]! - centre[1],
        points[3 * k + 2]! - centre[2],
      ],
    ),
    position: centre,
  };
}

function extentAlong(points: Float64Array): { readonly low: number[]; readonly high: number[] } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let p = 0; p < points.length; p++) {
    low[p % 3] = Math.min(low[p % 3]!, points[p]!);
    high[p % 3] = Math.max(high[p % 3]!, points[p]!);
  }
  return { low, high };
}

/** The frame of the points with each axis as the third, then frames along the hull's largest faces. */
function framesOf({ planes, points }: HullSolid): Frame[] {
  const axes: Frame[] = [
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ],
    [
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ],
  ];
  const normals = largestFaces(planes, points);
  for (const [k, z] of normals.entries()) {
    for (const other of normals.slice(k + 1)) {
      const along = dot(other, z);
      if (Math.abs(along) > 0.02) continue;
      const x = unit([other[0] - along * z[0], other[1] - along * z[1], other[2] - along * z[2]]);
      const y = cross(z, x);
      axes.push([x, y, z], [y, z, x], [z, x, y]);
      return axes;
    }
  }
  return axes;
}

/** Normals of the faces with the most corners in their plane, up to opposite ones. */
function largestFaces(planes: Float64Array, points: Float64Array): Vec3[] {
  const { low, high } = extentAlong(points);
  const near = 1e-3 * Math.max(...high.map((value, k) => value - low[k]!));
  const faces: { readonly normal: Vec3; readonly count: number }[] = [];
  for (let f = 0; f < planes.length; f += 4) {
    const normal: Vec3 = [planes[f]!, planes[f + 1]!, planes[f + 2]!];
    if (faces.some((face) => Math.abs(dot(face.normal, normal)) > 0.999)) continue;
    let count = 0;
    for (let p = 0; p < points.length; p += 3) {
      const height = normal[0] * points[p]! + normal[1] * points[p + 1]! + normal[2] * points[p + 2]!;
      if (height > planes[f + 3]! - near) count++;
    }
    faces.push({ normal, count });
  }
  return faces
    .sort((a, b) => b.count - a.count)
    .slice(0, 8)
    .map(({ normal }) => normal);
}

function boxAround(points: readonly Vec3[], frame: Frame) {
  const { middle, half } = spans(points, frame);
  const shape: CollisionShape = { type: "box", halfExtents: half, position: middle, ...turnOf(frame) };
  return { shape, volume: 8 * half[0] * half[1] * half[2] };
}

function ballAround(points: readonly Vec3[], frame: Frame) {
  const { middle } = spans(points, frame);
  const radius = Math.max(
    ...points.map((p) => Math.hypot(p[0] - middle[0], p[1] - middle[1], p[2] - middle[2])),
  );
  const shape: CollisionShape = { type: "sphere", radius, position: middle };
  return { shape, volume: (4 / 3) * Math.PI * radius ** 3 };
}

function cylinderAround(points: readonly Vec3[], frame: Frame) {
  const { middle, half } = spans(points, frame);
  const radius = Math.max(...points.map((point) => across(point, middle, frame)));
  const length = 2 * half[2];
  const shape: CollisionShape = { type: "cylinder", radius, length, position: middle, ...turnOf(frame) };
  return { shape, volume: Math.PI * radius ** 2 * length };
}

function capsuleAround(points: readonly Vec3[], frame: Frame) {
  const { middle } = spans(points, frame);
  const radius = Math.max(...points.map((point) => across(point, middle, frame)));
  let [low, high] = [0, 0];
  for (const point of points) {
    const along = dot(frame[2], [point[0] - middle[0], point[1] - middle[1], point[2] - middle[2]]);
    const cap = Math.sqrt(Math.max(0, radius ** 2 - across(point, middle, frame) ** 2));
    high = Math.max(high, along - cap);
    low = Math.min(low, along + cap);
  }
  const length = Math.max(1e-6, high - low);
  const shift = (high + low) / 2;
  const position = middle.map((value, k) => value + shift * frame[2][k]!) as unknown as Vec3;
  const shape: CollisionShape = { type: "capsule", radius, length, position, ...turnOf(frame) };
  return { shape, volume: Math.PI * radius ** 2 * (length + (4 / 3) * radius) };
}

/** Middle of the points' extents along the frame's axes, and half of these. */
function spans(points: readonly Vec3[], frame: Frame): { readonly middle: Vec3; readonly half: Vec3 } {
  const middle: [number, number, number] = [0, 0, 0];
  const half = frame.map((axis) => {
    const reaches = points.map((point) => dot(axis, point));
    const [low, high] = [Math.min(...reaches), Math.max(...reaches)];
    for (const k of [0, 1, 2] as const) middle[k] += ((low + high) / 2) * axis[k];
    return (high - low) / 2;
  });
  return { middle, half: half as unknown as Vec3 };
}

/** Distance of a point from the frame's third axis through `middle`. */
function across(point: Vec3, middle: Vec3, [x, y]: Frame): number {
  const from: Vec3 = [point[0] - middle[0], point[1] - middle[1], point[2] - middle[2]];
  return Math.hypot(dot(x, from), dot(y, from));
}

/** Orientation of a shape whose axes are those of `frame`; nothing where they are the link's. */
function turnOf([x, y, z]: Frame): { readonly quaternion?: Quat } {
  // the largest of the four is divided by
  const squares = [
    1 + x[0] - y[1] - z[2],
    1 - x[0] + y[1] - z[2],
    1 - x[0] - y[1] + z[2],
    1 + x[0] + y[1] + z[2],
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const [xy, xz, yz] = [x[1] + y[0], x[2] + z[0], y[2] + z[1]];
  const [wx, wy, wz] = [y[2] - z[1], z[0] - x[2], x[1] - y[0]];
  const rows = [
    [squares[0], xy, xz, wx],
    [xy, squares[1], yz, wy],
    [xz, yz, squares[2], wz],
    [wx, wy, wz, squares[3]],
  ];
  const values = rows[largest]!.map((value) => value! / (2 * Math.sqrt(squares[largest]!)));
  return values[3] === 1 ? {} : { quaternion: values as unknown as Quat };
}

function unit([x, y, z]: Vec3): Vec3 {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
