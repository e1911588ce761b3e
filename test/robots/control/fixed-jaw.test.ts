import { expect, test } from "vitest";
import { IDENTITY_QUATERNION } from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { CollisionShape } from "../../../src/physics/articulation/articulation-model.js";
import { fixedJaw } from "../../../src/robots/control/fixed-jaw.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { so101 } from "../../../src/robots/models/so101.js";

test("two fingers that slide together have no jaw that stands still, nor has an arm without a gripper", () => {
  expect(fixedJaw(panda)).toBeUndefined();
  const { gripper: _, ...bare } = so101;
  expect(fixedJaw(bare)).toBeUndefined();
});

test("the jaw of the SO-101 that stands still is 3.5 cm from the tool centre point, the other one ahead of it", () => {
  const jaw = fixedJaw(so101)!;
  // its pad is 6 mm to each side of x = -14.1 mm in the gripper's frame, the tool centre point at x = 27 mm
  expect(jaw.face).toBeCloseTo(-0.0351, 6);
  expect(jaw.side).toBe(1);
  expect(jaw.closed.low[0]).toBeCloseTo(-0.0471, 6);
  expect(jaw.closed.low[1]).toBeCloseTo(-0.009, 6);
  // the moving pad is 18 mm wide, too, 0.1 mm aside
  expect(jaw.closed.high[1]).toBeCloseTo(0.0091, 6);
});

test("the span of a jaw is that of its pad, whatever its shape", () => {
  const withPads = (pad: (half: Vec3) => CollisionShape): RobotModel => ({
    ...so101,
    articulation: {
      ...so101.articulation,
      links: so101.articulation.links.map((link) => {
        const last = link.collision.at(-1);
        if (!so101.gripper!.fingerLinks.includes(link.name) || last?.type !== "box") return link;
        return { ...link, collision: [{ ...pad(last.halfExtents), ...placeOf(last) }] };
      }),
    },
  });
  const placeOf = ({
    position,
    quaternion = IDENTITY_QUATERNION,
  }: Extract<CollisionShape, { type: "box" }>) => ({
    ...{ position, quaternion },
  });
  const corners = ([x, y, z]: Vec3) =>
    [-x, x].flatMap((a) => [-y, y].flatMap((b) => [-z, z].map((c): Vec3 => [a, b, c])));
  const convex = fixedJaw(
    withPads((half) => ({ type: "convex", points: corners(half), position: [0, 0, 0] })),
  )!;
  const boxes = fixedJaw(so101)!;
  expect(convex.face).toBeCloseTo(boxes.face, 12);
  for (const side of ["low", "high"] as const)
    for (const axis of [0, 1] as const)
      expect(convex.closed[side][axis]).toBeCloseTo(boxes.closed[side][axis], 12);
  // a ball in all directions, so that its turn does not matter
  const ball = (type: "sphere" | "capsule") =>
    fixedJaw(withPads(() => ({ type, radius: 0.007, length: 1e-9, position: [0, 0, 0] })))!;
  expect(ball("capsule").face).toBeCloseTo(ball("sphere").face, 4);
  expect(ball("capsule").closed.high[1]).toBeCloseTo(ball("sphere").closed.high[1], 4);
});
