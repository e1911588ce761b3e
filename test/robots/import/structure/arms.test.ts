import { expect, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { importRobot } from "../../../../src/robots/import/import-robot.js";
import { findArms } from "../../../../src/robots/import/structure/arms.js";
import { findChains } from "../../../../src/robots/import/structure/chains.js";
import { readMechanism } from "../../../../src/robots/import/structure/mechanism.js";
import { arm, describe } from "./descriptions.js";

test.each([
  [
    "nothing moves",
    [{ name: "weld", parent: "base", child: "box", type: "fixed" }] as const,
    "no joint moves.",
  ],
  [
    "a mobile base",
    ["front_left_wheel", "front_right_wheel", "rear_left_wheel", "rear_right_wheel"].map(
      (name) => ({ name, parent: "base", child: `${name}_link`, type: "continuous" }) as const,
    ),
    "4 joints move (front_left_wheel, front_right_wheel, rear_left_wheel, rear_right_wheel); they are those of wheels, legs or a head.",
  ],
  [
    "a camera stand",
    [
      { name: "pan", parent: "base", child: "pan_link" },
      { name: "tilt", parent: "pan_link", child: "stand" },
    ] as const,
    '2 joints move (pan, tilt); the longest chain, to "stand", has 2.',
  ],
])("%s is no arm", (_, parts, what) => {
  expect(() => importRobot(describe(parts))).toThrow(
    new UsageError(
      `made.urdf holds no arm: ${what} Expected a chain of driven joints from a base to a hand, 3 or more where there are others; ` +
        'the option "root" and the option "tip" name one that is to be taken all the same.',
    ),
  );
});

test("a hand that floats is no arm, and goes on one", () => {
  const axes = ["x", "y", "z"].flatMap((axis) => [`slide_${axis}`, `turn_${axis}`]).toSorted();
  const floating = axes.map((name, k) => ({
    ...{
      name,
      parent: k === 0 ? "world" : `frame${k}`,
      child: k === 5 ? "palm" : `frame${k + 1}`,
      at: [0, 0, 0] as const,
    },
    ...(name.startsWith("slide") ? { type: "prismatic" as const } : {}),
    ...(k === 5
      ? {
          boxes: [
            [
              [0, 0, 0.03],
              [0.05, 0.1, 0.06],
            ],
          ] as const,
        }
      : {}),
  }));
  const fingers = [1, -1].map((side) => ({
    ...{ name: `finger_${side}`, parent: "palm", child: `finger_${side}_link`, type: "prismatic" as const },
    ...{ axis: [0, side, 0] as const, limits: [0, 0.04] as const },
  }));
  const described = describe([...floating, ...fingers]);
  const links = described.links.map(({ inertial, ...link }) =>
    /^frame/.test(link.name) || !inertial ? { ...link, solids: [] } : { ...link, inertial },
  );
  expect(() => importRobot({ ...described, links })).toThrow(
    new UsageError(
      "made.urdf holds no arm: 8 joints move (slide_x, slide_y, slide_z, turn_x, turn_y, turn_z and 2 more); " +
        'the longest chain, to "palm", has 0 beside 6 that let it float or drive about. ' +
        "Expected a chain of driven joints from a base to a hand, 3 or more where there are others; " +
        'the option "root" and the option "tip" name one that is to be taken all the same. ' +
        'A gripper or hand goes on an arm\'s file: give that, and this one as what is attached (the option "attach" as "made.urdf").',
    ),
  );
});

test("an arm of three joints is one, and one on a base with casters, whatever leads nowhere else", () => {
  const casters = ["fl", "fr", "bl", "br"].map((name) => ({
    ...{ name: `${name}_caster`, parent: "base", child: `${name}_wheel`, type: "continuous" as const },
    boxes: [
      [
        [0, 0, 0],
        [0.05, 0.02, 0.05],
      ],
    ] as const,
  }));
  const found = (parts: Parameters<typeof describe>[0]) => {
    const mechanism = readMechanism(describe(parts), "base", () => {});
    return findArms(mechanism, findChains(mechanism)).map(({ hand }) => hand);
  };
  expect(found(arm(3))).toEqual(["jtip"]);
  // a pendulum stands alone
  expect(found(arm(2))).toEqual(["jtip"]);
  expect(found([...arm(2), ...arm(2, { prefix: "k" })])).toEqual([]);
  expect(found([...casters, ...arm(6)])).toEqual(["jtip"]);
  // four of them are what a hand or a body stands on
  const four = ["a", "b", "c", "d"].flatMap((prefix) => arm(3, { prefix }));
  expect(found(four)).toEqual([]);
});

test("an option names what is no arm, and it is taken", () => {
  const two = describe([...arm(2), ...arm(2, { prefix: "k" })]);
  expect(() => importRobot(two)).toThrow(/^made\.urdf holds no arm: 4 joints move/);
  expect(importRobot(two, { tip: "ktip" }).robot.armJoints).toEqual(["k1", "k2"]);
});
