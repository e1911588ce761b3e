import { expect, test } from "vitest";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { DivergenceError, firstNotFinite } from "../../src/learn/divergence.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { clonePolicy } from "../../src/rl/imitation/cloning.js";
import { actorTeacher } from "../../src/rl/imitation/teacher.js";
import { localPool } from "../../src/rl/rollout/local-pool.js";
import { type TrainOptions, train } from "../../src/rl/trainer.js";
import type { TrainingState } from "../../src/rl/training-state.js";
import { cueEnv } from "./cue-env.js";

const TINY = {
  totalSteps: 768,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  numMinibatches: 2,
  numEpochs: 1,
  hiddenSize: 4,
  evalInterval: 256,
  validationEpisodes: 8,
};

/** Rewards of the iterations from `from` on, counted from 0, are as large as float32 holds: squared they are not. */
function exploding(options: TrainOptions, from: number): TrainOptions {
  let iteration = 0;
  return {
    ...options,
    createPool: async (plan) => {
      const pool = await localPool(plan, options.env, options.agent, options.teacher);
      const collect: typeof pool.collect = async (...given) => {
        const episodes = await pool.collect(...given);
        if (iteration++ >= from)
          for (const { rewards, actions } of pool.data) (options.teacher ? actions : rewards).fill(3e38);
        return episodes;
      };
      return { ...pool, collect };
    },
  };
}

const env = cueEnv();
const BY_PPO: Record<string, TrainOptions> = {
  "without memory": { env, agent: ppoMlp, settings: TINY },
  "with memory": { env, agent: ppoLstm, settings: { ...TINY, sequenceLength: 16, chronoSpan: 0 } },
};

for (const [name, options] of Object.entries(BY_PPO)) {
  test(`PPO ${name} that diverges ends with what diverged, where, by which settings, and what to try`, async () => {
    let last: TrainingState | undefined;
    const onIteration: TrainOptions["onIteration"] = async ({ state }) => {
      last = await state();
    };
    const thrown = await train(exploding({ ...options, onIteration }, 2)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(DivergenceError);
    const { message } = thrown as Error;
    expect(message).toMatch(
      /^Cue-v1: training diverged in iteration 3, after step 256: (valueLoss|policyLoss|gradNorm) is (NaN|Infinity) after update \d+\. In force were learningRate [\d.e-]+, learningRateSchedule (kl|linear), maxGradNorm 0.5, rewardScale 0.25, valueCoef 0.5, clipCoef 0.2\. Try a lower learningRate \([\d.e-]+\) with the schedule "kl", a lower maxGradNorm, or normalizeReturn where rewards are large\.$/,
    );
    // what an iteration had left is still whole
    expect(last!.steps).toBe(256);
    expect(firstNotFinite(last!.parameters)).toBe(-1);
    expect(firstNotFinite(last!.secondMoment)).toBe(-1);
  });
}

test("a student that diverges is told in the same way", async () => {
  const teacher = actorTeacher(
    "still",
    () => () => new Array<number>(env.create().spec.action.length).fill(0),
  );
  const options = { env, agent: ppoMlp, settings: { ...TINY, numSteps: 16 }, teacher };
  await expect(train(exploding(options, 1))).rejects.toThrow(
    /^Cue-v1: training diverged in iteration 2, after step 128: imitationLoss is Infinity after update \d+\. In force were learningRate [\d.e-]+, maxGradNorm 1\. Try a lower learningRate \(0.0003\) or a lower maxGradNorm\.$/,
  );
});

test("a clone that diverges says so before anything is made of it", async () => {
  const policy = ppoMlp.createPolicy(1, 1, ppoMlp.settings);
  const shown = {
    ...{ count: 4, episodes: 1 },
    observations: Float32Array.of(0, 1, 2, 3),
    actions: new Float32Array(4).fill(3e38),
  };
  const cloning = clonePolicy(await loadEngine("native"), policy, shown, {
    parameters: initializeParameters(policy.layout, createRandom("clone")),
    epochs: 1,
    random: createRandom("shuffle"),
  });
  await expect(cloning).rejects.toMatchObject({ what: "loss is Infinity", updates: 0 });
});

test("a state whose training had diverged is refused, and so is a policy that gives no number", async () => {
  const options = BY_PPO["without memory"]!;
  const { state, policy } = await train(options);
  const parameters = state.parameters.slice();
  parameters[3] = Number.NaN;
  await expect(train({ ...options, resume: { ...state, parameters } })).rejects.toThrow(
    "The checkpoint's parameter 3 is NaN: its training had diverged. Take an earlier checkpoint, or train again with a lower learningRate.",
  );
  const { count, mean } = policy.statistics;
  const broken = { ...policy, statistics: { count, mean, variance: mean.map(() => Number.NaN) } };
  await expect(train({ ...options, start: broken })).rejects.toThrow(
    "Statistics hold a number that is negative or not finite. Take another checkpoint.",
  );
  // each is finite, their sums over a layer are not
  const start = { ...policy, parameters: policy.parameters.map((_, k) => (k % 2 === 0 ? 3e38 : -3e38)) };
  await expect(train({ ...options, start })).rejects.toThrow(
    'The policy for Cue-v1 gives Infinity as the mean of action entry "say": its parameters, or what it computes from this ' +
      "observation, are not finite. Take an earlier checkpoint, or train again with a lower learningRate.",
  );
});
