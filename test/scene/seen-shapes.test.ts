// Who sees which shapes.
import { expect, test } from "vitest";
import type { SceneShape } from "../../src/scene/scene.js";
import {
  meshFilesOf,
  shapesOfCameras,
  shapesOfPeople,
  shapesWithoutMeshes,
} from "../../src/scene/seen-shapes.js";

const placed = { position: [0, 0, 0], quaternion: [0, 0, 0, 1], color: [1, 1, 1, 1] } as const;
const ball = { type: "sphere", radius: 1, ...placed } as const;
const detail = { type: "sphere", radius: 2, ...placed, seenBy: "people" } as const;
const hull = { type: "sphere", radius: 3, ...placed, seenBy: "cameras" } as const;
const mesh: SceneShape = {
  ...{ type: "mesh", file: "a".repeat(64), mesh: 0, low: [0, 0, 0], high: [1, 1, 1] },
  ...placed,
};

test("cameras see no meshes and no details, people no hulls", () => {
  const entity = { shapes: [ball, detail, hull, mesh] };
  expect(shapesOfCameras(entity)).toEqual([ball, hull]);
  expect(shapesOfPeople(entity)).toEqual([ball, detail, mesh]);
});

test("where meshes cannot be drawn people see what cameras see, else their own", () => {
  expect(shapesWithoutMeshes({ shapes: [ball, detail, hull, mesh] })).toEqual([ball, hull]);
  expect(shapesWithoutMeshes({ shapes: [ball, detail, hull] })).toEqual([ball, detail]);
});

test("a scene's mesh files are named once each", () => {
  const other = { ...mesh, file: "b".repeat(64) };
  expect([...meshFilesOf({ entities: [{ shapes: [mesh, ball, mesh] }, { shapes: [other] }] })]).toEqual([
    mesh.file,
    other.file,
  ]);
});
