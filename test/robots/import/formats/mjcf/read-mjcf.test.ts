import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../../src/math/usage-error.js";
import { Articulation } from "../../../../../src/physics/articulation/articulation.js";
import { importRobot } from "../../../../../src/robots/import/import-robot.js";
import { robots } from "../../../../../src/robots/models/robots.js";
import { robotToMjcf } from "../../../../physics/mjcf.js";
import { compileMjcf, mujoco } from "../../../../physics/mujoco.js";
import { compareWithMujoco } from "./against-mujoco.js";
import { read, solid } from "./mjcf-text.js";

/** Largest difference of any kind. */
function worstAgainstMujoco(text: string): number {
  const { numJoints, ...differences } = compareWithMujoco(read(text), mujoco.MjModel.from_xml_string(text));
  expect(numJoints).toBeGreaterThan(0);
  return Math.max(...Object.values(differences));
}

/** An arm of bodies `inside` on a base, with `sections` before the world. */
function arm(inside: string, sections = ""): string {
  return `<mujoco model="arm">${sections}<worldbody><body name="base">${inside}</body></worldbody></mujoco>`;
}

describe("poses, masses, inertias, mass matrix and gravity torques agree with MuJoCo to 1e-9", () => {
  test.each([
    [
      "several joints of a body, anchors, references, slides",
      `<mujoco><compiler angle="degree"/><worldbody><body name="a" pos="0 0 0.3" quat="1 0.2 0.3 0.1">
        <joint name="j1" pos="0.01 0.02 -0.03" axis="0.2 0.3 1" range="-100 90" ref="20"/>
        <joint name="j2" type="slide" axis="1 2 -1" range="-0.2 0.3" ref="0.05"/>
        <joint name="j3" pos="0.1 0 0.2" axis="0 1 0" armature="0.02"/>${solid}
        <body name="b" pos="0.3 0 0.1"><joint name="j4" axis="0 1 1" pos="0 0.1 0"/>${solid}</body>
       </body></worldbody></mujoco>`,
    ],
    [
      "five ways to write a rotation, and fixed and moving euler axes",
      `<mujoco><compiler angle="radian" eulerseq="ZyX"/><worldbody><body name="a" euler="0.3 -0.5 0.7">
        <joint name="j1"/>${solid}
        <body name="b" pos="0.1 0 0" axisangle="1 2 3 0.8"><joint name="j2" axis="0 1 0"/>${solid}
        <body name="c" pos="0 0.2 0" xyaxes="1 0.2 0 0.1 1 0.3"><joint name="j3" axis="1 0 0"/>${solid}
        <body name="d" pos="0 0 0.3" zaxis="-1 2 0.5"><joint name="j4" axis="0 1 0"/>${solid}
        <body name="e" pos="0 0 0.3" zaxis="0 0 -1"><joint name="j5" axis="1 1 0"/>${solid}
        </body></body></body></body></body></worldbody></mujoco>`,
    ],
    [
      "nested default classes, childclass, frames and partly inherited sizes",
      arm(
        `<body name="a" childclass="thin"><joint name="j1" class="main"/><joint name="j2"/><geom/>
          <frame pos="0.1 0.2 0.3" euler="10 20 30"><geom size="0.05"/>
            <body name="b" pos="0.2 0 0"><joint name="j3" class="slow"/><geom class="heavy" size="0.04"/></body>
          </frame></body>`,
        `<default><joint axis="0 1 0" armature="0.3"/><geom density="800" type="capsule" size="0.02 0.1"/>
          <default class="thin"><geom size="0.01" zaxis="0 1 1"/><joint pos="0 0 0.1"/>
            <default class="slow"><joint axis="1 0 0" armature="0.01"/></default></default>
          <default class="heavy"><geom type="ellipsoid" size="1 0.03 0.06" mass="2" euler="20 0 0"/></default></default>`,
      ),
    ],
    [
      "inertias of every solid by density, by mass, as shells, and by fromto",
      arm(`<body name="a"><joint name="j1"/>
        <geom type="sphere" size="0.1" pos="0.3 0 0"/><geom type="capsule" size="0.02 0.1" density="300"/>
        <geom type="cylinder" size="0.03 0.07" mass="0.4" euler="30 0 0"/>
        <geom type="ellipsoid" size="0.03 0.05 0.08" euler="0 30 0"/>
        <geom type="capsule" size="0.02" fromto="0 0 0 0.1 -0.2 0.3"/>
        <geom type="cylinder" size="0.02" fromto="0 0.1 0 0.2 0.2 0.3"/>
        <geom type="box" size="0.02" fromto="0 0 0.1 0.1 0.2 -0.3"/>
        <geom type="ellipsoid" size="0.02" fromto="0 0 0 -0.1 -0.2 -0.3"/></body>
        <body name="b" pos="0 0 1"><joint name="j2" axis="1 0 0"/>
        <geom type="sphere" size="0.1" shellinertia="true" pos="0 0.1 0"/>
        <geom type="capsule" size="0.02 0.1" shellinertia="true" euler="20 0 0"/>
        <geom type="cylinder" size="0.03 0.07" shellinertia="true" pos="0.1 0 0" euler="0 20 0"/>
        <geom type="box" size="0.02 0.03 0.05" shellinertia="true" euler="0 0 20"/></body>`),
    ],
    [
      "a shell of an ellipsoid",
      arm(
        '<body name="a"><joint name="j1" axis="0 1 0"/><geom type="ellipsoid" size="0.03 0.05 0.08" shellinertia="true"/></body>',
      ),
    ],
    [
      "groups that weigh, geoms that weigh nothing, and a total mass",
      arm(
        `<geom size="0.1"/><body name="a"><joint name="j1" axis="0 1 0"/>${solid}<geom size="0.2" group="3"/>
          <geom size="0.3" mass="0"/><geom size="0.3" density="0"/>
          <body name="b" pos="0.2 0 0"><joint name="j2"/><inertial mass="3" pos="0.1 0 0" diaginertia="0.1 0.2 0.25"/></body></body>`,
        '<compiler inertiagrouprange="0 2" settotalmass="11"/>',
      ),
    ],
    [
      "balanced and bounded inertias",
      arm(
        `<body name="a"><joint name="j1"/><inertial mass="0.1" pos="0.1 0.2 0.3" fullinertia="1 2 3 0.1 0.2 0.3"/></body>
         <body name="b"><joint name="j2"/><inertial mass="2" pos="0 0 0" euler="10 20 30" diaginertia="1 1 3"/></body>
         <body name="c"><joint name="j3"/><geom type="capsule" fromto="0 0 0 0.1 0.2 0.3" size="0.001"/></body>`,
        '<compiler boundmass="0.5" boundinertia="1.5" balanceinertia="true"/>',
      ),
    ],
    [
      "inertia from geoms wherever there are some",
      arm(
        `<body name="a"><joint name="j1" axis="0 1 0"/><inertial mass="9" pos="0 0 0" diaginertia="1 1 1"/>${solid}</body>`,
        '<compiler inertiafromgeom="true"/>',
      ),
    ],
    [
      "meshes given by their corners, moved, turned and scaled",
      arm(
        `<body name="a"><joint name="j1" axis="0 1 0"/>
          <geom type="mesh" mesh="corner" pos="0.25 0 0.5" quat="1 1 0 0"/><geom type="mesh" mesh="notch" mass="0.5"/></body>`,
        `<asset><mesh name="corner" vertex="0 0 0 0.25 0 0 0 0.5 0 0 0 0.125" face="0 2 1 0 1 3 0 3 2 1 2 3"
          refpos="0.5 0.25 1" refquat="1 0 1 0" scale="0.5 2 1"/>
         <mesh name="notch" vertex="0 0 0 0.5 0 0 0.125 0.125 0 0 0.5 0 0.125 0.125 0.5"
          face="0 2 1 0 3 2 0 1 4 1 2 4 2 3 4 3 0 4"/></asset>`,
      ),
    ],
  ])("%s", (_, text) => {
    // MuJoCo keeps corners of meshes as 32-bit floats, and gives the shell of an ellipsoid a thickness of 1e-6 m
    const roughness = text.includes("<mesh") ? 1e-7 : 1e-9;
    expect(worstAgainstMujoco(text)).toBeLessThan(/ellipsoid[^/]*shell/.test(text) ? 1e-4 : roughness);
  });
});

test.each(Object.values(robots))(
  "$id written as MJCF agrees with MuJoCo and is the same robot again",
  (robot) => {
    const text = robotToMjcf(robot);
    expect(worstAgainstMujoco(text)).toBeLessThan(1e-9);
    const { robot: again } = importRobot(read(text), {
      base: { position: [0, 0, 0], quaternion: [0, 0, 0, 1] },
    });
    expect(again.armJoints).toEqual(robot.armJoints);
    expect(again.gripper?.joint).toBe(robot.gripper?.joint);
  },
);

test("a body of three joints becomes a robot whose massless links stay so, moving as in MuJoCo", () => {
  const text = arm(`<body name="wrist" pos="0 0 0.3"><joint name="x" axis="1 0 0" range="-1 1"/>
    <joint name="y" axis="0 1 0" range="-1 1"/><joint name="z" axis="0 0 1" range="-1 1"/>${solid}</body>`);
  const { robot } = importRobot(read(text));
  const { links } = robot.articulation;
  expect(links.map(({ name, mass }) => [name, mass > 0])).toEqual([
    ["wrist_x", false],
    ["wrist_y", false],
    ["wrist", true],
  ]);
  const joints = links.map((link) => ({ ...link, joint: { ...link.joint!, armature: 0 } }));
  const ours = new Articulation({ links: joints });
  const { model, data } = compileMjcf(text);
  const posture = [0.3, -0.5, 0.7];
  data.qpos.set(posture);
  mujoco.mj_forward(model, data);
  ours.reset(posture);
  ours.computeDynamics();
  for (const k of [0, 1, 2]) expect(ours.biasForces[k]).toBeCloseTo(data.qfrc_bias[k] as number, 12);
});

describe("links and joints", () => {
  const description = read(
    arm(
      `<body name="upper" pos="0 0 0.4"><joint name="turn" range="-90 45" damping="0.5" frictionloss="0.25"/>
        <joint name="tilt" axis="0 2 0" pos="0 0 0.1" armature="0.125"/>${solid}
        <geom name="skin" size="0.1" contype="0" conaffinity="0" material="blue"/>
        <site name="attachment_site" pos="0 0 0.3"/><site name="ee_x"/>
        <body name="tip" pos="0 0 0.5"><geom size="0.01" rgba="1 0 0 1"/></body></body>`,
      '<compiler angle="degree"/><asset><material name="blue" rgba="0 0 1 0.5"/></asset>',
    ),
  );
  const joint = (name: string) => description.joints.find((other) => other.name === name)!;
  const link = (name: string) => description.links.find((other) => other.name === name)!;

  test("a body of two joints becomes two links, the first a massless one", () => {
    expect(description.links.map(({ name }) => name)).toEqual([
      ...["base", "upper_turn", "upper", "attachment_site", "tip"],
    ]);
    expect(link("upper_turn")).toMatchObject({ collisions: [], visuals: [], solids: [] });
    expect(joint("turn")).toMatchObject({
      ...{ type: "revolute", parent: "base", child: "upper_turn", axis: [0, 0, 1], line: 1 },
      ...{ limits: [-Math.PI / 2, Math.PI / 4], damping: 0.5, friction: 0.25 },
      pose: { position: [0, 0, 0.4], quaternion: [0, 0, 0, 1] },
    });
    expect(joint("tilt")).toMatchObject({
      ...{ type: "continuous", parent: "upper_turn", child: "upper", axis: [0, 1, 0], armature: 0.125 },
      pose: { position: [0, 0, 0.1] },
    });
    expect(joint("tilt").limits).toBeUndefined();
  });

  test("what stands on a body whose joint has an anchor is given from the anchor", () => {
    expect(joint("tip_fixed").pose.position[2]).toBeCloseTo(0.4, 12);
    expect(joint("attachment_site_fixed").pose.position[2]).toBeCloseTo(0.2, 12);
    expect(link("upper").collisions[0]!.pose.position[2]).toBeCloseTo(-0.07, 12);
  });

  test("geoms that touch nothing are looks; a body without any looks like what touches", () => {
    expect(link("upper").visuals).toMatchObject([
      { geometry: { type: "sphere", radius: 0.1 }, color: [0, 0, 1, 0.5] },
    ]);
    expect(link("upper").collisions).toHaveLength(1);
    expect(link("tip").visuals).toMatchObject([
      { geometry: { type: "sphere", radius: 0.01 }, color: [1, 0, 0, 1] },
    ]);
    expect(description.notes).toContain("1 sites that mark no frame of the robot are left out");
  });
});

test("the tree with the most driven joints is the robot, its orientation counts and its place does not", () => {
  const { links, joints, notes } = read(`<mujoco><worldbody>
    <geom type="plane" size="1 1 1"/><light/><camera/>
    <body name="cube"><freejoint/><geom size="0.1"/></body>
    <body name="chest"><geom size="0.1"/><body><joint name="a"/>${solid}<body><joint name="b"/>${solid}</body></body></body>
    <body name="robot" pos="1 2 3" quat="0 1 0 0"><body name="hand"><joint name="c"/>${solid}</body></body>
    </worldbody><actuator><motor joint="c"/></actuator></mujoco>`);
  expect(links.map(({ name }) => name)).toEqual(["world", "robot", "hand"]);
  expect(joints[0]).toMatchObject({
    ...{ name: "robot_fixed", parent: "world", child: "robot" },
    pose: { position: [0, 0, 0], quaternion: [1, 0, 0, 0] },
  });
  expect(notes).toEqual([
    'the surroundings of the robot "robot" are left out: "cube", "chest"',
    "what stands in the world is left out: 1 geom",
    '"robot" stands at (1, 2, 3) m in its scene: here at the origin',
  ]);
});

test("trees with as many driven joints are all there, each on its own base", () => {
  const side = (name: string, x: number) =>
    `<body name="${name}" pos="${x} 0 0.5"><joint name="${name}_j" type="slide" axis="0 1 0"/>${solid}</body>`;
  const { links, joints, notes } = read(
    `<mujoco><worldbody>${side("left", -1)}${side("right", 1)}<body name="table"/></worldbody></mujoco>`,
  );
  expect(links.map(({ name }) => name)).toEqual(["world", "left", "world_2", "right"]);
  expect(joints).toMatchObject([
    { name: "left_j", parent: "world", pose: { position: [0, 0, 0.5] } },
    { name: "right_j", parent: "world_2", pose: { position: [0, 0, 0.5] } },
  ]);
  expect(notes[0]).toBe('the surroundings of the robot "left", "right" are left out: "table"');
});

test("excluded pairs and pairs whose bits do not match never touch", () => {
  const body = (name: string, bits: string) =>
    `<body name="${name}"><joint/><geom size="0.1" ${bits}/></body>`;
  const { mayOverlap } = read(
    `${arm(
      body("a", "") +
        body("b", "") +
        body("c", 'contype="2" conaffinity="4"') +
        body("d", 'contype="4" conaffinity="0"'),
    ).replace("</mujoco>", "")}<contact><exclude body1="a" body2="b"/></contact></mujoco>`,
  );
  expect(mayOverlap).toEqual([
    ["a", "b"],
    ["a", "c"],
    ["a", "d"],
    ["b", "c"],
    ["b", "d"],
  ]);
});

test("the keyframe called home gives the posture of the robot's joints", () => {
  const { posture, notes } = read(`<mujoco><worldbody><body name="cube"><freejoint/><geom size="0.1"/></body>
    <body name="base"><body><joint name="j1"/>${solid}<body><joint name="j2"/>${solid}</body></body></body></worldbody>
    <keyframe><key name="other" qpos="0 0 0 1 0 0 0 9 9"/><key name="home_1" qpos="0 0 0 1 0 0 0 0.5 -0.25"/></keyframe></mujoco>`);
  expect(posture).toEqual(
    new Map([
      ["j1", 0.5],
      ["j2", -0.25],
    ]),
  );
  expect(notes).toContain('the keyframe "home_1" gives a posture');
  const other = read(`<mujoco><worldbody><body name="base"><joint name="j"/>${solid}</body></worldbody>
    <keyframe><key name="fist" qpos="1"/><key name="neutral" qpos="2"/></keyframe></mujoco>`);
  expect(other.posture).toEqual(new Map([["j", 2]]));
});

test("included files count as if they stood there, below the main file's folder or beside the one that includes", () => {
  const { name, links } = read(
    `<mujoco model="both"><include file="parts/defaults.xml"/><worldbody><include file="parts/arm.xml"/></worldbody></mujoco>`,
    {
      "parts/defaults.xml": '<mujoco><default><geom type="box" size="0.1 0.2 0.3"/></default></mujoco>',
      "parts/arm.xml": '<mujocoinclude>\n<body name="base"><include file="tip.xml"/></body></mujocoinclude>',
      "parts/tip.xml": '<mujocoinclude><body name="tip"><joint name="j"/><geom/></body></mujocoinclude>',
    },
  );
  expect(name).toBe("both");
  expect(links.map((link) => [link.name, link.line, link.collisions.length])).toEqual([
    ["base", 1, 0],
    ["tip", 1, 1],
  ]);
  expect(links[1]!.collisions[0]!.geometry).toEqual({ type: "box", size: [0.2, 0.4, 0.6] });
});

describe("mistakes are told with their file and line", () => {
  test.each([
    [
      "<mujoco>\n<include file='a.xml'/></mujoco>",
      "arm.xml:2: the included file a.xml is not found. Put it there, or take the <include> out.",
    ],
    [
      "<mujoco>\n<include file='loop.xml'/></mujoco>",
      "loop.xml:2: loop.xml is included already, in arm.xml:2; a file is included once.",
    ],
    ["<mujoco/>", "arm.xml: <worldbody> has no <body>: there is no robot in it."],
    [
      '<mujoco><compiler coordinate="global"/></mujoco>',
      'arm.xml:1: coordinate="global" is not read, as MuJoCo since 2.3.4 does not. Load the file in MuJoCo 2.3.3 and save it: mj_saveLastXML writes local coordinates.',
    ],
    [
      '<mujoco><compiler angle="deg"/></mujoco>',
      'arm.xml:1: angle="deg" of <compiler> is not known; known: degree, radian.',
    ],
    [
      '<mujoco><compiler eulerseq="xy"/></mujoco>',
      'arm.xml:1: eulerseq="xy" is not three letters of x, y, z, X, Y, Z.',
    ],
    [arm('\n<body name="base"/>'), 'arm.xml:2: there are two bodies "base".'],
    [arm('<joint name="j"/>\n<joint name="j"/>'), 'arm.xml:2: there are two joints "j".'],
    [arm('\n<joint name="j" axis="0 0 0"/>'), 'arm.xml:2: the axis of joint "j" is zero.'],
    [
      arm('\n<joint name="j" limited="true" range="3 1"/>'),
      'arm.xml:2: joint "j" is limited from 3 to 1: the lower limit must lie below the upper. Give it a range, or limited="false".',
    ],
    [arm('\n<body quat="0 0 0 0"/>'), "arm.xml:2: quat of <body> is zero: no rotation."],
    [arm('\n<body pos="1 2"/>'), 'arm.xml:2: pos="1 2" of <body> is not three numbers.'],
    [arm('\n<body pos="1 nan 2"/>'), 'arm.xml:2: pos="1 nan 2" of <body> is not three numbers.'],
    [
      arm('\n<geom type="box" size="0.1 0.2"/>'),
      'arm.xml:2: a box has size "0.1 0.2", expected 3 numbers above 0, in m.',
    ],
    [
      arm('\n<geom type="mesh" mesh="m"/>'),
      'arm.xml:2: a geom names the mesh "m", which is not among the assets.',
    ],
    [
      arm('\n<geom class="thik"/>', '<default><default class="thick"/></default>'),
      'arm.xml:2: there is no default class "thik". Did you mean "thick"? It has: main, thick.',
    ],
    [
      arm('<geom size="1"/>\n<inertial mass="-1" pos="0 0 0"/>'),
      'arm.xml:2: body "base" has a mass of -1 kg, expected 0 or more.',
    ],
  ])("%s", (text, message) => {
    const error = () => read(text, { "loop.xml": "<mujoco>\n<include file='loop.xml'/></mujoco>" });
    expect(error).toThrow(new UsageError(message));
  });
});

test("meshes are named by their folder, their masses wait for the file where it is not there", () => {
  const { links } = read(
    arm(
      '<body name="a"><joint/><geom type="mesh" mesh="part" mass="2" pos="1 0 0"/></body>',
      '<compiler meshdir="../meshes"/><asset><mesh file="x/part.stl" scale="0.001 0.001 0.001" refpos="0 5 0"/></asset>',
    ),
  );
  const shape = {
    geometry: { type: "mesh", filename: "../meshes/x/part.stl", scale: [0.001, 0.001, 0.001] },
    pose: { position: [1, -0.005, 0] },
  };
  expect(links[1]).toMatchObject({ collisions: [shape], solids: [{ ...shape, mass: 2, density: 1000 }] });
  expect(links[1]!.inertial).toBeUndefined();
});
