import { expect, test } from "vitest";
import { World } from "../../../src/physics/world.js";
import type { ControlMode } from "../../../src/robots/control/controller.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import { InverseKinematics } from "../../../src/robots/control/inverse-kinematics.js";
import { ToolCentrePoint } from "../../../src/robots/control/tool-centre-point.js";
import { panda } from "../../../src/robots/models/panda.js";

function cell(mode: ControlMode) {
  const world = new World({ timestep: 1 / 240 });
  const arm = world.addArticulation(panda.articulation);
  const controller = createController(mode, panda, arm);
  const tcp = new ToolCentrePoint(panda, arm);
  controller.reset([0.45, 0.05, 0.25], 0.2, 0.04);
  world.settle();
  const act = (action: number[], steps: number) => {
    for (let step = 0; step < steps; step++) {
      controller.setAction(action);
      for (let substep = 1; substep <= 12; substep++) {
        controller.beforeSubstep(substep, 12);
        world.step();
      }
    }
    tcp.update();
  };
  tcp.update();
  return { world, arm, controller, tcp, act };
}

test("inverse kinematics reaches poses all over the workspace to 1 mm and 20 mrad, its lean to the rest posture being the rest", () => {
  const kinematics = new InverseKinematics(panda);
  for (const x of [0.32, 0.5, 0.68]) {
    for (const y of [-0.2, 0.03, 0.22]) {
      for (const [z, yaw] of [
        [0.02, 0.4],
        [0.3, -0.5],
      ] as const) {
        const joints = Float64Array.from(panda.rest);
        kinematics.solve(joints, [x, y, z], yaw, 80);
        const { position, rotation } = kinematics.residual(joints, [x, y, z], yaw);
        expect(position).toBeLessThan(1e-3);
        expect(rotation).toBeLessThan(0.02);
      }
    }
  }
});

test("reset puts the tool centre point where it was told", () => {
  const { tcp } = cell("ee-delta-yaw");
  expect([...tcp.position].map((v) => Number(v.toFixed(3)))).toEqual([0.45, 0.05, 0.25]);
  expect(tcp.yaw).toBeCloseTo(0.2, 3);
});

test("an end-effector action moves the tool by 5 cm per step at most and the arm follows without drooping", () => {
  const { tcp, act, controller } = cell("ee-delta");
  act([0.2, -0.4, 0.1, 1], 5);
  expect([...controller.commandedTcp].map((v) => Number(v.toFixed(6)))).toEqual([0.5, -0.05, 0.275]);
  act([0, 0, 0, 1], 20);
  for (let k = 0; k < 3; k++)
    expect(Math.abs(tcp.position[k]! - controller.commandedTcp[k]!)).toBeLessThan(5e-4);
});

test("the command neither leaves the workspace nor runs more than 8 cm ahead of the arm", () => {
  const { tcp, act, controller } = cell("ee-delta");
  act([1, 0, 0, 1], 2);
  expect(controller.commandedTcp[0]! - 0.45).toBeCloseTo(0.1, 1);
  act([1, 1, 1, 1], 60);
  expect([...controller.commandedTcp]).toEqual([0.72, 0.25, 0.42]);
  expect(tcp.position[0]).toBeGreaterThan(0.7);
});

test("the yaw entry turns the hand and the gripper entry sets the fingers", () => {
  const { arm, tcp, act, controller } = cell("ee-delta-yaw");
  expect(controller.actionEntries.map(({ name, unit }) => `${name} (${unit})`)).toEqual([
    "tcp_x (m)",
    "tcp_y (m)",
    "tcp_z (m)",
    "tcp_yaw (rad)",
    "gripper (m)",
  ]);
  act([0, 0, 0, 1, 0], 2);
  act([0, 0, 0, 0, 0], 20);
  expect(Math.abs(tcp.yaw - 0.7)).toBeLessThan(0.02);
  expect(arm.jointPositions[7]).toBeCloseTo(0.015, 3);
});

test("joint position steps add up to the target", () => {
  const { arm, act } = cell("joint-delta");
  const before = arm.jointPositions[3]!;
  act([0, 0, 0, 0.5, 0, 0, 0, 1], 4);
  act([0, 0, 0, 0, 0, 0, 0, 1], 30);
  expect(arm.jointPositions[3]! - before).toBeCloseTo(0.2, 2);
});

test("joint velocity is followed within 2 % of the joint's speed and the rest stands still", () => {
  const { arm, act } = cell("joint-velocity");
  act([0.2, 0, 0, 0, 0, 0, 0, 1], 20);
  expect(arm.jointVelocities[0]).toBeCloseTo(0.2 * 0.5 * 2.175, 2);
  expect(Math.abs(arm.jointVelocities[1]!)).toBeLessThan(0.02);
});

test("zero torque on top of gravity compensation lets the arm stand; torque moves the joint it names", () => {
  const { arm, act } = cell("joint-torque");
  const before = arm.jointPositions.slice();
  act([0, 0, 0, 0, 0, 0, 0, 1], 20);
  for (let k = 0; k < 7; k++) expect(Math.abs(arm.jointPositions[k]! - before[k]!)).toBeLessThan(0.01);
  act([0, 0, 0, 0, 0, 0, 0.2, 1], 4);
  expect(arm.jointVelocities[6]).toBeGreaterThan(0.05);
});

test.each(["ee-delta-yaw", "joint-delta", "joint-torque"] as const)(
  "%s continues with the same bits after a restore",
  (mode) => {
    const a = cell(mode);
    const size = a.controller.actionEntries.length;
    const action = Array.from({ length: size }, (_, k) => 0.3 * Math.sin(k + 1));
    a.act(action, 5);
    const world = a.world.snapshot();
    const controller = a.controller.snapshot();
    a.act(action, 5);
    const b = cell(mode);
    b.world.restore(world);
    b.controller.restore(controller);
    b.act(action, 5);
    expect(b.world.snapshot()).toEqual(a.world.snapshot());
    expect(b.controller.snapshot()).toEqual(a.controller.snapshot());
  },
);
