// Measure a trained policy on seeds it never saw.
import type { EngineName } from "../compile/engines/engine.js";
import type { EnvFactory } from "../env/env.js";
import { requireInRange } from "../env/settings/setting-range.js";
import { type EvaluationEpisode, type EvaluationSummary, summarize } from "./evaluate.js";
import { TEST_EPISODES, TEST_SEED } from "./evaluation-seeds.js";
import { type AgentDefinition, policyFor, policySizes } from "./policy.js";
import { policyWeights } from "./policy-model.js";
import { requireSamePolicy } from "./require-same-policy.js";
import { resolveSettings } from "./resolve-settings.js";
import { evaluationBatches, RolloutHost } from "./rollout/rollout-host.js";
import type { TrainedPolicy } from "./training-state.js";

/** What to evaluate, and how. */
export interface EvaluatePolicyOptions {
  /** What to play. */
  readonly env: EnvFactory;
  /** The agent that the policy was trained by. */
  readonly agent: AgentDefinition;
  /** What to measure. */
  readonly policy: TrainedPolicy;
  /** Overrides of the agent's settings that the policy was trained with. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Overrides of the environment's config. */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** Default 200. */
  readonly episodes?: number;
  /** Seed of the first episode; the others follow it. Default: the held-out seeds. */
  readonly firstSeed?: number;
  /** Default "native". */
  readonly engine?: EngineName;
  /** Aborted, the evaluation ends with the batch of episodes under way: fewer than asked for count. */
  readonly signal?: AbortSignal;
}

/** So that each episode has a seed of its own: whole numbers end at 2^53. */
const RANGES = {
  episodes: { least: 1, most: 1_000_000, whole: true },
  firstSeed: { least: 0, most: Number.MAX_SAFE_INTEGER - 1_000_000, whole: true },
};

/** Play episodes by the policy's mean, one per seed, and sum them up; success is that of the last step. */
export async function evaluatePolicy(options: EvaluatePolicyOptions): Promise<EvaluationSummary> {
  const { env, agent, policy, envConfig = {}, episodes = TEST_EPISODES, firstSeed = TEST_SEED } = options;
  requireInRange({ episodes, firstSeed }, RANGES, (name) => `The option "${name}" of evaluatePolicy`);
  const settings = resolveSettings(agent, env.id, options.settings);
  const engine = options.engine ?? "native";
  const { spec } = env.create(envConfig);
  const network = policyFor(agent, spec, settings);
  requireSamePolicy(policy, network, agent.id);
  const plan = {
    settings,
    seed: 0,
    trainEnv: envConfig,
    evalEnv: envConfig,
    engine,
    sizes: policySizes(network),
  };
  const host = await RolloutHost.create(plan, env, agent, []);
  const seeds = Array.from({ length: episodes }, (_, k) => firstSeed + k);
  const weights = policyWeights(policy);
  const played: EvaluationEpisode[] = [];
  for (const batch of evaluationBatches(seeds, settings.envsPerGroup)) {
    if (options.signal?.aborted) break;
    // whole batches only: of one that is cut short those would count whose episodes are short
    played.push(...(await host.evaluate(weights, [batch])).flat());
  }
  return summarize(played);
}
