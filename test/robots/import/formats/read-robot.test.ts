// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of xacro
import { expect, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { readRobot } from "../../../../src/robots/import/formats/read-robot.js";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a URDF is known by its root, whatever its name and encoding", () => {
  const text = '<?xml version="1.0"?>\n<robot name="Ä"><link name="a"/></robot>';
  const utf16 = Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((c) => [c.charCodeAt(0), 0])]);
  for (const content of [bytes(text), utf16])
    expect(readRobot(content, "arm.xml", () => undefined)).toMatchObject({
      name: "Ä",
      file: "arm.xml",
      links: [{ line: 2 }],
    });
});

test("a xacro is known by its elements or expressions, and expanded with its arguments and files", () => {
  const text = `<robot name="$(arg n)"><xacro:arg name="n" default="a"/><xacro:include filename="b.xacro"/></robot>`;
  const args = new Map([["n", "mine"]]);
  const readFile = (name: string) =>
    name === "b.xacro" ? bytes('<robot>\n\n<link name="l"/></robot>') : undefined;
  expect(readRobot(bytes(text), "arm.urdf", readFile, args)).toMatchObject({
    name: "mine",
    links: [{ name: "l", line: 1 }],
  });
  // an expression that stands where no robot is made of it is left alone
  const gazebo = '<robot name="a"><link name="l"/><gazebo><p q="${x}"/></gazebo></robot>';
  expect(readRobot(bytes(gazebo), "arm.urdf", readFile).links).toHaveLength(1);
  expect(() => readRobot(bytes('<robot><link name="l"/></robot>'), "arm.urdf", readFile, args)).toThrow(
    new UsageError('arm.urdf is no xacro: it has no argument "n".'),
  );
});

const EXPECTED = "expected a robot as URDF, xacro or MJCF";
const USD =
  "f is USD, which is not read. Convert it to URDF: pip install nvidia-srl-usd-to-urdf, then usd_to_urdf -o robot.urdf f";
const SDF =
  "this is SDF, Gazebo's format, which is not read. Convert it to MJCF: pip install sdformat-mjcf, then sdf2mjcf f robot.xml";

test.each([
  ["PXR-USDC\0\0\0\0", USD],
  ["#usda 1.0\n", USD],
  [
    "PK\x03\x04abc",
    `f is an archive. Unpack it, and give the robot's file in it (USDZ holds USD); ${EXPECTED}.`,
  ],
  ["glTF\x02", `f is a glTF mesh, no robot. Give the URDF or MJCF that names it; ${EXPECTED}.`],
  ["solid a\n", `f is an STL mesh, no robot. Give the URDF or MJCF that names it; ${EXPECTED}.`],
  ['{"a": 1}', `f is JSON, no robot; ${EXPECTED}.`],
  [
    'import type { RobotModel } from "armgym";',
    `f is a program, no robot. A module with robot data is used as it is; ${EXPECTED}.`,
  ],
  ["hello", `f is no XML; ${EXPECTED}.`],
  ["", `f is no XML; ${EXPECTED}.`],
  ["<!-- a -->\n<sdf version='1.9'/>", `f:2: ${SDF}`],
  [
    "<mujocoinclude/>",
    "f:1: this is a part of an MJCF that others include. Give the file whose root is <mujoco>.",
  ],
  ["<COLLADA/>", "f:1: this is a COLLADA mesh, no robot. Give the URDF or MJCF that names it."],
  ["<svg/>", `f:1: the root is <svg>, ${EXPECTED}: <robot> or <mujoco>.`],
  ["<robot/>", "f:1: the robot has no <link>."],
])("what is no robot is told what it is: %j", (text, message) => {
  expect(() => readRobot(bytes(text), "f", () => undefined)).toThrow(new UsageError(message));
});
