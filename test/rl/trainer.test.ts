import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { defineEnv } from "../../src/env/define-env.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { policyRunner, policyWeights } from "../../src/rl/policy-model.js";
import { PPO_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { resolveTrainEnv } from "../../src/rl/resolve-settings.js";
import { localPool } from "../../src/rl/rollout/local-pool.js";
import { rolloutBuffer } from "../../src/rl/rollout/rollout-buffer.js";
import { RolloutGroup } from "../../src/rl/rollout/rollout-group.js";
import { type TrainOptions, train } from "../../src/rl/trainer.js";

/** A point on a line whose reward is NaN beyond `limit`; every episode lasts 6 steps at most. */
function lineEnv(limit: number) {
  return defineEnv({
    id: "Line-v1",
    description: "Come near 0.",
    maxEpisodeSteps: 6,
    defaults: { rewardMode: "dense" as const, rewardWeights: { near: 1 } },
    build() {
      const point = { x: 0 };
      const simulation = {
        actionEntries: [
          { name: "push", unit: "m", low: -1, high: 1, meaning: "moves the point", scale: 1, offset: 0 },
        ],
        step(action: Float32Array) {
          point.x += action[0]!;
        },
        snapshot: () => ({ ...point }),
        restore: (old: { x: number }) => Object.assign(point, old),
      };
      return { point, simulation };
    },
    reset({ point }, random) {
      point.x = random.uniform(-0.5, 0.5);
    },
    observation: [
      {
        group: "point",
        entries: [{ name: "x", unit: "m", low: -10, high: 10 }],
        read({ point }, out, offset) {
          out[offset] = point.x;
        },
      },
    ],
    reward: ({ point }) => ({ near: Math.abs(point.x) > limit ? Number.NaN : 1 - Math.abs(point.x) }),
    success: ({ point }) => Math.abs(point.x) < 0.1,
  });
}

const settings = {
  totalSteps: 512,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  numMinibatches: 2,
  numEpochs: 2,
  hiddenSize: 8,
  evalInterval: 256,
  validationEpisodes: 8,
};

test("every step of a dropped episode is excluded, and no other", async () => {
  const merged = { ...PPO_DEFAULTS, ...settings };
  const policy = ppoMlp.createPolicy(1, 1, merged);
  const runner = await policyRunner(policy, await loadEngine("native"), 4);
  const parameters = new Float32Array(policy.layout.total);
  const acting = policyWeights({ parameters, statistics: new RunningStatistics(1).state() });
  const group = new RolloutGroup(lineEnv(1), {}, merged, runner, { seed: 1, index: 0 });
  const data = rolloutBuffer(merged, 1, 1, 0);
  const episodes = await group.collect(acting, data, { by: "policy" });
  expect(episodes.some(({ dropped }) => dropped)).toBe(true);
  expect(episodes.some(({ dropped }) => !dropped)).toBe(true);
  for (let i = 0; i < 4; i++) {
    const rows = Array.from({ length: 16 }, (_, t) => 4 * t + i);
    const kept = episodes.filter(({ env, dropped }) => env === i && !dropped).length;
    const dropped = episodes.filter(({ env, dropped: reason }) => env === i && reason);
    // the length of a dropped episode counts the step that broke it
    const steps = dropped.reduce((sum, { length }) => sum + length, 0);
    expect(rows.filter((row) => data.excluded[row] === 1)).toHaveLength(steps);
    expect(kept + dropped.length).toBeGreaterThan(0);
    for (const row of rows) expect(Number.isFinite(data.rewards[row])).toBe(true);
  }
});

test("what a dropped episode holds changes no bit of what is learnt", async () => {
  const results = [];
  for (const garbage of [0, 1e6]) {
    let excluded = 0;
    const createPool: TrainOptions["createPool"] = async (plan) => {
      const pool = await localPool(plan, lineEnv(1.2), ppoMlp);
      const collect: typeof pool.collect = async (acting) => {
        const episodes = await pool.collect(acting, { by: "policy" });
        for (const { excluded: rows, observations, rewards, actions } of pool.data) {
          for (const [row, isExcluded] of rows.entries()) {
            if (isExcluded === 0) continue;
            excluded++;
            for (const array of [observations, rewards, actions]) array[row]! += garbage;
          }
        }
        return episodes;
      };
      return { ...pool, collect };
    };
    const { state } = await train({ env: lineEnv(1.2), agent: ppoMlp, settings, createPool, clock: () => 0 });
    expect(excluded).toBeGreaterThan(0);
    results.push(state);
  }
  expect(results[0]).toEqual(results[1]);
});

test("a run that is cut in two ends with the same bits as one in a piece", async () => {
  const options = { env: lineEnv(5), agent: ppoMlp, settings, clock: () => 0 };
  const whole = await train(options);
  const half = await train({ ...options, onIteration: ({ iteration }) => (iteration === 2 ? "stop" : "") });
  expect(half.state).toMatchObject({ steps: 256, finished: false });
  const rest = await train({ ...options, resume: half.state });
  expect(rest.state).toEqual(whole.state);
});

test("so does a randomised one with a curriculum", async () => {
  const options = {
    env: envs["Reach-v1"],
    agent: ppoMlp,
    settings: { ...settings, totalSteps: 1024 },
    envConfig: { randomization: "default", curriculum: { start: 0.5, raiseAt: 0.02, lowerAt: 0, window: 1 } },
    clock: () => 0,
  };
  const whole = await train(options);
  const half = await train({ ...options, onIteration: ({ iteration }) => (iteration === 5 ? "stop" : "") });
  const rest = await train({ ...options, resume: structuredClone(half.state) });
  expect(rest.state).toEqual(whole.state);
  const difficulties = rest.state.recent.map(({ difficulty }) => difficulty);
  expect(new Set(difficulties).size).toBeGreaterThan(1);
});

test("a finished run trains no further", async () => {
  const options = { env: lineEnv(5), agent: ppoMlp, settings, clock: () => 0 };
  const { state } = await train(options);
  let iterations = 0;
  const again = await train({ ...options, resume: state, onIteration: () => iterations++ });
  expect(iterations).toBe(0);
  expect(again.state).toEqual(state);
});

test("a spread of actions that is asked for below its floor starts at it, is told as it is, and can rise", async () => {
  const told: Record<string, number>[] = [];
  const { settings: inForce } = await train({
    env: lineEnv(5),
    agent: ppoMlp,
    settings: { ...settings, initialLogStd: Math.log(0.1), minLogStd: Math.log(0.3), entropyCoef: 1 },
    onIteration: ({ metrics }) => void told.push({ ...metrics }),
  });
  expect(inForce.initialLogStd).toBe(Math.log(0.3));
  for (const metrics of told) {
    // the entropy of a normal distribution, solved for its spread: a mean over the last epoch
    const spread = Math.exp(-metrics["train/entropy_loss"]! - 0.5 * (1 + Math.log(2 * Math.PI)));
    expect(spread / metrics["train/std"]!).toBeCloseTo(1, 1);
  }
  expect(told[0]!["train/std"]).toBeGreaterThan(0.3);
  expect(told.at(-1)!["train/std"]).toBeGreaterThan(told[0]!["train/std"]!);
});

test("a setting of the user's goes before the agent's tuning for the environment", () => {
  const reach = envs["Reach-v1"];
  expect(resolveTrainEnv(ppoMlp, reach).solver).toEqual({ iterations: 10, tolerance: 1e-3 });
  expect(resolveTrainEnv(ppoMlp, reach, { solver: { iterations: 30 } }).solver).toEqual({
    iterations: 30,
    tolerance: 1e-3,
  });
});
