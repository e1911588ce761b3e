import { describe, expect, test } from "vitest";
import type { RobotCellOptions } from "../../src/cell/cell-options.js";
import { RobotCell } from "../../src/cell/robot-cell.js";
import type { ControlMode } from "../../src/robots/control/controller.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { robots } from "../../src/robots/models/robots.js";
import { thorough } from "./thorough.js";

const models = Object.values(thorough);

function cell(robot: RobotModel, controlMode: ControlMode, options: Partial<RobotCellOptions> = {}) {
  return new RobotCell({
    robot: robot.id,
    controlMode,
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
    gripper: false,
    ...options,
  });
}

/** Do the same action `steps` times; entries that are not named are 0. */
function act(simulation: RobotCell, values: Readonly<Record<string, number>>, steps: number): void {
  const action = Float32Array.from(simulation.actionEntries, ({ name }) => values[name] ?? 0);
  for (let step = 0; step < steps; step++) simulation.step(action);
}

function fastestJoint({ world, model }: RobotCell): number {
  return Math.max(...world.articulation!.jointVelocities.subarray(0, model.armJoints.length).map(Math.abs));
}

const CORNERS = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z] as const)));

test.each(models)("$id under osc comes to rest at every corner of its workspace", (robot) => {
  const simulation = cell(robot, "osc");
  for (const [x, y, z] of CORNERS) {
    simulation.reset(robot.start);
    act(simulation, { tcp_x: x, tcp_y: y, tcp_z: z }, 40);
    act(simulation, {}, 120);
    let fastest = 0;
    for (let step = 0; step < 10; step++) {
      act(simulation, {}, 1);
      fastest = Math.max(fastest, fastestJoint(simulation));
    }
    expect(fastest, `corner ${x} ${y} ${z}`).toBeLessThan(0.005);
  }
});

test("a Panda under osc comes to rest with its hand tilted far out, where no posture does what it is told", () => {
  const simulation = cell(robots.panda!, "osc");
  for (const [x, y, z] of [
    [0.75, 0.71, -0.61],
    [-0.87, 0.51, -0.5],
    [0.51, 0.61, -0.84],
  ] as const) {
    simulation.reset(robots.panda!.start);
    act(simulation, { tcp_x: 1, tcp_y: 1, tcp_z: 1, tcp_turn_x: x, tcp_turn_y: y, tcp_turn_z: z }, 6);
    act(simulation, { tcp_x: 1, tcp_y: 1, tcp_z: 1 }, 19);
    act(simulation, { tcp_x: -0.3, tcp_y: -0.3, tcp_z: -0.3 }, 15);
    act(simulation, {}, 200);
    expect(fastestJoint(simulation)).toBeLessThan(0.005);
  }
});

/** Control steps until the tool has risen by 2 cm, after it was pressed on the table for `pressed` of them. */
function stepsToLift(robot: RobotModel, mode: ControlMode, pressed: number): number {
  const simulation = cell(robot, mode);
  const { low, high } = robot.taskRegion;
  simulation.reset([(low[0] + high[0]) / 2, 0, 0.06]);
  // of the joints the one that lowers the tool most, found by trying
  const down = loweringAction(robot, mode);
  act(simulation, down, 8 + pressed);
  const from = simulation.tcp.position[2]!;
  const up = Object.fromEntries(Object.entries(down).map(([name, value]) => [name, -value]));
  for (let step = 1; step <= 100; step++) {
    act(simulation, up, 1);
    if (simulation.tcp.position[2]! > from + 0.02) return step;
  }
  return 100;
}

function loweringAction(robot: RobotModel, mode: ControlMode): Readonly<Record<string, number>> {
  if (!mode.startsWith("joint")) return { tcp_z: -0.5 };
  const lowered = robot.armJoints.flatMap((name) =>
    [0.5, -0.5].map((value) => {
      const simulation = cell(robot, mode);
      simulation.reset(robot.start);
      act(simulation, { [name]: value }, 3);
      return { action: { [name]: value }, height: simulation.tcp.position[2]! };
    }),
  );
  return lowered.reduce((a, b) => (b.height < a.height ? b : a)).action;
}

describe.each(models)("$id", (robot) => {
  test.each(["joint-delta", "joint-velocity", "ee-delta", "osc"] as const)(
    "under %s lifts off nearly as soon after pressing for 1.5 s as after 0.5 s",
    (mode) => {
      const [short, long] = [stepsToLift(robot, mode, 10), stepsToLift(robot, mode, 30)];
      expect(long).toBeLessThanOrEqual(short + 4);
      expect(long).toBeLessThanOrEqual(14);
    },
  );

  test("under joint-position turns back at once from a place behind the table", () => {
    const simulation = cell(robot, "joint-position");
    const { low, high } = robot.taskRegion;
    const down = Object.entries(loweringAction(robot, "joint-delta"))[0]!;
    const toward = (share: number) => {
      const arm = simulation.world.articulation!;
      return Object.fromEntries(
        simulation.actionEntries.map(({ name, scale, offset }, k) => {
          const place = name === down[0] ? start[k]! + share * Math.sign(down[1]) : start[k]!;
          return [
            name,
            (Math.max(arm.lowerLimits[k]!, Math.min(arm.upperLimits[k]!, place)) - offset) / scale,
          ];
        }),
      );
    };
    simulation.reset([(low[0] + high[0]) / 2, 0, 0.06]);
    const start = simulation.jointPositions();
    act(simulation, toward(1.2), 40);
    const pressed = simulation.tcp.position[2]!;
    act(simulation, toward(0), 12);
    expect(simulation.tcp.position[2]! - pressed).toBeGreaterThan(0.01);
  });

  test.each([
    "ee-delta",
    "ee-absolute",
    "osc",
    "joint-position",
    "joint-delta",
    "joint-velocity",
    "joint-torque",
  ] as const)(
    "under %s with rate limits moves no joint more than a quarter faster than the real one can",
    (mode) => {
      const simulation = cell(robot, mode, { rateLimits: true });
      simulation.reset(robot.start);
      const limits = robot.armJoints.map(
        (name) => robot.articulation.links.find(({ joint }) => joint?.name === name)!.joint!.velocityLimit,
      );
      const entries = simulation.actionEntries.filter(
        ({ name }, k) => k < 3 || name !== `tcp_turn_${name.at(-1)}`,
      );
      let worst = 0;
      for (let step = 0; step < 45; step++) {
        const value = step % 20 < 10 ? 1 : -1;
        act(simulation, Object.fromEntries(entries.map(({ name }) => [name, value])), 1);
        const { jointVelocities } = simulation.world.articulation!;
        for (const [k, limit] of limits.entries())
          worst = Math.max(worst, Math.abs(jointVelocities[k]!) / limit);
      }
      // servos overshoot a little, and a wrist of little torque is carried along by the arm
      expect(worst).toBeLessThan(1.25);
    },
  );
});

test.each(["osc", "joint-torque"] as const)(
  "%s with rate limits repeats bit for bit from a snapshot",
  (mode) => {
    const [a, b] = [0, 1].map(() => cell(robots.ur5e!, mode, { rateLimits: true })) as [RobotCell, RobotCell];
    a.reset(robots.ur5e!.start);
    b.reset(robots.ur5e!.start);
    const fast = Object.fromEntries(a.actionEntries.map(({ name }) => [name, 1]));
    act(a, fast, 9);
    // leaves joints braked that a fresh arm is not
    act(b, Object.fromEntries(Object.keys(fast).map((name) => [name, -1])), 9);
    b.restore(a.snapshot());
    for (const simulation of [a, b]) act(simulation, fast, 5);
    expect(b.snapshot()).toEqual(a.snapshot());
  },
);

test("a hand that cannot turn winds no yaw up: the command runs at most 0.7 rad ahead of it", () => {
  const simulation = cell(robots.panda!, "ee-delta-yaw");
  simulation.reset(robots.panda!.start);
  const arm = simulation.world.articulation!;
  // a wrist that has seized
  arm.effortLimits[6] = 0;
  act(simulation, { tcp_yaw: 1 }, 10);
  expect(simulation.controller.commandedYaw - simulation.tcp.yaw).toBeLessThan(0.71);
});

test.each([16, 20, 40])(
  "places are approached at 1 m/s and 5 rad/s at a control rate of %i Hz",
  (controlRate) => {
    const simulation = cell(robots.panda!, "ee-absolute-yaw", { controlRate });
    const start = [0.45, 0, 0.2] as const;
    simulation.reset(start);
    act(simulation, { tcp_y: 1, tcp_yaw: -1 }, 1);
    const { commandedTcp, commandedYaw } = simulation.controller;
    const moved = Math.hypot(...start.map((value, k) => commandedTcp[k]! - value));
    expect(moved * controlRate).toBeCloseTo(1, 9);
    expect(commandedYaw * controlRate).toBeCloseTo(-5, 9);
  },
);
