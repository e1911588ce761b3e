// A UR5e from its maker's numbers behaves as the one that ships.
import { expect, test } from "vitest";
import { experts } from "../../../../agents/index.js";
import { expertPolicy, type ScriptedExpert } from "../../../../agents/scripted-expert.js";
import { envs } from "../../../../envs/index.js";
import { RobotCell } from "../../../../src/cell/robot-cell.js";
import type { EnvFactory } from "../../../../src/env/env.js";
import { playEpisode } from "../../../../src/episodes/demonstrate.js";
import { importUrdf } from "../../../../src/robots/import/import-robot.js";
import type { RobotModel } from "../../../../src/robots/models/robot-model.js";
import { ur5e } from "../../../../src/robots/models/ur5e.js";

const FULL = 6.2832;
const HALF = FULL / 2;

/**
 * Joint, origin, mass, centre of mass, principal inertia, effort, range and a capsule's place, turn, radius and length.
 *
 * Source: Universal Robots' ROS 2 description (BSD-3-Clause), config/ur5e; capsules are ours, after its meshes.
 */
const JOINTS = [
  [
    "shoulder_pan",
    "0 0 0.1625",
    "0 0 0",
    3.761,
    "0 -0.00193 -0.02561",
    "0.0102675 0.0102675 0.00666",
    150,
    FULL,
    "0 0 0",
    "0 0 0",
    0.06,
    0.1,
  ],
  [
    "shoulder_lift",
    "0 0 0",
    "1.570796327 0 0",
    8.058,
    "-0.2125 0 0.11336",
    "0.0151 0.1339 0.1339",
    150,
    FULL,
    "-0.2 0 0.13",
    "0 1.5708 0",
    0.05,
    0.36,
  ],
  [
    "elbow",
    "-0.425 0 0",
    "0 0 0",
    2.846,
    "-0.2422 0 0.0265",
    "0.0041 0.0312 0.0312",
    150,
    HALF,
    "-0.2 0 0.01",
    "0 1.5708 0",
    0.045,
    0.32,
  ],
  [
    "wrist_1",
    "-0.3922 0 0.1333",
    "0 0 0",
    1.37,
    "0 -0.01634 -0.0018",
    "0.00256 0.00256 0.00219",
    28,
    FULL,
    "0 0 0",
    "0 0 0",
    0.045,
    0.05,
  ],
  [
    "wrist_2",
    "0 -0.0997 0",
    "1.570796327 0 0",
    1.3,
    "0 0.01634 -0.0018",
    "0.00256 0.00256 0.00219",
    28,
    FULL,
    "0 0 0",
    "0 0 0",
    0.045,
    0.05,
  ],
  [
    "wrist_3",
    "0 0.0996 0",
    "1.570796327 3.141592654 3.141592654",
    0.365,
    "0 0 -0.001159",
    "9.9e-5 9.9e-5 1.32e-4",
    28,
    FULL,
    "0 0 -0.02",
    "0 0 0",
    0.03,
    0.02,
  ],
] as const;

function inertial(mass: number, centre: string, principal: string): string {
  const [xx, yy, zz] = principal.split(" ");
  return (
    `<inertial><origin xyz="${centre}"/><mass value="${mass}"/>` +
    `<inertia ixx="${xx}" iyy="${yy}" izz="${zz}" ixy="0" ixz="0" iyz="0"/></inertial>`
  );
}

function collision(xyz: string, rpy: string, geometry: string): string {
  return `<collision><origin xyz="${xyz}" rpy="${rpy}"/><geometry>${geometry}</geometry></collision>`;
}

function finger(side: string, sign: number): string {
  const mimic = side === "right" ? '<mimic joint="finger_left"/>' : "";
  const pad = collision(`0 ${0.006 * sign} 0.1623`, "0 0 0", '<box size="0.022 0.012 0.0375"/>');
  return (
    `<link name="${side}_finger">${inertial(0.0613, `0 ${0.02 * sign} 0.115`, "4.5e-5 4e-5 1e-5")}${pad}</link>` +
    `<joint name="finger_${side}" type="prismatic"><parent link="hand"/><child link="${side}_finger"/><axis xyz="0 ${sign} 0"/>` +
    `<limit lower="0" upper="0.0425" effort="60" velocity="0.15"/>${mimic}</joint>`
  );
}

/** The arm with the fingers of the UR5e that ships, its base turned by half a turn as the maker has it. */
function urdf(): string {
  const arm = JOINTS.map(
    ([name, xyz, rpy, mass, centre, principal, effort, range, at, turn, radius, length], k) => {
      const parent = k === 0 ? "base_link_inertia" : `${JOINTS[k - 1]![0]}_link`;
      const shape = collision(at, turn, `<capsule radius="${radius}" length="${length}"/>`);
      return (
        `<link name="${name}_link">${inertial(mass, centre, principal)}${shape}</link>` +
        `<joint name="${name}_joint" type="revolute"><parent link="${parent}"/><child link="${name}_link"/>` +
        `<origin xyz="${xyz}" rpy="${rpy}"/><axis xyz="0 0 1"/>` +
        `<limit lower="-${range}" upper="${range}" effort="${effort}" velocity="3.1416"/></joint>`
      );
    },
  );
  const fixed = (parent: string, child: string, xyz: string, rpy: string) =>
    `<joint name="${parent}-${child}" type="fixed"><parent link="${parent}"/><child link="${child}"/><origin xyz="${xyz}" rpy="${rpy}"/></joint>`;
  const palm = collision("0 0 0.055", "0 0 0", '<box size="0.076 0.1 0.09"/>');
  return `<robot name="ur5e_maker"><link name="base_link"/><link name="base_link_inertia"/>
    ${fixed("base_link", "base_link_inertia", "0 0 0", "0 0 3.141592654")}${arm.join("\n")}
    <link name="hand">${inertial(0.777, "0 0 0.046", "2.6e-4 2.25e-4 1.53e-4")}${palm}</link>
    ${fixed("wrist_3_link", "hand", "0 0 0", "0 0 0")}${finger("left", 1)}${finger("right", -1)}
    <link name="pinch"/>${fixed("hand", "pinch", "0 0 0.1715", "0 0 0")}</robot>`;
}

const { robot, assumptions } = importUrdf(urdf(), { file: "ur5e.urdf", tip: "pinch", id: "maker" });

function cellOf(model: RobotModel): RobotCell {
  return new RobotCell({
    robot: JSON.stringify(model),
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
  });
}

test.each([
  ["Reach-v1", 20],
  ["PickPlace-v1", 19],
] as const)("the expert for %s solves at least %d of 20 episodes with it", (id, least) => {
  const factory: EnvFactory = envs[id];
  const env = factory.create({ robot: JSON.stringify(robot) });
  const actor = expertPolicy(experts[id] as ScriptedExpert, env.spec);
  const solved = Array.from({ length: 20 }, (_, seed) => playEpisode(env, actor, seed).success);
  expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(least);
});

test("its hand is where the one that ships is after each of 20 steps to the side, to 1 cm", () => {
  const cells = [robot, ur5e].map((model) => {
    const cell = cellOf(model);
    cell.reset([0.45, 0, 0.22]);
    return cell;
  });
  for (let step = 0; step < 20; step++) {
    for (const cell of cells) {
      const action = new Float32Array(cell.actionEntries.length);
      // 40 cm/s for half a second, then stop
      action[1] = step < 10 ? 0.4 : 0;
      action[3] = 1;
      cell.step(action);
    }
    const [a, b] = cells.map(({ tcp }) => tcp.position);
    expect(Math.hypot(a![0]! - b![0]!, a![1]! - b![1]!, a![2]! - b![2]!), `step ${step}`).toBeLessThan(0.01);
  }
});

test("its task region is as large as that of the one that ships: 30 x 30 cm", () => {
  const { low, high } = robot.taskRegion;
  expect([high[0] - low[0], high[1] - low[1]].map((side) => side.toFixed(2))).toEqual(["0.30", "0.30"]);
  expect(assumptions).not.toContainEqual(expect.stringMatching(/yaw 0 only/));
});

test("1,000 random steps of position and velocity stay finite and below 10 rad/s", () => {
  for (const controlMode of ["joint-delta", "joint-velocity"] as const) {
    const cell = new RobotCell({
      robot: JSON.stringify(robot),
      controlMode,
      controlRate: 20,
      physicsRate: 240,
      solver: { iterations: 20, tolerance: 1e-5 },
    });
    cell.reset(robot.start);
    // a fixed sequence without a pattern
    let seed = 1;
    let fastest = 0;
    for (let step = 0; step < 1000; step++) {
      const action = Float32Array.from(cell.actionEntries, () => {
        seed = (seed * 16807) % 2147483647;
        return (2 * seed) / 2147483647 - 1;
      });
      cell.step(action);
      for (const speed of cell.world.articulation!.jointVelocities)
        fastest = Math.max(fastest, Math.abs(speed));
      expect(Number.isFinite(cell.tcp.position[0]!)).toBe(true);
    }
    expect(fastest, controlMode).toBeLessThan(10);
  }
});
