// One contact as others see it: who touches whom, where, and how hard.
import type { Vec3 } from "../math/vector.js";

/** A contact of the last step. */
export interface ContactPoint {
  /** Name of the link or box, or "table". */
  readonly bodyA: string;
  readonly bodyB: string;
  /** World, m. */
  readonly position: Vec3;
  /** Unit vector from A to B, world. */
  readonly normal: Vec3;
  /** N */
  readonly normalForce: number;
  /** Force on B with friction, world, N. */
  readonly force: Vec3;
}
