import { expect, test } from "vitest";
import { teachers } from "../../../agents/index.js";
import { ppoCnnLstm } from "../../../agents/ppo-cnn-lstm.js";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { envs } from "../../../envs/index.js";
import { createRandom } from "../../../src/math/random.js";
import { RunningStatistics } from "../../../src/math/running-statistics.js";
import { initializeParameters } from "../../../src/nn/parameters.js";
import { DISTILLATION_DEFAULTS } from "../../../src/rl/imitation/dagger-settings.js";
import { policyTeacher } from "../../../src/rl/imitation/policy-teacher.js";
import type { PpoSettings } from "../../../src/rl/ppo/ppo-settings.js";
import { localPool } from "../../../src/rl/rollout/local-pool.js";
import { type IterationReport, type TrainOptions, train } from "../../../src/rl/trainer.js";

const SEED = 7;
/** One small camera: what is tested does not depend on how well it sees. */
const SEEN = {
  observationMode: "camera" as const,
  cameras: [{ name: "front", width: 32, height: 16 }],
  solver: { iterations: 4, tolerance: 1e-2 },
};
const TINY: Partial<PpoSettings> = {
  totalSteps: 512,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  hiddenSize: 8,
  validationEpisodes: 4,
  distillation: { ...DISTILLATION_DEFAULTS, numUpdates: 12, batchSize: 32, bufferSize: 256 },
};

async function imitate(settings: Partial<PpoSettings> = {}, options: Partial<TrainOptions> = {}) {
  const reports: IterationReport[] = [];
  const { state } = await train({
    env: envs["Reach-v1"],
    agent: ppoCnnLstm,
    teacher: teachers.expert,
    seed: SEED,
    envConfig: SEEN,
    settings: { ...TINY, sequenceLength: 4, ...settings },
    onIteration: (report) => void reports.push(report),
    ...options,
  });
  return { state, losses: reports.map(({ metrics }) => metrics["train/imitation_loss"]!), reports };
}

test.each(["lstm", "none"] as const)(
  "a student with memory %s comes to do what the expert says, and twice the same gives the same bits",
  async (memory) => {
    const more = {
      totalSteps: 1024,
      // the teacher acts throughout: where the student does, it meets harder and harder cases
      distillation: { ...TINY.distillation!, numUpdates: 8, bufferSize: 1024, teacherIterations: 1e6 },
    };
    const [first, second] = [await imitate({ ...more, memory }), await imitate({ ...more, memory })];
    expect(first.losses).toHaveLength(8);
    expect(first.losses.at(-1)).toBeLessThan(0.7 * first.losses[0]!);
    expect(second.losses).toEqual(first.losses);
    expect(second.state.parameters).toEqual(first.state.parameters);
    expect(first.state.steps).toBe(1024);
    const { metrics } = first.reports.at(-1)!;
    expect(metrics["train/auxiliary_loss"]).toBeGreaterThan(0);
    expect(metrics["train/learning_rate"]).toBeCloseTo(3e-3 * (2e-4 / 3e-3) ** 0.875, 6);
    expect(metrics["eval/success_rate"]).toBeGreaterThanOrEqual(0);
  },
);

test("the critic and the spread of the actions stay as they were", async () => {
  const { state } = await imitate();
  const { spec } = envs["Reach-v1"].create(SEEN);
  const settings = { ...ppoCnnLstm.settings, ...TINY };
  const { layout } = ppoCnnLstm.createPolicy(spec.observation.length, 3, settings, spec);
  const start = initializeParameters(layout, createRandom(`${SEED}/parameters`));
  let offset = 0;
  for (const [k, { name }] of layout.specs.entries()) {
    const part = (flat: Float32Array) => flat.subarray(offset, offset + layout.sizes[k]!);
    if (/^(critic|log_std)/.test(name)) expect(part(state.parameters), name).toEqual(part(start));
    // the last layer's bias moves in any case
    else if (name === "actor/2/bias") expect(part(state.parameters), name).not.toEqual(part(start));
    offset += layout.sizes[k]!;
  }
});

test("an interrupted student goes on, with other experience but from the same parameters", async () => {
  const { reports, state } = await imitate({}, { onIteration: () => "stop" });
  expect(reports).toEqual([]);
  expect(state).toMatchObject({ steps: 128, iteration: 1, finished: false });
  const { state: later } = await imitate({}, { resume: state });
  expect(later).toMatchObject({ steps: 512, iteration: 4, updates: 48, finished: true });
});

test("a policy that reads the full state teaches one that sees", async () => {
  const { spec } = envs["Reach-v1"].create();
  const policy = ppoMlp.createPolicy(spec.observation.length, spec.action.length, ppoMlp.settings);
  const trained = {
    parameters: initializeParameters(policy.layout, createRandom("teacher")).map((p) => 20 * p),
    statistics: new RunningStatistics(spec.observation.length).state(),
  };
  const teacher = policyTeacher("a run", ppoMlp, trained, ppoMlp.settings);
  const { losses } = await imitate({}, { teacher });
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
});

test("who sees the state may be a student, too", async () => {
  const distillation = { ...TINY.distillation!, numUpdates: 4, teacherIterations: 1e6 };
  const { losses } = await imitate(
    {},
    {
      agent: ppoMlp,
      envConfig: { solver: SEEN.solver },
      settings: { ...TINY, totalSteps: 1024, distillation },
    },
  );
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
});

test("settings that do not fit together are refused", async () => {
  const distillation = { ...DISTILLATION_DEFAULTS, batchSize: 30 };
  await expect(imitate({ distillation })).rejects.toThrow(
    'Setting "distillation.batchSize" is 30, expected a multiple of sequenceLength (4).',
  );
  await expect(imitate({ distillation: { ...distillation, noise: -1 } })).rejects.toThrow(
    'Setting "distillation.noise" is -1, expected a number from 0 to 2.',
  );
  await expect(imitate({ encoder: "vit" as never })).rejects.toThrow(
    'Setting "encoder" is "vit", expected "patch" or "nature".',
  );
});

test("an agent that sees is refused where there is nothing to see, and one without eyes where there is", async () => {
  await expect(imitate({}, { envConfig: {} })).rejects.toThrow(
    'ppo-cnn-lstm reads pictures, and Reach-v1 has observationMode "state", which gives none. Add the option "observationMode" as "camera", or choose another agent.',
  );
  await expect(imitate({}, { agent: ppoMlp, settings: TINY })).rejects.toThrow(
    'ppo-mlp reads no pictures, and Reach-v1 has observationMode "camera". Choose an agent that reads them, or the option "observationMode" as "state".',
  );
});

test("a pool that was made without the teacher is refused before a step is taken", async () => {
  const pooled = imitate({}, { createPool: (plan) => localPool(plan, envs["Reach-v1"], ppoCnnLstm) });
  await expect(pooled).rejects.toThrow(
    "createPool made a pool without the teacher that is to be imitated: give it the teacher.",
  );
});
