// Where imported arms stand and work.
import { describe, expect, test } from "vitest";
import { experts } from "../../../../agents/index.js";
import { expertPolicy } from "../../../../agents/scripted-expert.js";
import { envs } from "../../../../envs/index.js";
import { RobotCell } from "../../../../src/cell/robot-cell.js";
import { playEpisode } from "../../../../src/episodes/demonstrate.js";
import { createRandom } from "../../../../src/math/random.js";
import { Articulation } from "../../../../src/physics/articulation/articulation.js";
import { InverseKinematics } from "../../../../src/robots/control/inverse-kinematics.js";
import { ToolCentrePoint } from "../../../../src/robots/control/tool-centre-point.js";
import { importUrdf } from "../../../../src/robots/import/import-robot.js";
import { Clearance } from "../../../../src/robots/import/tuning/clearance.js";
import type { RobotModel } from "../../../../src/robots/models/robot-model.js";
import { chainUrdf, FOUR, GANTRY, SCARA, SIX, type TestJoint } from "./arms.js";

function imported(joints: readonly TestJoint[], shapes: readonly string[] = []) {
  return importUrdf(chainUrdf(joints, shapes), { file: "chain.urdf" });
}

/** Angle of the tool's z axis to straight down in the home posture, rad, and where the tool is. */
function toolAtHome(robot: RobotModel) {
  const arm = new Articulation(robot.articulation);
  arm.reset(robot.home);
  const { rotation: R, position } = new ToolCentrePoint(robot, arm);
  return { tilt: Math.acos(Math.min(1, -R[8]!)), position: [...position] };
}

/** How far the tool moves in 5 s in which no action moves it, m. */
function driftOf(robot: RobotModel): number {
  const cell = new RobotCell({
    robot: JSON.stringify(robot),
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
  });
  cell.reset(robot.start);
  const start = cell.tcp.position.slice();
  const still = new Float32Array(cell.actionEntries.length);
  let furthest = 0;
  for (let step = 0; step < 100; step++) {
    cell.step(still);
    furthest = Math.max(furthest, Math.hypot(...[0, 1, 2].map((k) => cell.tcp.position[k]! - start[k]!)));
  }
  return furthest;
}

function solvedOf20(robot: RobotModel): number {
  const env = envs["Reach-v1"].create({ robot: JSON.stringify(robot) });
  const actor = expertPolicy(experts["Reach-v1"], env.spec);
  return Array.from({ length: 20 }, (_, seed) => playEpisode(env, actor, seed).success).filter(Boolean)
    .length;
}

describe.each([
  ["six joints, the last within ±3 rad", SIX],
  ["a gantry whose hand is drawn upwards", GANTRY],
  ["a SCARA", SCARA],
  ["four joints", FOUR],
] as const)("%s", (_, joints) => {
  const { robot } = imported(joints);

  test("rests with its hand within 1 degree of straight down, at its start, off its joints' limits", () => {
    const { tilt, position } = toolAtHome(robot);
    // arms of four joints that bend only have no other freedom to spend on the height
    expect(tilt).toBeLessThan(joints === FOUR ? 0.3 : Math.PI / 180);
    for (let k = 0; k < 3; k++) expect(position[k]).toBeCloseTo(robot.start[k]!, 5);
    for (const [k, name] of robot.armJoints.entries()) {
      const { lower, upper } = robot.articulation.links.find(({ joint }) => joint?.name === name)!.joint!;
      expect(Math.min(robot.rest[k]! - lower, upper - robot.rest[k]!), name).toBeGreaterThan(
        0.03 * (upper - lower),
      );
    }
  });

  test("gets to 200 random points of its workspace from there, hand down", () => {
    const random = createRandom("workspace");
    const kinematics = new InverseKinematics(robot);
    const { low, high } = robot.workspace;
    for (let point = 0; point < 200; point++) {
      const at = [0, 1, 2].map((k) => random.uniform(low[k]!, high[k]!));
      const found = Float64Array.from(robot.rest);
      kinematics.solve(found, at, 0, 60);
      const { position, tilt } = kinematics.residual(found, at, 0);
      expect(position).toBeLessThan(3e-3);
      expect(tilt).toBeLessThan(joints.length < 6 ? 0.32 : 0.02);
    }
    expect(Math.min(high[0] - low[0], high[1] - low[1], high[2] - low[2])).toBeGreaterThan(0.1);
  });

  test("stands still to 0.5 mm for 5 s and is led to every goal by the expert of Reach-v1", () => {
    expect(driftOf(robot)).toBeLessThan(5e-4);
    expect(solvedOf20(robot)).toBe(20);
  });
});

test("a hand that is only reached upside down or at another yaw turns the tool's frame, and that is said", () => {
  expect(imported(SIX).assumptions).toContain("the tool's frame is turned by 180° about its z axis");
  expect(imported(GANTRY).assumptions).toContain(
    "the tool's z axis is turned to the axis of its link that points down",
  );
});

test("the regions are told in cm", () => {
  expect(imported(GANTRY).assumptions).toContainEqual(
    expect.stringMatching(
      /^workspace, x, y, z: \S+ to \S+, \S+ to \S+, 1\.2 to 33 cm; task region: \S+ to .* cm; start: /,
    ),
  );
});

test("a base whose first link would stand in the table is raised by what it lacks", () => {
  // a box of 10 cm around the first joint, which stands 3 cm above the base: 2 cm in the table at every angle
  const box = '<collision><geometry><box size="0.1 0.1 0.1"/></geometry></collision>';
  const low: TestJoint[] = [{ ...SIX[0]!, xyz: "0 0 0.03" }, ...SIX.slice(1)];
  const { robot, assumptions } = imported(low, [box]);
  expect(robot.base).toEqual({ position: [0, 0, 0.022], quaternion: [0, 0, 0, 1] });
  expect(assumptions).toContain("the base is raised by 2.2 cm: its links would stand in the table");
  const lowest = new Clearance(robot.articulation).lowestPoints(robot.home);
  expect(lowest[0]).toBeCloseTo(0.002, 9);
  expect(driftOf(robot)).toBeLessThan(5e-4);
});

test("an arm that works far above its base gets a higher table, one that does not get down to it a lower one", () => {
  const onPost: TestJoint[] = [{ ...FOUR[0]!, xyz: "0 0 1.6" }, ...FOUR.slice(1)];
  const { robot, assumptions } = imported(onPost);
  expect(robot.base!.position[2]).toBeLessThan(-0.6);
  expect(assumptions).toContainEqual(
    expect.stringMatching(/^the table stands \S+ cm above the base: there the hand/),
  );
});

test("a base that the caller places stays there", () => {
  const base = { position: [0.1, 0.2, 0.05], quaternion: [0, 0, Math.SQRT1_2, Math.SQRT1_2] } as const;
  const { robot } = importUrdf(chainUrdf(SIX), { file: "chain.urdf", base });
  expect(robot.base).toEqual(base);
  const arm = new Articulation(robot.articulation);
  arm.reset(robot.home);
  // the first joint stands 10 cm above the base
  for (const [k, value] of [0.1, 0.2, 0.15].entries()) expect(arm.linkPositions[k]).toBeCloseTo(value, 12);
});

test("links that overlap where the arm rests may: they do not push each other", () => {
  const column =
    '<collision><origin xyz="0 0 0.25"/><geometry><box size="0.4 0.4 0.3"/></geometry></collision>';
  const elbow = '<collision><geometry><box size="0.3 0.3 0.3"/></geometry></collision>';
  const { robot, assumptions } = imported(SIX, [column, "", elbow]);
  expect(robot.articulation.mayOverlap).toEqual([expect.arrayContaining(["l1", "l3"])]);
  expect(assumptions).toContainEqual(
    expect.stringMatching(
      /^links that overlap in (the rest posture|more than a third of all postures) .*l1"? and "?l3"?$/,
    ),
  );
  expect(driftOf(robot)).toBeLessThan(5e-4);
});

test("an arm whose hand never points down has no region, and tasks refuse it with numbers", () => {
  // two joints about the vertical: the hand stays at one height
  const flat: TestJoint[] = [SIX[0]!, { xyz: "0.3 0 0", axis: "0 0 1" }];
  const { robot, assumptions } = imported(flat);
  expect(assumptions).toContainEqual(
    expect.stringMatching(/^the hand reaches no region pointing down, however/),
  );
  expect(() => envs["Reach-v1"].create({ robot: JSON.stringify(robot) })).toThrow(
    /does not reach \(0, 0, 0\) m: the nearest it gets is .* cm away/,
  );
});
