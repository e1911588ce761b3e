// Several arms in one cell: each as it is alone, and all of them in one world.
import { describe, expect, test } from "vitest";
import type { CellRobot } from "../../src/cell/cell-robots.js";
import { RobotCell } from "../../src/cell/robot-cell.js";
import { createRandom } from "../../src/math/random.js";
import { UsageError } from "../../src/math/usage-error.js";
import type { Vec3 } from "../../src/math/vector.js";
import { CONTROL_MODES, type ControlMode } from "../../src/robots/control/controller.js";
import { placedRobot } from "../../src/robots/models/placed-robot.js";
import { robots } from "../../src/robots/models/robots.js";

const BASE = {
  ...{ robot: "panda", controlMode: "ee-delta" as ControlMode, controlRate: 20, physicsRate: 240 },
  solver: { iterations: 20, tolerance: 1e-5 },
} as const;
const FACING = { position: [1.2, 0, 0], yaw: Math.PI } as const;

function pair(others: Partial<CellRobot> & { readonly controlMode?: ControlMode } = {}) {
  const { controlMode = "ee-delta", ...right } = others;
  return new RobotCell({
    ...BASE,
    controlMode,
    robots: [
      { name: "left", robot: "panda" },
      { name: "right", robot: "ur5e", base: { position: [0, 3, 0] }, ...right },
    ],
  });
}

describe.each(CONTROL_MODES)("under %s", (controlMode) => {
  test("two arms that are far apart move as each does alone", () => {
    const both = pair({ controlMode });
    const alone = (["panda", "ur5e"] as const).map(
      (robot) => new RobotCell({ ...BASE, controlMode, robot }),
    ) as [RobotCell, RobotCell];
    const starts = alone.map(({ model }) => model.start) as [Vec3, Vec3];
    const shifted = [starts[1][0], starts[1][1] + 3, starts[1][2]] as const;
    both.reset([starts[0], shifted]);
    for (const [index, cell] of alone.entries()) cell.reset(starts[index]!);
    const random = createRandom(`pair/${controlMode}`);
    const sizes = alone.map(({ actionEntries }) => actionEntries.length) as [number, number];
    expect(both.actionEntries.length).toBe(sizes[0] + sizes[1]);
    for (let step = 0; step < 25; step++) {
      const action = Float32Array.from(both.actionEntries, () => random.uniform(-1, 1));
      both.step(action);
      alone[0].step(action.slice(0, sizes[0]));
      alone[1].step(action.slice(sizes[0]));
    }
    const joints = both.jointPositions();
    for (const [index, first] of [0, 8].entries())
      for (const [k, value] of alone[index]!.jointPositions().entries())
        expect(joints[first + k]).toBeCloseTo(value, 6);
    const [right] = both.arms.slice(1);
    expect(right!.tcp.position[1]! - 3).toBeCloseTo(alone[1].tcp.position[1]!, 6);
    expect(right!.fingerOpening).toBeCloseTo(alone[1].fingerOpening, 6);
  });
});

test("joints, actions, links and cameras carry the names of their arms", () => {
  const cell = pair();
  expect(cell.robot).toBe("panda+ur5e");
  expect(cell.jointNames.slice(6, 10)).toEqual([
    "left/joint7",
    "left/finger_left",
    "right/shoulder_pan",
    "right/shoulder_lift",
  ]);
  expect(cell.actionEntries.map(({ name }) => name)).toEqual(
    ["left", "right"].flatMap((arm) =>
      ["tcp_x", "tcp_y", "tcp_z", "gripper"].map((name) => `${arm}/${name}`),
    ),
  );
  const { entities, joints, workspaces } = cell.scene();
  expect(workspaces).toEqual(cell.arms.map(({ model }) => model.workspace));
  const ids = entities.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("robot/right/wrist_3");
  expect(joints!.filter(({ parent }) => parent === "world").map(({ child }) => child)).toEqual([
    "robot/left",
    "robot/right",
  ]);
  expect(Object.keys(cell.cameras())).toEqual(["front", "side", "wrist", "left/wrist", "right/wrist"]);
  const poses = new Float64Array(7 * entities.length);
  cell.reset([cell.arms[0]!.model.start, cell.arms[1]!.model.start]);
  cell.poses(poses);
  const base = ids.indexOf("robot/right");
  expect([...poses.subarray(7 * base, 7 * base + 7)]).toEqual([0, 3, 0, 0, 0, 0, 1]);
});

test("an arm that is turned round reaches its turned regions, hand down at yaw 0, and is driven along the world's axes", () => {
  for (const robot of Object.values(robots)) {
    const facing = placedRobot(robot, FACING);
    const { low, high } = robot.taskRegion;
    expect(facing.taskRegion.low[0]).toBeCloseTo(1.2 - high[0], 9);
    expect(facing.taskRegion.high[1]).toBeCloseTo(-low[1], 9);
    const cell = new RobotCell({ ...BASE, robots: [{ name: "only", robot: robot.id, base: FACING }] });
    const [arm] = cell.arms;
    cell.reset([facing.start]);
    for (const k of [0, 1, 2]) expect(arm!.tcp.position[k]).toBeCloseTo(facing.start[k]!, 2);
    if (robot.armJoints.length >= 6) expect(Math.abs(arm!.tcp.yaw)).toBeLessThan(0.01);
    const before = arm!.tcp.position[0]!;
    for (let step = 0; step < 5; step++) cell.step(Float32Array.of(0.3, 0, 0, 1));
    expect(arm!.tcp.position[0]! - before).toBeGreaterThan(0.02);
  }
});

test("arms stop each other, and a snapshot of both leads on bit for bit", () => {
  const cell = pair({ robot: "panda", base: FACING });
  const hands: readonly [Vec3, Vec3] = [
    [0.5, 0.02, 0.2],
    [0.7, 0, 0.2],
  ];
  cell.reset(hands);
  const towards = Float32Array.of(1, 0, 0, 1, -1, 0, 0, 1);
  let touched = false;
  for (let step = 0; step < 30; step++) {
    cell.step(towards);
    touched ||= cell
      .contacts()
      .some(({ bodyA, bodyB }) => bodyA.startsWith("left/") !== bodyB.startsWith("left/"));
  }
  const [left, right] = cell.arms.map(({ tcp }) => tcp.position[0]!) as [number, number];
  expect(touched).toBe(true);
  // the hands are 6 cm thick: without contact they would be past each other
  expect(right - left).toBeGreaterThan(0.02);
  expect(cell.deepestPenetration).toBeLessThan(0.01);

  const snapshot = structuredClone(cell.snapshot());
  const play = () => {
    for (let step = 0; step < 10; step++) cell.step(Float32Array.of(-0.3, 0.2, 0.5, -1, 0.4, -0.1, 1, -0.5));
    return cell.snapshot();
  };
  const once = play();
  cell.restore(snapshot);
  expect(play()).toEqual(once);
});

test("names and places that are no good are refused", () => {
  const build = (list: readonly CellRobot[]) => () => new RobotCell({ ...BASE, robots: list });
  expect(build([])).toThrow(new UsageError("robots is an empty list, expected one robot or more."));
  expect(build([{ name: "a/b", robot: "panda" }])).toThrow(
    'robots[0].name is "a/b", expected letters and digits: "left".',
  );
  expect(
    build([
      { name: "left", robot: "panda" },
      { name: "left", robot: "ur5e" },
    ]),
  ).toThrow('robots[1].name is "left", as that of another; names are unique.');
  expect(build([{ name: "left", robot: "panda", base: { position: [0, Number.NaN, 0] } }])).toThrow(
    'robots[0].base of "left" is {"position":[0,null,0]}, expected a position of three numbers up to 100 m and a yaw in rad.',
  );
  expect(() => pair().reset([0.4, 0, 0.2])).toThrow(
    new RangeError("there are 2 arms, but 1 positions of their tools"),
  );
  expect(() => pair().armCalled("middle")).toThrow('there is no arm "middle"; the cell has "left", "right"');
});
