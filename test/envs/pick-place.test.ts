import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check/check-env.js";

test.each(Object.entries(envs))("%s keeps the whole contract without a warning", (_, factory) => {
  const report = checkEnv(factory);
  expect(report.items.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(report.passed).toBe(true);
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
