import { expect, test } from "vitest";
import type { Quat } from "../../../src/math/quaternion.js";
import { createRandom } from "../../../src/math/random.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { BodyShape } from "../../../src/physics/bodies/body-shape.js";
import { ColliderSet, colliderShape } from "../../../src/physics/collision/collider-set.js";
import { coreRadius } from "../../../src/physics/collision/collider-support.js";
import { ContactBuffer } from "../../../src/physics/collision/contact-buffer.js";
import { convexContacts } from "../../../src/physics/collision/convex-contacts.js";
import { closestDirection } from "../../../src/physics/collision/gjk.js";
import { compileMjcf, mujoco } from "../mujoco.js";

const SHAPES: readonly [BodyShape, string][] = [
  [{ type: "sphere", radius: 0.03 }, 'type="sphere" size="0.03"'],
  [{ type: "capsule", radius: 0.02, length: 0.07 }, 'type="capsule" size="0.02 0.035"'],
  [{ type: "cylinder", radius: 0.02, length: 0.07 }, 'type="cylinder" size="0.02 0.035"'],
  [{ type: "box", halfExtents: [0.01, 0.02, 0.03] }, 'type="box" size="0.01 0.02 0.03"'],
];

function pairOf(a: BodyShape, b: BodyShape, positions: readonly [Vec3, Vec3], turns: readonly [Quat, Quat]) {
  const colliders = new ColliderSet();
  for (const [k, shape] of [a, b].entries()) {
    colliders.add(colliderShape(shape), { link: -1, free: k }, 0.5, positions[k]!, turns[k]!);
  }
  return colliders;
}

test("distances between spheres, capsules, cylinders and boxes in random poses are MuJoCo's (seed: distances)", () => {
  const random = createRandom("distances");
  const turn = (): Quat => {
    const q = [0, 1, 2, 3].map(() => random.uniform(-1, 1));
    const length = Math.hypot(...q);
    return q.map((value) => value / length) as unknown as Quat;
  };
  for (const [a, geomA] of SHAPES) {
    for (const [b, geomB] of SHAPES) {
      for (let trial = 0; trial < 5; trial++) {
        const positions: [Vec3, Vec3] = [
          [0, 0, 0],
          [random.uniform(0.1, 0.2), random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1)],
        ];
        const turns: [Quat, Quat] = [turn(), turn()];
        const geoms = [geomA, geomB].map((geom, k) => {
          const [x, y, z, w] = turns[k]!;
          return `<geom ${geom} pos="${positions[k]!.join(" ")}" quat="${w} ${x} ${y} ${z}"/>`;
        });
        const { model, data } = compileMjcf(`<mujoco><worldbody>${geoms.join("")}</worldbody></mujoco>`);
        mujoco.mj_forward(model, data);
        const theirs = mujoco.mj_geomDistance(model, data, 0, 1, 1, new mujoco.DoubleBuffer(6));
        const colliders = pairOf(a, b, positions, turns);
        const cores = closestDirection(
          colliders,
          0,
          1,
          new Float64Array(3),
          new Float64Array(3),
          new Float64Array(3),
        );
        expect(cores - coreRadius(colliders, 0) - coreRadius(colliders, 1)).toBeCloseTo(theirs, 5);
      }
    }
  }
});

const NONE: Quat = [0, 0, 0, 1];
/** Turns z to y. */
const LYING: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];
const BOX: BodyShape = { type: "box", halfExtents: [0.03, 0.03, 0.02] };

function contactsOf(a: BodyShape, b: BodyShape, height: number, turn: Quat = NONE) {
  const buffer = new ContactBuffer();
  const colliders = pairOf(
    a,
    b,
    [
      [0, 0, height],
      [0, 0, 0],
    ],
    [turn, NONE],
  );
  convexContacts(colliders, 0, 0, 1, 5e-4, buffer);
  return Array.from({ length: buffer.count }, (_, contact) => {
    const of = (array: Float64Array) => [...array.subarray(3 * contact, 3 * contact + 3)];
    const [normal, pointA, pointB] = [of(buffer.normal), of(buffer.pointA), of(buffer.pointB)];
    const gap = normal.reduce((sum, n, k) => sum + n * (pointB[k]! - pointA[k]!), 0);
    return { normal, pointA, pointB, gap };
  });
}

test.each<[string, BodyShape, number, Quat, number]>([
  ["a ball touches in one point", { type: "sphere", radius: 0.02 }, 0.02, NONE, 1],
  [
    "a lying capsule in the two ends of its line",
    { type: "capsule", radius: 0.02, length: 0.04 },
    0.02,
    LYING,
    2,
  ],
  [
    "a lying cylinder in the two ends of its line",
    { type: "cylinder", radius: 0.02, length: 0.04 },
    0.02,
    LYING,
    2,
  ],
  [
    "a standing cylinder in eight points of its rim",
    { type: "cylinder", radius: 0.02, length: 0.04 },
    0.02,
    NONE,
    8,
  ],
])("%s, 1 mm deep in a box", (_, shape, reach, turn, count) => {
  const contacts = contactsOf(shape, BOX, 0.02 + reach - 1e-3, turn);
  expect(contacts).toHaveLength(count);
  for (const { normal, gap, pointA } of contacts) {
    expect(normal[2]).toBeCloseTo(-1, 12);
    expect(gap).toBeCloseTo(-1e-3, 9);
    expect(pointA[2]).toBeCloseTo(0.019, 9);
    expect(Math.hypot(pointA[0]!, pointA[1]!)).toBeLessThan(0.0201);
  }
});

test("two crossed lying cylinders touch in one point between their axes", () => {
  const cylinder: BodyShape = { type: "cylinder", radius: 0.02, length: 0.2 };
  const buffer = new ContactBuffer();
  const across: Quat = [0, Math.SQRT1_2, 0, Math.SQRT1_2];
  const colliders = pairOf(
    cylinder,
    cylinder,
    [
      [0.01, 0.02, 0.0399],
      [0, 0, 0],
    ],
    [LYING, across],
  );
  convexContacts(colliders, 0, 0, 1, 5e-4, buffer);
  expect(buffer.count).toBe(1);
  expect(buffer.normal[2]).toBeCloseTo(-1, 6);
  expect(buffer.pointA[0]).toBeCloseTo(0.01, 4);
  expect(buffer.pointA[1]).toBeCloseTo(0, 4);
  expect(buffer.pointA[2]).toBeCloseTo(0.0199, 6);
  expect(buffer.pointB[2]).toBeCloseTo(0.02, 6);
});

test("a convex body given by a cube's corners touches a box as the cube does", () => {
  const corners = [-0.01, 0.01].flatMap((x) =>
    [-0.01, 0.01].flatMap((y) => [-0.01, 0.01].map((z): Vec3 => [x, y, z])),
  );
  const contacts = contactsOf({ type: "convex", points: corners }, BOX, 0.0299);
  expect(contacts).toHaveLength(4);
  for (const { pointA, gap } of contacts) {
    expect(gap).toBeCloseTo(-1e-4, 12);
    expect(Math.abs(pointA[0]!)).toBeCloseTo(0.01, 12);
    expect(Math.abs(pointA[1]!)).toBeCloseTo(0.01, 12);
  }
});
