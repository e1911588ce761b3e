import { describe, expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { checkEnv } from "../../../src/env/check/check-env.js";
import type { Quat } from "../../../src/math/quaternion.js";
import { createRandom } from "../../../src/math/random.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { importUrdf } from "../../../src/robots/import/import-robot.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { compileMjcf, mujoco } from "../../physics/mujoco.js";
import { obj } from "./geometry/mesh-files.js";

const INERTIAL = `<inertial><origin xyz="0.1 0 0"/><mass value="1"/>
  <inertia ixx="0.01" iyy="0.02" izz="0.02" ixy="0" ixz="0" iyz="0"/></inertial>`;

/** A flat arm of two links of 0.3 and 0.2 m that turn about z, 0.5 m above the base; `inside` goes in before the end. */
function flatArm(inside = "", inertial = INERTIAL): string {
  return `<?xml version="1.0"?>
<robot name="Flat Arm">
  <link name="base"/>
  <link name="upper">${inertial}</link>
  <link name="lower">${INERTIAL}</link>
  <joint name="shoulder" type="revolute">
    <parent link="base"/><child link="upper"/><origin xyz="0 0 0.5"/><axis xyz="0 0 2"/>
    <limit lower="-3" upper="3" effort="20" velocity="2"/>
  </joint>
  <joint name="elbow" type="continuous">
    <parent link="upper"/><child link="lower"/><origin xyz="0.3 0 0" rpy="0 0 0.5"/><axis xyz="0 0 1"/>
    <dynamics damping="0.4"/>
  </joint>
  ${inside}
</robot>`;
}

const tipFrame = `<link name="tool0"/><joint name="flange" type="fixed"><parent link="lower"/><child link="tool0"/>
  <origin xyz="0.2 0 0"/></joint>`;

/** Where MuJoCo has it. */
const AT_ORIGIN = { position: [0, 0, 0], quaternion: [0, 0, 0, 1] } as const;

function jointOf({ articulation }: RobotModel, name: string) {
  return articulation.links.find(({ joint }) => joint?.name === name)!.joint!;
}

/** roll, pitch, yaw of a unit quaternion away from pitch ±90°, the other way round than the code under test. */
function rpyOf([x, y, z, w]: Quat): string {
  const roll = Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y));
  const pitch = Math.asin(Math.max(-1, Math.min(1, 2 * (w * y - z * x))));
  const yaw = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  return `${roll} ${pitch} ${yaw}`;
}

/** The Panda as a URDF. */
function pandaUrdf(): string {
  const { links } = panda.articulation;
  const nameOf = (index: number) => (index < 0 ? "world" : links[index]!.name);
  const bodies = links.map(({ name, mass, centerOfMass, inertia: [xx, yy, zz, xy, xz, yz], collision }) => {
    const shapes = collision.map((shape) =>
      shape.type === "sphere"
        ? `<collision><origin xyz="${shape.position.join(" ")}"/><geometry><sphere radius="${shape.radius}"/></geometry></collision>`
        : `<collision><origin xyz="${shape.position.join(" ")}"/><geometry><box size="${(shape.type === "box" ? shape.halfExtents : []).map((v) => 2 * v).join(" ")}"/></geometry></collision>`,
    );
    return `<link name="${name}"><inertial><origin xyz="${centerOfMass.join(" ")}"/><mass value="${mass}"/>
      <inertia ixx="${xx}" iyy="${yy}" izz="${zz}" ixy="${xy}" ixz="${xz}" iyz="${yz}"/></inertial>${shapes.join("")}</link>`;
  });
  const joints = links.map(({ name, parent, position, quaternion, joint }) => {
    const type = joint?.type ?? "fixed";
    const rest = joint
      ? `<axis xyz="${joint.axis.join(" ")}"/>
         <limit lower="${joint.lower}" upper="${joint.upper}" effort="${joint.effortLimit}" velocity="${joint.velocityLimit}"/>
         <dynamics damping="1"/>${joint.mimic ? `<mimic joint="${joint.mimic}"/>` : ""}`
      : "";
    return `<joint name="${joint?.name ?? `weld_${name}`}" type="${type}"><parent link="${nameOf(parent)}"/><child link="${name}"/>
      <origin xyz="${position.join(" ")}" rpy="${rpyOf(quaternion)}"/>${rest}</joint>`;
  });
  return `<robot name="panda">\n<link name="world"/>\n${bodies.join("\n")}\n${joints.join("\n")}\n</robot>`;
}

describe("a flat arm of two links", () => {
  const { robot, assumptions } = importUrdf(flatArm(tipFrame), { file: "flat.urdf" });

  test("has its end where the sum of its turns says, worked by hand", () => {
    const arm = new Articulation(robot.articulation);
    arm.reset([0.4, -0.2]);
    const tool = arm.linkIndex("tool0");
    // 0.3 m at 0.4 rad, then 0.2 m at 0.4 + 0.5 - 0.2 = 0.7 rad
    expect(arm.linkPositions[3 * tool]).toBeCloseTo(0.3 * Math.cos(0.4) + 0.2 * Math.cos(0.7), 12);
    expect(arm.linkPositions[3 * tool + 1]).toBeCloseTo(0.3 * Math.sin(0.4) + 0.2 * Math.sin(0.7), 12);
    expect(arm.linkPositions[3 * tool + 2]).toBeCloseTo(0.5, 12);
  });

  test("takes limits and damping, makes axes unit vectors and tells what it assumed", () => {
    expect(jointOf(robot, "shoulder")).toMatchObject({
      axis: [0, 0, 1],
      lower: -3,
      upper: 3,
      effortLimit: 20,
      velocityLimit: 2,
    });
    expect(jointOf(robot, "elbow")).toMatchObject({ lower: -2 * Math.PI, viscousFriction: 0.4 });
    expect(robot.tcp).toEqual({ link: "tool0", offset: [0, 0, 0] });
    expect(assumptions).toEqual([
      "the arm is shoulder, elbow",
      'there is no gripper; tasks that grasp refuse this robot (the option "gripper" names the joint of one)',
      expect.stringMatching(/^joint "elbow" turns without end: ±2π rad assumed$/),
      "there are no collision shapes: nothing touches it",
      // 0.17 kg m² about the elbow at 5 rad/s², twice; no gravity about a vertical axis
      expect.stringMatching(
        /^joint "elbow" has no effort limit: .* N m estimated, 2 times what gravity and 5 rad\/s² take/,
      ),
      'joint "elbow" has no velocity limit: 3.14 rad/s estimated',
      expect.stringMatching(/^the tool centre point is the frame "tool0"/),
      expect.stringMatching(/^the hand reaches no region/),
      expect.stringMatching(/^servos: natural frequency 60 rad\/s, damping ratio 3 .* overshoot 0 %$/),
    ]);
  });
});

test("an inertia given in a turned frame is turned into the link's: 90° about z swaps xx and yy", () => {
  const turned = INERTIAL.replace('xyz="0.1 0 0"', `xyz="0.1 0 0" rpy="0 0 ${Math.PI / 2}"`);
  const { robot } = importUrdf(flatArm("", turned), { file: "turned.urdf" });
  const [xx, yy, zz, xy] = robot.articulation.links[0]!.inertia;
  expect([xx, yy, zz, xy].map((value) => Number(value.toFixed(12)) + 0)).toEqual([0.02, 0.01, 0.02, 0]);
});

describe("MuJoCo, which reads the same URDF by itself,", () => {
  // frames, axes and inertias at odd angles; the two fingers do not mimic here, MuJoCo would not either
  const random = createRandom("urdf");
  const numbers = (count: number, size: number) =>
    Array.from({ length: count }, () => random.uniform(-size, size).toFixed(3)).join(" ");
  const names = ["a", "b", "c", "d", "e", "f"];
  const oddUrdf = `<robot name="odd"><mujoco><compiler fusestatic="false" balanceinertia="false"/></mujoco>
    <link name="base"/>${names
      .map(
        (name) => `<link name="${name}"><inertial><origin xyz="${numbers(3, 0.1)}" rpy="${numbers(3, 1.5)}"/>
        <mass value="${random.uniform(0.5, 3).toFixed(3)}"/>
        <inertia ixx="0.03" iyy="0.025" izz="0.02" ixy="0.002" ixz="-0.003" iyz="0.001"/></inertial></link>`,
      )
      .join("")}
    ${names
      .map(
        (
          name,
          k,
        ) => `<joint name="joint_${name}" type="${k === 3 ? "prismatic" : k === 4 ? "fixed" : "revolute"}">
        <parent link="${k === 0 ? "base" : names[k - 1]}"/><child link="${name}"/>
        <origin xyz="${numbers(3, 0.3)}" rpy="${numbers(3, 3)}"/><axis xyz="${numbers(3, 1)}"/>
        <limit lower="-2" upper="2" effort="10" velocity="1"/></joint>`,
      )
      .join("")}</robot>`;

  test("places links, weighs them and couples them alike to 1e-10", () => {
    const { robot } = importUrdf(oddUrdf, { file: "odd.urdf", tip: "f", base: AT_ORIGIN });
    const arm = new Articulation(robot.articulation);
    const { model, data } = compileMjcf(oddUrdf);
    const n = arm.numDofs;
    expect(n).toBe(5);
    let worst = 0;
    for (let state = 0; state < 20; state++) {
      for (let k = 0; k < n; k++) {
        arm.jointPositions[k] = random.uniform(-2, 2);
        arm.jointVelocities[k] = random.uniform(-2, 2);
      }
      arm.forwardKinematics();
      arm.computeDynamics();
      data.qpos.set(arm.jointPositions);
      data.qvel.set(arm.jointVelocities);
      mujoco.mj_forward(model, data);
      const positions = data.xpos as Float64Array;
      const bias = data.qfrc_bias as Float64Array;
      // MuJoCo has the world as its first body and, unfused, the URDF's base as its second
      const skip = positions.length - arm.linkPositions.length;
      for (let k = 0; k < arm.linkPositions.length; k++)
        worst = Math.max(worst, Math.abs(arm.linkPositions[k]! - positions[k + skip]!));
      for (let k = 0; k < n; k++) worst = Math.max(worst, Math.abs(arm.biasForces[k]! - bias[k]!));
    }
    expect(worst).toBeLessThan(1e-10);
  });
});

describe("the Panda written as a URDF", () => {
  const { robot, assumptions } = importUrdf(pandaUrdf(), { file: "panda.urdf" });

  test("comes back with the same links, fingers and tool", () => {
    expect(robot.armJoints).toEqual(panda.armJoints);
    expect(robot.gripper).toMatchObject({
      joint: "finger_left",
      open: 0.04,
      closed: -0.01,
      lever: 1,
      meets: 0,
    });
    expect([...robot.gripper!.fingerLinks].sort()).toEqual(["left_finger", "right_finger"]);
    expect(robot.tcp).toEqual({ link: "hand", offset: [0, 0, 0.1004] });
    for (const [k, link] of robot.articulation.links.entries()) {
      const original = panda.articulation.links[k]!;
      expect(link).toMatchObject({ name: original.name, parent: original.parent, mass: original.mass });
      expect(link.collision).toEqual(original.collision);
      const dot = link.quaternion.reduce((sum, value, i) => sum + value * original.quaternion[i]!, 0);
      expect(Math.abs(dot)).toBeCloseTo(1, 12);
    }
    expect(assumptions).toContain('the gripper is moved by joint "finger_left", which others mimic');
  });

  test("finds a place to work in front of it, and Reach-v1 and PickPlace-v1 keep their contract there", () => {
    expect(robot.taskRegion.low[0]).toBeGreaterThan(0.2);
    expect(robot.taskRegion.high[0] - robot.taskRegion.low[0]).toBeGreaterThan(0.2);
    for (const factory of [envs["Reach-v1"], envs["PickPlace-v1"]]) {
      const create = (config: Record<string, unknown> = {}) =>
        factory.create({ robot: JSON.stringify(robot), ...config });
      expect(checkEnv({ ...factory, create }).items.filter(({ status }) => status !== "pass")).toEqual([]);
    }
  });
});

test("a joint that mimics with -1 and an offset moves the other way from there", () => {
  const fingers = ["left", "right"].map(
    (side) => `<link name="${side}">${INERTIAL}</link><joint name="${side}_slide" type="prismatic">
      <parent link="lower"/><child link="${side}"/><origin xyz="0.2 0 0"/><axis xyz="0 1 0"/>
      <limit lower="0" upper="0.05" effort="20" velocity="0.2"/>
      ${side === "right" ? '<mimic joint="left_slide" multiplier="-1" offset="-0.01"/>' : ""}</joint>`,
  );
  const { robot } = importUrdf(flatArm(fingers.join("")), { file: "fingers.urdf" });
  const arm = new Articulation(robot.articulation);
  arm.reset([0, -0.5, 0.03]);
  // both slide along y, the right one to -0.03 - 0.01
  expect(arm.linkPositions[3 * arm.linkIndex("left") + 1]).toBeCloseTo(0.03, 12);
  expect(arm.linkPositions[3 * arm.linkIndex("right") + 1]).toBeCloseTo(-0.04, 12);
  expect(robot.gripper).toMatchObject({ open: 0.05, meets: 0, closed: -0.0125, lever: 1 });
});

describe("collision shapes", () => {
  const withShape = (geometry: string) =>
    flatArm("", `${INERTIAL}<collision><origin xyz="0 0 0.1"/><geometry>${geometry}</geometry></collision>`);
  const shapesOf = (urdf: string, readMesh?: (name: string) => Uint8Array | undefined) =>
    importUrdf(urdf, { file: "shapes.urdf", ...(readMesh ? { readMesh } : {}) }).robot.articulation.links[0]!
      .collision;
  const encode = (text: string) => new TextEncoder().encode(text);

  test("primitives are what they are", () => {
    const position = [0, 0, 0.1];
    expect(shapesOf(withShape('<cylinder radius="0.05" length="0.4"/>'))).toEqual([
      { type: "cylinder", radius: 0.05, length: 0.4, position },
    ]);
    expect(shapesOf(withShape('<capsule radius="0.05" length="0.4"/>'))).toEqual([
      { type: "capsule", radius: 0.05, length: 0.4, position },
    ]);
    expect(shapesOf(withShape('<cylinder radius="1e-6" length="1"/>'))).toEqual([
      { type: "cylinder", radius: 1e-6, length: 1, position },
    ]);
  });

  test("a mesh of a box in mm, in any format, is a box; one mesh of two links is told once", () => {
    const shape = withShape('<mesh filename="package://arm/a.STL" scale="0.5 0.5 0.5"/>');
    const files: string[] = [];
    const { robot, assumptions } = importUrdf(
      shape.replace(
        '<link name="lower">',
        '<link name="lower"><collision><geometry><mesh filename="package://arm/a.STL" scale="0.5 0.5 0.5"/></geometry></collision>',
      ),
      {
        file: "shapes.urdf",
        readMesh: (name) => {
          files.push(name);
          return obj();
        },
      },
    );
    const halfExtents = [0.05, 0.1, 0.15].map((value) => expect.closeTo(value, 12));
    const [upper, lower] = robot.articulation.links;
    expect(upper!.collision).toEqual([{ type: "box", halfExtents, position: [0.1, 0.1, 0.15] }]);
    expect(lower!.collision).toEqual([{ type: "box", halfExtents, position: [0.1, 0.1, 0.05] }]);
    expect(files.filter((name) => name.endsWith("STL"))).toEqual(["package://arm/a.STL"]);
    expect(assumptions.filter((assumption) => assumption.includes("a.STL"))).toEqual([
      "the mesh package://arm/a.STL: collides as a box, 0 % of it beside the mesh",
    ]);
  });

  test("meshes that are not there, or hold nothing, are each told once and left out", () => {
    const link = (mesh: string) => `<collision><geometry><mesh filename="${mesh}"/></geometry></collision>`;
    const meshes = ["a.stl", "a.stl", "b.stl", "c.ply", "d.stl", "https://127.0.0.1/x.stl"]
      .map(link)
      .join("");
    const bytes: Record<string, string> = {
      "b.stl": "solid empty\nendsolid\n",
      "c.ply": "ply\n",
      "d.stl": "version https://git-lfs.github.com/spec/v1\n",
    };
    const readMesh = (name: string) => (bytes[name] === undefined ? undefined : encode(bytes[name]));
    const { robot, assumptions } = importUrdf(flatArm("", `${INERTIAL}${meshes}`), {
      file: "m.urdf",
      readMesh,
    });
    expect(robot.articulation.links[0]!.collision).toEqual([]);
    expect(assumptions.filter((assumption) => assumption.includes("left out"))).toEqual([
      'm.urdf:5: the mesh a.stl is not found: left out; say where it is by the option "meshPath"',
      "m.urdf:5: the mesh b.stl has no triangles: left out",
      "m.urdf:5: the mesh c.ply is no mesh that can be read; known are STL, OBJ, COLLADA (.dae), glTF (.gltf, .glb) and MuJoCo's MSH: left out",
      'm.urdf:5: the mesh d.stl is not the mesh but a note of where Git LFS keeps it. Fetch it by "git lfs pull": left out',
      "m.urdf:5: the mesh https://127.0.0.1/x.stl is on the web, where nothing is fetched from: left out",
    ]);
  });

  test("a mesh that is refused, or damaged, is told with the file and line that name it", () => {
    const refused = () => {
      throw new UsageError("a.obj has 500 MB.");
    };
    expect(() =>
      importUrdf(withShape('<mesh filename="a.obj"/>'), { file: "m.urdf", readMesh: refused }),
    ).toThrow("m.urdf:5: a.obj has 500 MB.");
    const damaged = () => encode("v 0 0 0\nv 1 nan 0\nv 0 1 0\nf 1 2 3\n");
    expect(() =>
      importUrdf(withShape('<mesh filename="a.obj"/>'), { file: "m.urdf", readMesh: damaged }),
    ).toThrow('m.urdf:5: the mesh a.obj:2: "nan" is a vertex\'s coordinate, expected a finite number.');
  });
});

describe("a mistake in the file is told with its place", () => {
  const link = (name: string) => `<link name="${name}">${INERTIAL}</link>`;
  const joint = (parent: string, child: string) =>
    `<joint name="${parent}_${child}" type="continuous"><parent link="${parent}"/><child link="${child}"/></joint>`;
  test.each([
    ["another root", "<sdf>\n</sdf>", /^bad\.urdf:1: the root is <sdf>, expected <robot>\.$/],
    ["no link", "<robot/>", /^bad\.urdf:1: the robot has no <link>\.$/],
    ["no joint that moves", '<robot><link name="a"/></robot>', /^bad\.urdf holds no arm: no joint moves\. /],
    [
      "a circle",
      `<robot>\n<link name="base"/>\n${link("a")}${link("b")}\n${joint("a", "b")}${joint("b", "a")}</robot>`,
      /^bad\.urdf:\d+: links go round in a circle: a, b\.$/,
    ],
    ["two parents", flatArm(joint("base", "lower")), /^bad\.urdf:\d+: link "lower" has two parents/],
    [
      "an unknown link",
      flatArm(joint("base", "no")),
      /^bad\.urdf:\d+: joint "base_no" names link "no", which is not/,
    ],
    ["two of a name", flatArm(link("upper")), /^bad\.urdf:\d+: there are two links "upper"\.$/],
    [
      "a negative mass",
      flatArm("", INERTIAL.replace('value="1"', 'value="-2"')),
      'bad.urdf:4: link "upper" has a mass of -2 kg, expected 0 or more.',
    ],
    [
      "a number that is none",
      flatArm("", INERTIAL.replace('value="1"', `value="$\{m}"`)),
      /^bad\.urdf:4: value="\$\{m\}" of <mass> is not a number; expand the xacro first/,
    ],
    [
      "two numbers for three",
      flatArm("", INERTIAL.replace("0.1 0 0", "0.1 0")),
      /^bad\.urdf:4: xyz="0\.1 0" of <origin> is not three numbers\.$/,
    ],
    [
      "a joint of another kind",
      flatArm('<joint name="j" type="screw"><parent link="base"/><child link="upper"/></joint>'),
      /^bad\.urdf:\d+: joint "j" is of type "screw"; known: revolute, continuous, prismatic, fixed, floating, planar\.$/,
    ],
    [
      "an axis of zero",
      flatArm().replace("0 0 2", "0 0 0"),
      /^bad\.urdf:9: the axis of joint "shoulder" is zero\.$/,
    ],
  ])("%s", (_, text, message) => {
    expect(() => importUrdf(text, { file: "bad.urdf" })).toThrow(message);
    expect(() => importUrdf(text, { file: "bad.urdf" })).toThrow(UsageError);
  });

  test("a tip and a gripper that are not there", () => {
    expect(() => importUrdf(flatArm(), { file: "flat.urdf", tip: "lowr" })).toThrow(
      'flat.urdf: there is no link "lowr". Did you mean "lower"? It has: base, upper, lower.',
    );
    expect(() => importUrdf(flatArm(), { file: "flat.urdf", gripper: "hand" })).toThrow(
      'flat.urdf: there is no moving joint "hand". It has: shoulder, elbow.',
    );
  });
});

test("of several trees the one with the arm is taken, with a word", () => {
  const inside =
    '<link name="table"/><link name="shelf"/><joint name="stands" type="fixed"><parent link="table"/><child link="shelf"/></joint>';
  const { robot, assumptions } = importUrdf(flatArm(inside), { file: "trees.urdf" });
  expect(robot.articulation.links.map(({ name }) => name)).toEqual(["upper", "lower"]);
  expect(assumptions).toContain('there are 2 root links: the tree of "base" is taken, "table" left out');
});
