// Meshes of simple solids, closed and facing outwards.
import { quaternionFromAxisAngle } from "../../../../src/math/quaternion.js";
import {
  joinedMeshes,
  placedMesh,
  type TriangleMesh,
} from "../../../../src/robots/import/geometry/triangle-mesh.js";
import { BOX_FACES } from "./mesh-files.js";

/** Turns a mesh about an oblique axis. */
export const OBLIQUE = quaternionFromAxisAngle([0.6, 0, 0.8], 0.7);

function fans(vertices: readonly (readonly number[])[], faces: readonly (readonly number[])[]): TriangleMesh {
  const triangles = faces.flatMap((face) =>
    face.slice(2).flatMap((corner, k) => [face[0]!, face[k + 1]!, corner]),
  );
  return {
    vertices: Float64Array.from(vertices.flat()),
    triangles: Uint32Array.from(triangles),
    parts: [{ numTriangles: triangles.length / 3 }],
  };
}

/** From `low` to `high`. */
export function box(low: readonly number[], high: readonly number[]): TriangleMesh {
  const corners = Array.from({ length: 8 }, (_, k) =>
    [0, 1, 2].map((axis) => ((k >> axis) & 1 ? high : low)[axis]!),
  );
  return fans(corners, BOX_FACES);
}

/** Along z, about the origin; its radius at the lower and the upper end. */
export function cone(lower: number, upper: number, length: number, sides = 64): TriangleMesh {
  const ring = (radius: number, z: number) =>
    Array.from({ length: sides }, (_, k) => {
      const angle = (2 * Math.PI * k) / sides;
      return [radius * Math.cos(angle), radius * Math.sin(angle), z];
    });
  const around = Array.from({ length: sides }, (_, k) => k);
  const next = (k: number) => (k + 1) % sides;
  return fans(
    [...ring(lower, -length / 2), ...ring(upper, length / 2)],
    [
      around.toReversed(),
      around.map((k) => sides + k),
      ...around.map((k) => [k, next(k), sides + next(k), sides + k]),
    ],
  );
}

/** Half a ring of square section in the xy plane, between two radii. */
export function arch(inner: number, outer: number, steps = 24): TriangleMesh {
  return joinedMeshes(
    Array.from({ length: steps }, (_, k) => {
      const middle = (inner + outer) / 2;
      const half = (outer - inner) / 2;
      const length = (Math.PI * middle) / steps / 2;
      const block = box([-half, -length, -half], [half, length, half]);
      const angle = (Math.PI * (k + 0.5)) / steps;
      return placedMesh(block, {
        position: [middle * Math.cos(angle), middle * Math.sin(angle), 0],
        quaternion: quaternionFromAxisAngle([0, 0, 1], angle),
      });
    }),
  );
}
