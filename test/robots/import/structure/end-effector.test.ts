import { expect, describe as suite, test } from "vitest";
import { quaternionFromAxisAngle, rotateVector } from "../../../../src/math/quaternion.js";
import type { Vec3 } from "../../../../src/math/vector.js";
import { Articulation } from "../../../../src/physics/articulation/articulation.js";
import { CollisionShapes } from "../../../../src/robots/import/geometry/collision-shapes.js";
import { MeshLibrary } from "../../../../src/robots/import/geometry/mesh-library.js";
import { importRobot } from "../../../../src/robots/import/import-robot.js";
import { buildLinks } from "../../../../src/robots/import/links.js";
import { measureEndEffector } from "../../../../src/robots/import/structure/end-effector.js";
import { findRoles, type RoleOptions } from "../../../../src/robots/import/structure/joint-roles.js";
import { fingerOpening } from "../../../../src/robots/models/robot-model.js";
import { arm, describe, type Part } from "./descriptions.js";

function measure(parts: readonly Part[], options: RoleOptions = {}) {
  const description = describe(parts);
  const notes: string[] = [];
  const assume = (note: string) => void notes.push(note);
  const root = description.links[0]!;
  const roles = findRoles(description, root, { ...options, assume });
  const driven = [...roles.arm, ...(roles.gripper ? [roles.gripper] : [])].map(({ name }) => name);
  const links = buildLinks(description, root, {
    ...{ file: "made.urdf", assume, driven, ...roles },
    shapes: new CollisionShapes(new MeshLibrary("made.urdf", undefined, assume), assume),
  });
  const { gripper, tcp } = measureEndEffector(new Articulation({ links }), roles, assume);
  const turn = tcp.quaternion ?? [0, 0, 0, 1];
  const axes = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => rotateVector(turn, axis).map((value) => Number(value.toFixed(6)) + 0));
  return { gripper: gripper!, tcp, axes, notes };
}

const BOX: readonly [Vec3, Vec3] = [
  [0, 0, 0],
  [0.02, 0.01, 0.06],
];

const slide = (name: string, limits: readonly [number, number], extra: Partial<Part> = {}): Part => ({
  ...{ name, parent: "jtip", child: `${name}_link`, type: "prismatic", axis: [0, 1, 0], limits },
  ...{ at: [0, 0, 0.1], boxes: [BOX] },
  ...extra,
});

suite("two fingers of 1 cm that slide on one axis", () => {
  test("with opposite ranges open to 7 cm and meet 5 mm from their middles; the tool is near their tips", () => {
    const { gripper, tcp, axes } = measure([...arm(6), slide("fa", [0, 0.04]), slide("fb", [-0.04, 0])]);
    expect(gripper).toMatchObject({ joint: "fa", open: 0.04, lever: 1, meets: 0.005, idle: 0.005 });
    expect(gripper.closed).toBeCloseTo(0.005 - 0.25 * 0.035, 6);
    expect(gripper.fingerLinks).toEqual(["fa_link", "fb_link"]);
    // tips 13 cm from the hand, tool 1.25 cm short of them
    expect(tcp).toMatchObject({ link: "jtip", offset: [0, 0, 0.1175] });
    expect(axes[2]).toEqual([0, 0, 1]);
    expect(axes[1]!.map(Math.abs)).toEqual([0, 1, 0]);
    expect(gripper.pads).toEqual([
      { position: [0, -0.005, 0.0175], normal: [0, -1, 0] },
      { position: [0, 0.005, 0.0175], normal: [0, 1, 0] },
    ]);
  });

  test("with the same range in one place open to 3 cm on both ways and meet half way", () => {
    const { gripper } = measure([...arm(6), slide("fa", [0, 0.04]), slide("fb", [0, 0.04])]);
    expect(2 * fingerOpening(gripper, gripper.open)).toBeCloseTo(0.03, 6);
    expect(Math.abs(gripper.meets! - 0.02)).toBeCloseTo(0.005, 6);
  });

  test.each([
    ["cylinders", { type: "cylinder", radius: 0.01, length: 0.05 }, 0.005, 0.01],
    ["capsules", { type: "capsule", radius: 0.01, length: 0.05 }, 0.005, 0.01],
    ["spheres", { type: "sphere", radius: 0.02 }, -0.0125, 0.02],
  ] as const)("that are %s hold by their sides", (_, geometry, height, radius) => {
    const shapes = [[[0, 0, -0.02], geometry]] as const;
    const finger = (name: string, limits: readonly [number, number]) => {
      const { boxes: _, ...part } = slide(name, limits);
      return { ...part, shapes };
    };
    const { gripper, tcp } = measure([...arm(6), finger("fa", [0, 0.04]), finger("fb", [-0.04, 0])]);
    expect(gripper.meets).toBeCloseTo(radius, 5);
    expect(gripper.pads![0].normal[1]).toBeCloseTo(-1, 6);
    expect(gripper.pads![0].position[1]).toBeCloseTo(-radius, 5);
    expect(Math.abs(tcp.offset[2] - 0.1 - height)).toBeLessThan(0.03);
  });
});

suite("the way out of the hand", () => {
  const turned = (turn: Part["turn"], at: Vec3): Part[] => [
    ...arm(6),
    {
      ...{
        name: "mount",
        parent: "jtip",
        child: "palm",
        type: "fixed",
        at,
        boxes: [
          [
            [0, 0, 0],
            [0.04, 0.08, 0.04],
          ],
        ],
      },
      ...(turn ? { turn } : {}),
    },
    slide("fa", [0, 0.04], { parent: "palm", axis: [0, 1, 0] }),
    slide("fb", [-0.04, 0], { parent: "palm", axis: [0, 1, 0] }),
  ];

  test("is that of the fingers where the hand is mounted across the wrist", () => {
    const quarter = quaternionFromAxisAngle([0, 1, 0], Math.PI / 2);
    const { tcp, axes } = measure(turned(quarter, [0, 0, 0.05]));
    // in the palm's frame
    expect(tcp.link).toBe("palm");
    expect(axes[2]).toEqual([0, 0, 1]);
    expect(tcp.offset).toEqual([0, 0, 0.1175]);
  });

  test("is no axis where the fingers lean 40 degrees", () => {
    const lean = quaternionFromAxisAngle([0, 1, 0], (40 * Math.PI) / 180);
    const parts = turned(undefined, [0, 0, 0.05]).map((part) =>
      part.name.startsWith("f")
        ? {
            ...part,
            turn: lean,
            at: [0.1 * Math.sin((40 * Math.PI) / 180), 0, 0.1 * Math.cos((40 * Math.PI) / 180)] as const,
          }
        : part,
    );
    const { axes } = measure(parts);
    expect(axes[2]![0]).toBeCloseTo(Math.sin((40 * Math.PI) / 180), 6);
    expect(axes[2]![2]).toBeCloseTo(Math.cos((40 * Math.PI) / 180), 6);
    expect(axes[1]!.map(Math.abs)).toEqual([0, 1, 0]);
  });
});

/** Bars of 10 cm that turn about x at (0, ±4 cm), their pads kept parallel: 2 cm thick, the inner face 1 cm inside. */
const linkage = (): Part[] =>
  ([1, -1] as const).flatMap((side): Part[] => [
    {
      ...{ name: side > 0 ? "left" : "right", parent: "jtip", child: `bar${side}`, axis: [side, 0, 0] },
      ...{ at: [0, 0.04 * side, 0.05], limits: [0, 0.4] },
      ...(side > 0 ? {} : { mimic: { joint: "left" } }),
    },
    {
      ...{
        name: `pad${side}`,
        parent: `bar${side}`,
        child: `finger${side}`,
        axis: [side, 0, 0],
        limits: [-0.3, 0],
      },
      ...{ at: [0, 0, 0.1], mimic: { joint: "left", multiplier: -1 } },
      boxes: [
        [
          [0, 0, 0.02],
          [0.02, 0.02, 0.04],
        ],
      ],
    },
  ]);

test("a linkage opens as the sine of its bars' angle: what a line through it misses is told", () => {
  const { gripper, notes, tcp } = measure([...arm(6), ...linkage()]);
  const gapAt = (angle: number) => 2 * (0.04 - 0.1 * Math.sin(angle) - 0.01);
  expect(gripper).toMatchObject({ joint: "left", open: 0, fingerLinks: ["finger1", "finger-1"] });
  // exact where it is open, 6 cm, and where it holds 3 cm
  const holding = Math.asin(0.015 / 0.1);
  expect(fingerOpening(gripper, 0)).toBeCloseTo(0.03, 6);
  expect(fingerOpening(gripper, holding)).toBeCloseTo(0.015, 5);
  const meets = Math.asin(0.3);
  expect(gapAt(meets)).toBeCloseTo(0, 12);
  expect(gripper.idle).toBeLessThanOrEqual(0.304_693);
  const worst = Math.max(
    ...Array.from({ length: 33 }, (_, k) => {
      const angle = (gripper.idle! * k) / 32;
      return Math.abs(Math.max(0, gapAt(angle)) / 2 - fingerOpening(gripper, angle));
    }),
  );
  expect(worst).toBeLessThan(1e-3);
  const told = notes.find((note) => note.includes("open to"))!;
  expect(told).toMatch(
    /^the fingers "finger1" and "finger-1" open to 6\.0 cm and meet at 0\.3047 of joint "left"/,
  );
  // 3 cm apart the bars stand at 0.15 rad; the tips lie 4 cm beyond their ends
  expect(tcp.offset[2]).toBeCloseTo(0.05 + 0.1 * Math.cos(holding) + 0.04 - 0.0125, 5);
});

test("a jaw closes along the tool's x on one that stands still, 3.5 cm beside the tool", () => {
  const parts: Part[] = [
    ...arm(5),
    {
      ...{ name: "fixed", parent: "jtip", child: "fixed_jaw", type: "fixed", at: [-0.02, 0, 0.05] },
      boxes: [
        [
          [0, 0, 0.03],
          [0.01, 0.02, 0.06],
        ],
      ],
    },
    {
      ...{
        name: "6",
        parent: "jtip",
        child: "jaw",
        axis: [0, 1, 0],
        at: [0.02, 0, 0.02],
        limits: [-0.5, 1.2],
      },
      boxes: [
        [
          [0, 0, 0.06],
          [0.01, 0.02, 0.06],
        ],
      ],
    },
  ];
  const { gripper, tcp, axes } = measure(parts);
  expect(gripper.fingerLinks).toEqual(["fixed_jaw", "jaw"]);
  expect(gripper.open).toBeGreaterThan(gripper.meets!);
  expect(axes[2]).toEqual([0, 0, 1]);
  expect(axes[0]).toEqual([1, 0, 0]);
  // the fixed jaw's face is at x = -1.5 cm
  const opening = 2 * fingerOpening(gripper, gripper.open);
  expect(tcp.offset[0]).toBeCloseTo(0.02, 6);
  expect(gripper.pads![0]).toEqual({ position: [0.005, 0, expect.any(Number)], normal: [1, 0, 0] });
  // the tips, 3 cm long, begin 8 cm up; the jaw's turned by 1.2 rad about (2 cm, 2 cm)
  const [sine, cosine] = [Math.sin(1.2), Math.cos(1.2)];
  const away = 0.035 + 0.06 * sine - 0.005 * cosine;
  // edge against edge the distance algorithm stops within a hundredth
  const exact = Math.hypot(away, 0.06 - 0.06 * cosine - 0.005 * sine);
  expect(Math.abs(opening - exact)).toBeLessThan(0.011 * exact);
});

test("an arm without a gripper has its tool where the file says, z along the last joint where the frame's is not", () => {
  const frame = (turn?: Part["turn"]): Part => ({
    ...{ name: "flange", parent: "jtip", child: "ee_link", type: "fixed", at: [0, 0, 0.05] },
    ...(turn ? { turn } : {}),
  });
  const parts = arm(7);
  expect(measure([...parts, frame()]).tcp).toEqual({ link: "ee_link", offset: [0, 0, 0] });
  // the old description of the UR5 has x out of its ee_link
  const sideways = quaternionFromAxisAngle([0, 1, 0], -Math.PI / 2);
  const { tcp, axes, notes } = measure([...parts, frame(sideways)]);
  expect(tcp.link).toBe("ee_link");
  expect(axes[2]).toEqual([1, 0, 0]);
  expect(notes).toContain(
    'the tool centre point is the frame "ee_link", its z axis along the arm\'s last joint',
  );
  // what the user names is taken as it is
  expect(measure([...parts, frame(sideways)], { tip: "ee_link" }).axes[2]).toEqual([0, 0, 1]);
});

suite("closed on a block in simulation", () => {
  const grasp = (effort: number) =>
    importRobot(
      describe([...arm(6), slide("fa", [0, 0.04], { effort }), slide("fb", [-0.04, 0], { effort })]),
    );

  test("fingers that do not close to the usual block say so, and are tried on one that fits", () => {
    const limits = [0.03, 0.06] as const;
    const parts = [...arm(6), slide("fa", limits), slide("fb", [-0.06, -0.03])];
    const { assumptions } = importRobot(describe(parts), { tip: "jtip" });
    // their inner faces are 5 mm inside of where they slide
    expect(assumptions).toContain(
      "the fingers come no nearer to each other than 5 cm: they hold nothing smaller",
    );
    expect(assumptions.at(-1)).toMatch(
      /^the fingers squeeze with [\d.]+ N, measured by closing on a block of 6 cm in simulation$/,
    );
  });

  test("two fingers of 20 N each squeeze with 20 N", () => {
    const { assumptions } = grasp(20);
    const told = assumptions.find((note) => note.includes("squeeze"))!;
    const [, force, width] = /squeeze with ([\d.]+) N, .* a block of ([\d.]+) cm/.exec(told)!;
    expect(Number(force)).toBeCloseTo(20, 0);
    expect(width).toBe("3.5");
  });

  test("fingers that would crush it get the force of common grippers", () => {
    const { robot, assumptions } = grasp(400);
    expect(assumptions).toContain(
      'gripper joint "fa" has an effort limit of 400 N: 40 N, 40 N at each finger',
    );
    const told = assumptions.find((note) => note.includes("squeeze"))!;
    expect(Number(/squeeze with ([\d.]+) N/.exec(told)![1])).toBeCloseTo(40, 0);
    const { effortLimit } = robot.articulation.links.find(({ joint }) => joint?.name === "fa")!.joint!;
    expect(effortLimit).toBe(40);
  });
});
