import { expect, test } from "vitest";
import { mujocoDefault } from "./fidelity/mujoco-cell.js";
import { type ObjectName, objects } from "./fidelity/objects.js";
import { ours } from "./fidelity/our-cell.js";
import {
  drop,
  EXACT_ROLLING_SPEED,
  exactSlideDistance,
  rollingSpeed,
  SLIDING,
  slideDistance,
  stackDrift,
} from "./fidelity/table-scenarios.js";

test.each(SLIDING.flatMap((name) => [0.1, 0.3].map((friction) => [name, friction] as const)))(
  "the shape %s sliding with friction %f stops within 3 percent of v²/(2 μ g) and within 5 percent of where it stops in MuJoCo",
  (name, friction) => {
    const distance = slideDistance(ours, name, friction);
    expect(Math.abs(distance / exactSlideDistance(friction) - 1)).toBeLessThan(0.03);
    expect(Math.abs(distance / slideDistance(mujocoDefault, name, friction) - 1)).toBeLessThan(0.05);
  },
);

test.each([0.1, 0.3])(
  "a ball that starts sliding with friction %f rolls in the end at 5/7 of its speed, no farther off than MuJoCo's",
  (friction) => {
    const off = (speed: number) => Math.abs(speed / EXACT_ROLLING_SPEED - 1);
    expect(off(rollingSpeed(ours, friction))).toBeLessThan(0.002);
    expect(off(rollingSpeed(ours, friction))).toBeLessThan(off(rollingSpeed(mujocoDefault, friction)));
  },
);

test.each(Object.keys(objects) as ObjectName[])(
  "the shape %s dropped from 13 cm sinks in less than in MuJoCo, lies still within 0.2 s of when it does there, and 0.15 mm deep at most",
  (name) => {
    const [us, them] = [drop(ours, name), drop(mujocoDefault, name)];
    expect(us.maxPenetration).toBeLessThan(them.maxPenetration);
    expect(us.settleTime).toBeLessThan(them.settleTime + 0.2);
    expect(us.restPenetration).toBeLessThan(1.5e-4);
  },
);

test.each(["box", "cylinder"] as const)(
  "a crooked stack of four of the shape %s drifts less than 0.2 mm in 10 s, and less than in MuJoCo",
  (name) => {
    const drift = stackDrift(ours, name);
    expect(drift).toBeLessThan(2e-4);
    expect(drift).toBeLessThan(stackDrift(mujocoDefault, name));
  },
);
