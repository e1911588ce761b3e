// Which shapes of an arm can hit each other: those of links that are not neighbours.
import type { Articulation } from "../articulation/articulation.js";
import type { ColliderSet } from "./collider-set.js";

/** List the pairs of colliders of links that can hit each other, sorted by pair of links. */
export function selfCollisionPairs(arm: Articulation, { link }: ColliderSet): (readonly [number, number])[] {
  const shapes = arm.model.links.map((_, owner) =>
    [...link.keys()].filter((collider) => link[collider] === owner),
  );
  return pairsOfLinks(arm).flatMap(([a, b]) =>
    shapes[a]!.flatMap((colliderA) => shapes[b]!.map((colliderB) => [colliderA, colliderB] as const)),
  );
}

/**
 * List the pairs of links that can hit each other.
 *
 * Links welded together count as one. Left out are neighbours (their shapes meet at the joint), links that share a
 * degree of freedom (two fingers stop each other by their joint's limit) and the pairs that `model.mayOverlap` names.
 */
function pairsOfLinks({ model, dofOfLink, carriers, carriersOfParent }: Articulation): [number, number][] {
  const { links, mayOverlap = [] } = model;
  const collide = (a: number, b: number): boolean => {
    const [ca, cb] = [carriers[a]!, carriers[b]!];
    // the base, -1, has no parent
    if (ca === cb || carriersOfParent[ca] === cb || carriersOfParent[cb] === ca) return false;
    if (ca >= 0 && cb >= 0 && dofOfLink[ca] === dofOfLink[cb]) return false;
    const [nameA, nameB] = [links[a]!.name, links[b]!.name];
    return !mayOverlap.some((pair) => pair.includes(nameA) && pair.includes(nameB));
  };
  return links.flatMap((_, b) =>
    links.flatMap((_, a): [number, number][] => (a > b && collide(a, b) ? [[a, b]] : [])),
  );
}
