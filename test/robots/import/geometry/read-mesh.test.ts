import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { meshVolume } from "../../../../src/robots/import/geometry/mesh-mass.js";
import { readMesh } from "../../../../src/robots/import/geometry/read-mesh.js";
import { meshBounds, scaledMesh } from "../../../../src/robots/import/geometry/triangle-mesh.js";
import { binaryStl, dae, encode, gltf, MTL, msh, obj, textStl } from "./mesh-files.js";

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6));

describe("a box of 0.2 x 0.4 x 0.6 m is read with its place, its volume and its outside from", () => {
  test.for<[string, string, Uint8Array]>([
    ["a text STL", "box.stl", textStl()],
    ["a binary STL", "box.STL", binaryStl()],
    ["a binary STL that says solid", "box.stl", binaryStl({ header: "solid box" })],
    ["a binary STL with bytes after its triangles", "box.stl", binaryStl({ trailing: 2 })],
    ["an STL whose name says OBJ", "box.obj", binaryStl()],
    ["an OBJ with quads and negative indices", "box.obj", obj()],
    ["MuJoCo's MSH", "box.msh", msh()],
    ["a COLLADA file in inches with nodes", "box.dae", dae()],
    ["a GLB with a node that mirrors", "box.glb", gltf().glb],
  ])("%s", ([, name, bytes]) => {
    const mesh = readMesh(bytes, name);
    expect(mesh.triangles.length).toBe(36);
    expect(mesh.vertices.length).toBe(24);
    expect(mesh.parts.reduce((sum, { numTriangles }) => sum + numTriangles, 0)).toBe(12);
    const { low, high } = meshBounds(mesh);
    expect(low).toEqual(near([0.1, 0, -0.2]));
    expect(high).toEqual(near([0.3, 0.4, 0.4]));
    const { volume, centre, moments } = meshVolume(mesh)!;
    expect(volume).toBeCloseTo(0.048, 7);
    expect(centre).toEqual(near([0.2, 0.2, 0.1]));
    // ∫xx = V w²/12 and so on
    expect(moments.slice(0, 3)).toEqual(near([0.00016, 0.00064, 0.00144]));
  });

  test("a glTF whose buffer is a file beside it", () => {
    const { json, bin } = gltf(true);
    const asked: string[] = [];
    const mesh = readMesh(json, "package://arm/meshes/box.gltf", (file) => {
      asked.push(file);
      return bin;
    });
    expect(asked).toEqual(["package://arm/meshes/box.bin"]);
    expect(meshVolume(mesh)!.volume).toBeCloseTo(0.048, 7);
  });
});

test("colours are those of an OBJ's library, a COLLADA's effects and a glTF's materials", () => {
  const asked: string[] = [];
  const library = (file: string) => {
    asked.push(file);
    return MTL;
  };
  const half = (color?: readonly number[]) => ({ numTriangles: 6, ...(color ? { color } : {}) });
  expect(readMesh(obj(), "meshes/box.obj", library).parts).toEqual([half([1, 0.25, 0, 0.5]), half()]);
  expect(asked).toEqual(["meshes/box.mtl"]);
  expect(readMesh(dae(), "box.dae").parts).toEqual([half([0, 0.5, 1, 1]), half()]);
  expect(readMesh(gltf().glb, "box.glb").parts).toEqual([{ numTriangles: 12, color: [0.5, 0.25, 0, 1] }]);
});

test("a mesh mirrored by its scale keeps its outside outside", () => {
  const mirrored = scaledMesh(readMesh(obj(), "box.obj"), [-1, 2, 0.5]);
  expect(meshBounds(mirrored)).toEqual({ low: near([-0.3, 0, -0.1]), high: near([-0.1, 0.8, 0.2]) });
  expect(meshVolume(mirrored)!.volume).toBeCloseTo(0.048, 12);
});

test("a surface with a hole has no volume", () => {
  const mesh = readMesh(binaryStl(), "box.stl");
  expect(meshVolume({ ...mesh, triangles: mesh.triangles.subarray(3) })).toBeUndefined();
});

describe("refused by name is", () => {
  const nanStl = binaryStl();
  new DataView(nanStl.buffer).setFloat32(84 + 50 * 2 + 12, Number.NaN, true);
  const huge = new Uint8Array(84);
  new DataView(huge.buffer).setUint32(80, 900, true);
  const compressed = encode(
    '{"asset":{"version":"2.0"},"extensionsRequired":["KHR_draco_mesh_compression"]}',
  );
  const circle = encode('{"asset":{"version":"2.0"},"scenes":[{"nodes":[0]}],"nodes":[{"children":[0]}]}');
  test.for<[string, Uint8Array, string]>([
    ["NaN in a binary STL", nanStl, "m.stl: triangle 3 has the coordinate NaN, expected a finite number."],
    [
      "NaN in a text STL",
      encode(new TextDecoder().decode(textStl()).replace("0.3", "nan")),
      'm.stl:18: "nan" is a vertex\'s coordinate, expected a finite number.',
    ],
    [
      "a word in an OBJ",
      encode("v 0 0 0\nv 0 x 0\n"),
      'm.stl:2: "x" is a vertex\'s coordinate, expected a finite number.',
    ],
    ["a face of nothing", encode("v 0 0 0\nf 1 2 3\n"), 'm.stl:2: a face names vertex "2", of 1 above it.'],
    ["a file cut off", huge, "m.stl ends after 0 of the 900 triangles that it says it has. Is it whole?"],
    [
      "a triangle of COLLADA beyond the points",
      dae({ vertex: "8" }),
      "m.stl: a triangle names vertex 8, which is not there.",
    ],
    [
      "COLLADA that is not XML",
      encode("<?xml version='1.0'?><COLLADA><a></COLLADA>"),
      "m.stl:1: not well-formed XML: ",
    ],
    [
      "entities",
      encode('<?xml version="1.0"?><!DOCTYPE COLLADA [<!ENTITY a "b">]><COLLADA/>'),
      "m.stl:1: <!ENTITY is refused: a robot description needs no entities of its own.",
    ],
    [
      "compression",
      compressed,
      "m.stl needs KHR_draco_mesh_compression, which is not read. Save it without compression.",
    ],
    ["nodes in a circle", circle, "m.stl: there are more than 10000 nodes, or more than 200 on one another."],
    [
      "a note of Git LFS",
      encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 84\n"),
      'm.stl is not the mesh but a note of where Git LFS keeps it. Fetch it by "git lfs pull".',
    ],
    [
      "a mesh of 120 MB",
      new Uint8Array(120e6),
      "m.stl has 120 MB, more than the 100 MB that a mesh may have. Give a coarser one.",
    ],
  ])("%s", ([, bytes, message]) => {
    const read = () => readMesh(bytes, "m.stl");
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });
});

test("what is no mesh is told apart from a mesh without triangles", () => {
  for (const bytes of [
    encode("v 0 0 0\nv 1 0 0\n"),
    encode("solid empty\nendsolid\n"),
    binaryStl({ triangles: [[0, 1, 0]] }),
    new Uint8Array(80),
  ])
    expect(readMesh(bytes, "m.stl").triangles.length).toBe(0);
  expect(() => readMesh(encode("hostname\n"), "etc/hostname")).toThrow(
    "etc/hostname is no mesh that can be read; known are STL, OBJ, COLLADA (.dae), glTF (.gltf, .glb) and MuJoCo's MSH.",
  );
});
