// Triangles of a robot's parts as a file: binary glTF 2.0 with one mesh per part, which other programs open as well.
import { z } from "zod";
import { UsageError } from "../math/usage-error.js";

/** Triangles that share corners. */
export interface DrawnMesh {
  /** m. [numVertices, 3] */
  readonly positions: Float32Array;
  /** Corners, counter-clockwise as seen from outside. [numTriangles, 3] */
  readonly indices: Uint32Array;
}

/** What a mesh file may hold: more is refused before memory is taken. */
export const MESH_FILE_LIMITS = { bytes: 16_000_000, meshes: 2000, triangles: 500_000 } as const;

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FLOAT = 5126;
const UINT = 5125;

const count = z.number().int().nonnegative();
const documentSchema = z.object({
  meshes: z
    .array(
      z.object({
        primitives: z.tuple([z.object({ attributes: z.object({ POSITION: count }), indices: count })]),
      }),
    )
    .max(MESH_FILE_LIMITS.meshes),
  accessors: z.array(
    z.object({ bufferView: count, componentType: count, count, type: z.enum(["VEC3", "SCALAR"]) }),
  ),
  bufferViews: z.array(z.object({ byteOffset: count, byteLength: count })),
});

/** Write meshes as one file, in their order; the same meshes are the same bytes. */
export function writeMeshFile(meshes: readonly DrawnMesh[]): Uint8Array {
  const arrays = meshes.flatMap(({ positions, indices }) => [positions, indices]);
  const starts = [0];
  for (const { byteLength } of arrays) starts.push(starts.at(-1)! + byteLength);
  const document = {
    asset: { version: "2.0", generator: "armgym" },
    scene: 0,
    scenes: [{ nodes: meshes.map((_, mesh) => mesh) }],
    nodes: meshes.map((_, mesh) => ({ mesh })),
    meshes: meshes.map((_, mesh) => ({
      primitives: [{ attributes: { POSITION: 2 * mesh }, indices: 2 * mesh + 1 }],
    })),
    accessors: meshes.flatMap(({ positions, indices }, mesh) => [
      {
        ...{ bufferView: 2 * mesh, componentType: FLOAT, count: positions.length / 3, type: "VEC3" },
        ...boundsOf(positions),
      },
      { bufferView: 2 * mesh + 1, componentType: UINT, count: indices.length, type: "SCALAR" },
    ]),
    bufferViews: arrays.map(({ byteLength }, k) => ({
      ...{ buffer: 0, byteOffset: starts[k], byteLength },
      target: k % 2 === 0 ? 34962 : 34963,
    })),
    buffers: [{ byteLength: starts.at(-1) }],
  };
  const text = new TextEncoder().encode(JSON.stringify(document));
  const textBytes = Math.ceil(text.length / 4) * 4;
  const binaryStart = HEADER_BYTES + 2 * CHUNK_HEADER_BYTES + textBytes;
  const bytes = new Uint8Array(binaryStart + starts.at(-1)!);
  const view = new DataView(bytes.buffer);
  const words = [MAGIC, 2, bytes.length, textBytes, JSON_CHUNK];
  for (const [k, word] of words.entries()) view.setUint32(4 * k, word, true);
  // the text is padded by spaces
  bytes.fill(0x20, HEADER_BYTES + CHUNK_HEADER_BYTES, binaryStart - CHUNK_HEADER_BYTES);
  bytes.set(text, HEADER_BYTES + CHUNK_HEADER_BYTES);
  view.setUint32(binaryStart - 8, starts.at(-1)!, true);
  view.setUint32(binaryStart - 4, BINARY_CHUNK, true);
  for (const [k, { buffer, byteOffset, byteLength }] of arrays.entries())
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), binaryStart + starts[k]!);
  return bytes;
}

/** Read what `writeMeshFile` wrote; throws a UsageError that names `name` where it is anything else, too large or damaged. */
export function readMeshFile(bytes: Uint8Array, name: string): DrawnMesh[] {
  const refuse = (what: string) => new UsageError(`${name} is no mesh file of armgym: ${what}.`);
  if (bytes.length > MESH_FILE_LIMITS.bytes)
    throw refuse(`it has ${bytes.length} bytes, expected at most ${MESH_FILE_LIMITS.bytes}`);
  const { document, binary } = chunksOf(bytes, refuse);
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw refuse(`${path.join(".")}: ${message}`);
  }
  const { meshes, accessors, bufferViews } = parsed.data;
  let taken = 0;
  const rangeOf = (index: number, componentType: number, type: string, width: number) => {
    const accessor = accessors[index];
    const view = bufferViews[accessor?.bufferView ?? -1];
    if (!accessor || !view || accessor.componentType !== componentType || accessor.type !== type)
      throw refuse(`accessor ${index} is not as it is written`);
    const length = width * accessor.count;
    // several accessors may tell of the same bytes
    taken += 4 * length;
    if (taken > MESH_FILE_LIMITS.bytes) throw refuse("its data is larger than the file");
    if (4 * length > view.byteLength || view.byteOffset + view.byteLength > binary.length)
      throw refuse(`accessor ${index} reaches beyond the data`);
    // a copy, as the file's bytes may begin anywhere in their memory
    return new Uint8Array(binary.subarray(view.byteOffset, view.byteOffset + 4 * length)).buffer;
  };
  let triangles = 0;
  return meshes.map(({ primitives: [{ attributes, indices }] }, mesh) => {
    const corners = new Uint32Array(rangeOf(indices, UINT, "SCALAR", 1));
    const positions = new Float32Array(rangeOf(attributes.POSITION, FLOAT, "VEC3", 3));
    triangles += corners.length / 3;
    if (triangles > MESH_FILE_LIMITS.triangles)
      throw refuse(`it has more than ${MESH_FILE_LIMITS.triangles} triangles`);
    if (corners.length % 3 !== 0 || corners.some((corner) => 3 * corner >= positions.length))
      throw refuse(`a triangle of mesh ${mesh} has a corner that is not there`);
    if (!positions.every(Number.isFinite)) throw refuse(`a corner of mesh ${mesh} is not finite`);
    return { positions, indices: corners };
  });
}

function chunksOf(
  bytes: Uint8Array,
  refuse: (what: string) => UsageError,
): { readonly document: unknown; readonly binary: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = HEADER_BYTES + CHUNK_HEADER_BYTES;
  const word = (offset: number) => (offset + 4 <= bytes.length ? view.getUint32(offset, true) : -1);
  if (word(0) !== MAGIC || word(4) !== 2 || word(16) !== JSON_CHUNK) throw refuse("it is no glTF 2.0");
  if (word(8) !== bytes.length) throw refuse(`it breaks off after ${bytes.length} bytes`);
  const end = start + word(12);
  const length = word(end);
  const binaryStart = end + CHUNK_HEADER_BYTES;
  if (word(end + 4) !== BINARY_CHUNK || length < 0 || binaryStart + length > bytes.length)
    throw refuse("it has no binary part");
  try {
    const document = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
    return { document, binary: bytes.subarray(binaryStart, binaryStart + length) };
  } catch {
    throw refuse("its description is not JSON");
  }
}

/** Return the corners of the box around the points, as glTF has them. */
export function boundsOf(positions: ArrayLike<number>): {
  readonly min: [number, number, number];
  readonly max: [number, number, number];
} {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let o = 0; o < positions.length; o++) {
    const axis = (o % 3) as 0 | 1 | 2;
    min[axis] = Math.min(min[axis], positions[o]!);
    max[axis] = Math.max(max[axis], positions[o]!);
  }
  return { min, max };
}
