import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";

/** Seconds of the longest episode. */
const SECONDS: Readonly<Record<string, number>> = {
  "Reach-v1": 2.5,
  "Push-v1": 2.5,
  "PickPlace-v1": 2.5,
  "Stack-v1": 3,
  "StackTower-v1": 6,
  "Sort-v1": 8,
  "RememberGoal-v1": 2.5,
  "Slide-v1": 3,
  "Drawer-v1": 2.5,
  "Occluded-v1": 2.5,
  "PegInsert-v1": 4,
  "BinPick-v1": 3.5,
  "HiddenMass-v1": 2.5,
  "Lift-v1": 2.5,
  "Handover-v1": 4,
};

/** Step through an episode without moving; returns its control steps. */
function lengthOf(env: Env): number {
  env.reset({ seed: 1 });
  const action = new Float32Array(env.spec.action.length);
  for (let steps = 1; ; steps++) {
    const { truncated, terminated } = env.step(action);
    if (truncated || terminated) return steps;
  }
}

test.each(Object.keys(envs))("%s lasts as many seconds at 10, 20 and 40 control steps per second", (id) => {
  for (const controlRate of [10, 20, 40]) {
    const { spec } = envs[id as keyof typeof envs].create({ controlRate });
    expect(spec.maxEpisodeSteps / spec.controlRate).toBe(SECONDS[id]);
  }
});

test("an episode ends by the time limit at the step that the spec says, at any control rate", () => {
  for (const [controlRate, physicsRate, steps] of [
    [10, 240, 25],
    [30, 240, 75],
    [19.98, 59.94, 50],
  ] as const) {
    const env = envs["Reach-v1"].create({ controlRate, physicsRate });
    expect(env.spec.maxEpisodeSteps).toBe(steps);
    expect(lengthOf(env)).toBe(steps);
  }
});

test("a delay of observations may be as long as an episode lasts in seconds, whatever its steps", () => {
  const create = (controlRate: number, observationDelay: number) =>
    envs["Reach-v1"].create({ controlRate, randomization: { observationDelay } });
  expect(create(40, 2).spec.maxEpisodeSteps).toBe(100);
  expect(() => create(10, 2.5)).toThrow(
    'Setting "randomization.observationDelay" of Reach-v1 goes up to 2.5 s, but an episode lasts 2.5 s. Choose a shorter one.',
  );
});

describe("what a task lets be seen at first", () => {
  const secondsSeen = (env: Env, name: string): number => {
    const index = env.spec.observation.find((entry) => entry.name === name)!.index;
    const action = new Float32Array(env.spec.action.length);
    let { state } = env.reset({ seed: 2 }).observation;
    let steps = 0;
    for (; state[index] === 1; steps++) ({ state } = env.step(action).observation);
    return steps / env.spec.controlRate;
  };

  test.each([8, 20, 40])("RememberGoal-v1 shows the goal for 0.25 s at %i Hz", (controlRate) => {
    expect(secondsSeen(envs["RememberGoal-v1"].create({ controlRate }), "goal_shown")).toBe(0.25);
  });

  test("RememberGoal-v1 shows the goal for one control step at least", () => {
    const env = envs["RememberGoal-v1"].create({ controlRate: 5, shownSeconds: 0.02 });
    expect(secondsSeen(env, "goal_shown")).toBe(0.2);
  });

  test("the ball of Occluded-v1 is as fast, and seen as long, at 10 and 40 Hz as at 20 Hz", () => {
    const create = (controlRate: number) => envs["Occluded-v1"].create({ controlRate });
    const seen = [20, 10, 40].map((rate) => secondsSeen(create(rate), "ball_seen"));
    for (const seconds of seen) expect(Math.abs(seconds - seen[0]!)).toBeLessThanOrEqual(0.1);
    const travelled = [20, 10, 40].map((controlRate) => {
      const env = create(controlRate);
      const start = env.reset({ seed: 2 }).observation.desiredGoal![1]!;
      const action = new Float32Array(env.spec.action.length);
      let result = env.step(action);
      while (!result.truncated) result = env.step(action);
      return result.observation.desiredGoal![1]! - start;
    });
    for (const way of travelled) expect(way).toBeCloseTo(travelled[0]!, 6);
    expect(travelled[0]).toBeGreaterThan(0.1);
  });
});
