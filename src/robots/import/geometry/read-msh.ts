// MuJoCo's MSH: vertices and faces as binary numbers.

import { UsageError } from "../../../math/usage-error.js";
import type { TriangleMesh } from "./triangle-mesh.js";
import { MeshBuilder } from "./triangle-mesh.js";

/** Read an MSH: the numbers of vertices, normals, texture coordinates and faces, then these (little-endian, 32 bits each). */
export function readMsh(bytes: Uint8Array, name: string): TriangleMesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [numVertices, numNormals, numTexcoords, numFaces] = [0, 4, 8, 12].map((o) =>
    view.getInt32(o, true),
  ) as [number, number, number, number];
  const mesh = new MeshBuilder(name);
  for (let k = 0; k < 3 * numVertices; k++) mesh.vertices.push(view.getFloat32(16 + 4 * k, true));
  const faces = 16 + 12 * (numVertices + numNormals) + 8 * numTexcoords;
  for (let face = 0; face < numFaces; face++) {
    const [a, b, c] = [0, 4, 8].map((o) => view.getInt32(faces + 12 * face + o, true)) as [
      number,
      number,
      number,
    ];
    if (![a, b, c].every((index) => index >= 0 && index < numVertices)) {
      throw new UsageError(`${name}: face ${1 + face} names a vertex that is not there (of ${numVertices}).`);
    }
    mesh.addTriangle(a, b, c);
  }
  return mesh.build();
}
