import { expect, test } from "vitest";
import { closedFingers } from "../../../src/robots/control/closed-fingers.js";
import { panda } from "../../../src/robots/models/panda.js";
import { so101 } from "../../../src/robots/models/so101.js";

test("sliding fingers meet at the tool centre point, a jaw beside it, and a bare flange is its own finger", () => {
  for (const value of closedFingers(panda)) expect(value).toBeCloseTo(0, 12);
  // the fixed jaw's middle is 4.1 cm from the tool centre point, the closed moving jaw is between them
  const [x, y, z] = closedFingers(so101);
  expect(x).toBeGreaterThan(-0.0411);
  expect(x).toBeLessThan(-0.02);
  expect(Math.abs(y)).toBeLessThan(1e-3);
  expect(z).toBe(0);
  const { gripper: _, ...bare } = panda;
  expect(closedFingers(bare)).toEqual([0, 0, 0]);
});
