// The pixels that rays are cast for: their directions, and what is nearest so far.

/**
 * Rays and results of a picture, in the camera's frame: x right, y up, z forward.
 *
 * The ray through pixel (column, row) has the direction (u, v, 1), so that its parameter is the depth along z. What is
 * kept is the inverse depth: along a row it is a linear function for every plane, and no ray needs a division.
 */
export class RayTarget {
  readonly width: number;
  readonly height: number;
  /** u per column and v per row, at the pixels' centres. */
  readonly us: Float64Array;
  readonly vs: Float64Array;
  /** 1 / depth, 1/m; 0 where nothing is hit. [height, width] */
  readonly inverseDepths: Float32Array;
  /** Surface part that is hit; 0 is the sky. [height, width] */
  readonly parts: Uint16Array;
  /** First and last column and row to look at; set by the functions that bound a shape. */
  left = 0;
  right = 0;
  top = 0;
  bottom = 0;
  /** First and last column of the row in hand; set by `boundRow`. */
  rowLeft = 0;
  rowRight = 0;
  private readonly tanX: number;
  private readonly tanY: number;

  /** `tangent` is that of half the vertical field of view. */
  constructor(width: number, height: number, tangent: number) {
    this.width = width;
    this.height = height;
    this.tanX = (tangent * width) / height;
    this.tanY = tangent;
    this.us = Float64Array.from({ length: width }, (_, x) => ((2 * x + 1) / width - 1) * this.tanX);
    this.vs = Float64Array.from({ length: height }, (_, y) => (1 - (2 * y + 1) / height) * this.tanY);
    this.inverseDepths = new Float32Array(width * height);
    this.parts = new Uint16Array(width * height);
  }

  /** Look at the columns of a row, within the bounds, whose u is from `low` to `high`, `margin` columns more to each side. */
  boundRow(low: number, high: number, margin: number): void {
    const { width, tanX, left, right } = this;
    const scale = (0.5 * width) / tanX;
    const middle = 0.5 * width - 0.5;
    const first = low * scale + middle - margin;
    const last = high * scale + middle + margin;
    this.rowLeft = first > left ? (first < right ? Math.ceil(first) | 0 : (right + 1) | 0) : left;
    this.rowRight = last < right ? (last > left ? Math.floor(last) | 0 : (left - 1) | 0) : right;
  }

  /** Look at everything. */
  boundAll(): void {
    this.left = 0;
    this.top = 0;
    this.right = this.width - 1;
    this.bottom = this.height - 1;
  }

  /** Look at the pixels that a ball may cover; returns whether there are any. */
  boundBall(x: number, y: number, z: number, radius: number): boolean {
    if (z <= -radius) return false;
    if (z <= radius * 1.001) return this.boundNearBall(x, y, z, radius);
    // slopes of the tangents from the origin to the circle in the planes of x and z, y and z
    const scale = 1 / (z * z - radius * radius);
    const spreadX = radius * Math.sqrt(x * x + z * z - radius * radius);
    const spreadY = radius * Math.sqrt(y * y + z * z - radius * radius);
    return this.boundSlopes(
      (x * z - spreadX) * scale,
      (x * z + spreadX) * scale,
      (y * z - spreadY) * scale,
      (y * z + spreadY) * scale,
    );
  }

  /** Look at the pixels that a capsule with its ends at the two points may cover: the hull of what its ends' balls cover. */
  boundCapsule(x: number, y: number, z: number, x2: number, y2: number, z2: number, radius: number): boolean {
    if (z <= -radius && z2 <= -radius) return false;
    if (z <= radius * 1.001 || z2 <= radius * 1.001) {
      // part of it is beside the camera: what its ends cover does not tell what its middle does
      const half = Math.sqrt((x - x2) * (x - x2) + (y - y2) * (y - y2) + (z - z2) * (z - z2)) / 2;
      return this.boundNearBall((x + x2) / 2, (y + y2) / 2, (z + z2) / 2, half + radius);
    }
    this.boundBall(x, y, z, radius);
    const { left, right, top, bottom } = this;
    this.boundBall(x2, y2, z2, radius);
    if (left < this.left) this.left = left;
    if (right > this.right) this.right = right;
    if (top < this.top) this.top = top;
    if (bottom > this.bottom) this.bottom = bottom;
    // two ends beyond the edges may have a middle that is seen: then both bounds are empty, but not their hull
    return this.left <= this.right && this.top <= this.bottom;
  }

  /** Look at what a ball may cover that is not all before the camera; returns whether there is anything. */
  private boundNearBall(x: number, y: number, z: number, radius: number): boolean {
    return this.boundSlopes(
      lowestSlope(x, z, radius),
      -lowestSlope(-x, z, radius),
      lowestSlope(y, z, radius),
      -lowestSlope(-y, z, radius),
    );
  }

  /** Look at the pixels between slopes u and v; returns whether there are any. */
  boundSlopes(lowU: number, highU: number, lowV: number, highV: number): boolean {
    const { width, height, tanX, tanY } = this;
    const halfWidth = width / 2;
    const halfHeight = height / 2;
    const left = Math.ceil((lowU / tanX + 1) * halfWidth - 0.501);
    const right = Math.floor((highU / tanX + 1) * halfWidth - 0.499);
    const top = Math.ceil((1 - highV / tanY) * halfHeight - 0.501);
    const bottom = Math.floor((1 - lowV / tanY) * halfHeight - 0.499);
    // whole numbers to the engine, too: fields that are not make every ray slower
    this.left = clamped(left, 0, width) | 0;
    this.top = clamped(top, 0, height) | 0;
    this.right = clamped(right, -1, width - 1) | 0;
    this.bottom = clamped(bottom, -1, height - 1) | 0;
    return this.left <= this.right && this.top <= this.bottom;
  }

  /** Look at the pixels that the hull of `count` corners [x y z] from `corners[3 * first]` may cover. */
  boundCorners(corners: Float64Array, first: number, count: number): boolean {
    const { tanX, tanY } = this;
    let lowU = Number.POSITIVE_INFINITY;
    let highU = Number.NEGATIVE_INFINITY;
    let lowV = Number.POSITIVE_INFINITY;
    let highV = Number.NEGATIVE_INFINITY;
    let behind = 0;
    let beyondLeft = 0;
    let beyondRight = 0;
    let beyondTop = 0;
    let beyondBottom = 0;
    for (let k = first; k < first + count; k++) {
      const x = corners[3 * k]!;
      const y = corners[3 * k + 1]!;
      const z = corners[3 * k + 2]!;
      if (x > tanX * z) beyondRight++;
      if (-x > tanX * z) beyondLeft++;
      if (y > tanY * z) beyondTop++;
      if (-y > tanY * z) beyondBottom++;
      if (z < 1e-6) {
        behind++;
        continue;
      }
      const scale = 1 / z;
      const u = x * scale;
      const v = y * scale;
      if (u < lowU) lowU = u;
      if (u > highU) highU = u;
      if (v < lowV) lowV = v;
      if (v > highV) highV = v;
    }
    if (behind === count || beyondLeft === count || beyondRight === count) return false;
    if (beyondTop === count || beyondBottom === count) return false;
    if (behind === 0) return this.boundSlopes(lowU, highU, lowV, highV);
    this.boundAll();
    return true;
  }
}

/** The least slope x / z of the points with z > 0 of a circle; infinite where there is none, or there are all. */
function lowestSlope(x: number, z: number, radius: number): number {
  const square = x * x + z * z - radius * radius;
  if (square <= 0) return Number.NEGATIVE_INFINITY;
  const tangent = Math.sqrt(square);
  // the tangent from the origin, by the difference of two angles
  const up = z * tangent + x * radius;
  const across = x * tangent - z * radius;
  if (up > 0) return across / up;
  return across > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function clamped(value: number, low: number, high: number): number {
  return value > low ? (value < high ? value : high) : low;
}
