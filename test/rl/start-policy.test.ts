import { expect, test } from "vitest";
import { teachers } from "../../agents/index.js";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { partNamed } from "../../src/nn/parameters.js";
import { DISTILLATION_DEFAULTS } from "../../src/rl/imitation/dagger-settings.js";
import { FINE_TUNING_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { settingsFromPolicy, startingParameters } from "../../src/rl/start-policy.js";
import { type TrainOptions, train } from "../../src/rl/trainer.js";
import { cueEnv } from "./cue-env.js";

const TINY = {
  totalSteps: 512,
  numEnvs: 8,
  envsPerGroup: 4,
  numSteps: 16,
  numEpochs: 2,
  numMinibatches: 2,
  hiddenSize: 8,
  evalInterval: 256,
  validationEpisodes: 8,
};
/** One small camera: what is tested does not depend on how well it sees. */
const SEEN = {
  observationMode: "camera",
  cameras: [{ name: "front", width: 32, height: 16 }],
  solver: { iterations: 4, tolerance: 1e-2 },
};

const CASES: Record<string, TrainOptions> = {
  "memory and images, critic apart": {
    env: envs["Reach-v1"],
    agent: ppoCnnLstm,
    envConfig: SEEN,
    settings: { ...TINY, memory: "lstm", sequenceLength: 4 },
  },
  "images alone, and the critic sees them": {
    env: envs["Reach-v1"],
    agent: ppoCnnLstm,
    envConfig: { ...SEEN, observationMode: "camera+state" },
    settings: { ...TINY, memory: "none" },
  },
  "memory alone, shared with the critic": {
    env: cueEnv(),
    agent: ppoLstm,
    settings: { ...TINY, numSteps: 12, sequenceLength: 12, chronoSpan: 0, totalSteps: 384 },
  },
};

/** The parts of the policy whose names match, one after another. */
function partsOf({ env, agent, envConfig, settings }: TrainOptions, flat: Float32Array, names: RegExp) {
  const { spec } = env.create(envConfig);
  const merged = { ...agent.settings, ...settings };
  const { layout } = agent.createPolicy(spec.observation.length, spec.action.length, merged, spec);
  return layout.specs.flatMap(({ name }) => (names.test(name) ? [...partNamed(flat, layout, name)!] : []));
}

test.each(Object.entries(CASES))(
  "training starts from a policy: %s. At first only the critic learns, then all of it",
  async (_, options) => {
    const distillation = { ...DISTILLATION_DEFAULTS, numUpdates: 2, batchSize: 16, bufferSize: 256 };
    const { policy: start } = await train({
      ...options,
      ...(options.envConfig ? { teacher: teachers.expert } : {}),
      settings: { ...options.settings, totalSteps: 128, distillation },
    });
    const settings = { ...options.settings, criticWarmupIterations: 1, initialLogStd: -1.25, minLogStd: -3 };
    const goOn = (more: Partial<TrainOptions> = {}) =>
      train({ ...options, settings, start, seed: 5, clock: () => 0, ...more });
    const read = (flat: Float32Array, names: RegExp) => partsOf(options, flat, names);
    const others = /^(?!critic|log_std)/;

    const first = await goOn({ onIteration: () => "stop" });
    expect(read(first.state.parameters, others)).toEqual(read(start.parameters, others));
    expect(read(first.state.parameters, /^critic/)).not.toEqual(read(start.parameters, /^critic/));
    expect(new Set(read(first.state.parameters, /^log_std/))).toEqual(new Set([-1.25]));
    expect(first.state.statistics).toEqual(start.statistics);
    expect(first.state.best).toMatchObject({ steps: 0, successRate: first.state.start!.successRate });

    const whole = await goOn();
    expect(read(whole.state.parameters, others)).not.toEqual(read(start.parameters, others));
    expect(whole.state.statistics).toEqual(start.statistics);
    expect(whole.state.best!.successRate).toBeGreaterThanOrEqual(whole.state.start!.successRate);
    const rest = await goOn({ resume: first.state });
    expect(rest.state).toEqual(whole.state);
  },
);

test("the settings to go on by are the agent's own, else those from demonstrations, else the usual ones", () => {
  const { fromDemonstrations: _, ...plain } = ppoMlp;
  expect(settingsFromPolicy({ ...plain, tuned: {} }, "Push-v1")).toEqual(FINE_TUNING_DEFAULTS);
  expect(settingsFromPolicy(ppoMlp, "Push-v1")).toEqual({
    ...ppoMlp.fromDemonstrations,
    ...ppoMlp.tuned["Push-v1"]!.fromDemonstrations,
  });
  const tuned = { "Push-v1": { fromPolicy: { totalSteps: 7 } } };
  expect(settingsFromPolicy({ ...ppoMlp, fromPolicy: { gamma: 0.5 }, tuned }, "Push-v1")).toEqual({
    ...FINE_TUNING_DEFAULTS,
    gamma: 0.5,
    totalSteps: 7,
  });
});

test("the spread of the actions starts anew, and the policy started from stays as it was", () => {
  const { layout } = ppoMlp.createPolicy(3, 2, ppoMlp.settings);
  const parameters = new Float32Array(layout.total).fill(0.25);
  const started = startingParameters({ layout }, parameters, -1.5);
  expect([...started.slice(0, -2)]).toEqual([...parameters.slice(2)]);
  expect([...started.slice(-2)]).toEqual([-1.5, -1.5]);
  expect(parameters.every((value) => value === 0.25)).toBe(true);
});
