import { describe, expect, test } from "vitest";
import { integrateVolume } from "../../src/math/convex-hull.js";
import { type HullDetail, hullTriangles } from "../../src/math/quick-hull.js";
import { createRandom } from "../../src/math/random.js";

function hullOf(points: Float64Array, detail?: HullDetail) {
  const triangles = hullTriangles(points, detail)!;
  const faceStart = Int32Array.from({ length: triangles.length / 3 + 1 }, (_, face) => 3 * face);
  const { volume } = integrateVolume({ vertices: points, faceStart, faceVertices: triangles });
  return { volume, triangles, numCorners: new Set(triangles).size };
}

function grid(turn: (x: number, y: number, z: number) => readonly number[]): Float64Array {
  return Float64Array.from(
    Array.from({ length: 1000 }, (_, k) =>
      turn(k % 10, 2 * (Math.floor(k / 10) % 10), 3 * Math.floor(k / 100)),
    ).flat(),
  );
}

describe("the hull", () => {
  test("of a grid of points is its box, however many lie in one plane or one line", () => {
    const { volume, numCorners } = hullOf(grid((x, y, z) => [x, y, z]));
    expect(volume).toBe(9 * 18 * 27);
    expect(numCorners).toBe(8);
  });

  test("of points that rounding has moved out of their planes holds them all", () => {
    const points = grid((x, y, z) => [0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y, z].map(Math.fround));
    const { volume, triangles } = hullOf(points);
    expect(volume).toBeCloseTo(9 * 18 * 27, 2);
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) =>
        points.subarray(3 * triangles[t + k]!, 3 * triangles[t + k]! + 3),
      ) as [Float64Array, Float64Array, Float64Array];
      const u = [0, 1, 2].map((k) => b[k]! - a[k]!);
      const v = [0, 1, 2].map((k) => c[k]! - a[k]!);
      const n = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!);
      for (let p = 0; p < points.length; p += 3)
        expect(n.reduce((sum, nk, k) => sum + nk * (points[p + k]! - a[k]!), 0)).toBeLessThan(1e-4);
    }
  });

  test("of a ball of points, cut short, has the corners asked for and most of the volume", () => {
    const random = createRandom("ball");
    const points = Float64Array.from({ length: 6000 }, () => random.normal());
    for (let p = 0; p < points.length; p += 3) {
      const length = Math.hypot(points[p]!, points[p + 1]!, points[p + 2]!);
      for (let k = 0; k < 3; k++) points[p + k] = points[p + k]! / length;
    }
    const whole = hullOf(points);
    expect(whole.numCorners).toBe(2000);
    const cut = hullOf(points, { maxVertices: 48 });
    expect(cut.numCorners).toBe(48);
    expect(cut.volume / whole.volume).toBeGreaterThan(0.84);
    // a ball's cap of height h over a face: 0.1 m are left out
    expect(hullOf(points, { tolerance: 0.1 }).numCorners).toBeLessThan(80);
  });

  test("of points in one plane is none", () => {
    expect(hullTriangles(grid((x, y) => [x, y, x + y]))).toBeUndefined();
    expect(hullTriangles(Float64Array.from({ length: 12 }, () => 1))).toBeUndefined();
  });
});
