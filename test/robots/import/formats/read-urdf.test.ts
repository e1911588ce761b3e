import { expect, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { readUrdf } from "../../../../src/robots/import/formats/read-urdf.js";
import { parseXml } from "../../../../src/robots/import/formats/xml.js";

const read = (text: string) => readUrdf(parseXml(text, "a.urdf"), "a.urdf");

/** An arm of one joint whose child holds `link` and whose joint holds `joint`. */
const oneJoint = (link: string, joint = "", type = "revolute") => `<robot name="one">
<link name="base"/>
<link name="arm">${link}</link>
<joint name="turn" type="${type}"><parent link="base"/><child link="arm"/>${joint}</joint>
</robot>`;

test("visuals come with their places and colours: their own, the robot's by name, another link's by name", () => {
  const visual = (inside: string) => `<visual>${inside}</visual>`;
  const { links, notes } = read(`<robot><material name="red"><color rgba="1 0 0 1"/></material>
    <link name="a">${visual('<origin xyz="1 2 3"/><geometry><box size="1 2 3"/></geometry><material name="red"/>')}
    ${visual('<geometry><mesh filename="a.dae" scale="0.001"/></geometry><material name="own"><color rgba="0 0 2 0.5"/></material>')}</link>
    <link name="b">${visual('<geometry><capsule radius="0.1" length="0"/></geometry><material name="own"/>')}
    ${visual('<geometry><sphere radius="0.1"/></geometry><material name="none"/>')}</link></robot>`);
  expect(notes).toEqual([]);
  expect(links.map(({ visuals }) => visuals)).toEqual([
    [
      {
        line: 2,
        pose: { position: [1, 2, 3], quaternion: [0, 0, 0, 1] },
        geometry: { type: "box", size: [1, 2, 3] },
        color: [1, 0, 0, 1],
      },
      expect.objectContaining({
        line: 3,
        geometry: { type: "mesh", filename: "a.dae", scale: [0.001, 0.001, 0.001] },
        color: [0, 0, 1, 0.5],
      }),
    ],
    [
      expect.objectContaining({
        geometry: { type: "capsule", radius: 0.1, length: 0 },
        color: [0, 0, 1, 0.5],
      }),
      expect.not.objectContaining({ color: expect.anything() }),
    ],
  ]);
});

test("shapes without extent, unknown ones and empty ones are left out, each with a note", () => {
  const shapes = ['<box size="1 0 1"/>', '<sphere radius="0"/>', "<plane/>", ""];
  const { links, notes } = read(
    oneJoint(shapes.map((shape) => `<collision><geometry>${shape}</geometry></collision>`).join("\n")),
  );
  expect(links[1]!.collisions).toEqual([]);
  expect(notes).toEqual([
    'link "arm": a <collision> whose <box> has a size of 0 is left out (line 3)',
    'link "arm": a <collision> whose <sphere> has a size of 0 is left out (line 4)',
    'link "arm": a <collision> of the unknown shape <plane> is left out (line 5)',
    'link "arm": a <collision> without a shape is left out (line 6)',
    'joint "turn" has no limits',
  ]);
});

test.each([
  ["", undefined, ['joint "turn" has no limits']],
  ['<limit effort="3"/>', undefined, ['joint "turn" has no limits']],
  ['<limit lower="0" upper="0"/>', undefined, ['joint "turn" has limits of 0 and 0: taken as none']],
  ['<limit lower="2" upper="-1"/>', [-1, 2], ['joint "turn" has its limits swapped: taken as -1 to 2']],
  ['<limit lower="-inf" upper="inf"/>', undefined, []],
  ['<limit lower="-1" upper="2"/>', [-1, 2], []],
])("limits of %j", (limit, limits, notes) => {
  const description = read(oneJoint("", limit));
  expect(description.joints[0]!.limits).toEqual(limits);
  expect(description.notes).toEqual(notes);
});

test("a joint without end has no limits, and what is written of them is told", () => {
  const read = (limit: string) => readUrdf(parseXml(oneJoint("", limit, "continuous"), "a.urdf"), "a.urdf");
  const written = read('<limit lower="-1" upper="1" effort="5"/>');
  expect(written.joints[0]).toMatchObject({ type: "continuous", effort: 5 });
  expect(written.joints[0]).not.toHaveProperty("limits");
  expect(written.notes).toEqual(['joint "turn" is continuous: its limits of -1 and 1 are left out']);
  expect(read('<limit lower="-inf" upper="inf"/>').notes).toEqual([]);
});

test("what is no link or joint of the robot itself is left alone, and names and axes are as written", () => {
  const { links, joints, notes } = read(`<robot xmlns="http://x"><link name="l 0"/><link name="table"/>
    <joint name="***" type="revolute"><parent link="l 0"/><child link="table"/><axis xyz="0 -2 0"/>
      <limit lower="-1" upper="1"/></joint>
    <gazebo reference="table"><selfCollide>true</selfCollide><link/></gazebo><sensor:camera name="c"/>
    <transmission name="t"><joint name="***"><hardwareInterface>p</hardwareInterface></joint></transmission></robot>`);
  expect(links.map(({ name }) => name)).toEqual(["l 0", "table"]);
  expect(joints.map(({ name, axis }) => [name, axis])).toEqual([["***", [0, -1, 0]]]);
  expect(notes).toEqual([]);
  expect(() => read('<robot><link name=""/></robot>')).toThrow("a.urdf:1: <link> lacks name.");
});

test("a ball joint of Bullet's holds still, a joint of no known kind is refused", () => {
  const { joints, notes } = read(oneJoint("", "", "spherical"));
  expect(joints[0]!.type).toBe("fixed");
  expect(notes).toEqual(['joint "turn" is spherical: it is fixed where the file puts it']);
  expect(() => read(oneJoint("", "", "screw"))).toThrow(
    'a.urdf:4: joint "turn" is of type "screw"; known: revolute, continuous, prismatic, fixed, floating, planar.',
  );
});

test("an effort or a velocity that is 0, negative or without end is none", () => {
  const joint = (limit: string) => read(oneJoint("", `<limit lower="-1" upper="1" ${limit}/>`)).joints[0]!;
  expect(joint('effort="20" velocity="3"')).toMatchObject({ effort: 20, velocity: 3 });
  for (const value of ["0", "-1", "inf"]) {
    expect(joint(`effort="${value}" velocity="${value}"`)).not.toHaveProperty("effort");
    expect(joint(`effort="${value}" velocity="${value}"`)).not.toHaveProperty("velocity");
  }
});

test("masses and inertias are kept as written, whether a body can have them or not", () => {
  const { links } = read(oneJoint('<inertial><mass value="0"/><inertia ixx="-1" iyy="2"/></inertial>'));
  expect(links[1]!.inertial).toEqual({
    ...{ line: 3, mass: 0, centerOfMass: [0, 0, 0] },
    inertia: [-1, 2, 0, 0, 0, 0],
  });
  expect(read(oneJoint("<inertial/>")).links[1]!.inertial).toMatchObject({ mass: 0 });
});

test.each([
  ['<inertial><mass value="nan"/></inertial>', 'value="nan" of <mass> is not a number'],
  ['<inertial><mass value="inf"/></inertial>', 'value="inf" of <mass> is not a finite number'],
  [
    '<inertial><mass value="1,5"/></inertial>',
    'value="1,5" of <mass> is not a number; numbers have decimal points and are parted by blanks',
  ],
  ['<inertial><mass value="0x10"/></inertial>', 'value="0x10" of <mass> is not a number'],
  ["<inertial><mass/></inertial>", "<mass> lacks value"],
  [
    '<visual><geometry><mesh filename="a.stl" scale="1 2"/></geometry></visual>',
    'scale="1 2" of <mesh> is not three numbers',
  ],
])("what no number is, is told with its line: %s", (link, message) => {
  expect(() => read(oneJoint(link))).toThrow(new UsageError(`a.urdf:3: ${message}.`));
});

test("a robot of very many shapes is refused", () => {
  const shape = "<visual><geometry><sphere radius='1'/></geometry></visual>\n";
  expect(() => read(oneJoint(shape.repeat(5001)))).toThrow(
    new UsageError("a.urdf:5003: the robot has more than 5000 shapes."),
  );
});

test("a robot of very many links is refused at once, with the line of the first too many", () => {
  const links = Array.from({ length: 100_000 }, (_, k) => `<link name="l${k}"/>`);
  expect(() => read(`<robot>\n${links.join("\n")}\n</robot>`)).toThrow(
    new UsageError("a.urdf:2002: the robot has 100000 links, expected at most 2000."),
  );
});
