// Which shapes of an arm can hit each other: those of links that are not neighbours.
import type { Articulation } from "../articulation/articulation.js";
import type { ArticulationModel } from "../articulation/articulation-model.js";
import type { ColliderSet } from "./collider-set.js";

/** List the pairs of colliders of links that can hit each other, sorted by pair of links. */
export function selfCollisionPairs(
  { model, dofOfLink }: Articulation,
  { link }: ColliderSet,
): (readonly [number, number])[] {
  const shapes = model.links.map((_, owner) =>
    [...link.keys()].filter((collider) => link[collider] === owner),
  );
  return pairsOfLinks(model, dofOfLink).flatMap(([a, b]) =>
    shapes[a]!.flatMap((colliderA) => shapes[b]!.map((colliderB) => [colliderA, colliderB] as const)),
  );
}

/**
 * List the pairs of links that can hit each other.
 *
 * Links welded together count as one. Left out are neighbours (their shapes meet at the joint), links that share a
 * degree of freedom (two fingers stop each other by their joint's limit) and the pairs that `model.mayOverlap` names.
 */
function pairsOfLinks(
  { links, mayOverlap = [] }: ArticulationModel,
  dofOfLink: Int16Array,
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
