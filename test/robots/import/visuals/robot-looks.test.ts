// What described robots are drawn as.
import { expect, test } from "vitest";
import { IDENTITY_QUATERNION } from "../../../../src/math/quaternion.js";
import type { Vec3 } from "../../../../src/math/vector.js";
import type { DescribedLink, RobotDescription } from "../../../../src/robots/import/description.js";
import { cameraHull } from "../../../../src/robots/import/visuals/camera-hull.js";
import { looksOf } from "../../../../src/robots/import/visuals/robot-looks.js";
import { openSimplifier } from "../../../../src/robots/import/visuals/simplify-mesh.js";
import { readMeshFile } from "../../../../src/scene/mesh-file.js";

const pose = { position: [0.1, 0, 0.2], quaternion: IDENTITY_QUATERNION } as const;
const link = (name: string, visuals: DescribedLink["visuals"] = []): DescribedLink => ({
  ...{ name, line: 1, collisions: [], visuals },
});
const described = (links: readonly DescribedLink[]): RobotDescription => ({
  ...{ name: "arm", file: "arm.urdf", links, joints: [], mayOverlap: [], notes: [] },
});

test("primitives are drawn with their colours, and grey where they have none", () => {
  const base = link("base_link", [
    { line: 2, pose, geometry: { type: "box", size: [0.1, 0.2, 0.3] }, color: [1, 0, 0, 1] },
  ]);
  const arm = link("__proto__", [
    { line: 3, pose, geometry: { type: "cylinder", radius: 0.04, length: 0.3 } },
    { line: 4, pose, geometry: { type: "sphere", radius: 0.05 }, color: [0, 0, 1, 0.5] },
  ]);
  const looks = looksOf(described([base, arm, link("tool0")]), base, { assume: () => {} })!.looks;
  expect(looks.base).toEqual([{ type: "box", size: [0.1, 0.2, 0.3], ...pose, color: [1, 0, 0, 1] }]);
  // a link's name is never what objects have by themselves
  expect(Object.entries(looks.links)).toEqual([
    [
      "__proto__",
      [
        { type: "cylinder", radius: 0.04, length: 0.3, ...pose, color: [0.78, 0.79, 0.81, 1] },
        { type: "sphere", radius: 0.05, ...pose, color: [0, 0, 1, 0.5] },
      ],
    ],
    ["tool0", []],
  ]);
});

/** A ball of radius 1 as an OBJ, open at no edge, about the point (5, 0, 0). */
function ball(rows: number): string {
  const lines = ["v 5 0 1", "v 5 0 -1"];
  const at = (row: number, column: number) => 3 + (row - 1) * rows + (column % rows);
  for (let row = 1; row < rows; row++)
    for (let column = 0; column < rows; column++) {
      const [polar, turn] = [(Math.PI * row) / rows, (2 * Math.PI * column) / rows];
      const ring = Math.sin(polar);
      lines.push(`v ${5 + ring * Math.cos(turn)} ${ring * Math.sin(turn)} ${Math.cos(polar)}`);
    }
  for (let column = 0; column < rows; column++) {
    lines.push(`f 1 ${at(1, column)} ${at(1, column + 1)}`);
    lines.push(`f 2 ${at(rows - 1, column + 1)} ${at(rows - 1, column)}`);
    for (let row = 1; row + 1 < rows; row++)
      lines.push(
        `f ${at(row, column)} ${at(row + 1, column)} ${at(row + 1, column + 1)} ${at(row, column + 1)}`,
      );
  }
  return lines.join("\n");
}

const mesh = (filename: string, scale: Vec3 = [1, 1, 1]) => ({
  ...{ line: 5, pose, geometry: { type: "mesh", filename, scale } as const },
});

test("meshes are drawn by so many triangles, for cameras by hulls, in one file", async () => {
  const files: Record<string, string> = { "fine.obj": ball(100), "coarse.obj": ball(10) };
  const assumed: string[] = [];
  const base = link("base_link", [mesh("fine.obj", [0.1, 0.1, 0.1]), mesh("coarse.obj")]);
  const arm = link("arm", [mesh("lost.obj"), mesh("coarse.obj")]);
  const made = looksOf(described([base, arm, link("bare", [mesh("lost.obj")])]), base, {
    readFile: (name) => (files[name] ? new TextEncoder().encode(files[name]) : undefined),
    drawing: { simplify: await openSimplifier(), hash: (bytes) => `${bytes.length}` },
    assume: (assumption) => assumed.push(assumption),
  })!;
  const drawn = readMeshFile(made.meshFile!, "a.glb");
  const counts = drawn.map(({ indices }) => indices.length / 3);
  // 19,800 and 180 triangles share the 4,000 of a link
  expect(counts[0]).toBeLessThanOrEqual(3964);
  expect(counts[0]).toBeGreaterThan(3000);
  expect(counts).toHaveLength(2);
  for (const [k, radius] of [0.1, 1].entries()) {
    const { positions } = drawn[k]!;
    for (let o = 0; o < positions.length; o += 3)
      expect(Math.hypot(positions[o]! - 5 * radius, positions[o + 1]!, positions[o + 2]!)).toBeCloseTo(
        radius,
        5,
      );
  }
  expect(assumed).toEqual([
    `meshes are drawn by ${counts[0]! + counts[1]!} of 20160 triangles (at most 4000 a link); cameras see their convex hulls`,
    "visual mesh lost.obj cannot be drawn (it is not found): drawn as simple shapes",
  ]);
  const file = `${made.meshFile!.length}`;
  const grey = [0.78, 0.79, 0.81, 1];
  const [people, cameras, ...coarse] = made.looks.base!;
  expect(people).toMatchObject({ type: "mesh", file, mesh: 0, ...pose, color: grey, seenBy: "people" });
  const { low, high } = people as { low: Vec3; high: Vec3 };
  for (const [k, middle] of [0.5, 0, 0].entries()) {
    expect(low[k]).toBeCloseTo(middle - 0.1, 3);
    expect(high[k]).toBeCloseTo(middle + 0.1, 3);
  }
  expect(cameras).toMatchObject({ type: "convex", ...pose, color: grey, seenBy: "cameras" });
  if (cameras?.type !== "convex") throw new Error("no hull");
  expect(cameras.points).toHaveLength(26);
  for (const [x, y, z] of cameras.points) expect(Math.hypot(x - 0.5, y, z)).toBeCloseTo(0.1, 3);
  // the same mesh is in the file once
  expect(made.looks.links.arm).toEqual(coarse);
  expect(coarse[0]).toMatchObject({ type: "mesh", file, mesh: 1 });
  // a link of which nothing can be drawn is drawn from the robot's frames
  expect(Object.keys(made.looks.links)).toEqual(["arm"]);
});

test("a flat mesh is a thin box for cameras", () => {
  const plate = Float32Array.of(0, 0, 0.5, 0.2, 0, 0.5, 0.2, 0.1, 0.5, 0, 0.1, 0.5);
  expect(cameraHull(plate)).toEqual({
    geometry: { type: "box", size: [expect.closeTo(0.2, 6), expect.closeTo(0.1, 6), 0.001] },
    position: [expect.closeTo(0.1, 6), expect.closeTo(0.05, 6), 0.5],
    quaternion: IDENTITY_QUATERNION,
  });
});

test("a description without visual shapes has no looks", () => {
  const base = link("base_link");
  expect(looksOf(described([base, link("arm")]), base, { assume: () => {} })).toBeUndefined();
});
