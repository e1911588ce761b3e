// Whether shapes stand before a distant light, as the light sees them: rays to it are points of a plane.
import type { PlacedPrimitives } from "./placed-primitives.js";
import { CAPSULE, CONVEX, SPHERE } from "./primitives.js";

/** Nearer than this to a point nothing shades it: surfaces do not shade themselves by rounding, m. */
const BIAS = 1e-4;
/** Least slope that is divided by: of a face or an axis along the light. */
const LEAST = 1e-9;
/** Numbers kept of each primitive's box. */
export const BOX = 5;
/** Numbers kept of each round primitive. */
const STRIDE = 10;

/**
 * The primitives in the frame of a light: two axes `first` and `second` across it, the third along it, so that a point is
 * (a, b, h) and what shades it is higher. All that needs divisions is done once per picture.
 */
export class ShadowCasters {
  /** Unit vectors in the camera's frame; the light's points to it. */
  readonly first = new Float64Array(3);
  readonly second = new Float64Array(3);
  readonly light = new Float64Array(3);
  /** The point in hand, (a, b, h): numbers with fractions that go from function to function in arguments cost memory. */
  readonly point = new Float64Array(3);
  /** Per primitive: its least and greatest a, its least and greatest b, and a height that no part of it exceeds. [count, 5] */
  readonly boxes: Float64Array;
  private readonly placed: PlacedPrimitives;
  /**
   * Per round primitive: its centre [3], its axis across the light [2], its squared radius; then of a capsule the half of its
   * length, 1 / squared length of that axis and the height of a unit along it, of a cylinder what gives heights on its side
   * and lids.
   */
  private readonly rounds: Float64Array;
  /** Per face: its plane h = p a + q b + r. [F, 3] */
  private readonly planes: Float64Array;
  /** Per face: whether a ray to the light leaves there. */
  private readonly leaves: Uint8Array;

  constructor(placed: PlacedPrimitives) {
    const { count, distances } = placed.primitives;
    this.placed = placed;
    this.boxes = new Float64Array(BOX * count);
    this.rounds = new Float64Array(STRIDE * count);
    this.planes = new Float64Array(3 * distances.length);
    this.leaves = new Uint8Array(distances.length);
  }

  /** Set the unit vector to the light, in the camera's frame. */
  setLight(light: Float64Array): void {
    const { first, second } = this;
    const [x, y, z] = light as unknown as [number, number, number];
    this.light.set(light);
    // away from the axis that the light is nearest to
    const [ax, ay] = x * x < 0.5 ? [1, 0] : [0, 1];
    const length = Math.sqrt(ay * z * (ay * z) + ax * z * (ax * z) + (ax * y - ay * x) ** 2);
    first[0] = (ay * z) / length;
    first[1] = (-ax * z) / length;
    first[2] = (ax * y - ay * x) / length;
    second[0] = y * first[2]! - z * first[1]!;
    second[1] = z * first[0]! - x * first[2]!;
    second[2] = x * first[1]! - y * first[0]!;
  }

  /** Take in where primitive `p` is now. */
  update(p: number): void {
    const { primitives } = this.placed;
    if (primitives.kinds[p] === CONVEX) this.updateFaces(p);
    else this.updateRound(p);
  }

  /** Put the point of the camera's frame into `point`. */
  setPoint(x: number, y: number, z: number): void {
    const { first, second, light, point } = this;
    point[0] = first[0]! * x + first[1]! * y + first[2]! * z;
    point[1] = second[0]! * x + second[1]! * y + second[2]! * z;
    point[2] = light[0]! * x + light[1]! * y + light[2]! * z;
  }

  /** Tell whether primitive `p` is between `point` and the light. */
  covers(p: number): boolean {
    const { placed, rounds, point } = this;
    const kind = placed.primitives.kinds[p]!;
    if (kind === CONVEX) return this.facesCover(p);
    const a = point[0]!;
    const b = point[1]!;
    const h = point[2]!;
    const o = STRIDE * p;
    const x = a - rounds[o]!;
    const y = b - rounds[o + 1]!;
    const z = rounds[o + 2]! - h;
    const square = rounds[o + 5]!;
    if (kind === CAPSULE) {
      const half = rounds[o + 6]!;
      // the place on the axis that is nearest to the ray
      let s = (x * rounds[o + 3]! + y * rounds[o + 4]!) * rounds[o + 7]!;
      s = s < -half ? -half : s > half ? half : s;
      const right = x - s * rounds[o + 3]!;
      const up = y - s * rounds[o + 4]!;
      return right * right + up * up < square && z + s * rounds[o + 8]! > BIAS;
    }
    if (kind === SPHERE) {
      const room = square - x * x - y * y;
      return room > 0 && z + Math.sqrt(room) > BIAS;
    }
    const along = x * rounds[o + 3]! + y * rounds[o + 4]!;
    const aside = x * rounds[o + 4]! - y * rounds[o + 3]!;
    const room = square - aside * aside;
    if (room <= 0) return false;
    const side = along * rounds[o + 6]!;
    const spread = Math.sqrt(room) * rounds[o + 7]!;
    const lid = along * rounds[o + 8]!;
    const reach = rounds[o + 9]!;
    const leave = side + spread < lid + reach ? side + spread : lid + reach;
    const enter = side - spread > lid - reach ? side - spread : lid - reach;
    return enter < leave && z + leave > BIAS;
  }

  private facesCover(p: number): boolean {
    const { planes, leaves, point } = this;
    const a = point[0]!;
    const b = point[1]!;
    const { faceStart } = this.placed.primitives;
    const end = faceStart[p + 1]!;
    const lowest = point[2]! + BIAS;
    let enter = Number.NEGATIVE_INFINITY;
    let leave = Number.POSITIVE_INFINITY;
    for (let face = faceStart[p]!; face < end; face++) {
      const height = planes[3 * face]! * a + planes[3 * face + 1]! * b + planes[3 * face + 2]!;
      if (leaves[face] === 1) {
        if (height < leave) leave = height;
      } else if (height > enter) enter = height;
      if (leave <= lowest || enter >= leave) return false;
    }
    return true;
  }

  private updateFaces(p: number): void {
    const { first, second, light, planes, leaves, boxes } = this;
    const { primitives, normals, distances, corners } = this.placed;
    for (let face = primitives.faceStart[p]!; face < primitives.faceStart[p + 1]!; face++) {
      const rise = dotAt(light, normals, face);
      const scale = 1 / (rise > LEAST || rise < -LEAST ? rise : LEAST);
      planes[3 * face] = -scale * dotAt(first, normals, face);
      planes[3 * face + 1] = -scale * dotAt(second, normals, face);
      planes[3 * face + 2] = scale * distances[face]!;
      leaves[face] = scale > 0 ? 1 : 0;
    }
    let [lowA, highA] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let [lowB, highB] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let top = Number.NEGATIVE_INFINITY;
    for (let k = primitives.cornerStart[p]!; k < primitives.cornerStart[p + 1]!; k++) {
      const a = dotAt(first, corners, k);
      const b = dotAt(second, corners, k);
      if (a < lowA) lowA = a;
      if (a > highA) highA = a;
      if (b < lowB) lowB = b;
      if (b > highB) highB = b;
      top = Math.max(top, dotAt(light, corners, k));
    }
    boxes[BOX * p] = lowA;
    boxes[BOX * p + 1] = highA;
    boxes[BOX * p + 2] = lowB;
    boxes[BOX * p + 3] = highB;
    boxes[BOX * p + 4] = top;
  }

  private updateRound(p: number): void {
    const { first, second, light, rounds, boxes } = this;
    const { primitives, centres, axes } = this.placed;
    const kind = primitives.kinds[p]!;
    const radius = primitives.radii[p]!;
    const half = primitives.halves[p]!;
    const o = STRIDE * p;
    const a = dotAt(first, centres, p);
    const b = dotAt(second, centres, p);
    let alongA = 0;
    let alongB = 0;
    rounds[o] = a;
    rounds[o + 1] = b;
    rounds[o + 2] = dotAt(light, centres, p);
    rounds[o + 5] = radius * radius;
    if (kind !== SPHERE) {
      alongA = dotAt(first, axes, p);
      alongB = dotAt(second, axes, p);
      const rise = dotAt(light, axes, p);
      const square = alongA * alongA + alongB * alongB;
      if (kind === CAPSULE) {
        rounds[o + 3] = alongA;
        rounds[o + 4] = alongB;
        rounds[o + 6] = half;
        rounds[o + 7] = square > LEAST ? 1 / square : 0;
        rounds[o + 8] = rise;
      } else {
        const turned = Math.sqrt(square) > LEAST;
        const sine = turned ? Math.sqrt(square) : LEAST;
        const slope = rise > LEAST || rise < -LEAST ? rise : LEAST;
        rounds[o + 3] = turned ? alongA / sine : 1;
        rounds[o + 4] = turned ? alongB / sine : 0;
        rounds[o + 6] = slope / sine;
        rounds[o + 7] = 1 / sine;
        rounds[o + 8] = -sine / slope;
        rounds[o + 9] = half / Math.abs(slope);
      }
    }
    const spreadA = half * Math.abs(alongA) + radius;
    const spreadB = half * Math.abs(alongB) + radius;
    boxes[BOX * p] = a - spreadA;
    boxes[BOX * p + 1] = a + spreadA;
    boxes[BOX * p + 2] = b - spreadB;
    boxes[BOX * p + 3] = b + spreadB;
    boxes[BOX * p + 4] = rounds[o + 2]! + primitives.bounds[p]!;
  }
}

function dotAt(a: Float64Array, vectors: Float64Array, index: number): number {
  return a[0]! * vectors[3 * index]! + a[1]! * vectors[3 * index + 1]! + a[2]! * vectors[3 * index + 2]!;
}
