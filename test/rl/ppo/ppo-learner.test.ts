import { expect, test } from "vitest";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { partNamed } from "../../../src/nn/parameters.js";
import { PpoLearner } from "../../../src/rl/ppo/ppo-learner.js";
import { PPO_DEFAULTS } from "../../../src/rl/ppo/ppo-settings.js";
import type { RolloutBatch } from "../../../src/rl/rollout/rollout-batch.js";

const FLOOR = Math.log(0.3);
const settings = {
  ...PPO_DEFAULTS,
  numEnvs: 8,
  envsPerGroup: 8,
  numSteps: 4,
  numMinibatches: 1,
  numEpochs: 5,
  hiddenSize: 4,
  entropyCoef: 0,
  initialLogStd: FLOOR + 1e-3,
  minLogStd: FLOOR,
};

/** Actions of 0 and of 0.6, two standard deviations away, where the mean is 0; `near` is the advantage of those of 0. */
function batch(near: number, logStd: number): RolloutBatch {
  const rows = 32;
  const isNear = (row: number) => row % 2 === 0;
  const actions = Float32Array.from({ length: rows }, (_, row) =>
    isNear(row) ? 0 : row % 4 === 1 ? 0.6 : -0.6,
  );
  const logProb = (action: number) =>
    -0.5 * (action / Math.exp(logStd)) ** 2 - logStd - 0.5 * Math.log(2 * Math.PI);
  return {
    observations: new Float32Array(rows),
    actions,
    logProbs: actions.map(logProb),
    advantages: actions.map((_, row) => (isNear(row) ? near : -near)),
    returns: new Float32Array(rows),
    values: new Float32Array(rows),
    rows: Int32Array.from({ length: rows }, (_, row) => row),
  };
}

test("a spread that updates would take below its floor stays on it, and rises again from there", async () => {
  const policy = ppoMlp.createPolicy(1, 1, settings);
  const learner = await PpoLearner.create(policy, settings, { seed: 1, engine: "native" });
  const logStd = () => partNamed(learner.optimizer.parameters, policy.layout, "log_std")![0]!;
  await learner.update(batch(1, logStd()), 0);
  expect(logStd()).toBe(Math.fround(FLOOR));
  for (let k = 0; k < 4; k++) await learner.update(batch(-1, logStd()), 0);
  expect(logStd()).toBeGreaterThan(FLOOR + 1e-3);
});

test("a learning rate outside the usual bounds of the KL schedule stays what was asked for", async () => {
  // 5 updates of 1e-7 move nothing: KL far below its target, so the rate rises by 1.5, and by 1.5 only
  const slow = { ...settings, learningRate: 1e-7 };
  const learner = await PpoLearner.create(ppoMlp.createPolicy(1, 1, slow), slow, {
    seed: 1,
    engine: "native",
  });
  await learner.update(batch(1, slow.initialLogStd), 0);
  expect(learner.optimizer.learningRate).toBeCloseTo(1.5e-7, 12);
});
