// All groups' rollouts as one batch to learn from: normalised observations, advantages and returns.
import { copyRows } from "../../learn/minibatches.js";
import type { ModelWeights } from "../../model/model-runner.js";
import { normalizeInto } from "../../model/normalizer.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { takeImage } from "./batch-images.js";
import { computeAdvantages } from "./gae.js";
import type { ReturnNormalizer } from "./return-normalizer.js";
import type { RolloutBuffer } from "./rollout-buffer.js";
import { type Sequences, sequencesOf } from "./sequences.js";

/** Rows to learn from, group after group. */
export interface RolloutBatch {
  /** Normalised as the policy saw them. [rows * O] */
  readonly observations: Float32Array;
  /** Sampled, not clipped. [rows * A] */
  readonly actions: Float32Array;
  readonly logProbs: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly values: Float32Array;
  /** Images in the policy's order, group after group; absent where it reads none. Each [rows of a group * bytes] */
  readonly images?: readonly Uint8Array[];
  /** Indices of the rows to learn from: all but those of episodes that the NaN guard dropped. */
  readonly rows: Int32Array;
  /** The same rows as sequences, of a policy with memory. */
  readonly sequences?: Sequences;
}

/** Join rollouts that were collected by `acting`; observes the rewards where returns are normalised. */
export function rolloutBatch(
  groups: readonly RolloutBuffer[],
  acting: ModelWeights,
  settings: PpoSettings,
  returnNormalizer: ReturnNormalizer,
): RolloutBatch {
  const { numSteps, envsPerGroup, gamma, gaeLambda, rewardScale, normalizeReturn } = settings;
  const rows = numSteps * envsPerGroup;
  const total = rows * groups.length;
  const normalizer = acting.normalizers.observation!;
  const observationSize = normalizer.mean.length;
  const actionSize = groups[0]!.actions.length / rows;
  const batch = {
    observations: new Float32Array(total * observationSize),
    actions: new Float32Array(total * actionSize),
    logProbs: new Float32Array(total),
    advantages: new Float32Array(total),
    returns: new Float32Array(total),
    values: new Float32Array(total),
    ...(groups[0]!.images.length > 0 ? { images: groups.map(({ images }) => images) } : {}),
    rows: includedRows(groups),
    ...(groups[0]!.memories.length > 0 ? { sequences: sequencesOf(groups, settings) } : {}),
  };
  if (normalizeReturn) {
    for (const [group, data] of groups.entries())
      returnNormalizer.observe({ ...data, firstEnv: group * envsPerGroup, numEnvs: envsPerGroup });
  }
  for (const [group, data] of groups.entries()) {
    const rewards = normalizeReturn ? returnNormalizer.scale(data.rewards) : data.rewards;
    const { advantages, returns } = computeAdvantages({
      ...data,
      numSteps,
      numEnvs: envsPerGroup,
      rewards: rewards.map((reward) => rewardScale * reward),
      gamma,
      lambda: gaeLambda,
    });
    const row = group * rows;
    batch.actions.set(data.actions, row * actionSize);
    batch.logProbs.set(data.logProbs, row);
    batch.values.set(data.values, row);
    batch.advantages.set(advantages, row);
    batch.returns.set(returns, row);
    normalizeInto(batch.observations, row * observationSize, data.observations, normalizer);
  }
  return batch;
}

/** Arrays of a minibatch. */
export interface Minibatch extends Omit<RolloutBatch, "values" | "rows" | "sequences" | "images"> {
  /** [rows * bytes] */
  readonly images?: Uint8Array;
}

/** Copy `rows` of the batch, in their order, into arrays of their own. */
export function takeRows(batch: RolloutBatch, rows: Int32Array, minibatch: Minibatch): void {
  for (const name of ["observations", "actions", "logProbs", "advantages", "returns"] as const) {
    const target = minibatch[name];
    copyRows(batch[name], rows, target, target.length / rows.length);
  }
  for (let r = 0; r < rows.length; r++) takeImage(batch, rows[r]!, minibatch, r);
}

/** Return the observations that are not excluded, one after another, and how many there are. */
export function keptObservations(
  observations: Float32Array,
  excluded: Uint8Array,
): { readonly rows: Float32Array; readonly count: number } {
  if (!excluded.includes(1)) return { rows: observations, count: excluded.length };
  const size = observations.length / excluded.length;
  const rows = observations.filter((_, k) => excluded[Math.floor(k / size)] === 0);
  return { rows, count: rows.length / size };
}

function includedRows(groups: readonly RolloutBuffer[]): Int32Array {
  const rows: number[] = [];
  let first = 0;
  for (const { excluded } of groups) {
    for (let row = 0; row < excluded.length; row++) if (excluded[row] === 0) rows.push(first + row);
    first += excluded.length;
  }
  return Int32Array.from(rows);
}
