import { describe, expect, test } from "vitest";
import { type Quat, rotateVector } from "../../../../src/math/quaternion.js";
import { createRandom } from "../../../../src/math/random.js";
import type { Vec3 } from "../../../../src/math/vector.js";
import { convexParts, MAX_PARTS } from "../../../../src/robots/import/geometry/convex-parts.js";
import { fittedShape } from "../../../../src/robots/import/geometry/fitted-shape.js";
import { countInside } from "../../../../src/robots/import/geometry/hull-solid.js";
import { joinedMeshes, placedMesh } from "../../../../src/robots/import/geometry/triangle-mesh.js";
import { arch, box, cone, OBLIQUE } from "./solids.js";

const near = (value: number) => expect.closeTo(value, 6);
const oblique = { position: [0.3, -0.2, 0.1] as Vec3, quaternion: OBLIQUE };

describe("one convex part", () => {
  test("is what a box is, and its shape that box, turned or not", () => {
    const mesh = box([0.1, 0, -0.2], [0.3, 0.4, 0.4]);
    const { hulls, error } = convexParts(mesh)!;
    expect([hulls.length, error]).toEqual([1, 0]);
    expect(fittedShape(hulls[0]!)).toEqual({
      type: "box",
      halfExtents: [near(0.1), near(0.2), near(0.3)],
      position: [near(0.2), near(0.2), near(0.1)],
    });
    const turned = fittedShape(convexParts(placedMesh(mesh, oblique))!.hulls[0]!);
    if (turned.type !== "box") throw new Error(turned.type);
    expect([...turned.halfExtents].sort()).toEqual([near(0.1), near(0.2), near(0.3)]);
    const middle = rotateVector(OBLIQUE, [0.2, 0.2, 0.1]);
    expect(turned.position).toEqual(middle.map((value, k) => near(value + oblique.position[k]!)));
    // each of the box's own axes is one of the turned mesh's, one way or the other
    for (const axis of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const) {
      const own = rotateVector(turned.quaternion!, axis);
      const parts = (
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ] as const
      ).map((of) => {
        const [x, y, z] = rotateVector(OBLIQUE, of);
        return Math.abs(x * own[0] + y * own[1] + z * own[2]);
      });
      expect(Math.max(...parts)).toBeCloseTo(1, 9);
    }
  });

  test("is what a cylinder of 64 sides is, and its shape the cylinder around it", () => {
    const upright = fittedShape(convexParts(cone(0.05, 0.05, 0.3))!.hulls[0]!);
    expect(upright).toEqual({
      type: "cylinder",
      radius: near(0.05),
      length: near(0.3),
      position: [near(0), near(0), near(0)],
    });
    const mesh = placedMesh(cone(0.05, 0.05, 0.3), oblique);
    const turned = fittedShape(convexParts(mesh)!.hulls[0]!);
    expect(turned).toMatchObject({ type: "cylinder", radius: near(0.05), length: near(0.3) });
    const axis = rotateVector((turned as { quaternion: Quat }).quaternion, [0, 0, 1]);
    const expected = rotateVector(OBLIQUE, [0, 0, 1]);
    expect(Math.abs(axis[0] * expected[0] + axis[1] * expected[1] + axis[2] * expected[2])).toBeCloseTo(1, 9);
  });

  test("of a cone is a hull of at most 40 corners that leaves out half a hundredth of its size", () => {
    const mesh = cone(0.1, 0.02, 0.2);
    const { hulls, error } = convexParts(mesh)!;
    expect(hulls.length).toBe(1);
    expect(error).toBe(0);
    const shape = fittedShape(hulls[0]!);
    if (shape.type !== "convex") throw new Error(shape.type);
    expect(shape.points.length).toBeLessThanOrEqual(40);
    // a frustum holds π h (R² + R r + r²) / 3; 40 corners on two rings leave out some hundredths
    const lowest = Math.min(...shape.points.map((point) => point[2] + shape.position[2]));
    expect(lowest).toBeCloseTo(-0.1, 9);
    for (const height of [-0.1, 0.1]) {
      const ring = shape.points.filter((point) => Math.abs(point[2] + shape.position[2] - height) < 1e-9);
      expect(ring.length).toBeGreaterThan(6);
    }
  });
});

describe("several convex parts", () => {
  test("are what an L is: two boxes, without what lies between its legs", () => {
    const legs = [box([0, 0, 0], [0.4, 0.1, 0.1]), box([0, 0.1, 0], [0.1, 0.4, 0.1])];
    const { hulls, hullError, error } = convexParts(joinedMeshes(legs))!;
    expect(hulls.length).toBe(2);
    // the hull holds 0.4² − 0.3²/2 by 0.1, the legs 0.07 by 0.1; cubes count within some hundredths
    expect(hullError).toBeGreaterThan(0.3);
    expect(hullError).toBeLessThan(1 - 0.07 / 0.115);
    expect(error).toBeLessThan(0.02);
    expect(hulls.reduce((sum, { volume }) => sum + volume, 0)).toBeCloseTo(0.007, 3);
    expect(hulls.map((hull) => fittedShape(hull).type)).toEqual(["box", "box"]);
  });

  test("are what an arch is, at most eight, and hold all of it but not what it spans", () => {
    const mesh = arch(0.1, 0.14);
    const { hulls, hullError, error } = convexParts(mesh)!;
    expect(hullError).toBeGreaterThan(0.4);
    expect(hulls.length).toBeGreaterThan(3);
    expect(hulls.length).toBeLessThanOrEqual(MAX_PARTS);
    expect(error).toBeLessThan(0.12);
    expect(hulls.some((hull) => countInside(hull, Float64Array.of(0, 0.03, 0)) > 0)).toBe(false);
    const marks = new Uint8Array(mesh.vertices.length / 3);
    // a hair's breadth towards the middle of the ring's section, so that rounding does not decide
    const inwards = mesh.vertices.map((value, k) => (k % 3 === 2 ? 0.99 * value : value));
    for (const hull of hulls)
      countInside(
        { ...hull, planes: hull.planes.map((p, k) => (k % 4 === 3 ? p + 1e-4 : p)) },
        inwards,
        marks,
      );
    expect(marks.every((mark) => mark === 1)).toBe(true);
  });
});

test("a mesh of 80,000 triangles has the parts that one of few has", () => {
  const fine = convexParts(cone(0.05, 0.05, 0.3, 20_000))!;
  expect(fine.hulls.length).toBe(1);
  expect(fittedShape(fine.hulls[0]!)).toMatchObject({ type: "cylinder", radius: expect.closeTo(0.05, 3) });
});

test("triangles that fill a box without order are their hull, soon", { timeout: 5000 }, () => {
  const random = createRandom("triangles");
  const vertices = Float64Array.from({ length: 3 * 30_000 }, () => random.uniform(0, 1));
  const triangles = Uint32Array.from({ length: 3 * 30_000 }, () => Math.floor(random.uniform(0, 30_000)));
  const { hulls } = convexParts({ vertices, triangles, parts: [{ numTriangles: 30_000 }] })!;
  expect(hulls.length).toBe(1);
  expect(hulls[0]!.volume).toBeGreaterThan(0.8);
});

test("a flat mesh has no parts, a surface with a hole and one that crosses itself have", () => {
  expect(convexParts({ ...box([0, 0, 0], [0.1, 0.2, 0]) })).toBeUndefined();
  const open = box([0, 0, 0], [0.1, 0.2, 0.3]);
  expect(convexParts({ ...open, triangles: open.triangles.subarray(6) })!.hulls.length).toBe(1);
  const crossing = joinedMeshes([
    box([-0.2, -0.02, -0.02], [0.2, 0.02, 0.02]),
    box([-0.02, -0.2, -0.02], [0.02, 0.2, 0.02]),
  ]);
  const { hulls, error } = convexParts(crossing)!;
  expect(hulls.length).toBe(3);
  expect(error).toBeLessThan(0.05);
});
