// Which colliders of a world are tested against each other.
import type { Articulation } from "../articulation/articulation.js";
import type { ColliderSet } from "./collider-set.js";
import { selfCollisionPairs } from "./self-collision.js";

/** Pairs of colliders. */
export interface ColliderPairs {
  /** The two colliders of each pair: of two bodies, the one added later stands first. */
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  /** Pairs before this one are not of two links of the arm. */
  readonly numOuter: number;
}

/** Pair all colliders of different owners of which one moves; with `selfCollision` those of the arm's links as well. */
export function pairColliders(
  colliders: ColliderSet,
  arm: Articulation | undefined,
  selfCollision: boolean,
): ColliderPairs {
  const { free, link, count } = colliders;
  const rank = (c: number) => (free[c]! >= 0 ? 1 + free[c]! : link[c]! >= 0 ? 0 : -1);
  const moves = (c: number) => free[c]! >= 0 || (link[c]! >= 0 && arm!.chains[link[c]!]!.length > 0);
  const order = Array.from({ length: count }, (_, c) => c).sort((a, b) => rank(a) - rank(b) || a - b);
  const outer = order.flatMap((a, later) =>
    order
      .slice(0, later)
      .filter((b) => rank(a) !== rank(b) && (moves(a) || moves(b)))
      .map((b) => [a, b] as const),
  );
  const inner = arm && selfCollision ? selfCollisionPairs(arm, colliders) : [];
  const all = [...outer, ...inner];
  return {
    first: Uint16Array.from(all, ([a]) => a),
    second: Uint16Array.from(all, ([, b]) => b),
    numOuter: outer.length,
  };
}
