// Mesh files: what is written is read, and nothing else.
import { expect, test } from "vitest";
import { UsageError } from "../../src/math/usage-error.js";
import { readMeshFile, writeMeshFile } from "../../src/scene/mesh-file.js";

const tetrahedron = {
  positions: Float32Array.of(0, 0, 0, 0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.3),
  indices: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
};
const triangle = {
  positions: Float32Array.of(-1, 0, 0.5, 1, 0, 0.5, 0, 1, 0.25),
  indices: Uint32Array.of(0, 1, 2),
};

test("meshes are read as they were written, and the same ones are the same bytes", () => {
  const bytes = writeMeshFile([tetrahedron, triangle]);
  expect(readMeshFile(bytes, "a.glb")).toEqual([tetrahedron, triangle]);
  expect(writeMeshFile([tetrahedron, triangle])).toEqual(bytes);
  // in the middle of other memory, at an address that no number is aligned to
  const shifted = new Uint8Array(bytes.length + 9);
  shifted.set(bytes, 5);
  expect(readMeshFile(shifted.subarray(5, 5 + bytes.length), "a.glb")).toEqual([tetrahedron, triangle]);
  expect(readMeshFile(Buffer.from(bytes), "a.glb")).toEqual([tetrahedron, triangle]);
});

test("the file is a binary glTF whose bounds are those of the points", () => {
  const bytes = writeMeshFile([triangle]);
  const view = new DataView(bytes.buffer);
  expect([0, 4, 8].map((o) => view.getUint32(o, true))).toEqual([0x46546c67, 2, bytes.length]);
  const length = view.getUint32(12, true);
  const { accessors } = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  expect(accessors[0]).toMatchObject({ type: "VEC3", count: 3, min: [-1, 0, 0.25], max: [1, 1, 0.5] });
});

/** The bytes with other words in the description, which keep its length. */
function changed(from: string, to: string): Uint8Array {
  const bytes = writeMeshFile([tetrahedron]);
  const start = Buffer.from(bytes).indexOf(from);
  expect([start > 0, to.length]).toEqual([true, from.length]);
  bytes.set(new TextEncoder().encode(to), start);
  return bytes;
}

test.each([
  ["it is no glTF 2.0", new Uint8Array(3)],
  ["it breaks off after 100 bytes", writeMeshFile([tetrahedron]).slice(0, 100)],
  ["its description is not JSON", changed('{"asset"', '["asset"')],
  [
    "accessors.0.count: Invalid input: expected number, received undefined",
    changed('"count":4', '"xount":4'),
  ],
  ["accessor 0 reaches beyond the data", changed('"count":4', '"count":5')],
  ["accessor 7 is not as it is written", changed('"POSITION":0', '"POSITION":7')],
  ["a triangle of mesh 0 has a corner that is not there", changed('"count":4', '"count":3')],
  [
    "a corner of mesh 0 is not finite",
    writeMeshFile([{ ...tetrahedron, positions: tetrahedron.positions.with(4, Number.NaN) }]),
  ],
  ["it has 16000001 bytes, expected at most 16000000", new Uint8Array(16_000_001)],
])("refused: %s", (what, bytes) => {
  expect(() => readMeshFile(bytes, "a.glb")).toThrow(
    new UsageError(`a.glb is no mesh file of armgym: ${what}.`),
  );
});
