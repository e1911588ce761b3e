import { expect, test } from "vitest";
import { quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import { World } from "../../../src/physics/world.js";

/** A small box above a shelf, which stands aside at first. */
function shelf() {
  const world = new World({ timestep: 1 / 240 });
  world.addTable();
  const fixture = world.addFixture({ name: "shelf", halfExtents: [0.1, 0.05, 0.02], position: [1, 0, 0.02] });
  const box = world.addBox({ name: "box", halfExtents: [0.01, 0.01, 0.01], mass: 0.1 });
  box.setPose([0, 0.08, 0.06]);
  return { world, fixture, box };
}

function run(world: World): void {
  world.settle();
  for (let step = 0; step < 120; step++) world.step();
}

test("a box falls on a fixture that was moved and turned below it, and past one that was not", () => {
  const { world, fixture, box } = shelf();
  // its long side reaches the box only when it is turned by a quarter
  fixture.setPose([0, 0, 0.02]);
  run(world);
  expect(box.position[2]).toBeCloseTo(0.01, 3);
  box.setPose([0, 0.08, 0.06]);
  fixture.setPose([0, 0, 0.02], quaternionFromAxisAngle([0, 0, 1], Math.PI / 2));
  run(world);
  expect(box.position[2]).toBeCloseTo(0.05, 3);
});

test("a snapshot holds where fixtures stand; one of a world with another number of them is refused", () => {
  const { world, fixture, box } = shelf();
  fixture.setPose([0, 0.08, 0.02]);
  run(world);
  const snapshot = world.snapshot();
  const other = shelf();
  other.world.restore(snapshot);
  expect(other.fixture.position).toEqual([0, 0.08, 0.02]);
  run(other.world);
  run(world);
  expect(other.box.position).toEqual(box.position);
  expect(() =>
    new World({ timestep: 1 / 240 }).restore({
      ...snapshot,
      joints: new Float64Array(0),
      freeBodies: new Float64Array(0),
    }),
  ).toThrow("the snapshot has 1 fixtures, but this world has 0");
});
