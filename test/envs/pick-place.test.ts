import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check-env.js";

test.each(Object.entries(envs))("%s keeps the whole contract without a warning", (_, factory) => {
  const report = checkEnv(factory);
  expect(report.items.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(report.passed).toBe(true);
});

/** Raise, go above the cube, descend, close, carry: reads nothing but the observation. */
function scriptedAction(o: Float32Array): number[] {
  const lead = [o[3]!, o[4]!, o[5]!];
  const cube = [o[11]!, o[12]!, o[13]!];
  const goal = [o[14]!, o[15]!, o[16]!];
  const aside = Math.hypot(cube[0]!, cube[1]!);
  let aim = cube;
  let gripper = 1;
  if (o[19]! > 0.5) {
    aim = goal;
    gripper = -1;
  } else if (aside > 0.012)
    aim = cube[2]! > -0.045 ? [0, 0, cube[2]! + 0.07] : [cube[0]!, cube[1]!, cube[2]! + 0.06];
  else if (Math.abs(cube[2]!) < 0.012) gripper = -1;
  return [...aim.map((value, k) => (0.7 * (value - lead[k]!)) / 0.05), gripper];
}

test("a ten-line script that reads only the observation solves at least 90 of 100 PickPlace-v1 episodes", () => {
  const env = envs["PickPlace-v1"].create();
  let solved = 0;
  for (let seed = 0; seed < 100; seed++) {
    let { state } = env.reset({ seed }).observation;
    for (;;) {
      const result = env.step(scriptedAction(state));
      state = result.observation.state;
      if (!result.truncated) continue;
      if (result.info.success) solved++;
      break;
    }
  }
  expect(solved).toBeGreaterThanOrEqual(90);
});

test("the goal lies on the table in about 30 % of the episodes, or as often as the config says", () => {
  const shareOf = (config: Record<string, unknown>) => {
    const env = envs["PickPlace-v1"].create(config);
    let low = 0;
    for (let seed = 0; seed < 300; seed++) if (env.reset({ seed }).observation.desiredGoal![2]! < 0.03) low++;
    return low / 300;
  };
  expect(shareOf({})).toBeGreaterThan(0.23);
  expect(shareOf({})).toBeLessThan(0.37);
  expect(shareOf({ goalOnTable: 1 })).toBe(1);
});
