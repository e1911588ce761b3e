import { expect, describe as suite, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import type { RobotDescription } from "../../../../src/robots/import/description.js";
import { findRoles, type RoleOptions } from "../../../../src/robots/import/structure/joint-roles.js";
import { arm, describe, type Part } from "./descriptions.js";

function rolesOf(description: RobotDescription, options: RoleOptions = {}) {
  const notes: string[] = [];
  const roles = findRoles(description, description.links[0]!, {
    ...options,
    assume: (note) => void notes.push(note),
  });
  const followers = Object.fromEntries(
    [...roles.followers].map(([name, { leader, ratio, offset }]) => [
      name,
      [leader.name, ratio, Number(offset.toFixed(6)) + 0],
    ]),
  );
  const joints = roles.arm.map(({ name }) => name).join(" ");
  return { joints, gripper: roles.gripper?.name, followers, hand: roles.hand, welded: roles.welded, notes };
}

const slide = (name: string, limits: readonly [number, number], extra: Partial<Part> = {}): Part => ({
  ...{ name, parent: "jtip", child: `${name}_link`, type: "prismatic", axis: [0, 1, 0], limits },
  ...extra,
});

const hinge = (name: string, at: number, extra: Partial<Part> = {}): Part => ({
  ...{ name, parent: "jtip", child: `${name}_link`, axis: [1, 0, 0], at: [0, at, 0.02], limits: [0, 0.8] },
  boxes: [
    [
      [0, 0, 0.05],
      [0.02, 0.01, 0.06],
    ],
  ],
  ...extra,
});

suite("two fingers that no mimic couples", () => {
  test("with opposite ranges on one axis move apart: the second one backwards", () => {
    const { gripper, followers, joints } = rolesOf(
      describe([...arm(6), slide("fa", [0, 0.04]), slide("fb", [-0.04, 0])]),
    );
    expect(joints).toBe("j1 j2 j3 j4 j5 j6");
    expect(gripper).toBe("fa");
    expect(followers).toEqual({ fb: ["fa", -1, 0] });
  });

  test("with the same axis and range in one place cross: one is out where the other is in", () => {
    const { followers } = rolesOf(describe([...arm(6), slide("fa", [0, 0.04]), slide("fb", [0, 0.04])]));
    expect(followers).toEqual({ fb: ["fa", -1, 0.04] });
  });

  test("with opposite axes and one range move alike", () => {
    const { followers } = rolesOf(
      describe([...arm(6), slide("fa", [0, 0.04]), slide("fb", [0, 0.04], { axis: [0, -1, 0] })]),
    );
    expect(followers).toEqual({ fb: ["fa", 1, 0] });
  });

  test("with ranges of other lengths arrive together", () => {
    const { followers } = rolesOf(
      describe([...arm(6), slide("fa", [0, 0.04]), slide("fb", [-0.02, 0.01], { axis: [0, -1, 0] })]),
    );
    // 0.03 m against 0.04 m, from -0.02 where the other is at 0
    expect(followers).toEqual({ fb: ["fa", 0.75, -0.02] });
  });

  test("that turn close about opposite axes", () => {
    const { gripper, followers } = rolesOf(
      describe([...arm(6), hinge("left", 0.05), hinge("right", -0.05, { axis: [-1, 0, 0] })]),
    );
    expect(gripper).toBe("left");
    expect(followers).toEqual({ right: ["left", 1, 0] });
  });
});

suite("a linkage", () => {
  test("is moved by the joint that the others mimic, over others too", () => {
    const { gripper, followers } = rolesOf(
      describe([
        ...arm(6),
        hinge("knuckle", 0.05),
        hinge("finger", 0, { parent: "knuckle_link", mimic: { joint: "knuckle", multiplier: -1 } }),
        hinge("other", -0.05, {
          limits: [-0.8, 0],
          mimic: { joint: "knuckle", multiplier: -1, offset: 0.1 },
        }),
        hinge("tip", 0, { parent: "other_link", mimic: { joint: "other", multiplier: -0.5 } }),
      ]),
    );
    expect(gripper).toBe("knuckle");
    expect(followers).toEqual({
      finger: ["knuckle", -1, 0],
      other: ["knuckle", -1, 0.1],
      tip: ["knuckle", 0.5, -0.05],
    });
  });

  test("whose bars nothing couples turns by one angle, its pads staying parallel", () => {
    const bar = (name: string, at: number, axis: 1 | -1) => hinge(name, at, { axis: [axis, 0, 0] });
    const { gripper, followers } = rolesOf(
      describe([
        ...arm(6),
        bar("left_outer", 0.05, 1),
        bar("left_inner", 0.02, 1),
        hinge("left_pad", 0, { parent: "left_outer_link", limits: [-0.9, 0] }),
        bar("right_outer", -0.05, -1),
        bar("right_inner", -0.02, -1),
        hinge("right_pad", 0, { parent: "right_outer_link", axis: [1, 0, 0] }),
      ]),
    );
    expect(gripper).toBe("left_outer");
    expect(followers).toEqual({
      left_inner: ["left_outer", 1, 0],
      left_pad: ["left_outer", -1, 0],
      right_outer: ["left_outer", 1, 0],
      right_inner: ["left_outer", 1, 0],
      right_pad: ["left_outer", 1, 0],
    });
  });
});

suite("one joint at the end", () => {
  const last = (limits: readonly [number, number], axis: Part["axis"], name = "6"): Part[] => [
    ...arm(5),
    { name, parent: "jtip", child: "end", limits, ...(axis ? { axis } : {}) },
  ];

  test("is a jaw where it turns to one side only, across the wrist, whatever its name", () => {
    const { gripper, joints, notes } = rolesOf(describe(last([-0.2, 1.7], [0, 1, 0])));
    expect([joints, gripper]).toEqual(["j1 j2 j3 j4 j5", "6"]);
    expect(notes).toContain('joint "6" is a jaw that closes against the link "jtip"');
  });

  test.each([
    ["turns both ways", last([-1.7, 1.7], [0, 1, 0])],
    ["turns about the wrist's own axis", last([0, 1.7], [0, 0, 1])],
    ["is named after a wrist", last([-0.2, 1.7], [0, 1, 0], "wrist_pitch")],
  ])("is the arm's where it %s", (_, parts) => {
    const { gripper, joints } = rolesOf(describe(parts));
    expect(joints.split(" ")).toHaveLength(6);
    expect(gripper).toBeUndefined();
  });

  test("is a jaw by its name where its structure does not tell", () => {
    expect(rolesOf(describe(last([-1.7, 1.7], [0, 0, 1], "gripper_joint"))).gripper).toBe("gripper_joint");
  });
});

test("a camera that turns and a propeller beside the fingers are welded, with a word", () => {
  const { gripper, followers, notes } = rolesOf(
    describe([
      ...arm(6),
      { name: "camera_tilt", parent: "jtip", child: "camera", limits: [-1, 0.5] },
      { name: "propeller", parent: "jtip", child: "blades", type: "continuous" },
      slide("fa", [0.01, 0.04]),
      slide("fb", [-0.04, -0.01], { mimic: { joint: "fa", multiplier: -1 } }),
    ]),
  );
  expect(gripper).toBe("fa");
  expect(followers).toEqual({ fb: ["fa", -1, 0] });
  expect(notes).toContain(
    'joints "camera_tilt", "propeller" are welded: nothing of the arm or its gripper moves them',
  );
});

suite("several chains", () => {
  const lift: Part = { name: "lift", parent: "base", child: "torso", type: "prismatic", limits: [0.1, 0.4] };
  const head: Part[] = [
    { name: "head_pan", parent: "torso", child: "neck", limits: [-1, 1] },
    { name: "head_tilt", parent: "neck", child: "head", limits: [-1, 1] },
  ];
  const two = describe([
    lift,
    ...head,
    ...arm(7, { prefix: "a", parent: "torso" }),
    ...arm(7, { prefix: "b", parent: "torso" }),
  ]);

  test("are two arms on a torso: the first one is taken, the torso stands where its range allows", () => {
    const { joints, welded, notes } = rolesOf(two);
    expect(joints).toBe("a1 a2 a3 a4 a5 a6 a7");
    expect(welded.get("lift")).toBe(0.1);
    expect(notes).toContain(
      'there are 3 chains of joints; the one to "atip" (7 joints) is taken, the others end in "btip" (7 joints), ' +
        '"head" (3 joints): the option "tip" as "btip" takes another',
    );
  });

  test("are named by the tip, and cut at the root", () => {
    expect(rolesOf(two, { tip: "btip" }).joints).toBe("b1 b2 b3 b4 b5 b6 b7");
    expect(rolesOf(two, { tip: "blink4" }).joints).toBe("lift b1 b2 b3 b4");
    expect(rolesOf(two, { tip: "btip", root: "blink2" }).joints).toBe("b3 b4 b5 b6 b7");
    expect(rolesOf(two, { root: "base" }).joints).toBe("lift a1 a2 a3 a4 a5 a6 a7");
    expect(() => rolesOf(two, { root: "head" })).toThrow(
      new UsageError(
        'made.urdf: the link "head" is not below the arm that ends in "atip"; the option "tip" names another arm.',
      ),
    );
  });

  test("are legs and an arm: the arm is taken", () => {
    const legs = ["fl", "fr", "hl", "hr"].flatMap((prefix) => arm(3, { prefix }));
    expect(rolesOf(describe([...legs, ...arm(6)])).joints).toBe("j1 j2 j3 j4 j5 j6");
  });

  test("are a base that drives about with an arm on it: the base stands still", () => {
    const drive = (name: string, parent: string, child: string, axis: Part["axis"]): Part => ({
      ...{ name, parent, child, type: "prismatic", limits: [-10, 10] },
      ...(axis ? { axis } : {}),
    });
    const parts: Part[] = [
      drive("x", "world", "slide", [1, 0, 0]),
      drive("y", "slide", "cart", [0, 1, 0]),
      { name: "heading", parent: "cart", child: "base", type: "continuous" },
      ...arm(7),
    ];
    expect(rolesOf(describe(parts)).joints).toBe("j1 j2 j3 j4 j5 j6 j7");
  });
});

test("the rods of an arm follow its joints and are no fingers", () => {
  const rod: Part = {
    ...{ name: "rod", parent: "jlink2", child: "rod_link", mimic: { joint: "j2", multiplier: -0.25 } },
    limits: [-1, 1],
  };
  const { joints, gripper, followers } = rolesOf(describe([...arm(6), rod]));
  expect([joints, gripper]).toEqual(["j1 j2 j3 j4 j5 j6", undefined]);
  expect(followers).toEqual({ rod: ["j2", -0.25, 0] });
});

test("a hand of four fingers closes by one number; joints that spread the fingers are welded", () => {
  const finger = (name: string, x: number, y: number): Part[] => [
    {
      ...{ name: `${name}_spread`, parent: "jtip", child: `${name}0`, at: [x, y, 0.05] as const },
      ...{ axis: [0, 1, 0] as const, limits: [-0.4, 0.4] as const },
    },
    {
      ...{ name: `${name}_base`, parent: `${name}0`, child: `${name}1`, at: [0, 0, 0] as const },
      ...{ axis: [1, 0, 0] as const, limits: [0, 1.6] as const },
    },
    {
      ...{ name: `${name}_tip`, parent: `${name}1`, child: `${name}2`, at: [0, 0, 0.04] as const },
      ...{ axis: [1, 0, 0] as const, limits: [-0.1, 1.5] as const },
      boxes: [
        [
          [0, 0, 0.02],
          [0.01, 0.01, 0.04],
        ],
      ] as const,
    },
  ];
  const { gripper, followers, welded } = rolesOf(
    describe([
      ...arm(6),
      ...finger("index", -0.03, 0),
      ...finger("middle", 0, 0),
      ...finger("ring", 0.03, 0),
      ...finger("thumb", 0, 0.05),
    ]),
  );
  expect(gripper).toBe("index_base");
  expect(Object.keys(followers)).toEqual([
    ...["index_tip", "middle_base", "middle_tip", "ring_base", "ring_tip", "thumb_base", "thumb_tip"],
  ]);
  // from -0.1 to 1.5 rad while the leader goes from 0 to 1.6
  expect(followers.index_tip).toEqual(["index_base", 1, -0.1]);
  expect([...welded.keys()]).toEqual(["index_spread", "middle_spread", "ring_spread", "thumb_spread"]);
});

test("a mimic that makes no sense is left out with a word", () => {
  const mimic = (joint: string, multiplier = 1) => ({ mimic: { joint, multiplier } });
  const parts = arm(6).map((part, k) =>
    k === 1
      ? { ...part, ...mimic("no") }
      : k === 3
        ? { ...part, ...mimic("j4") }
        : k === 5
          ? { ...part, ...mimic("j1", 0) }
          : part,
  );
  const { joints, notes } = rolesOf(describe([...parts]));
  expect(joints).toBe("j1 j2 j3 j4 j5 j6");
  expect(notes).toContain('joint "j2" mimics "no", which does not move: the mimic is left out');
  expect(notes).toContain('joint "j6" mimics "j1", with a multiplier of 0: the mimic is left out');
  expect(notes).toContain(
    'joint "j4" mimics "j4", and that one, over others, this one again: the mimic is left out',
  );
});

test("fingers of seven short joints in a row are fingers of the arm, not the arm", () => {
  const finger = (prefix: string, x: number) =>
    arm(7, { prefix, parent: "jtip" }).map(
      (part, k): Part => ({
        ...part,
        ...{ at: k === 0 ? [x, 0, 0.05] : [0, 0, 0.02], axis: [1, 0, 0], limits: [0, 1.5] },
      }),
    );
  const { joints, hand, gripper } = rolesOf(
    describe([...arm(7), ...finger("a", -0.03), ...finger("b", 0), ...finger("c", 0.03)]),
  );
  expect([joints, hand]).toEqual(["j1 j2 j3 j4 j5 j6 j7", "jtip"]);
  expect(gripper).toBe("a1");
});
