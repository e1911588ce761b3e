// All collision shapes of a world with their present poses, in flat arrays.
import type { Quat } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";

/** Kinds of collider. */
export const SPHERE = 0;
/** A box. */
export const BOX = 1;
/** Everything below a plane. */
export const HALF_SPACE = 2;

/** Who carries a collider. */
export interface ColliderOwner {
  /** Link of the articulation, or -1. */
  readonly link: number;
  /** Free body, or -1. Both -1: fixed to the world. */
  readonly free: number;
}

/** The shapes of a world; they are added once, then only their poses change. */
export class ColliderSet {
  readonly kind: number[] = [];
  readonly link: number[] = [];
  readonly free: number[] = [];
  /** Coulomb coefficient of each collider. */
  readonly friction: number[] = [];
  /** Radius of the sphere around the centre that holds the shape, m (infinite for a half-space). */
  readonly boundingRadius: number[] = [];
  /** Half extents of a box; a sphere's radius stands first. [count, 3] */
  sizes: Float64Array = new Float64Array(0);
  /** World centre, m; for a half-space a point of its surface. [count, 3] */
  positions: Float64Array = new Float64Array(0);
  /** World rotation matrix, row-major; a half-space's outward normal is its third column. [count, 9] */
  rotations: Float64Array = new Float64Array(0);
  private localPositions: Float64Array = new Float64Array(0);
  private localRotations: Float64Array = new Float64Array(0);

  get count(): number {
    return this.kind.length;
  }

  /** Add a shape placed at `position`, `quaternion` in its owner's frame and return its index. */
  add(
    kind: number,
    owner: ColliderOwner,
    size: Vec3,
    friction: number,
    position: Vec3,
    quaternion: Quat,
  ): number {
    const index = this.count;
    this.kind.push(kind);
    this.link.push(owner.link);
    this.free.push(owner.free);
    this.friction.push(friction);
    this.boundingRadius.push(
      kind === SPHERE ? size[0] : kind === BOX ? Math.hypot(...size) : Number.POSITIVE_INFINITY,
    );
    this.sizes = extended(this.sizes, size);
    this.positions = extended(this.positions, position);
    this.rotations = extended(this.rotations, rotationMatrix(...quaternion));
    this.localPositions = extended(this.localPositions, position);
    this.localRotations = extended(this.localRotations, rotationMatrix(...quaternion));
    return index;
  }

  /** Move collider `index` with its owner, who is at `position[p..]` with the row-major rotation `rotation[r..]`. */
  place(index: number, position: Float64Array, p: number, rotation: Float64Array, r: number): void {
    const { positions, rotations, localPositions: l, localRotations: L } = this;
    const o = 3 * index;
    const x = l[o] as number;
    const y = l[o + 1] as number;
    const z = l[o + 2] as number;
    for (let row = 0; row < 3; row++) {
      const a = rotation[r + 3 * row] as number;
      const b = rotation[r + 3 * row + 1] as number;
      const c = rotation[r + 3 * row + 2] as number;
      positions[o + row] = (position[p + row] as number) + a * x + b * y + c * z;
      const q = 9 * index;
      for (let column = 0; column < 3; column++) {
        rotations[q + 3 * row + column] =
          a * (L[q + column] as number) +
          b * (L[q + 3 + column] as number) +
          c * (L[q + 6 + column] as number);
      }
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
