// Where parts of links are while an arm stands in a posture.
import type { Vec3 } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { LinkModel } from "../../../physics/articulation/articulation-model.js";

/** Middle of a link's collision shapes in the world, m; its origin where it has none. */
export function centreOf(links: readonly LinkModel[], arm: Articulation, link: number): Vec3 {
  const { collision } = links[link]!;
  const local = [0, 1, 2].map((k) =>
    collision.length === 0
      ? 0
      : collision.reduce((sum, shape) => sum + shape.position[k]!, 0) / collision.length,
  );
  const R = arm.linkRotations;
  return [0, 1, 2].map(
    (k) =>
      arm.linkPositions[3 * link + k]! +
      local.reduce((sum, value, axis) => sum + R[9 * link + 3 * k + axis]! * value, 0),
  ) as unknown as Vec3;
}

/** A world point in the frame of `link`. */
export function inFrame(arm: Articulation, link: number, point: Vec3): Vec3 {
  const R = arm.linkRotations;
  const d = point.map((value, k) => value - arm.linkPositions[3 * link + k]!);
  return [0, 1, 2].map((axis) =>
    d.reduce((sum, value, k) => sum + R[9 * link + 3 * k + axis]! * value, 0),
  ) as unknown as Vec3;
}
