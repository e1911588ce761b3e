import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { rotationVectorBetween } from "../../src/math/rotation.js";
import { World } from "../../src/physics/world.js";
import {
  CONTROL_MODES,
  type Controller,
  type ControllerOptions,
  type ControlMode,
} from "../../src/robots/control/controller.js";
import { createController } from "../../src/robots/control/create-controller.js";
import { ToolCentrePoint } from "../../src/robots/control/tool-centre-point.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { robots } from "../../src/robots/models/robots.js";

const SUBSTEPS = 12;
const STEP = 1 / 240;
const longArms = Object.values(robots).filter(({ armJoints }) => armJoints.length >= 6);

function cell(robot: RobotModel, mode: ControlMode, options: ControllerOptions = {}) {
  const world = new World({ timestep: STEP });
  const arm = world.addArticulation(robot.articulation);
  const controller = createController(mode, robot, arm, options);
  const tcp = new ToolCentrePoint(robot, arm);
  controller.reset(robot.start, 0.1, robot.gripper!.open);
  world.settle();
  /** Repeat an action; `each` is called after every substep. */
  const act = (action: ArrayLike<number>, steps: number, each: (time: number) => void = () => {}) => {
    for (let step = 0; step < steps; step++) {
      controller.setAction(action);
      for (let substep = 1; substep <= SUBSTEPS; substep++) {
        controller.beforeSubstep(substep, SUBSTEPS);
        world.step();
        each((SUBSTEPS * step + substep) * STEP);
      }
    }
    tcp.update();
  };
  tcp.update();
  return { world, arm, controller, tcp, act };
}

/** The action whose physical values are `values` by entry name; other entries are 0 physically where they can be. */
function actionOf({ actionEntries }: Controller, values: Readonly<Record<string, number>>): number[] {
  return actionEntries.map(({ name, scale, offset }) => ((values[name] ?? 0) - offset) / scale);
}

/** Values that tell the arm to stay where it starts. */
function stay(robot: RobotModel, mode: ControlMode, joints: ArrayLike<number>): Record<string, number> {
  const values: Record<string, number> = { gripper: robot.gripper!.open };
  if (mode === "joint-position") {
    for (const [k, name] of robot.armJoints.entries()) values[name] = joints[k]!;
  }
  if (mode.startsWith("ee-absolute")) {
    for (const [k, axis] of ["x", "y", "z"].entries()) values[`tcp_${axis}`] = robot.start[k]!;
    values.tcp_yaw = 0.1;
    values.tcp_turn_z = 0.1;
  }
  return values;
}

const pairs = Object.values(robots).flatMap((robot) => CONTROL_MODES.map((mode) => ({ robot, mode })));

describe.each(pairs)("$robot.id under $mode", ({ robot, mode }) => {
  test("stands against gravity when told to stay, within 0.5 mm after 2 s", () => {
    const { arm, tcp, controller, act } = cell(robot, mode);
    const before = tcp.position.slice();
    act(actionOf(controller, stay(robot, mode, arm.jointPositions)), 40);
    const moved = Math.hypot(...[0, 1, 2].map((k) => tcp.position[k]! - before[k]!));
    // torques alone hold no position: gravity compensated a substep late lets the arm creep
    expect(moved).toBeLessThan(mode === "joint-torque" ? 5e-3 : 5e-4);
  });

  test("continues with the same bits after a restore, torques within the joints' limits", () => {
    const a = cell(robot, mode);
    const action = a.controller.actionEntries.map((_, k) => 0.4 * Math.sin(k + 1));
    const withinLimits = () => {
      for (const [k, torque] of a.arm.appliedTorques.entries())
        expect(Math.abs(torque)).toBeLessThanOrEqual(a.arm.effortLimits[k]!);
    };
    a.act(action, 5, withinLimits);
    const world = a.world.snapshot();
    const controller = a.controller.snapshot();
    a.act(action, 5);
    const b = cell(robot, mode);
    b.world.restore(world);
    b.controller.restore(controller);
    b.act(action, 5);
    expect(b.world.snapshot()).toEqual(a.world.snapshot());
    expect(b.controller.snapshot()).toEqual(a.controller.snapshot());
  });
});

describe.each(Object.values(robots))("$id", (robot) => {
  test.each(["ee-absolute", "ee-absolute-yaw", "ee-absolute-pose"] as const)(
    "%s brings the tool to the place within 1 mm, 5 cm per step at most",
    (mode) => {
      const { controller, tcp, act } = cell(robot, mode);
      const { low, high } = robot.taskRegion;
      const place = [0.8 * high[0] + 0.2 * low[0], 0.7 * low[1] + 0.3 * high[1], high[2] / 2 + low[2] / 2];
      const action = actionOf(controller, {
        gripper: robot.gripper!.open,
        ...Object.fromEntries(["x", "y", "z"].map((axis, k) => [`tcp_${axis}`, place[k]!])),
      });
      let last = controller.commandedTcp.slice();
      for (let step = 0; step < 40; step++) {
        act(action, 1);
        const way = Math.hypot(...[0, 1, 2].map((k) => controller.commandedTcp[k]! - last[k]!));
        expect(way).toBeLessThan(0.0501);
        last = controller.commandedTcp.slice();
      }
      for (let k = 0; k < 3; k++) expect(Math.abs(tcp.position[k]! - place[k]!)).toBeLessThan(1e-3);
    },
  );

  test("joint-position brings each joint to its place, at half of the joint's greatest speed", () => {
    const { arm, controller, act } = cell(robot, "joint-position");
    const goal = robot.rest.map((q, k) => q + (k === 0 ? -0.6 : -0.2));
    const values = Object.fromEntries(robot.armJoints.map((name, k) => [name, goal[k]!]));
    const action = actionOf(controller, { gripper: robot.gripper!.open, ...values });
    const speed = robot.articulation.links.find(({ joint }) => joint?.name === robot.armJoints[0])!.joint!
      .velocityLimit;
    const start = arm.jointTargets[0]!;
    const targetsAfterOne: number[] = [];
    act(action, 1, () => targetsAfterOne.push(arm.jointTargets[0]!));
    const travelled = Math.abs(targetsAfterOne.at(-1)! - start);
    expect(travelled).toBeCloseTo(speed / 2 / 20, 12);
    act(action, 40);
    for (let k = 0; k < goal.length; k++)
      expect(Math.abs(arm.jointPositions[k]! - goal[k]!)).toBeLessThan(2e-3);
  });

  test("joint-velocity is followed within 1 % by the first joint", () => {
    const { arm, act, controller } = cell(robot, "joint-velocity");
    const name = robot.armJoints[0]!;
    act(actionOf(controller, { gripper: robot.gripper!.open, [name]: 0.3 }), 20);
    expect(Math.abs(arm.jointVelocities[0]! / 0.3 - 1)).toBeLessThan(0.01);
  });

  test("with rate limits, end-effector steps move no joint target faster than the joint can", () => {
    const { arm, act, controller } = cell(robot, "ee-delta", { rateLimits: true, controlRate: 20 });
    const limits = robot.armJoints.map(
      (name) => robot.articulation.links.find(({ joint }) => joint?.name === name)!.joint!.velocityLimit,
    );
    for (let step = 0; step < 12; step++) {
      const before = arm.jointTargets.slice();
      act(
        controller.actionEntries.map((_, k) => (step % 4 < 2 ? 1 : -1) * (k % 2 ? 1 : -1)),
        1,
      );
      for (const [k, limit] of limits.entries())
        expect(Math.abs(arm.jointTargets[k]! - before[k]!)).toBeLessThan(limit / 20 + 1e-12);
    }
  });
});

describe.each(longArms)("$id, which can turn its hand at will,", (robot) => {
  test("turns by the rotation vector that ee-delta-pose was given", () => {
    const { tcp, controller, act } = cell(robot, "ee-delta-pose");
    const before = tcp.rotation.slice();
    const open = { gripper: robot.gripper!.open };
    act(actionOf(controller, { ...open, tcp_turn_x: 0.1, tcp_turn_y: -0.05 }), 3);
    act(actionOf(controller, open), 20);
    const turn = rotationVectorBetween(before, tcp.rotation, new Float64Array(3));
    // three equal turns about one axis add up
    for (const [k, value] of [0.3, -0.15, 0].entries()) expect(Math.abs(turn[k]! - value)).toBeLessThan(0.01);
  });

  test("takes the orientation that ee-absolute-pose was given", () => {
    const { tcp, controller, act } = cell(robot, "ee-absolute-pose");
    const values = {
      ...stay(robot, "ee-absolute-pose", []),
      tcp_turn_x: 0.2,
      tcp_turn_y: 0.1,
      tcp_turn_z: -0.4,
    };
    act(actionOf(controller, values), 40);
    const down = Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1);
    const turn = rotationVectorBetween(down, tcp.rotation, new Float64Array(3));
    for (const [k, value] of [0.2, 0.1, -0.4].entries())
      expect(Math.abs(turn[k]! - value)).toBeLessThan(0.01);
  });

  test("osc answers a step of 5 cm like a critically damped unit mass on a spring of 150 1/s²", () => {
    const { tcp, controller, act } = cell(robot, "osc");
    const start = tcp.position.slice();
    const open = { gripper: robot.gripper!.open };
    const omega = Math.sqrt(150);
    const check = (time: number) => {
      tcp.update();
      const analytic = 0.05 * (1 - (1 + omega * time) * Math.exp(-omega * time));
      expect(Math.abs(tcp.position[2]! - start[2]! - analytic)).toBeLessThan(2e-3);
      expect(Math.hypot(tcp.position[0]! - start[0]!, tcp.position[1]! - start[1]!)).toBeLessThan(1e-3);
    };
    act(actionOf(controller, { ...open, tcp_z: 0.05 }), 1, check);
    act(actionOf(controller, open), 20, (time) => check(time + 1 / 20));
    expect(Math.abs(tcp.position[2]! - start[2]! - 0.05)).toBeLessThan(1e-4);
  });

  test("osc yields to a force at the tool by force times inverse inertia over stiffness", () => {
    const { arm, tcp, controller, act, world } = cell(robot, "osc");
    const start = tcp.position.slice();
    const hold = actionOf(controller, { gripper: robot.gripper!.open });
    const link = arm.linkIndex(robot.tcp.link);
    const row = new Float64Array(arm.numDofs);
    for (let substep = 0; substep < 960; substep++) {
      if (substep % SUBSTEPS === 0) controller.setAction(hold);
      controller.beforeSubstep(1, 1);
      tcp.update();
      row.fill(0);
      const [x, y, z] = tcp.position as unknown as [number, number, number];
      arm.addJacobian(link, x, y, z, 0, 0, -1, 1, row, 0);
      for (let k = 0; k < robot.armJoints.length; k++) arm.feedForward[k]! += 5 * row[k]!;
      world.step();
    }
    act(hold, 0);
    // the pull of the spring along z alone: -5 N times (J M⁻¹ Jᵀ)_zz, found by solving M x = Jᵀ by Gauss-Seidel
    const n = robot.armJoints.length;
    const x = new Float64Array(n);
    for (let sweep = 0; sweep < 2000; sweep++) {
      for (let i = 0; i < n; i++) {
        let sum = row[i]!;
        for (let j = 0; j < n; j++) if (j !== i) sum -= arm.massMatrix[arm.numDofs * i + j]! * x[j]!;
        x[i] = sum / arm.massMatrix[arm.numDofs * i + i]!;
      }
    }
    const inverseInertia = x.reduce((sum, value, k) => sum + value * row[k]!, 0);
    const sag = start[2]! - tcp.position[2]!;
    expect(Math.abs(sag / ((5 * inverseInertia) / 150) - 1)).toBeLessThan(0.05);
  });
});

test("the SO-101 keeps its position to 1.5 mm while told to turn its hand as it cannot", () => {
  const robot = robots.so101!;
  for (const mode of ["ee-delta-pose", "osc"] as const) {
    const { tcp, controller, act } = cell(robot, mode);
    const before = tcp.position.slice();
    act(actionOf(controller, { gripper: robot.gripper!.open, tcp_turn_x: 0.25 }), 2);
    act(actionOf(controller, { gripper: robot.gripper!.open }), 40);
    for (let k = 0; k < 3; k++) expect(Math.abs(tcp.position[k]! - before[k]!)).toBeLessThan(1.5e-3);
  }
});

test("an unknown control mode is refused with the near match", () => {
  // @ts-expect-error no such mode
  expect(() => envs["Reach-v1"].create({ controlMode: "ee-detla" })).toThrow(
    /^Unknown control mode "ee-detla"\. Did you mean "ee-delta"\? Available: ee-delta, ee-delta-yaw, /,
  );
});

test("every mode says the unit, the scale and the offset of each entry", () => {
  const { controller } = cell(robots.panda!, "ee-absolute-yaw");
  expect(
    controller.actionEntries.map(
      ({ name, unit, scale, offset }) => `${name} ${scale.toFixed(3)} ${offset.toFixed(3)} ${unit}`,
    ),
  ).toEqual([
    "tcp_x 0.220 0.500 m",
    "tcp_y 0.250 0.000 m",
    "tcp_z 0.204 0.216 m",
    "tcp_yaw 1.200 0.000 rad",
    "gripper 0.025 0.015 m",
  ]);
});
