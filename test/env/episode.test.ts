import { expect, test } from "vitest";
import { defineEnv } from "../../src/env/define-env.js";
import { Episode } from "../../src/env/episode.js";

/** A counter that ends the task at 3, and breaks at a negative action. */
const counter = defineEnv({
  id: "Counter-v1",
  description: "Count.",
  maxEpisodeSteps: 2,
  defaults: { rewardMode: "dense", rewardWeights: { near: 1 }, goal: 3 },
  build() {
    const state = { count: 0 };
    const simulation = {
      actionEntries: [{ name: "by", meaning: "count by", unit: "1", low: -1, high: 1, scale: 1, offset: 0 }],
      step(action: ArrayLike<number>) {
        if (action[0]! < 0) throw new Error("cannot count down");
        state.count += action[0]!;
      },
      snapshot: () => ({ ...state }),
      restore: (old: unknown) => void Object.assign(state, old),
    };
    return { state, simulation };
  },
  reset({ state }, random) {
    state.count = random.uniform(0, 1);
  },
  observation: [
    {
      group: "count",
      entries: [{ name: "count", unit: "1", low: 0, high: 9 }],
      read({ state }, out, offset) {
        out[offset] = state.count;
      },
    },
  ],
  reward: ({ state }) => ({ near: state.count }),
  success: ({ state }, { goal }) => state.count >= goal,
});

test("an episode holds where it is, how it came there, and what it has added up to", () => {
  const env = counter.create();
  const episode = new Episode(env, 5);
  const start = episode.observation.state[0]!;
  expect([episode.length, episode.return, episode.reward, episode.done, episode.time]).toEqual([
    0,
    0,
    0,
    false,
    0,
  ]);
  episode.step([9, 0.5], 1);
  expect(episode.observation.state[0]).toBeCloseTo(start + 0.5, 6);
  expect(episode.reward).toBeCloseTo(start + 0.5, 6);
  expect([episode.length, episode.done]).toEqual([1, false]);
  expect(episode.time).toBe(1 / env.spec.controlRate);
  episode.step([0.25]);
  expect(episode.return).toBeCloseTo(2 * start + 1.25, 6);
  expect([episode.length, episode.terminated, episode.truncated, episode.done]).toEqual([
    2,
    false,
    true,
    true,
  ]);
});

test("without a seed it is the episode that follows the one before", () => {
  const [env, other] = [counter.create(), counter.create()];
  new Episode(env, 5);
  other.reset({ seed: 5 });
  expect(new Episode(env).observation).toEqual(other.reset().observation);
});

test("what an environment throws is told with its name and place", () => {
  const episode = new Episode(counter.create(), 1);
  expect(() => episode.step([-1])).toThrow(
    /^Counter-v1: step\(\) threw "cannot count down" at \/.*episode\.test\.ts:\d+:\d+\.$/,
  );
});
