import { expect, test } from "vitest";
import { fixedJaw } from "../../../src/robots/control/fixed-jaw.js";
import { panda } from "../../../src/robots/models/panda.js";
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
