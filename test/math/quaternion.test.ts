import { expect, test } from "vitest";
import {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  quaternionFromRotation,
  rotateVector,
} from "../../src/math/quaternion.js";

test("a quarter turn about z takes x to y", () => {
  const turned = rotateVector(quaternionFromAxisAngle([0, 0, 1], Math.PI / 2), [2, 0, 5]);
  expect(turned[0]).toBeCloseTo(0, 15);
  expect(turned[1]).toBeCloseTo(2, 15);
  expect(turned[2]).toBe(5);
});

test("a product applies its right factor first", () => {
  const aboutX = quaternionFromAxisAngle([1, 0, 0], Math.PI / 2);
  const aboutZ = quaternionFromAxisAngle([0, 0, 1], Math.PI / 2);
  // about x: y -> z, and z stays z about z
  const turned = rotateVector(multiplyQuaternions(aboutZ, aboutX), [0, 1, 0]);
  expect(turned[0]).toBeCloseTo(0, 15);
  expect(turned[1]).toBeCloseTo(0, 15);
  expect(turned[2]).toBeCloseTo(1, 15);
});

test("a rotation matrix gives its quaternion back, whichever entry is the largest", () => {
  const turns: Quat[] = [
    [0.1, -0.2, 0.3, Math.sqrt(0.86)],
    [0.9, 0.1, -0.3, 0.3],
    [0.1, 0.9, 0.3, -0.3],
    [-0.3, 0.1, 0.9, 0.3],
  ];
  for (const turn of turns) {
    const columns = (
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ] as const
    ).map((axis) => rotateVector(turn, axis));
    const matrix = [0, 1, 2].flatMap((row) => columns.map((column) => column[row]!));
    const found = quaternionFromRotation(matrix);
    const sign = Math.sign(found[3] * turn[3]);
    for (const [k, value] of turn.entries()) expect(sign * found[k]!).toBeCloseTo(value, 12);
  }
});
