import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check-env.js";
import { requireGrip, requireReach } from "../../src/robots/reach.js";
import { robots } from "../../src/robots/robots.js";

describe.each(Object.keys(robots))("on %s", (robot) => {
  test.each(["Reach-v1", "PickPlace-v1"] as const)("%s keeps the whole contract without a warning", (id) => {
    const factory = envs[id];
    const report = checkEnv({
      ...factory,
      create: (config: Record<string, unknown> = {}) => factory.create({ robot, ...config }),
    });
    expect(report.items.filter(({ status }) => status !== "pass")).toEqual([]);
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

test("an unknown robot is refused with the near match", () => {
  expect(() => envs["Reach-v1"].create({ robot: "ur5" })).toThrow(
    'Unknown robot "ur5". Did you mean "ur5e"? Available: panda, ur5e, xarm7, so101.',
  );
});

test("a region out of a robot's reach is refused with the corner that it misses", () => {
  expect(() => requireReach(robots.so101!, robots.panda!.taskRegion, "MyTask-v1")).toThrow(
    /^Robot "so101" does not reach \(0\.65, -0\.15, 0\.06\) m: the nearest it gets is 19\.\d cm away\. MyTask-v1 needs it/,
  );
  expect(() => requireReach(robots.panda!, robots.panda!.taskRegion, "MyTask-v1")).not.toThrow();
});

test("an object wider than the open gripper is refused", () => {
  expect(() => requireGrip(robots.panda!, 0.09, "MyTask-v1")).toThrow(
    'The gripper of robot "panda" opens to 8.0 cm; MyTask-v1 has an object of 9 cm.',
  );
});
