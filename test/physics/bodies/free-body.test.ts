// Where a body is and how it moves, as arrays.
import { expect, test } from "vitest";
import { World } from "../../../src/physics/world.js";

test("where a body is and how it moves are arrays, which stay as they were read", () => {
  const world = new World({ timestep: 0.01 });
  const body = world.addBody({ name: "ball", shape: { type: "sphere", radius: 0.1 }, mass: 1 });
  body.setPose([1, 2, 3], [0, 0, 0.6, 0.8]);
  body.setVelocity([4, 5, 6], [7, 8, 9]);
  const { position, quaternion, velocity, angularVelocity } = body;
  expect([position, quaternion, velocity, angularVelocity]).toEqual([
    [1, 2, 3],
    [0, 0, 0.6, 0.8],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  body.setPose([0, 0, 5]);
  expect([body.position, body.quaternion, body.velocity, body.angularVelocity]).toEqual([
    [0, 0, 5],
    [0, 0, 0, 1],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect([position, velocity]).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});
