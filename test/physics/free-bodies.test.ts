import { expect, test } from "vitest";
import type { Quat } from "../../src/math/quaternion.js";
import { createRandom } from "../../src/math/random.js";
import type { Vec3 } from "../../src/math/vector.js";
import type { BodyShape } from "../../src/physics/bodies/body-shape.js";
import { World } from "../../src/physics/world.js";

const TIMESTEP = 1 / 240;
const GRAVITY = 9.81;
const NONE: Quat = [0, 0, 0, 1];
/** Turns z to y: round bodies lie and roll along x. */
const LYING: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];

const SPHERE: BodyShape = { type: "sphere", radius: 0.02 };
const CAPSULE: BodyShape = { type: "capsule", radius: 0.02, length: 0.05 };
const CYLINDER: BodyShape = { type: "cylinder", radius: 0.02, length: 0.05 };
const BOX: BodyShape = { type: "box", halfExtents: [0.03, 0.03, 0.02] };
const PRISM: BodyShape = {
  type: "convex",
  points: [-0.02, 0.02].flatMap((z) =>
    Array.from({ length: 6 }, (_, k): Vec3 => {
      const angle = (k * Math.PI) / 3;
      return [0.03 * Math.cos(angle), 0.03 * Math.sin(angle), z];
    }),
  ),
};

function run(world: World, seconds: number): void {
  for (let step = 0; step < seconds / TIMESTEP; step++) world.step();
}

/** A body that has come to rest on a table with its centre at `height`. */
function resting(
  shape: BodyShape,
  height: number,
  turn: Quat,
  options: { friction: number; gravity?: number },
) {
  const world = new World({ timestep: TIMESTEP, ...options });
  world.addTable();
  const body = world.addBody({ name: "body", shape, mass: 0.2 });
  body.setPose([0, 0, height], turn);
  world.settle();
  run(world, 0.5);
  return { world, body };
}

/** Speed after one second on a slope: gravity is turned instead of the table. */
function speedOnSlope(shape: BodyShape, tilt: number, friction: number): number {
  const { world, body } = resting(shape, 0.02, LYING, { friction, gravity: -GRAVITY * Math.cos(tilt) });
  const along = GRAVITY * Math.sin(tilt) * TIMESTEP;
  body.setVelocity([0, 0, 0]);
  for (let step = 0; step < 240; step++) {
    const { velocity: v, angularVelocity: w } = body;
    body.setVelocity([v[0] + along, v[1], v[2]], w);
    world.step();
  }
  expect(Math.abs(body.position[1])).toBeLessThan(1e-3);
  return body.velocity[0];
}

test.each<[string, number, BodyShape]>([
  ["sphere", 5 / 7, SPHERE],
  ["cylinder", 2 / 3, CYLINDER],
])("a %s rolls down a slope at %f g sin(tilt) within 0.5 %%", (_, share, shape) => {
  const speed = speedOnSlope(shape, 0.2, 0.8);
  expect(speed / (share * GRAVITY * Math.sin(0.2))).toBeGreaterThan(0.995);
  expect(speed / (share * GRAVITY * Math.sin(0.2))).toBeLessThan(1.005);
});

test("a sphere on a slope steeper than rolling allows slides at g (sin - μ cos) while it spins up by 5 μ g cos / 2 r", () => {
  const [tilt, friction] = [0.6, 0.1];
  expect(Math.tan(tilt)).toBeGreaterThan(3.5 * friction);
  const speed = speedOnSlope(SPHERE, tilt, friction);
  expect(speed / (GRAVITY * (Math.sin(tilt) - friction * Math.cos(tilt)))).toBeCloseTo(1, 3);
});

test.each<[string, BodyShape, number, Quat]>([
  ["standing cylinder", CYLINDER, 0.025, NONE],
  ["hexagonal prism", PRISM, 0.02, NONE],
])("a %s sliding with friction 0.3 stops after v²/(2 μ g) within 3 %%", (_, shape, height, turn) => {
  const { world, body } = resting(shape, height, turn, { friction: 0.3 });
  const start = body.position[0];
  body.setVelocity([0.5, 0, 0]);
  run(world, 2);
  const expected = 0.25 / (2 * 0.3 * GRAVITY);
  expect((body.position[0] - start) / expected).toBeGreaterThan(0.97);
  expect((body.position[0] - start) / expected).toBeLessThan(1.03);
});

test("a puck with friction 0.04 slows down by μ g within 0.5 % and keeps its face on the table", () => {
  const puck: BodyShape = { type: "cylinder", radius: 0.03, length: 0.04 };
  const { world, body } = resting(puck, 0.02, NONE, { friction: 0.04 });
  body.setVelocity([0.5, 0.2, 0]);
  const before = Math.hypot(0.5, 0.2);
  for (let tenth = 1; tenth <= 10; tenth++) {
    run(world, 0.1);
    const [x, y] = body.velocity;
    const braking = (before - Math.hypot(x, y)) / (0.1 * tenth);
    expect(braking / (0.04 * GRAVITY)).toBeGreaterThan(0.995);
    expect(braking / (0.04 * GRAVITY)).toBeLessThan(1.005);
    expect(y / x).toBeCloseTo(0.4, 5);
    expect(body.position[2]).toBeCloseTo(0.02, 3);
    expect(Math.abs(body.quaternion[0]) + Math.abs(body.quaternion[1])).toBeLessThan(1e-4);
  }
});

test("a hit without bounce gives a puck the hammer's speed within 0.2 %, wherever it lies, if the margin holds one step", () => {
  for (const gap of [0.0003, 0.0011, 0.002, 0.0107]) {
    const world = new World({ timestep: TIMESTEP, friction: 0, gravity: 0, contactMargin: 0.005 });
    const puck = world.addBody({
      name: "puck",
      shape: { type: "cylinder", radius: 0.03, length: 0.04 },
      mass: 0.1,
    });
    const hammer = world.addBox({ name: "hammer", halfExtents: [0.01, 0.012, 0.0125], mass: 100 });
    puck.setPose([0.03 + gap, 0, 0]);
    hammer.setPose([-0.01, 0, 0]);
    hammer.setVelocity([0.52, 0, 0]);
    world.settle();
    run(world, 0.25);
    expect(puck.velocity[0] / hammer.velocity[0]).toBeGreaterThan(0.998);
    expect(puck.velocity[0] / hammer.velocity[0]).toBeLessThan(1.002);
    expect(0.1 * puck.velocity[0] + 100 * hammer.velocity[0]).toBeCloseTo(52, 9);
  }
});

test.each<[string, BodyShape, number, Quat]>([
  ["sphere", SPHERE, 0.02, NONE],
  ["lying capsule", CAPSULE, 0.02, LYING],
  ["lying cylinder", CYLINDER, 0.02, LYING],
  ["standing cylinder", CYLINDER, 0.025, NONE],
  ["hexagonal prism", PRISM, 0.02, NONE],
])("a resting %s sinks no deeper than 0.15 mm and presses with its weight", (_, shape, height, turn) => {
  const { world, body } = resting(shape, height, turn, { friction: 0.8 });
  run(world, 2);
  expect(height - body.position[2]).toBeLessThan(1.5e-4);
  expect(height - body.position[2]).toBeGreaterThan(-1e-6);
  const pressing = world.contacts().reduce((sum, contact) => sum + contact.normalForce, 0);
  expect(pressing).toBeCloseTo(0.2 * GRAVITY, 3);
});

test.each<[string, readonly (readonly [BodyShape, number, Quat])[]]>([
  [
    "a cylinder between two boxes",
    [
      [BOX, 0.02, NONE],
      [CYLINDER, 0.025, NONE],
      [BOX, 0.02, NONE],
    ],
  ],
  [
    "a lying cylinder on a box",
    [
      [BOX, 0.02, NONE],
      [CYLINDER, 0.02, LYING],
    ],
  ],
  [
    "a box on two prisms",
    [
      [PRISM, 0.02, NONE],
      [PRISM, 0.02, NONE],
      [BOX, 0.02, NONE],
    ],
  ],
])("%s keeps its place within 0.05 mm for 5 s", (_, stack) => {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  let top = 0;
  const bodies = stack.map(([shape, half, turn], index) => {
    const body = world.addBody({ name: `body${index}`, shape, mass: 0.1 });
    body.setPose([0, 0, top + half], turn);
    top += 2 * half;
    return body;
  });
  world.settle();
  run(world, 1);
  const before = bodies.map(({ position }) => position);
  run(world, 5);
  for (const [index, { position }] of bodies.entries()) {
    const [x, y, z] = before[index]!;
    expect(Math.hypot(position[0] - x, position[1] - y, position[2] - z)).toBeLessThan(5e-5);
  }
});

test("a ball spinning about the normal is braked by its patch: ω falls by μ ρ m g / I per second", () => {
  const { world, body } = resting(SPHERE, 0.02, NONE, { friction: 0.5 });
  body.setVelocity([0, 0, 0], [0, 0, 40]);
  run(world, 0.1);
  const braking = (0.5 * 0.005 * 0.2 * GRAVITY) / (0.4 * 0.2 * 0.02 * 0.02);
  expect(40 - body.angularVelocity[2]).toBeCloseTo(0.1 * braking, 1);
  run(world, 1);
  expect(Math.abs(body.angularVelocity[2])).toBeLessThan(1e-9);
});

test.each<[string, BodyShape, number, Quat]>([
  ["sphere", SPHERE, 5 / 7, NONE],
  ["lying cylinder", CYLINDER, 2 / 3, LYING],
])(
  "a rolling %s is braked by its resistance c: it stops after v² r / (2 k c g) within 3 %%",
  (_, shape, share, turn) => {
    const [resistance, speed] = [0.002, 0.3];
    const world = new World({ timestep: TIMESTEP });
    world.addTable();
    const body = world.addBody({ name: "body", shape, mass: 0.2, rollingResistance: resistance });
    body.setPose([0, 0, 0.02], turn);
    world.settle();
    run(world, 0.1);
    const start = body.position[0];
    body.setVelocity([speed, 0, 0], [0, speed / 0.02, 0]);
    run(world, 2);
    const expected = speed ** 2 / ((2 * share * resistance * GRAVITY) / 0.02);
    expect((body.position[0] - start) / expected).toBeGreaterThan(0.97);
    expect((body.position[0] - start) / expected).toBeLessThan(1.03);
    expect(Math.abs(body.velocity[0])).toBeLessThan(1e-6);
  },
);

/** A bin of four walls with bodies of all kinds falling into it. */
function bin(seed: string) {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  const walls: readonly [number, number, number, number][] = [
    [0.09, 0, 0.01, 0.1],
    [-0.09, 0, 0.01, 0.1],
    [0, 0.09, 0.1, 0.01],
    [0, -0.09, 0.1, 0.01],
  ];
  for (const [index, [x, y, hx, hy]] of walls.entries()) {
    world.addFixture({ name: `wall${index}`, halfExtents: [hx, hy, 0.15], position: [x, y, 0.15] });
  }
  const random = createRandom(seed);
  const shapes = [BOX, SPHERE, CAPSULE, CYLINDER, PRISM];
  const bodies = Array.from({ length: 10 }, (_, index) => {
    const body = world.addBody({ name: `body${index}`, shape: shapes[index % 5]!, mass: 0.1 });
    const q = [0, 1, 2, 3].map(() => random.uniform(-1, 1));
    const turn = q.map((value) => value / Math.hypot(...q)) as unknown as Quat;
    body.setPose([random.uniform(-0.06, 0.06), random.uniform(-0.06, 0.06), 0.05 + 0.06 * index], turn);
    return body;
  });
  world.settle();
  return { world, bodies };
}

test("bodies of all kinds fall into a bin, stay in it and come to rest on each other", () => {
  const { world, bodies } = bin("bin");
  const touched = new Set<string>();
  for (let block = 0; block < 240; block++) {
    run(world, 6 / 240);
    for (const { bodyA, bodyB } of world.contacts()) touched.add(bodyA).add(bodyB);
  }
  expect([...touched].filter((name) => name.startsWith("wall"))).not.toHaveLength(0);
  for (const { position: p, velocity: v, shape } of bodies) {
    expect(Math.max(Math.abs(p[0]), Math.abs(p[1]))).toBeLessThan(0.08);
    expect(p[2]).toBeGreaterThan(0.01);
    // nothing stops a ball that rolls by itself on the flat
    expect(Math.hypot(v[0], v[1], v[2])).toBeLessThan(shape.type === "sphere" ? 0.02 : 1e-3);
  }
  const buffer = world.contactBuffer;
  for (let contact = 0; contact < buffer.count; contact++) {
    let gap = 0;
    for (let k = 3 * contact; k < 3 * contact + 3; k++) {
      gap += buffer.normal[k]! * (buffer.pointB[k]! - buffer.pointA[k]!);
    }
    expect(gap).toBeGreaterThan(-3e-4);
  }
});

test("a bin of tumbling bodies gives the same bits again, and after a restore", () => {
  const [one, other] = [bin("bits"), bin("bits")];
  run(one.world, 0.5);
  const early = one.world.snapshot();
  run(one.world, 0.5);
  run(other.world, 1);
  const late = one.world.snapshot();
  expect(other.world.snapshot()).toEqual(late);
  other.world.restore(early);
  run(other.world, 0.5);
  expect(other.world.snapshot()).toEqual(late);
});
