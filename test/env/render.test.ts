import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { UsageError } from "../../src/math/usage-error.js";
import { lineEnv } from "./line-env.js";

test("render draws the present state at the size asked for, in an array of its own", () => {
  const env = envs["Reach-v1"].create();
  env.reset({ seed: 1 });
  const start = env.render(60);
  expect(start).toHaveLength(60 * 60 * 3);
  const kept = start.slice();
  const mean = start.reduce((sum, value) => sum + value, 0) / start.length;
  // neither black nor white, and not one colour
  expect(mean).toBeGreaterThan(20);
  expect(new Set(start).size).toBeGreaterThan(50);
  for (let step = 0; step < 10; step++) env.step([1, 1, -1]);
  const later = env.render(60);
  expect(later).not.toEqual(start);
  expect(start).toEqual(kept);
  env.reset({ seed: 1 });
  expect(env.render(60)).toEqual(start);
  expect(env.render(31)).toHaveLength(31 * 31 * 3);
  expect(env.render()).toHaveLength(480 * 480 * 3);
});

test("drawing changes nothing of the episode", () => {
  const [drawn, other] = [envs["Push-v1"].create(), envs["Push-v1"].create()];
  for (const env of [drawn, other]) env.reset({ seed: 2 });
  for (let step = 0; step < 5; step++) {
    drawn.render(40);
    expect(drawn.step([0.5, -1, 0])).toEqual(other.step([0.5, -1, 0]));
  }
});

test("what cannot be drawn, and no size, are refused", () => {
  const env = lineEnv().create();
  env.reset({ seed: 1 });
  expect(() => env.render(40)).toThrow(
    new UsageError(
      "Line-v1 cannot be drawn: its simulation has no scene and poses. Return them from its build.",
    ),
  );
  const reach = envs["Reach-v1"].create();
  for (const size of [0, 1.5, 4097, Number.NaN])
    expect(() => reach.render(size)).toThrow(
      new UsageError(
        `Reach-v1: render() got the size ${size}, expected a whole number of pixels from 1 to 4096.`,
      ),
    );
});
