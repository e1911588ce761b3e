import { expect, test } from "vitest";
import { multiplyQuaternions, quaternionFromAxisAngle, rotateVector } from "../../src/math/quaternion.js";

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
