import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { readUrdf } from "../../../src/robots/import/formats/read-urdf.js";
import { parseXml } from "../../../src/robots/import/formats/xml.js";
import type { ImportStep } from "../../../src/robots/import/import-progress.js";
import { importRobots } from "../../../src/robots/import/import-robots.js";
import { splitArms } from "../../../src/robots/import/structure/split-arms.js";
import { LIFT, SHOULDERS, TWO_ARMS } from "../two-arms.js";
import { arm, describe } from "./structure/descriptions.js";

const described = readUrdf(parseXml(TWO_ARMS, "two.urdf"), "two.urdf");
const steps: ImportStep[] = [];
const imported = importRobots(described, { onProgress: (step) => steps.push(step) });
const [left, right] = imported.map(({ robot }) => robot) as [
  (typeof imported)[0]["robot"],
  (typeof imported)[0]["robot"],
];

test("two unequal arms become two robots of their own, called as in the file", () => {
  expect(imported.map(({ name, robot }) => [name, robot.id])).toEqual([
    ["left", "two-arms-left"],
    ["right", "two-arms-right"],
  ]);
  expect(left.armJoints).toEqual(["left_j1", "left_j2", "left_j3", "left_j4", "left_j5", "left_j6"]);
  expect(left.gripper?.joint).toBe("left_slide_a");
  expect(right.armJoints).toEqual(["right_j1", "right_j2", "right_j3", "right_j4", "right_j5"]);
  expect(right.gripper).toBeUndefined();
  expect(imported[0]!.assumptions).toContain(
    'there are 2 arms, "left" (6 joints to "left_hand") and "right" (5 joints to "right_5"): each is a robot of its own; ' +
      'the option "tip" as "left_hand" takes one only',
  );
});

test("each stands where the file has it, its torso as low as that goes", () => {
  const root = (shoulder: readonly number[], base: readonly number[]) =>
    base.map((value, k) => value - shoulder[k]! - (k === 2 ? LIFT.height + LIFT.lower : 0));
  // what carries both stands in one place
  const [a, b] = [root(SHOULDERS.left, left.base!.position), root([0, 0, 0], right.base!.position)];
  for (const k of [0, 1, 2]) expect(a[k]).toBeCloseTo(b[k]!, 9);
  const first = (robot: typeof left, name: string) => {
    const whole = new Articulation(robot.articulation);
    whole.reset(new Float64Array(whole.numDofs));
    const link = whole.linkIndex(name);
    return [...whole.linkPositions.subarray(3 * link, 3 * link + 3)];
  };
  const apart = first(left, "left_1").map((value, k) => value - first(right, "right_1")[k]!);
  for (const [k, value] of [0, 0.45, 0.05].entries()) expect(apart[k]).toBeCloseTo(value, 9);
  // the base's foot is part of both
  const feet = [left, right].map((robot) => first(robot, "base_link"));
  for (const k of [0, 1, 2]) expect(feet[0]![k]).toBeCloseTo(feet[1]![k]!, 9);
});

test("one takes the other for no part of itself, and each has a region on its own side", () => {
  for (const [robot, other] of [
    [left, "right"],
    [right, "left"],
  ] as const) {
    expect(robot.articulation.links.filter(({ name }) => name.startsWith(other))).toEqual([]);
    expect(robot.articulation.links.map(({ name }) => name)).toContain("torso");
    for (const k of [0, 1, 2] as const)
      expect(robot.taskRegion.high[k]).toBeGreaterThan(robot.taskRegion.low[k]);
  }
  expect(left.start[1] - right.start[1]).toBeGreaterThan(0.25);
});

test("both stand and move in one cell, what carries them collides once", () => {
  const cell = new RobotCell({
    ...{ robot: "", controlMode: "ee-delta", controlRate: 20, physicsRate: 240 },
    solver: { iterations: 20, tolerance: 1e-5 },
    robots: imported.map(({ name, robot }) => ({ name, robot: JSON.stringify(robot) })),
  });
  const { links } = cell.world.articulation!.model;
  const torsos = links.filter(({ name }) => name.endsWith("/torso"));
  expect(torsos.map(({ collision }) => collision.length)).toEqual([1, 0]);
  cell.reset([left.start, right.start]);
  const lift = Float64Array.from(cell.actionEntries, ({ name }) => (/z$/.test(name) ? 0.5 : 0));
  const still = new Float32Array(lift.length);
  for (let step = 0; step < 20; step++) cell.step(still);
  for (const [k, { start }] of [left, right].entries())
    for (const axis of [0, 1, 2]) expect(cell.arms[k]!.tcp.position[axis]).toBeCloseTo(start[axis]!, 3);
  expect(cell.contacts()).toEqual([]);
});

test("Reach-v1 is a task for either of them", () => {
  for (const robot of [left, right]) {
    const env = envs["Reach-v1"].create({ robot: JSON.stringify(robot) });
    expect(env.reset({ seed: 1 })).toBeDefined();
  }
});

test("an option takes one arm", () => {
  const two = describe([...arm(3, { prefix: "a" }), ...arm(3, { prefix: "b" })]);
  const [only, ...others] = importRobots(two, { tip: "blink2" });
  expect(others).toEqual([]);
  expect([only!.name, only!.robot.id, only!.robot.armJoints]).toEqual(["", "made-up", ["b1", "b2"]]);
});

test("arms whose names tell no side are called by what their joints begin with, or numbered", () => {
  const named = (one: string, other: string) =>
    splitArms(describe([...arm(3, { prefix: one }), ...arm(4, { prefix: other })])).map(({ name }) => name);
  expect(named("panda_1_joint", "panda_2_joint")).toEqual(["panda_1", "panda_2"]);
  expect(named("1", "2")).toEqual(["arm1", "arm2"]);
  expect(named("r_", "LeftArm")).toEqual(["right", "left"]);
});

test("progress tells the links that get shapes, then the search, then the grip", () => {
  // the base, the torso, two links and a hand with two fingers, three links
  expect(steps.filter(({ phase }) => phase === "shapes").at(-1)).toEqual({
    phase: "shapes",
    done: 10,
    of: 10,
  });
  expect([...new Set(steps.map(({ phase }) => phase))]).toEqual(["shapes", "place", "grip"]);
});
