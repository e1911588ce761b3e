// Bundles of untrained policies of every kind, with the commands that they give over steps in a row.
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { toBase64 } from "../../src/deploy/base64.js";
import { exportBundle, type GoldenVector } from "../../src/deploy/bundle.js";
import { MEMORY_RULE, type PolicyManifest } from "../../src/deploy/policy-manifest.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { exportedPolicy } from "../../src/rl/exported-policy.js";
import { type AgentDefinition, policyFor } from "../../src/rl/policy.js";
import { observe } from "../../src/rl/policy-inputs.js";
import { policyModel, policyRunner, policyWeights } from "../../src/rl/policy-model.js";

/** What the policy is made of. */
export interface BundleOptions {
  readonly agent: AgentDefinition;
  readonly env: keyof typeof envs;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly envConfig?: Readonly<Record<string, unknown>>;
  readonly steps: number;
  /** Of the episode; parameters follow from it as well. Default 1. */
  readonly seed?: number;
  /** Default "native". */
  readonly engine?: string;
}

const SIGHT = {
  observationMode: "camera",
  cameras: [
    { name: "front", width: 48, height: 48 },
    { name: "wrist", width: 48, height: 48 },
  ],
};
/** Every kind of network that an agent makes. */
export const POLICY_KINDS: Readonly<Record<string, Omit<BundleOptions, "steps">>> = {
  mlp: { agent: ppoMlp, env: "Reach-v1" },
  lstm: { agent: ppoLstm, env: "RememberGoal-v1", settings: { memory: "lstm", hiddenSize: 24 } },
  gru: { agent: ppoLstm, env: "RememberGoal-v1", settings: { memory: "gru", hiddenSize: 24 } },
  "patches and lstm": {
    agent: ppoCnnLstm,
    env: "PickPlace-v1",
    settings: { hiddenSize: 16 },
    envConfig: SIGHT,
  },
  "convolutions and gru": {
    agent: ppoCnnLstm,
    env: "PickPlace-v1",
    settings: { memory: "gru", hiddenSize: 16, encoder: "nature" },
    envConfig: SIGHT,
  },
};

/** Export an untrained policy; `policy` is its network, `fn` what is exported of it. */
export async function untrainedBundle(options: BundleOptions) {
  const { agent, env: id, settings, envConfig, steps, seed = 1, engine = "native" } = options;
  const env = envs[id].create(envConfig);
  const { spec } = env;
  const policy = policyFor(agent, spec, { ...agent.settings, ...settings });
  const random = createRandom(`untrained bundle ${seed}`);
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.05 * random.normal(),
  );
  const statistics = new RunningStatistics(policy.observationSize).state();
  const weights = policyWeights({ parameters, statistics });
  const loaded = await loadEngine(engine, () => {});
  const runner = await policyRunner(policy, loaded);
  runner.load(weights);
  const examples: GoldenVector[] = [];
  let { observation } = env.reset({ seed });
  for (let step = 0; step < steps; step++) {
    observe(runner, 0, observation);
    const said = await runner.predict();
    const actions = spec.action.map(
      ({ scale, offset }, k) => scale * Math.max(-1, Math.min(1, said.mean![k]!)) + offset,
    );
    examples.push({
      obs: [...observation.state],
      ...(policy.image ? { image: toBase64(observation.image!) } : {}),
      actions,
      isStart: step === 0,
    });
    observation = env.step(said.mean!).observation;
  }
  await runner.dispose();
  const manifest: PolicyManifest = {
    format: "armgym-policy",
    formatVersion: 1,
    armgymVersion: "0.1.0",
    env: spec.id,
    agent: agent.id,
    robot: spec.robot,
    jointNames: [...spec.jointNames],
    controlMode: spec.controlMode,
    controlRate: spec.controlRate,
    observation: spec.observation.map(({ dependsOnGoal: _, ...entry }) => entry),
    action: spec.action.map((entry, index) => ({ index, ...entry })),
    ...(policy.image && spec.image
      ? { image: { ...spec.image, cameras: structuredClone([...spec.image.cameras]) } }
      : {}),
    ...(policy.memory
      ? {
          memory: {
            parts: policy.memory.map(({ name, size }) => ({
              input: `${name}_in`,
              output: `${name}_out`,
              size,
            })),
            rule: MEMORY_RULE,
          },
        }
      : {}),
    training: { run: "test", seed: 1, steps: 0, successRate: null },
  };
  const fn = exportedPolicy(policyModel(policy), weights, spec.action);
  return { ...(await exportBundle(fn, manifest, examples, loaded)), examples, policy, fn, manifest };
}
