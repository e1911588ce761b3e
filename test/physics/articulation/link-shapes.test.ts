import { describe, expect, test } from "vitest";
import { quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import type { CollisionShape, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { World } from "../../../src/physics/world.js";

/** A link of 2 kg that slides down a vertical rail, nothing driving it; the rail is held upright by servos along x and y. */
function slider(collision: readonly CollisionShape[]): LinkModel[] {
  return (["x", "y", "z"] as const).map((name, parent): LinkModel => {
    const drives = name !== "z";
    return {
      name,
      parent: parent - 1,
      position: [0, 0, name === "z" ? 0.5 : 0],
      quaternion: [0, 0, 0, 1],
      mass: 2,
      centerOfMass: [0, 0, 0],
      inertia: [0.01, 0.01, 0.01, 0, 0, 0],
      joint: {
        ...{ name, type: "prismatic", lower: -1, upper: 1, velocityLimit: 10, effortLimit: 1000 },
        axis: [Number(name === "x"), Number(name === "y"), Number(name === "z")],
        ...{ stiffness: drives ? 1e4 : 0, damping: drives ? 1e3 : 0, armature: 0, viscousFriction: 0 },
      },
      collision: drives ? [] : collision,
    };
  });
}

const tilt = quaternionFromAxisAngle([0, 1, 0], Math.PI / 6);
const [sine, cosine] = [0.5, Math.sqrt(3) / 2];
const position = [0.03, 0.02, -0.04] as const;
/** A pyramid whose corner points down at rest; its hull needs the tip. */
const points = [
  [0.05, 0.06, 0.02],
  [-0.05, 0.06, 0.02],
  [-0.05, -0.06, 0.02],
  [0.05, -0.06, 0.02],
  [0, 0, -0.07],
] as const;

/** Each with how far it reaches below the link's origin, m. */
const shapes: readonly [string, CollisionShape, number][] = [
  ["a sphere", { type: "sphere", radius: 0.05, position }, 0.09],
  [
    "a tilted box",
    { type: "box", halfExtents: [0.02, 0.03, 0.06], position, quaternion: tilt },
    0.04 + 0.06 * cosine + 0.02 * sine,
  ],
  [
    "a tilted capsule",
    { type: "capsule", radius: 0.02, length: 0.1, position, quaternion: tilt },
    0.04 + 0.05 * cosine + 0.02,
  ],
  [
    "a tilted cylinder",
    { type: "cylinder", radius: 0.02, length: 0.1, position, quaternion: tilt },
    0.04 + 0.05 * cosine + 0.02 * sine,
  ],
  ["a pyramid", { type: "convex", points, position }, 0.04 + 0.07],
  ["a tilted pyramid", { type: "convex", points, position, quaternion: tilt }, 0.04 + 0.07 * cosine],
];

describe("a link comes to rest on the table by the lowest point of", () => {
  test.for(shapes)("%s", ([, shape, depth]) => {
    const world = new World({ timestep: 1 / 240 });
    world.addTable();
    const arm = world.addArticulation({ links: slider([shape]) });
    for (let step = 0; step < 480; step++) world.step();
    expect(arm.linkPositions[8]).toBeCloseTo(depth, 3);
    expect(arm.jointVelocities[2]).toBeCloseTo(0, 3);
    const weight = world.contacts().reduce((sum, { normalForce }) => sum + normalForce, 0);
    expect(weight).toBeCloseTo(2 * 9.81, 1);
  });

  test.for(shapes)("%s, on a box that stands on the table", ([, shape, depth]) => {
    const world = new World({ timestep: 1 / 240 });
    world.addTable();
    const arm = world.addArticulation({ links: slider([shape]) });
    const box = world.addBox({ name: "box", halfExtents: [0.2, 0.2, 0.05], mass: 10 });
    box.setPose([0, 0, 0.05]);
    for (let step = 0; step < 480; step++) world.step();
    expect(arm.linkPositions[8]).toBeCloseTo(0.1 + depth, 3);
    expect(box.position[2]).toBeCloseTo(0.05, 3);
  });
});

test("a box that rounding has broken up rests on its whole face", () => {
  const noisy = [-1, 1].flatMap((i) =>
    [-1, 1].flatMap((j) =>
      [-1, 1].map((k) => [0.05 * i + 1e-8 * j * k, 0.05 * j, 0.05 * k + 1e-8 * i * j] as const),
    ),
  );
  const world = new World({ timestep: 1 / 240 });
  world.addTable();
  world.addArticulation({
    links: slider([{ type: "convex", points: noisy, position: [0, 0, 0] }]),
  });
  const box = world.addBox({ name: "box", halfExtents: [0.2, 0.2, 0.05], mass: 10 });
  box.setPose([0, 0, 0.05]);
  for (let step = 0; step < 480; step++) world.step();
  const between = world.contacts().filter(({ bodyA, bodyB }) => [bodyA, bodyB].includes("z"));
  expect(between.length).toBe(4);
});
