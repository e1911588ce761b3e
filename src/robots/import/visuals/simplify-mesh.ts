// Fewer triangles for the same shape, by meshoptimizer.
import { MeshoptSimplifier } from "meshoptimizer/simplifier";
import type { DrawnMesh } from "../../../scene/mesh-file.js";

/** Reduce a mesh to about so many triangles; one that has no more stays as it is, but for corners that were told twice. */
export type SimplifyMesh = (mesh: DrawnMesh, numTriangles: number) => DrawnMesh;

/** Triangles beyond what was asked for at which the shape is kept no more. */
const STUBBORN = 1.5;

/** Load what simplifies meshes: WebAssembly that comes with the package. */
export async function openSimplifier(): Promise<SimplifyMesh> {
  await MeshoptSimplifier.ready;
  return simplify;
}

function simplify({ positions, indices }: DrawnMesh, numTriangles: number): DrawnMesh {
  const most = 3 * numTriangles;
  // formats with normals and textures tell a corner once per face, which would tear the surface
  const same = MeshoptSimplifier.generatePositionRemap(positions, 3);
  let kept: Uint32Array = indices.map((corner) => same[corner]!);
  if (kept.length > most) {
    const whole = kept;
    [kept] = MeshoptSimplifier.simplify(whole, positions, 3, most, 1, ["Permissive"]);
    // many small parts cannot each be made simpler
    if (kept.length > STUBBORN * most || kept.length === 0)
      [kept] = MeshoptSimplifier.simplifySloppy(whole, positions, 3, null, most, 1);
  }
  const corners = kept.slice();
  const [places, numCorners] = MeshoptSimplifier.compactMesh(corners);
  const compact = new Float32Array(3 * numCorners);
  for (const [corner, place] of places.entries())
    if (place < numCorners) compact.set(positions.subarray(3 * corner, 3 * corner + 3), 3 * place);
  return { positions: compact, indices: corners };
}
