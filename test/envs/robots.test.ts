import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check/check-env.js";
import { CONTROL_MODES } from "../../src/robots/control/controller.js";
import { assertGraspable, assertReachable } from "../../src/robots/control/reach.js";
import { robots } from "../../src/robots/models/robots.js";
import { thorough } from "../robots/thorough.js";

/** Go above the cube, descend, close, carry; well aligned before the descent, because a jaw clears a cube by 7 mm only. */
function scriptedAction(o: Float32Array, scale: number): number[] {
  const lead = [o[3]!, o[4]!, o[5]!];
  const cube = [o[11]!, o[12]!, o[13]!];
  const goal = [o[14]!, o[15]!, o[16]!];
  const aside = Math.hypot(cube[0]!, cube[1]!);
  let aim = cube;
  let gripper = 1;
  if (o[19]! > 0.5) {
    // up first: a jaw of little force jams a cube that it drags over the table
    aim = Math.hypot(goal[0]!, goal[1]!) > 0.03 && o[2]! < 0.04 ? [0, 0, 0.04] : goal;
    gripper = -1;
  } else if (aside > (cube[2]! > -0.03 ? 0.02 : 0.005))
    aim = cube[2]! > -0.045 ? [0, 0, cube[2]! + 0.07] : [cube[0]!, cube[1]!, cube[2]! + 0.06];
  else if (Math.abs(cube[2]!) < 0.012) gripper = -1;
  return [...aim.map((value, k) => (0.7 * (value - lead[k]!)) / scale), gripper];
}

const TOO_SMALL =
  /^The spawn area, \d+ x \d+ cm, cannot hold 3 things \d+ cm apart\. Choose a robot that reaches further, or a smaller distance\.$/;
/** Robots and tasks that do not go together, and what is said about it. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "so101 StackTower-v1": TOO_SMALL,
  "so101 Sort-v1": TOO_SMALL,
  "so101 BinPick-v1":
    /^The task region of robot "so101" cannot hold the bin and the tray of BinPick-v1\. Choose a robot that reaches further\.$/,
  "so101 HiddenMass-v1":
    /^The gripper of robot "so101" is too stiff to grip gently: .* Choose another robot\.$/,
  "so101 Handover-v1":
    /^Robot "so101" has one moving jaw, which closes along the bar of Handover-v1\. Choose a robot with two fingers that move\.$/,
};

describe.each(Object.keys(thorough))("on %s", (robot) => {
  test.each(Object.entries(envs))(
    "%s keeps the whole contract, or says what it needs of the robot",
    (id, factory) => {
      const create = (config: Record<string, unknown> = {}) => factory.create({ robot, ...config });
      const refusal = REFUSED[`${robot} ${id}`];
      if (refusal) {
        expect(create).toThrow(refusal);
        return;
      }
      expect(checkEnv({ ...factory, create }).items.filter(({ status }) => status !== "pass")).toEqual([]);
    },
  );

  test("a script that reads only the observation solves at least 90 of 100 PickPlace-v1 episodes", () => {
    const env = envs["PickPlace-v1"].create({ robot });
    let solved = 0;
    for (let seed = 0; seed < 100; seed++) {
      let { state } = env.reset({ seed }).observation;
      for (;;) {
        const result = env.step(scriptedAction(state, env.spec.action[0]!.scale));
        state = result.observation.state;
        if (!result.truncated) continue;
        if (result.info.success) solved++;
        break;
      }
    }
    expect(solved).toBeGreaterThanOrEqual(90);
  });

  test("every start, cube and goal of PickPlace-v1 lies in the robot's regions, 50 seeds", () => {
    const { workspace, taskRegion } = robots[robot]!;
    const env = envs["PickPlace-v1"].create({ robot });
    for (let seed = 0; seed < 50; seed++) {
      const { state, achievedGoal, desiredGoal } = env.reset({ seed }).observation;
      for (let k = 0; k < 3; k++) {
        expect(state[k]).toBeGreaterThan(workspace.low[k]! - 1e-3);
        expect(state[k]).toBeLessThan(workspace.high[k]! + 1e-3);
        if (k === 2) continue;
        for (const place of [achievedGoal!, desiredGoal!]) {
          expect(place[k]).toBeGreaterThan(taskRegion.low[k]! - 1e-6);
          expect(place[k]).toBeLessThan(taskRegion.high[k]! + 1e-6);
        }
      }
    }
  });
});

test.each(CONTROL_MODES)(
  "PickPlace-v1 keeps its contract under %s, on the Panda and the SO-101",
  (controlMode) => {
    for (const robot of ["panda", "so101"]) {
      const factory = envs["PickPlace-v1"];
      const create = (config: Record<string, unknown> = {}) =>
        factory.create({ robot, controlMode, ...config });
      expect(checkEnv({ ...factory, create }).items.filter(({ status }) => status !== "pass")).toEqual([]);
    }
  },
);

test("an unknown robot is refused with the near match", () => {
  expect(() => envs["Reach-v1"].create({ robot: "ur5" })).toThrow(
    'Unknown robot "ur5". Did you mean "ur5e"? Available: panda, ur5e, xarm7, so101, so100, ur10e, gen3, fr3, wx250s.',
  );
});

test("a region out of a robot's reach is refused with the corner that it misses", () => {
  expect(() => assertReachable(robots.so101!, robots.panda!.taskRegion, "MyTask-v1")).toThrow(
    /^Robot "so101" does not reach \(0\.65, -0\.15, 0\.06\) m: the nearest it gets is 19\.\d cm away\. MyTask-v1 needs it/,
  );
  expect(() => assertReachable(robots.panda!, robots.panda!.taskRegion, "MyTask-v1")).not.toThrow();
});

test("an object wider than the open gripper is refused", () => {
  expect(() => assertGraspable(robots.panda!, 0.09, "MyTask-v1")).toThrow(
    'The gripper of robot "panda" opens to 8.0 cm; MyTask-v1 has an object of 9 cm.',
  );
});
