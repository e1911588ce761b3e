// The box around a mesh file's vertices: STL (binary and text) and OBJ.
import type { Vec3 } from "../../../math/vector.js";

/** Corner points of the axis-aligned box around a mesh, in the mesh's own units. */
export interface MeshBounds {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Return the bounds of the mesh in `bytes`, told apart by the extension of `name`; undefined where there are no vertices. */
export function meshBounds(name: string, bytes: Uint8Array): MeshBounds | undefined {
  if (/\.obj$/i.test(name)) return boundsOf(textVertices(bytes, /^\s*v\s+(\S+)\s+(\S+)\s+(\S+)/gm));
  if (!/\.stl$/i.test(name)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // a binary STL says its number of triangles, 50 bytes each, after an 80-byte header
  const isBinary = bytes.length >= 84 && bytes.length === 84 + 50 * view.getUint32(80, true);
  return boundsOf(
    isBinary ? binaryVertices(view) : textVertices(bytes, /^\s*vertex\s+(\S+)\s+(\S+)\s+(\S+)/gm),
  );
}

function* binaryVertices(view: DataView): Generator<Vec3> {
  for (let triangle = 84; triangle < view.byteLength; triangle += 50) {
    for (let corner = triangle + 12; corner < triangle + 48; corner += 12) {
      yield [
        view.getFloat32(corner, true),
        view.getFloat32(corner + 4, true),
        view.getFloat32(corner + 8, true),
      ];
    }
  }
}

function* textVertices(bytes: Uint8Array, pattern: RegExp): Generator<Vec3> {
  for (const [, x, y, z] of new TextDecoder().decode(bytes).matchAll(pattern)) {
    yield [Number(x), Number(y), Number(z)];
  }
}

function boundsOf(vertices: Iterable<Vec3>): MeshBounds | undefined {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const vertex of vertices) {
    for (const k of [0, 1, 2] as const) {
      if (!Number.isFinite(vertex[k])) return undefined;
      low[k] = Math.min(low[k], vertex[k]);
      high[k] = Math.max(high[k], vertex[k]);
    }
  }
  return low[0] <= high[0] ? { low, high } : undefined;
}
