import { execFile } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type CellRobot, RobotCell } from "../../src/index.js";
import { TWO_ARMS } from "./two-arms.js";

const MAIN = resolve("dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "armgym-import-"));

/** 0.3 x 0.1 x 0.1 m ahead of its origin, as an OBJ. */
const BOX = `${[0, 0.3].flatMap((x) => [-0.05, 0.05].flatMap((y) => [-0.05, 0.05].map((z) => `v ${x} ${y} ${z}`))).join("\n")}
f 1 2 4 3\nf 5 7 8 6\nf 1 5 6 2\nf 3 4 8 7\nf 1 3 7 5\nf 2 6 8 4\n`;

/** Run armgym in the test's folder; a failure resolves too. */
async function armgym(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)("node", [MAIN, ...parameters], { cwd: folder });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const link = (name: string, mass: number, mesh = "") =>
  `<link name="${name}"><inertial><mass value="${mass}"/>
   <inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>${mesh}</link>`;
const joint = (name: string, parent: string, child: string, xyz: string, axis: string) =>
  `<joint name="${name}" type="revolute"><parent link="${parent}"/><child link="${child}"/>
   <origin xyz="${xyz}"/><axis xyz="${axis}"/><limit lower="-2.9" upper="2.9" effort="50" velocity="3"/></joint>`;

/** A six-joint arm with a hand that points along x when stretched out; its tool frame has z along that. */
const arm = (mesh = "") => `<robot name="six axes">
  <link name="base"/>${link("l1", 3)}${link("l2", 3, mesh)}${link("l3", 2)}${link("l4", 1)}${link("l5", 1)}${link("l6", 0.5)}
  ${joint("j1", "base", "l1", "0 0 0.3", "0 0 1")}
  ${joint("j2", "l1", "l2", "0 0 0", "0 1 0")}
  ${joint("j3", "l2", "l3", "0.35 0 0", "0 1 0")}
  ${joint("j4", "l3", "l4", "0.3 0 0", "1 0 0")}
  ${joint("j5", "l4", "l5", "0.05 0 0", "0 1 0")}
  ${joint("j6", "l5", "l6", "0.05 0 0", "1 0 0")}
  <link name="tool0"/>
  <joint name="flange" type="fixed"><parent link="l6"/><child link="tool0"/>
    <origin xyz="0.05 0 0" rpy="0 1.5707963 0"/></joint>
</robot>`;

test("a URDF becomes a module whose robot does Reach-v1", { timeout: 120_000 }, async () => {
  const mesh = '<collision><geometry><mesh filename="package://six/meshes/l2.obj"/></geometry></collision>';
  mkdirSync(join(folder, "six/urdf"), { recursive: true });
  mkdirSync(join(folder, "elsewhere/six/meshes"), { recursive: true });
  writeFileSync(join(folder, "six/urdf/six.urdf"), arm(mesh));
  writeFileSync(join(folder, "elsewhere/six/meshes/l2.obj"), BOX);
  const made = await armgym(
    "import",
    "six/urdf/six.urdf",
    "--out",
    "robots/mine.ts",
    "--id",
    "mine",
    "--mesh-path",
    "elsewhere",
  );
  expect(made.stderr).toBe("");
  expect(made.stdout).toContain('Wrote robots/mine.ts: robot "mine", 6 joints, without a gripper. Assumed:');
  expect(made.stdout).toContain(
    "- the mesh package://six/meshes/l2.obj: collides as a box, 0 % of it beside the mesh",
  );
  expect(readFileSync(join(folder, "robots/mine.ts"), "utf8")).toContain(
    "halfExtents: [0.15, 0.05, 0.05], position: [0.15, 0, 0]",
  );
  expect(made.stdout).toMatch(
    /^✓ holds gravity at its reach limit {2}j2 needs \d\d\.\d of 50 N m, 0\.\d\d m out$/m,
  );
  expect(made.stdout).toMatch(/^- lifts a block +it has no gripper$/m);
  const tried = await armgym("check-robot", "six/urdf/six.urdf", "--json");
  const report = JSON.parse(tried.stdout) as { passed: boolean; items: { status: string }[] };
  expect(tried.code).toBe(report.passed ? 0 : 2);
  expect(report.items).toHaveLength(9);
  const checked = await armgym("check", "Reach-v1", "--robot", "./robots/mine.ts");
  expect(checked.stdout).toContain("Reach-v1 keeps its contract.");
  const refused = await armgym("check", "PickPlace-v1", "--robot", "./robots/mine.ts");
  expect(refused).toMatchObject({
    code: 2,
    stderr: 'Robot "mine" has no gripper; PickPlace-v1 needs one. Choose another robot.\n',
  });
  const again = await armgym("import", "six/urdf/six.urdf", "--out", "robots/mine.ts");
  expect(again.stderr).toBe(
    "robots/mine.ts is there already. Choose another --out, or overwrite it by --force.\n",
  );
  const json = await armgym(
    "import",
    "six/urdf/six.urdf",
    "--out",
    "robots/mine.ts",
    "--force",
    "--json",
    "--no-check",
  );
  expect(JSON.parse(json.stdout)).toEqual({
    robot: "six-axes",
    out: "robots/mine.ts",
    assumptions: expect.any(Array),
  });
});

test("training on a robot of one's own keeps its data in the run's config, on two threads", {
  timeout: 120_000,
}, async () => {
  writeFileSync(
    join(folder, "plain.xacro"),
    arm().replace('name="six axes">', 'name="$(arg name)"><xacro:arg name="name" default="arm"/>'),
  );
  await armgym("import", "plain.xacro", "--arg", "name:=six axes", "--out", "plain.ts");
  const trained = await armgym(
    ...["train", "Reach-v1", "--robot", "./plain.ts", "--steps", "2048", "--workers", "2", "--json"],
    ...["--out", "runs"],
  );
  expect(trained.stderr).not.toContain("Error");
  const { run } = JSON.parse(trained.stdout) as { run: string };
  const { envConfig } = JSON.parse(readFileSync(join(run, "config.json"), "utf8")) as {
    envConfig: { robot: string };
  };
  expect(JSON.parse(envConfig.robot)).toMatchObject({
    id: "six-axes",
    armJoints: ["j1", "j2", "j3", "j4", "j5", "j6"],
  });
});

test("files that are missing, huge, no module or no robot are refused by name", {
  timeout: 120_000,
}, async () => {
  const huge = openSync(join(folder, "huge.urdf"), "w");
  ftruncateSync(huge, 1e9);
  closeSync(huge);
  writeFileSync(join(folder, "bad.urdf"), arm().replace('value="3"', 'value="-3"'));
  writeFileSync(join(folder, "nothing.ts"), "export const answer = 42;\n");
  const stderrOf = async (...parameters: string[]) => {
    const { code, stderr } = await armgym(...parameters);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await stderrOf("import", "no.urdf", "--out", "a.ts")).toBe(
    "There is no file no.urdf. Give the path of a URDF or MJCF.\n",
  );
  expect(await stderrOf("import", "bad.urdf", "--out", "a.ts", "--arg", "x=1")).toBe(
    "--arg x=1 is no assignment. Write name:=value, for example --arg ur_type:=ur5e.\n",
  );
  expect(await stderrOf("import", "huge.urdf", "--out", "a.ts")).toBe(
    "huge.urdf has 954 MB, more than the 10 MB that a file of its kind may have.\n",
  );
  expect(await stderrOf("import", "bad.urdf", "--out", "a.ts")).toBe(
    'bad.urdf:2: link "l1" has a mass of -3 kg, expected 0 or more.\n',
  );
  expect(await stderrOf("check", "Reach-v1", "--robot", "./nothing.ts")).toBe(
    "./nothing.ts exports no robot. Export robot data (RobotModel).\n",
  );
  expect(await stderrOf("check", "Reach-v1", "--robot", "./bad.urdf")).toBe(
    "./bad.urdf is no module. Turn it into one first: npx armgym import ./bad.urdf --out ./bad.ts\n",
  );
  expect(await stderrOf("check", "Reach-v1", "--robot", "pandas")).toMatch(
    /^Unknown robot "pandas"\. Did you mean "panda"\? Available: panda, ur5e, xarm7, so101, so100, ur10e, gen3, fr3, wx250s\. A robot of your own/,
  );
});

/** Two fingers that open to 8 cm, along z of their palm. */
const gripper = `<robot name="two fingers">
  ${link("palm", 0.3)}${link("left", 0.05, finger(0.005))}${link("right", 0.05, finger(-0.005))}
  ${slide("left", 1, "")}${slide("right", -1, '<mimic joint="slide_left"/>')}
</robot>`;

function finger(y: number): string {
  return `<collision><origin xyz="0 ${y} 0.03"/><geometry><box size="0.02 0.01 0.05"/></geometry></collision>`;
}

function slide(side: string, axis: number, mimic: string): string {
  return `<joint name="slide_${side}" type="prismatic"><parent link="palm"/><child link="${side}"/><origin xyz="0 0 0.05"/>
    <axis xyz="0 ${axis} 0"/><limit lower="0" upper="0.04" effort="30" velocity="0.2"/>${mimic}</joint>`;
}

test("--attach puts a gripper from a file of its own on an arm, at a link and in a pose", {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, "bare.urdf"), arm());
  writeFileSync(join(folder, "gripper.urdf"), gripper);
  const attach = (...more: string[]) =>
    armgym("import", "bare.urdf", "--out", "gripping.ts", "--no-check", "--json", ...more);
  const made = await attach(
    "--attach",
    "gripper.urdf",
    "--at",
    "l6",
    "--attach-pose",
    "0.05,0,0,0,1.5707963,0",
  );
  expect(made.stderr).toBe("");
  const { robot, assumptions } = JSON.parse(made.stdout) as { robot: string; assumptions: string[] };
  expect(robot).toBe("six-axes");
  expect(assumptions).toContain('gripper.urdf is attached at link "l6"');
  expect(assumptions).toContain(
    'the fingers "left" and "right" open to 8.0 cm and meet at 0 of joint "slide_left"',
  );
  const module = readFileSync(join(folder, "gripping.ts"), "utf8");
  expect(module).toMatch(/name: "palm",\n\s+parent: 5,\n\s+position: \[0\.05, 0, 0\]/);
  const refused = async (...more: string[]) => (await attach("--force", ...more)).stderr;
  expect(await refused("--at", "l6")).toBe("--at says where, but not what: add --attach FILE.\n");
  expect(await refused("--attach", "none.urdf")).toBe(
    "There is no file none.urdf. Give the path of a URDF or MJCF.\n",
  );
  expect(await refused("--attach", "gripper.urdf", "--attach-pose", "0,0")).toBe(
    '--attach-pose is "0,0", expected six numbers x,y,z,roll,pitch,yaw in m and rad, for example 0,0,0.01,0,0,1.57.\n',
  );
  const alone = await armgym("import", "gripper.urdf", "--out", "alone.ts");
  expect(alone).toMatchObject({
    code: 2,
    stderr:
      'gripper.urdf holds no arm: 2 joints move (slide_left, slide_right); the longest chain, to "left", has 1. Expected a chain of ' +
      "driven joints from a base to a hand, 3 or more where there are others; --root and --tip name one that is to be taken all the same. A gripper or hand " +
      "goes on an arm's file: give that, and this one as what is attached (--attach gripper.urdf).\n",
  });
});

test("a URDF of two arms becomes one module of two robots, which a cell holds as they are", {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, "two.urdf"), TWO_ARMS);
  const made = await armgym("import", "two.urdf", "--out", "two.ts", "--no-check");
  expect(made.stderr).toBe("");
  for (const line of [
    "Wrote two.ts: 2 robots.",
    '"left": robot "two-arms-left", 6 joints, with a gripper. Assumed:',
    '  - there are 2 arms, "left" (6 joints to "left_hand") and "right" (5 joints to "right_5"): each is a robot of its own; --tip left_hand takes one only',
    '"right": robot "two-arms-right", 5 joints, without a gripper. Assumed:',
    'All in one cell: import { robots } from "./two.ts"; new RobotCell({ ...config, robots })',
    "Try one: armgym check Reach-v1 --robot ./two.ts#two-arms-left",
  ])
    expect(made.stdout.split("\n")).toContain(line);
  const { robots } = (await import(join(folder, "two.ts"))) as { robots: readonly CellRobot[] };
  const cell = new RobotCell({
    ...{ robot: "", controlMode: "ee-delta", controlRate: 20, physicsRate: 240, robots },
    solver: { iterations: 20, tolerance: 1e-5 },
  });
  expect(cell.arms.map(({ name, model }) => [name, model.armJoints.length])).toEqual([
    ["left", 6],
    ["right", 5],
  ]);
  const checked = await armgym("check", "Reach-v1", "--robot", "./two.ts#two-arms-right");
  expect(checked.stdout).toContain("Reach-v1 keeps its contract.");
});
