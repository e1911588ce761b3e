import { expect, test } from "vitest";
import { quaternionFromAxisAngle } from "../../../../src/math/quaternion.js";
import { UsageError } from "../../../../src/math/usage-error.js";
import { Articulation } from "../../../../src/physics/articulation/articulation.js";
import { importRobot } from "../../../../src/robots/import/import-robot.js";
import { attachedFiles, attachPart } from "../../../../src/robots/import/structure/attach.js";
import { arm, describe, type Part } from "./descriptions.js";

const fingers: Part[] = (["left", "right"] as const).map((name, k) => ({
  ...{
    name,
    parent: "base",
    child: `${name}_finger`,
    type: "prismatic",
    axis: [0, 1 - 2 * k, 0],
    limits: [0, 0.04],
  },
  ...{
    at: [0, 0, 0.1],
    boxes: [
      [
        [0, 0, 0],
        [0.02, 0.01, 0.06],
      ],
    ],
    ...(k === 1 ? { mimic: { joint: "left" } } : {}),
  },
}));
const gripper = describe(fingers, { name: "two fingers", file: "gripper.xml" });
const flange: Part = { name: "flange", parent: "jtip", child: "tool0", type: "fixed", at: [0, 0, 0.05] };

test("a gripper from another file is moved by the arm, its names beside the arm's, its fingers found", () => {
  const both = attachPart(describe([...arm(6), flange]), gripper, {
    at: "jtip",
    pose: { position: [0, 0, 0.02], quaternion: quaternionFromAxisAngle([0, 0, 1], Math.PI / 2) },
  });
  const { robot, assumptions } = importRobot(both);
  expect(robot.armJoints).toEqual(["j1", "j2", "j3", "j4", "j5", "j6"]);
  expect(robot.gripper).toMatchObject({ joint: "left", open: 0.04, meets: 0.005 });
  // "base" is the arm's
  expect(robot.articulation.links.map(({ name }) => name)).toContain("two_fingers_base");
  const links = new Articulation(robot.articulation);
  links.reset([0, 0, 0, 0, 0, 0, 0.04]);
  const left = links.linkIndex("left_finger");
  // six joints of 10 cm, 2 cm of the mount and 10 cm to the fingers, which slide along the wrist's -x
  expect(
    [...links.linkPositions.subarray(3 * left, 3 * left + 3)].map((v) => Number(v.toFixed(9)) + 0),
  ).toEqual([-0.04, 0, 0.72]);
  expect(assumptions).toContain('gripper.xml is attached at link "jtip"');
});

test("it goes on the arm's tool frame where nothing else is said", () => {
  const { joints, notes } = attachPart(describe([...arm(6), flange]), gripper);
  expect(joints.find(({ child }) => child === "two_fingers_base")).toMatchObject({
    name: "two_fingers_mount",
    parent: "tool0",
    type: "fixed",
  });
  expect(notes.at(-1)).toBe('gripper.xml is attached at link "tool0" (the option "at" names another)');
});

test("joints of one name stay apart, and followers follow their own", () => {
  const twice = attachPart(attachPart(describe(arm(6)), gripper), gripper);
  const names = twice.joints.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(twice.links.map(({ name }) => name)).size).toBe(twice.links.length);
  const mimics = twice.joints.flatMap(({ name, mimic }) => (mimic ? [[name, mimic.joint]] : []));
  expect(mimics).toEqual([
    ["right", "left"],
    ["two_fingers_right", "two_fingers_left"],
  ]);
});

test("files are looked for where each of the two has them", () => {
  const mesh = (parts: readonly Part[], name: string) =>
    describe(
      parts.map((part) => ({
        ...part,
        shapes: [[[0, 0, 0], { type: "mesh", filename: "meshes/base.stl", scale: [1, 1, 1] }]] as const,
      })),
      { name, file: `${name}.urdf` },
    );
  const { links } = attachPart(mesh(arm(2), "arm"), mesh(fingers, "hand"));
  const named = links.flatMap(({ collisions }) =>
    collisions.flatMap(({ geometry }) => (geometry.type === "mesh" ? [geometry.filename] : [])),
  );
  const read = attachedFiles(
    (name) => (name === "meshes/base.stl" ? "the arm's" : undefined),
    (name) => (name === "meshes/base.stl" || name === "texture.bin" ? "the hand's" : undefined),
  );
  expect(named.map(read)).toEqual(["the arm's", "the arm's", "the hand's", "the hand's"]);
  expect([read("texture.bin"), read("other.stl")]).toEqual(["the hand's", undefined]);
});

test("a link that the arm does not have is told with those that it has", () => {
  expect(() => attachPart(describe(arm(2)), gripper, { at: "jtop" })).toThrow(
    new UsageError(
      'made.urdf: there is no link "jtop" to attach gripper.xml at (the option "at"). Did you mean "jtip"? ' +
        "It has: base, jlink1, jtip.",
    ),
  );
});
