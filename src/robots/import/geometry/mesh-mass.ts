// Volume, centre and moments of what a closed surface of triangles holds.
import { integrateVolume, type VolumeIntegrals } from "../../../math/convex-hull.js";
import type { TriangleMesh } from "./triangle-mesh.js";

/**
 * Integrate over what the mesh holds, in its units; exact where it is closed and its triangles face outwards.
 *
 * Parts that overlap count twice, as in MuJoCo. Returns undefined where the surface is not closed: an edge then has a triangle
 * on one side only, and "inside" means nothing.
 */
export function meshVolume(mesh: Pick<TriangleMesh, "vertices" | "triangles">): VolumeIntegrals | undefined {
  if (!isClosed(mesh)) return undefined;
  const { vertices, triangles } = mesh;
  const faceStart = Int32Array.from({ length: triangles.length / 3 + 1 }, (_, face) => 3 * face);
  const integrals = integrateVolume({ vertices, faceStart, faceVertices: Int32Array.from(triangles) });
  return integrals.volume > 0 ? integrals : undefined;
}

/** Tell whether every edge is walked as often one way as the other. */
function isClosed({ vertices, triangles }: Pick<TriangleMesh, "vertices" | "triangles">): boolean {
  const numVertices = vertices.length / 3;
  const balance = new Map<number, number>();
  for (let t = 0; t < triangles.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const a = triangles[t + k]!;
      const b = triangles[t + ((k + 1) % 3)]!;
      const key = a < b ? a * numVertices + b : b * numVertices + a;
      const after = (balance.get(key) ?? 0) + (a < b ? 1 : -1);
      if (after === 0) balance.delete(key);
      else balance.set(key, after);
    }
  }
  return balance.size === 0;
}
