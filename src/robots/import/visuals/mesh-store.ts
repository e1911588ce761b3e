// Collects the meshes that a robot is drawn by, simplified, and writes their file.
import { boundsOf, type DrawnMesh, writeMeshFile } from "../../../scene/mesh-file.js";
import type { MeshReference } from "../../../scene/scene.js";
import type { SimplifyMesh } from "./simplify-mesh.js";

/** No mesh is made of fewer triangles. */
const LEAST_TRIANGLES = 12;

/** Meshes of one robot. */
export class MeshStore {
  private readonly simplify: SimplifyMesh;
  private readonly drawn: DrawnMesh[] = [];
  private readonly indices = new Map<DrawnMesh, number>();

  constructor(simplify: SimplifyMesh) {
    this.simplify = simplify;
  }

  get numTriangles(): number {
    return this.drawn.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  }

  /** Add a mesh by `share` of its triangles, unless it was added before; the file it lies in is not named yet. */
  add(mesh: DrawnMesh, share: number): MeshReference {
    let index = this.indices.get(mesh);
    if (index === undefined) {
      index = this.drawn.length;
      this.indices.set(mesh, index);
      const count = Math.max(LEAST_TRIANGLES, Math.floor((share * mesh.indices.length) / 3));
      this.drawn.push(this.simplify(mesh, count));
    }
    const { min: low, max: high } = boundsOf(this.drawn[index]!.positions);
    return { type: "mesh", file: "", mesh: index, low, high };
  }

  /** Write the file that `add` refers to. */
  write(): Uint8Array {
    return writeMeshFile(this.drawn);
  }
}
