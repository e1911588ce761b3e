// All collision shapes of a world with their present poses, in flat arrays.

import { type ConvexHull, convexHull } from "../../math/convex-hull.js";
import { IDENTITY_QUATERNION, type Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape } from "../articulation/articulation-model.js";
import type { BodyShape } from "../bodies/body-shape.js";

/** Kinds of collider. */
export const COLLIDER_KIND = {
  SPHERE: 0,
  BOX: 1,
  /** Everything below a plane. */
  HALF_SPACE: 2,
  /** Along its z axis. */
  CAPSULE: 3,
  /** Along its z axis. */
  CYLINDER: 4,
  /** A convex polytope. */
  POLYTOPE: 5,
} as const;

// V8 folds the constants of a module into its code, but reads those that are exported or imported at each use
const { SPHERE, BOX, HALF_SPACE, CAPSULE, CYLINDER, POLYTOPE } = COLLIDER_KIND;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0xffff;

/** Who carries a collider. */
export interface ColliderOwner {
  /** Link of the articulation, or -1. */
  readonly link: number;
  /** Free body, or -1. Both -1: fixed to the world. */
  readonly free: number;
}

/** What a collider is, whoever carries it. */
export interface ColliderShape {
  readonly kind: number;
  readonly size: Vec3;
  readonly hull?: ConvexHull;
  /** m */
  readonly boundingRadius: number;
}

/** The surface of a table: a half-space that faces its z axis. */
export const HALF_SPACE_SHAPE: ColliderShape = {
  kind: HALF_SPACE,
  size: [0, 0, 0],
  boundingRadius: Number.POSITIVE_INFINITY,
};

/** Turn a body's shape into a collider's; a polytope is moved by minus `centre` (m). */
export function colliderShape(shape: BodyShape, centre: Vec3 = [0, 0, 0]): ColliderShape {
  if (shape.type === "sphere")
    return { kind: SPHERE, size: [shape.radius, 0, 0], boundingRadius: shape.radius };
  if (shape.type === "box") {
    const [x, y, z] = shape.halfExtents;
    const corners = [-1, 1].flatMap((i) =>
      [-1, 1].flatMap((j) => [-1, 1].map((k): Vec3 => [i * x, j * y, k * z])),
    );
    return {
      kind: BOX,
      size: shape.halfExtents,
      hull: convexHull(corners),
      boundingRadius: Math.hypot(x, y, z),
    };
  }
  if (shape.type === "convex") {
    const points = shape.points.map((p): Vec3 => [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]]);
    const boundingRadius = Math.max(...points.map((point) => Math.hypot(...point)));
    return { kind: POLYTOPE, size: [0, 0, 0], hull: convexHull(points), boundingRadius };
  }
  const { radius, length } = shape;
  const half = length / 2;
  return shape.type === "capsule"
    ? { kind: CAPSULE, size: [radius, half, 0], boundingRadius: half + radius }
    : { kind: CYLINDER, size: [radius, half, 0], boundingRadius: Math.hypot(half, radius) };
}

/** Points of a link's convex shape that are this near to a plane lie in it, as a share of the shape's size. */
const FLATNESS = 1e-4;
/** Hulls take the longest to make; worlds of the same robot share them. */
const linkHulls = new WeakMap<CollisionShape, ColliderShape>();

/** Turn a link's shape into a collider's; faces that rounding has broken up are whole again. */
export function linkColliderShape(shape: CollisionShape): ColliderShape {
  if (shape.type !== "convex") return colliderShape(shape);
  const made = linkHulls.get(shape) ?? {
    kind: POLYTOPE,
    size: [0, 0, 0],
    hull: convexHull(shape.points, FLATNESS),
    boundingRadius: Math.max(...shape.points.map((point) => Math.hypot(...point))),
  };
  linkHulls.set(shape, made);
  return made;
}

/** Enough for a resting face to show all its corners always, m. */
const CONTACT_MARGIN = 5e-4;

/** The shapes of a world; they are added once, then only their poses change. */
export class ColliderSet {
  /** Contacts are made while surfaces are still this far apart, m. */
  readonly margin: number;
  readonly kind: number[] = [];
  readonly link: number[] = [];
  readonly free: number[] = [];
  /** Coulomb coefficient of each collider. */
  readonly friction: number[] = [];
  /** Radius of the sphere around the centre that holds the shape, m (infinite for a half-space). */
  readonly boundingRadius: number[] = [];
  /** Radius of the patch by which a single contact resists spinning about its normal, m. */
  readonly patchRadius: number[] = [];
  /** Lever by which a normal force brakes rolling, m. */
  readonly rollingResistance: number[] = [];
  /** Faces and corners of a box or a polytope, in its own frame. */
  readonly hulls: (ConvexHull | undefined)[] = [];
  /** Half extents of a box; radius and half length (0 for a sphere) of a round shape. [count, 3] */
  sizes: Float64Array = new Float64Array(0);
  /** World centre, m; for a half-space a point of its surface. [count, 3] */
  positions: Float64Array = new Float64Array(0);
  /** World rotation matrix, row-major; a half-space's outward normal is its third column. [count, 9] */
  rotations: Float64Array = new Float64Array(0);
  /** Whether a shape is not turned in its owner's frame. */
  private readonly straight: boolean[] = [];
  /** Centre in the owner's frame, m. [count, 3] */
  localPositions: Float64Array = new Float64Array(0);
  private localRotations: Float64Array = new Float64Array(0);

  constructor(margin = CONTACT_MARGIN) {
    this.margin = margin;
  }

  get count(): number {
    return this.kind.length;
  }

  /** Add a shape placed at `position`, `quaternion` in its owner's frame and return its index. */
  add(
    { kind, size, hull, boundingRadius }: ColliderShape,
    owner: ColliderOwner,
    friction: number,
    position: Vec3 = [0, 0, 0],
    quaternion: Quat = IDENTITY_QUATERNION,
    patchRadius = 0,
    rollingResistance = 0,
  ): number {
    const index = this.count;
    this.kind.push(kind);
    this.link.push(owner.link);
    this.free.push(owner.free);
    this.friction.push(friction);
    this.patchRadius.push(patchRadius);
    this.rollingResistance.push(rollingResistance);
    this.hulls.push(hull);
    this.boundingRadius.push(boundingRadius);
    this.straight.push(quaternion[3] === 1);
    this.sizes = extended(this.sizes, size);
    this.positions = extended(this.positions, position);
    this.rotations = extended(this.rotations, rotationMatrix(...quaternion));
    this.localPositions = extended(this.localPositions, position);
    this.localRotations = extended(this.localRotations, rotationMatrix(...quaternion));
    return index;
  }

  /** Give collider `index` the size of another shape of its kind. */
  resize(index: number, { size, hull, boundingRadius }: ColliderShape): void {
    this.sizes.set(size, 3 * index);
    this.hulls[index] = hull;
    this.boundingRadius[index] = boundingRadius;
  }

  /** Put collider `index`, which nothing carries, at `position` (m) and `quaternion` in the world. */
  setFixed(index: number, position: Vec3, quaternion: Quat): void {
    this.positions.set(position, 3 * index);
    rotationMatrix(...quaternion, this.rotations.subarray(9 * index, 9 * index + 9));
  }

  /** Move collider `index` with its owner, who is at `position[p..]` with the row-major rotation `rotation[r..]`. */
  place(index: number, position: Float64Array, p: number, rotation: Float64Array, r: number): void {
    const { positions, rotations, localPositions: l, localRotations: L } = this;
    const o = 3 * (index & SMALL);
    const q = 3 * o;
    const s = r & SMALL;
    const a = rotation[s]!;
    const b = rotation[s + 1]!;
    const c = rotation[s + 2]!;
    const d = rotation[s + 3]!;
    const e = rotation[s + 4]!;
    const f = rotation[s + 5]!;
    const g = rotation[s + 6]!;
    const h = rotation[s + 7]!;
    const k = rotation[s + 8]!;
    const x = l[o]!;
    const y = l[o + 1]!;
    const z = l[o + 2]!;
    positions[o] = position[p]! + a * x + b * y + c * z;
    positions[o + 1] = position[p + 1]! + d * x + e * y + f * z;
    positions[o + 2] = position[p + 2]! + g * x + h * y + k * z;
    // a sphere has no orientation to speak of, and most boxes stand straight in their owner's frame
    if (this.kind[index] === SPHERE || this.straight[index] === true) {
      rotations[q] = a;
      rotations[q + 1] = b;
      rotations[q + 2] = c;
      rotations[q + 3] = d;
      rotations[q + 4] = e;
      rotations[q + 5] = f;
      rotations[q + 6] = g;
      rotations[q + 7] = h;
      rotations[q + 8] = k;
      return;
    }
    for (let column = 0; column < 3; column++) {
      const lx = L[q + column]!;
      const ly = L[q + 3 + column]!;
      const lz = L[q + 6 + column]!;
      rotations[q + column] = a * lx + b * ly + c * lz;
      rotations[q + 3 + column] = d * lx + e * ly + f * lz;
      rotations[q + 6 + column] = g * lx + h * ly + k * lz;
    }
  }
}

/** Write the row-major rotation matrix [9] of a unit quaternion into `out` and return it. */
export function rotationMatrix(
  x: number,
  y: number,
  z: number,
  w: number,
  out: Float64Array = new Float64Array(9),
): Float64Array {
  out[0] = 1 - 2 * (y * y + z * z);
  out[1] = 2 * (x * y - z * w);
  out[2] = 2 * (x * z + y * w);
  out[3] = 2 * (x * y + z * w);
  out[4] = 1 - 2 * (x * x + z * z);
  out[5] = 2 * (y * z - x * w);
  out[6] = 2 * (x * z - y * w);
  out[7] = 2 * (y * z + x * w);
  out[8] = 1 - 2 * (x * x + y * y);
  return out;
}

function extended(array: Float64Array, values: ArrayLike<number>): Float64Array {
  const result = new Float64Array(array.length + values.length);
  result.set(array);
  result.set(values, array.length);
  return result;
}
