import { expect, test } from "vitest";
import { convexHull, integrateVolume } from "../../../src/math/convex-hull.js";
import type { Vec3 } from "../../../src/math/vector.js";
import { type BodyShape, massProperties } from "../../../src/physics/bodies/body-shape.js";
import { compileMjcf } from "../mujoco.js";

test.each<[string, BodyShape, string]>([
  ["sphere", { type: "sphere", radius: 0.03 }, "0.03"],
  ["capsule", { type: "capsule", radius: 0.02, length: 0.07 }, "0.02 0.035"],
  ["cylinder", { type: "cylinder", radius: 0.02, length: 0.07 }, "0.02 0.035"],
  ["box", { type: "box", halfExtents: [0.01, 0.02, 0.03] }, "0.01 0.02 0.03"],
])("the inertia of a %s is MuJoCo's", (type, shape, size) => {
  const { model } = compileMjcf(
    `<mujoco><worldbody><body><freejoint/><geom type="${type}" size="${size}" mass="0.3"/></body></worldbody></mujoco>`,
  );
  const theirs = Array.from(model.body_inertia as Float64Array).slice(3, 6);
  const { inertia, centre } = massProperties(shape, 0.3);
  expect(centre).toEqual([0, 0, 0]);
  // MuJoCo sorts a body's principal moments
  const ours = inertia.slice(0, 3).sort((a, b) => b - a);
  theirs.sort((a, b) => b - a);
  for (let k = 0; k < 3; k++) expect(ours[k]! / theirs[k]!).toBeCloseTo(1, 12);
});

test("a box given by its corners, off its origin, has the mass properties of a box and its six faces", () => {
  const half: Vec3 = [0.01, 0.02, 0.03];
  const offset: Vec3 = [0.1, -0.2, 0.05];
  const points = [-1, 1].flatMap((i) =>
    [-1, 1].flatMap((j) =>
      [-1, 1].map((k): Vec3 => [offset[0] + i * half[0], offset[1] + j * half[1], offset[2] + k * half[2]]),
    ),
  );
  // points inside and in the middle of a face change nothing
  const hull = convexHull([...points, offset, [offset[0] + half[0], offset[1], offset[2]]]);
  expect(hull.vertices).toHaveLength(24);
  expect(hull.normals).toHaveLength(18);
  expect(integrateVolume(hull).volume).toBeCloseTo(8 * half[0] * half[1] * half[2], 15);
  const box = massProperties({ type: "box", halfExtents: half }, 0.3);
  const convex = massProperties({ type: "convex", points }, 0.3);
  for (let k = 0; k < 3; k++) expect(convex.centre[k]).toBeCloseTo(offset[k]!, 12);
  for (let k = 0; k < 6; k++) expect(convex.inertia[k]).toBeCloseTo(box.inertia[k]!, 15);
});

test("a regular tetrahedron of edge a has the moments m a²/20 and the volume a³/(6 √2)", () => {
  const edge = 0.04 * Math.SQRT2 * 2;
  const points: Vec3[] = [
    [0.04, 0.04, 0.04],
    [0.04, -0.04, -0.04],
    [-0.04, 0.04, -0.04],
    [-0.04, -0.04, 0.04],
  ];
  expect(integrateVolume(convexHull(points)).volume).toBeCloseTo(edge ** 3 / (6 * Math.SQRT2), 15);
  const { inertia } = massProperties({ type: "convex", points }, 0.5);
  for (let k = 0; k < 3; k++) expect(inertia[k]).toBeCloseTo((0.5 * edge * edge) / 20, 12);
  for (let k = 3; k < 6; k++) expect(inertia[k]).toBeCloseTo(0, 12);
});

test("a convex body of points in one plane, of too few or of too many is refused", () => {
  const flat: Vec3[] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
  ];
  expect(() => convexHull(flat)).toThrow("the points of a convex body lie in one plane");
  expect(() => convexHull(flat.slice(1))).toThrow("a convex body needs 4 to 64 points, not 3");
});
