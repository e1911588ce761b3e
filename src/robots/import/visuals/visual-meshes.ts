// The meshes that a description draws: read once each, one per colour.
import { UsageError } from "../../../math/usage-error.js";
import type { DrawnMesh } from "../../../scene/mesh-file.js";
import type { Color } from "../../../scene/scene.js";
import type { DescribedGeometry } from "../description.js";
import { readMesh } from "../geometry/read-mesh.js";
import { type ReadFile, scaledMesh, type TriangleMesh } from "../geometry/triangle-mesh.js";

/** A mesh in one colour. */
export interface ColoredMesh extends DrawnMesh {
  /** Missing where the file gives none. */
  readonly color?: Color;
}

type MeshGeometry = Extract<DescribedGeometry, { readonly type: "mesh" }>;

/** Most triangles that are read for the looks of one robot; what comes after them is drawn otherwise. */
const MOST_READ = 4_000_000;

/** Reads meshes that are drawn. */
export class VisualMeshes {
  /** Names of files that are not there, or hold no mesh that can be read, with the reason. */
  readonly missing = new Map<string, string>();
  private readonly readFile: ReadFile;
  private readonly known = new Map<string, readonly ColoredMesh[]>();
  private numRead = 0;

  constructor(readFile: ReadFile) {
    this.readFile = readFile;
  }

  /** Return the meshes of a geometry; the same ones where it was read before, undefined where it cannot be drawn. */
  read({ filename, scale }: MeshGeometry): readonly ColoredMesh[] | undefined {
    const key = JSON.stringify([filename, scale]);
    const known = this.known.get(key);
    if (known) return known;
    if (this.missing.has(filename)) return undefined;
    const mesh = this.tryRead(filename);
    if (typeof mesh === "string") {
      this.missing.set(filename, mesh);
      return undefined;
    }
    this.numRead += mesh.triangles.length / 3;
    const meshes = byColor(scaledMesh(mesh, scale));
    this.known.set(key, meshes);
    return meshes;
  }

  private tryRead(filename: string): TriangleMesh | string {
    if (this.numRead > MOST_READ) return `more than ${MOST_READ / 1e6} million triangles were read before it`;
    try {
      const bytes = this.readFile(filename);
      if (!bytes) return "it is not found";
      const mesh = readMesh(bytes, filename, this.readFile);
      return mesh.triangles.length > 0 ? mesh : "it has no triangles";
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
  }
}

/** Take a mesh apart by its colours. */
function byColor({ vertices, triangles, parts }: TriangleMesh): ColoredMesh[] {
  const positions = Float32Array.from(vertices);
  const colors = new Map<string, { readonly color: Color | undefined; readonly pieces: Uint32Array[] }>();
  let start = 0;
  for (const { numTriangles, color } of parts) {
    const key = color?.join(" ") ?? "";
    const end = start + 3 * numTriangles;
    const entry = colors.get(key) ?? { color, pieces: [] };
    entry.pieces.push(triangles.subarray(start, end));
    colors.set(key, entry);
    start = end;
  }
  return [...colors.values()].map(({ color, pieces }) => {
    const indices = new Uint32Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      indices.set(piece, at);
      at += piece.length;
    }
    return { positions, indices, ...(color ? { color } : {}) };
  });
}
