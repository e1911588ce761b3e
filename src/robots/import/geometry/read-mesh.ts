// A mesh file of any known format, recognised by what is in it: STL, OBJ, COLLADA, glTF and MuJoCo's MSH.
import { UsageError } from "../../../math/usage-error.js";
import { readDae } from "./read-dae.js";
import { readGltf } from "./read-gltf.js";
import { readMsh } from "./read-msh.js";
import { readObj } from "./read-obj.js";
import { readStl } from "./read-stl.js";
import type { ReadFile, TriangleMesh } from "./triangle-mesh.js";

/** A file that holds no mesh at all, or one of a format that is not known: a robot can do without. */
export class NoMeshError extends UsageError {}

/** Most bytes of one mesh file that are read. */
export const MAX_MESH_BYTES = 100_000_000;

/**
 * Read the mesh in `bytes`, whatever the extension of `name`, which names it in errors.
 *
 * Materials of an OBJ and buffers of a glTF that lie in files of their own are read by `readFile` as neighbours of `name`;
 * colours are left out where the file that holds them is not there. The mesh may have no triangles. Throws a NoMeshError where the
 * format is not known, another UsageError where the mesh is larger than 100 MB or a million triangles, cut off, or has a coordinate
 * that is no finite number.
 */
export function readMesh(bytes: Uint8Array, name: string, readFile?: ReadFile): TriangleMesh {
  if (bytes.length > MAX_MESH_BYTES) {
    const size = (bytes.length / 1e6).toFixed(0);
    throw new UsageError(
      `${name} has ${size} MB, more than the ${MAX_MESH_BYTES / 1e6} MB that a mesh may have. Give a coarser one.`,
    );
  }
  const readBeside: ReadFile = (other) => readFile?.(besides(name, other));
  const mesh = readers[formatOf(bytes, name)](bytes, name, readBeside);
  const bad = mesh.vertices.findIndex((value) => !Number.isFinite(value) || Math.abs(value) > MAX_COORDINATE);
  if (bad < 0) return mesh;
  const vertex = `vertex ${1 + Math.floor(bad / 3)}`;
  throw new UsageError(
    `${name}: ${vertex} has the coordinate ${mesh.vertices[bad]}, expected a finite number.`,
  );
}

/** A robot's part is smaller in any unit. */
const MAX_COORDINATE = 1e9;

const readers = { stl: readStl, obj: readObj, dae: readDae, gltf: readGltf, msh: readMsh } as const;

/** The path of `other` as the file `name` means it. */
function besides(name: string, other: string): string {
  return name.slice(0, Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1) + other;
}

/** Tell the format by content; the extension decides only for text that could be anything. */
function formatOf(bytes: Uint8Array, name: string): keyof typeof readers {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  const text = start.replace(/^(\u00ef\u00bb\u00bf)?\s*/, "");
  if (start.startsWith("glTF") || (text.startsWith("{") && text.includes('"'))) return "gltf";
  if (text.startsWith("<?xml") || /^<(!--|COLLADA)/.test(text)) return "dae";
  if (text.startsWith("version https://git-lfs")) {
    throw new NoMeshError(
      `${name} is not the mesh but a note of where Git LFS keeps it. Fetch it by "git lfs pull".`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isMsh(view)) return "msh";
  // the number of triangles of a binary STL; read from text it is larger than any file
  const count = bytes.length >= 84 ? view.getUint32(80, true) : 0;
  if (count > 0 && 84 + 50 * count <= bytes.length) return "stl";
  if (/^solid\b/i.test(text) || /\bfacet\s+normal\b/i.test(text)) return "stl";
  if (/^(#|v|vn|vt|f|o|g|s|mtllib|usemtl)\s/m.test(text) && !text.includes("\0")) return "obj";
  if (/\.stl$/i.test(name)) return "stl";
  const kinds = "STL, OBJ, COLLADA (.dae), glTF (.gltf, .glb) and MuJoCo's MSH";
  throw new NoMeshError(`${name} is no mesh that can be read; known are ${kinds}.`);
}

function isMsh(view: DataView): boolean {
  if (view.byteLength < 16) return false;
  const [vertices, normals, texcoords, faces] = [0, 4, 8, 12].map((o) => view.getInt32(o, true)) as [
    ...[number, number, number, number],
  ];
  if (vertices < 4 || normals < 0 || texcoords < 0 || faces < 0) return false;
  return view.byteLength === 16 + 12 * (vertices + normals + faces) + 8 * texcoords;
}
