// Which shapes of an arm can hit each other: those of links that are not neighbours, told apart by balls around the links.
import type { Articulation } from "../articulation/articulation.js";
import type { ArticulationModel } from "../articulation/articulation-model.js";
import type { ColliderSet } from "./collider-set.js";

/**
 * The pairs of colliders of non-adjacent links, sorted by pair of links, so that a whole pair of links is passed over
 * while the balls around their shapes are apart.
 */
export class SelfCollision {
  /** Pairs of colliders, [count]. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  private readonly articulation: Articulation;
  /** Two links per pair of links, and where their pairs of colliders begin; one more for the end. */
  private readonly linkPairs: Int32Array;
  private readonly starts: Int32Array;
  /** Ball around each link's shapes: centre in the link frame and in the world, radius. */
  private readonly localCenters: Float64Array;
  private readonly centers: Float64Array;
  private readonly radii: Float64Array;
  /** Links that are in any pair, and the square of the distance at which each pair of links may touch. */
  private readonly involved: Int32Array;
  private readonly squaredReach: Float64Array;

  constructor(articulation: Articulation, colliders: ColliderSet) {
    const { numLinks, model } = articulation;
    this.articulation = articulation;
    this.localCenters = new Float64Array(3 * numLinks);
    this.centers = new Float64Array(3 * numLinks);
    this.radii = new Float64Array(numLinks);
    const shapes = Array.from({ length: numLinks }, (_, link) =>
      colliders.link.flatMap((owner, collider) => (owner === link ? [collider] : [])),
    );
    for (const [link, own] of shapes.entries()) this.enclose(link, own, colliders);
    const first: number[] = [];
    const second: number[] = [];
    const linkPairs: number[] = [];
    const starts = [0];
    for (const [a, b] of pairsOfLinks(model, articulation.dofOfLink)) {
      if (shapes[a]!.length === 0 || shapes[b]!.length === 0) continue;
      for (const colliderA of shapes[a]!) {
        for (const colliderB of shapes[b]!) {
          first.push(colliderA);
          second.push(colliderB);
        }
      }
      linkPairs.push(a, b);
      starts.push(first.length);
    }
    this.first = first;
    this.second = second;
    this.linkPairs = Int32Array.from(linkPairs);
    this.starts = Int32Array.from(starts);
    this.involved = Int32Array.from(new Set(linkPairs));
    this.squaredReach = Float64Array.from(
      { length: linkPairs.length / 2 },
      (_, pair) =>
        (this.radii[linkPairs[2 * pair]!]! + this.radii[linkPairs[2 * pair + 1]!]! + colliders.margin) ** 2,
    );
  }

  /** Call `visit` with the range of collider pairs of every pair of links that may touch. */
  forEachNear(visit: (begin: number, end: number) => void): void {
    const { linkPairs, starts, localCenters: l, centers: C, involved, squaredReach } = this;
    const { linkPositions: P, linkRotations: R } = this.articulation;
    for (let k = 0; k < involved.length; k++) {
      const link = involved[k]!;
      const o = 3 * link;
      const r = 9 * link;
      const x = l[o]!;
      const y = l[o + 1]!;
      const z = l[o + 2]!;
      C[o] = P[o]! + R[r]! * x + R[r + 1]! * y + R[r + 2]! * z;
      C[o + 1] = P[o + 1]! + R[r + 3]! * x + R[r + 4]! * y + R[r + 5]! * z;
      C[o + 2] = P[o + 2]! + R[r + 6]! * x + R[r + 7]! * y + R[r + 8]! * z;
    }
    for (let pair = 0; pair < squaredReach.length; pair++) {
      const a = 3 * linkPairs[2 * pair]!;
      const b = 3 * linkPairs[2 * pair + 1]!;
      const dx = C[a]! - C[b]!;
      const dy = C[a + 1]! - C[b + 1]!;
      const dz = C[a + 2]! - C[b + 2]!;
      if (dx * dx + dy * dy + dz * dz <= squaredReach[pair]!) visit(starts[pair]!, starts[pair + 1]!);
    }
  }

  /** Put a ball around the middle of the link's shapes. */
  private enclose(
    link: number,
    shapes: readonly number[],
    { localPositions, boundingRadius }: ColliderSet,
  ): void {
    if (shapes.length === 0) return;
    const o = 3 * link;
    for (let k = 0; k < 3; k++) {
      const places = shapes.map((shape) => localPositions[3 * shape + k]!);
      this.localCenters[o + k] = (Math.min(...places) + Math.max(...places)) / 2;
    }
    const distances = shapes.map(
      (shape) =>
        Math.hypot(...[0, 1, 2].map((k) => localPositions[3 * shape + k]! - this.localCenters[o + k]!)) +
        boundingRadius[shape]!,
    );
    this.radii[link] = Math.max(...distances);
  }
}

/**
 * List the pairs of links that can hit each other.
 *
 * Links welded together count as one. Left out are neighbours (their shapes meet at the joint), links that share a
 * degree of freedom (two fingers stop each other by their joint's limit) and the pairs that `model.mayOverlap` names.
 */
function pairsOfLinks(
  { links, mayOverlap = [] }: ArticulationModel,
  dofOfLink: Int32Array,
): [number, number][] {
  // the jointed link that carries each link; -1 is the base
  const carriers: number[] = [];
  for (const [link, { joint, parent }] of links.entries()) {
    carriers.push(joint ? link : parent < 0 ? -1 : carriers[parent]!);
  }
  const parentCarrier = (carrier: number) => {
    const parent = links[carrier]?.parent ?? -1;
    return parent < 0 ? -1 : carriers[parent]!;
  };
  const collide = (a: number, b: number): boolean => {
    const [ca, cb] = [carriers[a]!, carriers[b]!];
    if (ca === cb || parentCarrier(ca) === cb || parentCarrier(cb) === ca) return false;
    if (ca >= 0 && cb >= 0 && dofOfLink[ca] === dofOfLink[cb]) return false;
    const [nameA, nameB] = [links[a]!.name, links[b]!.name];
    return !mayOverlap.some((pair) => pair.includes(nameA) && pair.includes(nameB));
  };
  return links.flatMap((_, b) =>
    links.flatMap((_, a): [number, number][] => (a > b && collide(a, b) ? [[a, b]] : [])),
  );
}
