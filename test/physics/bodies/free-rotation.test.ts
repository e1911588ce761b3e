import { expect, test } from "vitest";
import { createRandom } from "../../../src/math/random.js";
import { type BodyShape, massProperties } from "../../../src/physics/bodies/body-shape.js";
import { World } from "../../../src/physics/world.js";

type Triple = [number, number, number];
type Four = readonly [number, number, number, number];

const MASS = 0.2;
const SHAPES: Readonly<Record<string, BodyShape>> = {
  box: { type: "box", halfExtents: [0.01, 0.03, 0.06] },
  rod: { type: "cylinder", radius: 0.005, length: 0.2 },
  disc: { type: "cylinder", radius: 0.06, length: 0.008 },
  capsule: { type: "capsule", radius: 0.01, length: 0.08 },
  // a box with one corner cut off: its axes are not the principal ones
  convex: {
    type: "convex",
    points: [
      [0, 0, 0],
      [0.02, 0, 0],
      [0, 0.06, 0],
      [0.02, 0.06, 0],
      [0, 0, 0.12],
      [0.02, 0, 0.12],
      [0, 0.03, 0.12],
    ],
  },
};

/** Quaternion and angular velocity in the body's frame each `interval` s, `count` times, by RK4 on Euler's equations with 1/4800 s. */
function rungeKutta(shape: BodyShape, start: Triple, interval: number, count = 1): { q: Four; w: Triple }[] {
  const { inertia } = massProperties(shape, MASS);
  const [xx, yy, zz, xy, xz, yz] = inertia;
  const times = ([x, y, z]: readonly number[]): Triple => [
    xx * x! + xy * y! + xz * z!,
    xy * x! + yy * y! + yz * z!,
    xz * x! + yz * y! + zz * z!,
  ];
  // inverse by columns of cofactors
  const cofactors = [
    yy * zz - yz * yz,
    xz * yz - xy * zz,
    xy * yz - xz * yy,
    xx * zz - xz * xz,
    xy * xz - xx * yz,
    xx * yy - xy * xy,
  ] as const;
  const determinant = xx * cofactors[0] + xy * cofactors[1] + xz * cofactors[2];
  const solve = ([x, y, z]: readonly number[]): Triple => [
    (cofactors[0] * x! + cofactors[1] * y! + cofactors[2] * z!) / determinant,
    (cofactors[1] * x! + cofactors[3] * y! + cofactors[4] * z!) / determinant,
    (cofactors[2] * x! + cofactors[4] * y! + cofactors[5] * z!) / determinant,
  ];
  const rate = ([x, y, z, w, a, b, c]: readonly number[]): number[] => {
    const [la, lb, lc] = times([a!, b!, c!]);
    const change = solve([lb * c! - lc * b!, lc * a! - la * c!, la * b! - lb * a!]);
    return [
      (w! * a! + y! * c! - z! * b!) / 2,
      (w! * b! + z! * a! - x! * c!) / 2,
      (w! * c! + x! * b! - y! * a!) / 2,
      -(x! * a! + y! * b! + z! * c!) / 2,
      ...change,
    ];
  };
  const h = 1 / 4800;
  let state: number[] = [0, 0, 0, 1, ...start];
  const along = (k: readonly number[], share: number) => state.map((value, i) => value + share * h * k[i]!);
  return Array.from({ length: count }, () => {
    for (let step = 0; step < interval * 4800; step++) {
      const k1 = rate(state);
      const k2 = rate(along(k1, 0.5));
      const k3 = rate(along(k2, 0.5));
      const k4 = rate(along(k3, 1));
      state = state.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
    }
    return { q: state.slice(0, 4) as unknown as Four, w: state.slice(4) as Triple };
  });
}

/** The body alone, without gravity, turning as told from no turn at all. */
function spinning(shape: BodyShape, start: Triple, rate = 240) {
  const world = new World({ timestep: 1 / rate, gravity: 0 });
  const body = world.addBody({ name: "body", shape, mass: MASS });
  body.setPose([0, 0, 1]);
  body.setVelocity([0, 0, 0], start);
  world.settle();
  return { world, body };
}

/** Angle between two orientations, degrees. */
function angle(a: Four, b: Four): number {
  const cosine = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return (2 * Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}

/** Angular momentum in the world and energy, kg m²/s and J, of a body whose axes are the principal ones. */
function invariants(shape: BodyShape, body: ReturnType<typeof spinning>["body"]): [Triple, number] {
  const [xx, yy, zz] = massProperties(shape, MASS).inertia;
  const [x, y, z, w] = body.quaternion;
  const [wx, wy, wz] = body.angularVelocity;
  const axes: Triple[] = [
    [1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)],
    [2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)],
    [2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)],
  ];
  const local = axes.map(([a, b, c]) => a * wx + b * wy + c * wz);
  const momenta = [xx * local[0]!, yy * local[1]!, zz * local[2]!];
  const momentum = [0, 1, 2].map((k) => axes.reduce((sum, axis, i) => sum + axis[k]! * momenta[i]!, 0));
  return [momentum as Triple, 0.5 * momenta.reduce((sum, value, i) => sum + value * local[i]!, 0)];
}

test.each(Object.entries(SHAPES))(
  "a %s that spins at 3 to 5 rad/s about any axis is within 0.1 degrees of Euler's equations after 1 s, 5 spins (seed: spins)",
  (_, shape) => {
    const random = createRandom("spins");
    for (let spin = 0; spin < 5; spin++) {
      const direction = [0, 1, 2].map(() => random.uniform(-1, 1));
      const speed = random.uniform(3, 5) / Math.hypot(...direction);
      const start = direction.map((value) => value * speed) as Triple;
      const { world, body } = spinning(shape, start);
      for (let step = 0; step < 240; step++) world.step();
      expect(angle(body.quaternion, rungeKutta(shape, start, 1)[0]!.q)).toBeLessThan(0.1);
    }
  },
);

test("a box that spins about its intermediate axis flips when Euler's equations say so", () => {
  const shape = SHAPES.box!;
  // 12 x 6 x 2 cm: the axis along 6 cm is the intermediate one
  const start: Triple = [0.05, 5, 0.05];
  const flips = (speedAlong: (k: number) => number): number[] => {
    const times: number[] = [];
    for (let k = 1; k <= 40; k++) if (speedAlong(k - 1) * speedAlong(k) < 0) times.push(k);
    return times;
  };
  const { world, body } = spinning(shape, start);
  const ours: number[] = [start[1]];
  for (let step = 1; step <= 10 * 240; step++) {
    world.step();
    if (step % 60 !== 0) continue;
    const [x, y, z, w] = body.quaternion;
    const [wx, wy, wz] = body.angularVelocity;
    ours.push(2 * (x * y - z * w) * wx + (1 - 2 * (x * x + z * z)) * wy + 2 * (y * z + x * w) * wz);
  }
  const truth = [start[1], ...rungeKutta(shape, start, 0.25, 40).map(({ w }) => w[1])];
  const expected = flips((k) => truth[k]!);
  expect(expected.length).toBeGreaterThanOrEqual(3);
  expect(flips((k) => ours[k]!)).toEqual(expected);
});

test.each([
  ["5 rad/s, 240 Hz", 5, 240],
  ["60 rad/s, 240 Hz", 60, 240],
  ["300 rad/s, 60 Hz", 300, 60],
])("for 60 s at %s angular momentum and energy stay what they are to 1e-9", (_, speed, rate) => {
  const shape = SHAPES.box!;
  const { world, body } = spinning(shape, [0.1 * speed, speed, 0.2 * speed], rate);
  const [before, energy] = invariants(shape, body);
  const size = Math.hypot(...before);
  for (let step = 0; step < 60 * rate; step++) world.step();
  const [after, energyAfter] = invariants(shape, body);
  for (let k = 0; k < 3; k++) expect(Math.abs(after[k]! - before[k]!) / size).toBeLessThan(1e-9);
  expect(Math.abs(energyAfter / energy - 1)).toBeLessThan(1e-9);
});
