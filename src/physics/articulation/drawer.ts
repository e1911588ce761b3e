// A drawer: one sliding link on a base of its own, to stand in the same articulation as the arm.
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, LinkModel } from "./articulation-model.js";

/** What a drawer is made of. */
export interface DrawerOptions {
  /** Name of the link; its joint is `${name}_slide`. */
  readonly name: string;
  /** Origin when closed, world, m. */
  readonly position: Vec3;
  /** Unit direction in which it opens, world. */
  readonly axis: Vec3;
  /** How far it opens, m. */
  readonly travel: number;
  /** kg */
  readonly mass: number;
  /** Viscous friction of the runners, N s/m; default 2. */
  readonly damping?: number;
  /** Its walls and handle, in its own frame. */
  readonly collision: readonly CollisionShape[];
}

/**
 * Return a link that slides freely between closed (0) and open (`travel`).
 *
 * Append it to the links of the arm's model: its degree of freedom follows those of the arm, whose links touch it where
 * the world's `selfCollision` is on. Free bodies and the arm push it; its end stops are joint limits.
 *
 * @throws Nothing.
 * @example
 * const link = drawer({ name: "drawer", position: [0, 0, 0], axis: [1, 0, 0], travel: 0.2, mass: 0.5, collision });
 */
export function drawer({
  name,
  position,
  axis,
  travel,
  mass,
  damping = 2,
  collision,
}: DrawerOptions): LinkModel {
  return {
    name,
    parent: -1,
    position,
    quaternion: [0, 0, 0, 1],
    mass,
    centerOfMass: [0, 0, 0],
    // it never turns
    inertia: [1, 1, 1, 0, 0, 0],
    joint: {
      name: `${name}_slide`,
      type: "prismatic",
      axis,
      lower: 0,
      upper: travel,
      velocityLimit: Number.POSITIVE_INFINITY,
      effortLimit: 0,
      stiffness: 0,
      damping: 0,
      armature: 0,
      viscousFriction: damping,
    },
    collision,
  };
}
