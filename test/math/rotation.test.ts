import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { pointDown, rotationVectorBetween, turnRotation } from "../../src/math/rotation.js";

const IDENTITY = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);

test("a quarter turn about z takes x to y", () => {
  const turned = turnRotation(IDENTITY, 0, 0, Math.PI / 2, new Float64Array(9));
  expect([...turned].map((v) => Number(v.toFixed(12)) + 0)).toEqual([0, -1, 0, 1, 0, 0, 0, 0, 1]);
});

test("pointing down at yaw 0.3 has x at 0.3 rad, z down, and is a rotation", () => {
  const R = pointDown(0.3, new Float64Array(9));
  expect(Math.atan2(R[3]!, R[0]!)).toBeCloseTo(0.3, 12);
  expect([R[2], R[5], R[8]]).toEqual([0, 0, -1]);
  // z = x × y
  expect(R[0]! * R[4]! - R[3]! * R[1]!).toBeCloseTo(-1, 12);
});

test("the vector between a rotation and the same one turned is the turn, up to almost half a turn", () => {
  const random = createRandom("rotation vectors");
  for (let sample = 0; sample < 200; sample++) {
    const start = turnRotation(
      IDENTITY,
      random.uniform(-2, 2),
      random.uniform(-2, 2),
      1,
      new Float64Array(9),
    );
    const turn = [0, 1, 2].map(() => random.uniform(-1.8, 1.8)) as [number, number, number];
    if (Math.hypot(...turn) > 3.1) continue;
    const end = turnRotation(start, ...turn, new Float64Array(9));
    const back = rotationVectorBetween(start, end, new Float64Array(3));
    for (let k = 0; k < 3; k++) expect(back[k]).toBeCloseTo(turn[k]!, 9);
  }
});

test("half a turn has its axis, either way round, and no turn is zero", () => {
  const half = Math.PI / Math.sqrt(3);
  const end = turnRotation(IDENTITY, half, half, half, new Float64Array(9));
  const back = rotationVectorBetween(IDENTITY, end, new Float64Array(3));
  for (let k = 0; k < 3; k++) expect(Math.abs(back[k]!)).toBeCloseTo(half, 6);
  expect([...rotationVectorBetween(end, end, new Float64Array(3))].map((v) => Math.abs(v) < 1e-15)).toEqual([
    true,
    true,
    true,
  ]);
});
