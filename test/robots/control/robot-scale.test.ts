import { describe, expect, test } from "vitest";
import { pickPlace } from "../../../envs/pick-place.js";
import { CELL_DEFAULTS, drawStart } from "../../../src/cell/cell-config.js";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import { createRandom } from "../../../src/math/random.js";
import {
  fittingToolStep,
  gripForceLimit,
  largestCube,
  nearSteepness,
} from "../../../src/robots/control/robot-scale.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { so101 } from "../../../src/robots/models/so101.js";
import { wx250s } from "../../../src/robots/models/wx250s.js";

function withSpeed(robot: RobotModel, velocityLimit: number): RobotModel {
  const links = robot.articulation.links.map((link) =>
    link.joint ? { ...link, joint: { ...link.joint, velocityLimit } } : link,
  );
  return { ...robot, articulation: { links } };
}

describe("how far a robot's tool steps", () => {
  test("is 5 cm for the Panda", () => {
    expect(fittingToolStep(panda)).toBe(0.05);
  });

  test("goes with the side of a smaller task region", () => {
    // the square root of 10 x 20 cm is 14.14 cm, 0.471 of 30 cm
    expect(fittingToolStep(so101)).toBe(0.024);
  });

  test("goes with the speed of slower joints", () => {
    // 0.8 rad/s at 0.5 m: 0.4 m/s
    expect(fittingToolStep(withSpeed(panda, 0.8))).toBe(0.02);
  });

  test("is never less than 5 mm", () => {
    expect(fittingToolStep(withSpeed(panda, 0.01))).toBe(0.005);
  });

  test("is what action 1 moves the commanded tool by, and how far starts spread", () => {
    const cell = new RobotCell({
      ...CELL_DEFAULTS,
      robot: JSON.stringify({ ...panda, toolStep: 0.01 }),
      gripper: false,
    });
    cell.reset(panda.start);
    cell.step(Float32Array.of(1, 0, 0));
    expect(cell.controller.commandedTcp[0]! - panda.start[0]).toBeCloseTo(0.01, 12);
    expect(cell.actionEntries[0]!.scale).toBe(0.01);
    const random = createRandom("starts");
    const starts = Array.from({ length: 50 }, () => drawStart(random, { ...panda, toolStep: 0.01 }));
    const far = Math.max(...starts.flatMap((start) => start.map((v, k) => Math.abs(v - panda.start[k]!))));
    expect(far).toBeGreaterThan(0.005);
    expect(far).toBeLessThan(0.006);
  });
});

test("being near is rewarded the steeper the shorter a robot's steps are, for the Panda by 5 per m", () => {
  expect(nearSteepness(panda)).toBe(5);
  expect(nearSteepness(so101)).toBeCloseTo(12.5, 12);
  const rewards = [panda, { ...panda, id: "fine", toolStep: 0.02 }].map((robot) => {
    const env = pickPlace.create({
      robot: JSON.stringify(robot),
      rewardWeights: { grasp: 0, lift: 0, place: 0 },
    });
    env.reset({ seed: 1 });
    const { reward, observation } = env.step(Float32Array.of(0, 0, 0, 1));
    const [x, y, z] = observation.state.slice(11, 14);
    return { reward, away: Math.hypot(x!, y!, z!) };
  });
  for (const [k, steepness] of [5, 12.5].entries())
    expect(rewards[k]!.reward).toBeCloseTo((1 - Math.tanh(steepness * rewards[k]!.away)) / 6, 5);
});

test("the largest cube fits between open fingers at any turn, with 4 mm to each side", () => {
  // (80 mm - 8 mm) / sqrt(2) is 50.9 mm; (2 x 27.4 mm - 8 mm) / sqrt(2) is 33.1 mm
  expect(largestCube(panda)).toBe(0.05);
  expect(largestCube(wx250s)).toBe(0.033);
  const { gripper: _, ...bare } = panda;
  expect(largestCube(bare)).toBe(0);
});

test("fingers press with the effort of the joints that drive them, a turning jaw with its torque over the way of both tips", () => {
  // two servos of 5 N, and two fingers
  expect(gripForceLimit(wx250s)).toBe(5);
  // 2.94 N m over 7.8 cm
  expect(gripForceLimit(so101)).toBeCloseTo(37.69, 2);
  const { links } = wx250s.articulation;
  const passive = links.map((link) =>
    link.joint?.mimic ? { ...link, joint: { ...link.joint, stiffness: 0, damping: 0 } } : link,
  );
  expect(gripForceLimit({ ...wx250s, articulation: { links: passive } })).toBe(2.5);
  const { gripper: _, ...bare } = panda;
  expect(gripForceLimit(bare)).toBe(0);
});
