import { expect, test } from "vitest";
import { type Quat, quaternionFromAxisAngle } from "../../src/math/quaternion.js";
import { createRandom } from "../../src/math/random.js";
import { World } from "../../src/physics/world.js";
import { panda } from "../../src/robots/models/panda.js";

const TIMESTEP = 1 / 240;
const HALF = 0.02;

function cell(friction: number) {
  const world = new World({ timestep: TIMESTEP, friction });
  world.addTable();
  const cube = world.addBox({ name: "cube", halfExtents: [HALF, HALF, HALF], mass: 0.1 });
  cube.setPose([0, 0, HALF]);
  return { world, cube };
}

function run(world: World, seconds: number): void {
  for (let step = 0; step < seconds / world.timestep; step++) world.step();
}

test.each([
  [0.1, 0.5],
  [0.3, 0.8],
])("a box sliding with friction %f stops after v²/(2 μ g) within 3 %%", (friction, speed) => {
  const { world, cube } = cell(friction);
  world.settle();
  run(world, 0.5);
  const start = cube.position[0];
  cube.setVelocity([speed, 0, 0]);
  run(world, 3);
  const expected = (speed * speed) / (2 * friction * 9.81);
  expect(cube.position[0] - start).toBeGreaterThan(0.97 * expected);
  expect(cube.position[0] - start).toBeLessThan(1.03 * expected);
  expect(Math.abs(cube.position[1])).toBeLessThan(1e-3);
});

test("a box on a slope holds below the friction angle and slips above it", () => {
  // The slope is a half-space tilted by turning gravity instead: the same physics, one axis less.
  const friction = 0.5;
  for (const [tilt, slips] of [
    [Math.atan(friction) - 0.03, false],
    [Math.atan(friction) + 0.03, true],
  ] as const) {
    const world = new World({ timestep: TIMESTEP, friction, gravity: -9.81 * Math.cos(tilt) });
    world.addTable();
    const cube = world.addBox({ name: "cube", halfExtents: [0.04, 0.03, 0.01], mass: 0.1 });
    cube.setPose([0, 0, 0.01]);
    world.settle();
    run(world, 0.5);
    const start = cube.position[0];
    const along = 9.81 * Math.sin(tilt) * TIMESTEP;
    for (let step = 0; step < 480; step++) {
      const [x, y, z] = cube.velocity;
      const [wx, wy, wz] = cube.angularVelocity;
      cube.setVelocity([x + along, y, z], [wx, wy, wz]);
      world.step();
    }
    const moved = cube.position[0] - start;
    if (slips) {
      const acceleration = 9.81 * (Math.sin(tilt) - friction * Math.cos(tilt));
      expect(moved).toBeGreaterThan(0.9 * 0.5 * acceleration * 4);
      expect(moved).toBeLessThan(1.1 * 0.5 * acceleration * 4);
    } else expect(Math.abs(moved)).toBeLessThan(1e-3);
  }
});

test("a resting box sinks no deeper than 0.15 mm and presses with its weight", () => {
  const { world, cube } = cell(0.8);
  world.settle();
  run(world, 2);
  expect(HALF - cube.position[2]).toBeLessThan(1.5e-4);
  expect(HALF - cube.position[2]).toBeGreaterThan(-1e-6);
  const pressing = world.contacts().reduce((sum, contact) => sum + contact.normalForce, 0);
  expect(pressing).toBeCloseTo(0.1 * 9.81, 3);
});

test("a stack of four cubes moves less than 0.2 mm in 10 s", () => {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  const cubes = Array.from({ length: 4 }, (_, index) => {
    const cube = world.addBox({ name: `cube${index}`, halfExtents: [HALF, HALF, HALF], mass: 0.1 });
    cube.setPose([0, 0, HALF * (2 * index + 1)], quaternionFromAxisAngle([0, 0, 1], 0.3 * index));
    return cube;
  });
  world.settle();
  run(world, 1);
  const before = cubes.map(({ position }) => position);
  run(world, 10);
  for (const [index, { position }] of cubes.entries()) {
    const [x, y, z] = before[index]!;
    expect(Math.hypot(position[0] - x, position[1] - y, position[2] - z)).toBeLessThan(2e-4);
  }
});

test("a box dropped on its edge comes to rest on a face without gaining energy", () => {
  const { world, cube } = cell(0.6);
  const half = Math.sin(0.35);
  const tilted: Quat = [half, 0, 0, Math.cos(0.35)];
  cube.setPose([0, 0, 0.1], tilted);
  world.settle();
  let highest = 0.1 * 9.81 * 0.1;
  for (let step = 0; step < 480; step++) {
    world.step();
    const v = cube.velocity;
    const w = cube.angularVelocity;
    const inertia = (0.1 / 3) * 2 * HALF * HALF;
    const kinetic =
      0.05 * (v[0] ** 2 + v[1] ** 2 + v[2] ** 2) + 0.5 * inertia * (w[0] ** 2 + w[1] ** 2 + w[2] ** 2);
    const energy = kinetic + 0.1 * 9.81 * cube.position[2];
    expect(energy).toBeLessThan(highest * 1.01 + 1e-4);
    highest = Math.max(highest, energy);
  }
  expect(Math.hypot(cube.velocity[0], cube.velocity[1], cube.velocity[2])).toBeLessThan(1e-3);
  expect(cube.position[2]).toBeCloseTo(HALF, 3);
});

/** An arm above two cubes, its joints driven by random targets. */
function busyCell(seed: string) {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  const arm = world.addArticulation(panda.articulation);
  const cubes = [0.45, 0.55].map((x, index) => {
    const cube = world.addBox({ name: `cube${index}`, halfExtents: [HALF, HALF, HALF], mass: 0.1 });
    cube.setPose([x, 0.03 * index, HALF]);
    return cube;
  });
  arm.reset([0, 0.55, 0, -2.2, 0, 2.75, 0.7853, 0.03]);
  world.settle();
  const random = createRandom(seed);
  const drive = (steps: number) => {
    for (let step = 0; step < steps; step++) {
      if (step % 24 === 0) {
        for (let dof = 0; dof < arm.numDofs; dof++) {
          const low = Math.max(arm.lowerLimits[dof]!, arm.jointPositions[dof]! - 0.4);
          const high = Math.min(arm.upperLimits[dof]!, arm.jointPositions[dof]! + 0.4);
          arm.jointTargets[dof] = random.uniform(low, high);
        }
      }
      arm.feedForward.set(arm.biasForces);
      world.step();
    }
  };
  return { world, arm, cubes, random, drive };
}

test("the same actions give the same bits in a fresh world, beside another world, and after a restore", () => {
  const reference = busyCell("bits");
  reference.drive(480);
  const early = reference.world.snapshot();
  const stream = reference.random.state();
  reference.drive(960);
  const late = reference.world.snapshot();
  expect(late.contactIndices.length + early.contactIndices.length).toBeGreaterThan(0);

  const [one, other] = [busyCell("bits"), busyCell("other")];
  for (let block = 0; block < 20; block++) {
    one.drive(24);
    other.drive(48);
  }
  expect(one.world.snapshot()).toEqual(early);
  for (let block = 0; block < 40; block++) {
    one.drive(24);
    other.drive(24);
  }
  expect(one.world.snapshot()).toEqual(late);

  const restored = busyCell("something else");
  restored.drive(100);
  restored.world.restore(early);
  restored.random.restore(stream);
  expect(restored.world.snapshot()).toEqual(early);
  restored.drive(960);
  expect(restored.world.snapshot()).toEqual(late);
});

test("200,000 steps of random targets keep every number finite and the energy bounded", {
  timeout: 300_000,
}, () => {
  const { world, arm, cubes, drive } = busyCell("long run");
  let fastest = 0;
  for (let block = 0; block < 2000; block++) {
    drive(100);
    for (const speed of arm.jointVelocities) fastest = Math.max(fastest, Math.abs(speed));
    for (const [index, cube] of cubes.entries()) {
      const [x, y, z] = cube.velocity;
      const speed = Math.hypot(x, y, z);
      expect(Number.isFinite(speed)).toBe(true);
      expect(speed).toBeLessThan(20);
      if (Math.hypot(cube.position[0] - 0.5, cube.position[1]) < 0.4) continue;
      cube.setPose([0.45 + 0.1 * index, 0.03 * index, 0.3]);
      world.settle();
    }
  }
  expect(Number.isFinite(fastest)).toBe(true);
  expect(fastest).toBeLessThan(60);
});

test("a snapshot of another world is refused", () => {
  const { world } = cell(0.8);
  const other = busyCell("refused");
  expect(() => world.restore(other.world.snapshot())).toThrow(
    "the snapshot has 40 joint values and 44 body values, but this world has 0 and 22",
  );
});
