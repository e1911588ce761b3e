// How well does a policy do on given seeds, acting by its mean?
import type { CompiledFunction } from "../compile/engine.js";
import type { Env } from "../env/env.js";
import { emptyMemory, nextMemory } from "./acting-memory.js";
import type { ActingState } from "./rollout-group.js";
import { Senses } from "./senses.js";

/** One episode of an evaluation. */
export interface EvaluationEpisode {
  readonly seed: number;
  readonly return: number;
  readonly length: number;
  /** At the last step. */
  readonly success: boolean;
}

/** What an evaluation comes to. */
export interface EvaluationSummary {
  readonly episodes: number;
  readonly successRate: number;
  /** 95 % Wilson interval of the success rate. */
  readonly successInterval: readonly [number, number];
  readonly meanReturn: number;
  readonly meanLength: number;
}

/** First seed of the episodes that choose checkpoints. */
export const VALIDATION_SEED = 2_000_000;
/** First seed of the episodes that results are measured on; nothing is ever chosen by them. */
export const HELD_OUT_SEED = 1_000_000;

/**
 * Play one episode per seed, at most one per environment, side by side.
 *
 * `inference` takes as many observations as there are `envs`; a seed's result depends on its place in the batch at most
 * in the last bit, so callers always cut the same list of seeds the same way.
 */
export async function evaluateBatch(
  envs: readonly Env[],
  inference: CompiledFunction,
  acting: ActingState,
  seeds: readonly number[],
): Promise<EvaluationEpisode[]> {
  const actionSize = envs[0]!.spec.action.length;
  const senses = new Senses(inference);
  const returns = seeds.map(() => 0);
  const lengths = seeds.map(() => 0);
  const done = new Map<number, boolean>();
  for (const [i, seed] of seeds.entries()) {
    senses.see(i, envs[i]!.reset({ seed }).observation);
  }
  let memory = emptyMemory(inference);
  while (done.size < seeds.length) {
    const said = await inference.run({ ...acting, ...senses.inputs, ...memory });
    const { mean } = said;
    memory = nextMemory(said);
    for (const i of seeds.keys()) {
      if (done.has(i)) continue;
      const { observation, reward, terminated, truncated, info } = envs[i]!.step(mean!, i * actionSize);
      returns[i]! += reward;
      lengths[i]!++;
      senses.see(i, observation);
      if (terminated || truncated) done.set(i, info.success);
    }
  }
  return seeds.map((seed, i) => ({ seed, return: returns[i]!, length: lengths[i]!, success: done.get(i)! }));
}

/** Sum episodes up. */
export function summarize(episodes: readonly EvaluationEpisode[]): EvaluationSummary {
  const count = episodes.length;
  const meanOf = (value: (episode: EvaluationEpisode) => number) =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / count;
  const successes = episodes.filter(({ success }) => success).length;
  return {
    episodes: count,
    successRate: successes / count,
    successInterval: wilsonInterval(successes, count),
    meanReturn: meanOf((episode) => episode.return),
    meanLength: meanOf((episode) => episode.length),
  };
}

/** Return the 95 % interval of a rate (Wilson, 1927). */
export function wilsonInterval(successes: number, count: number): readonly [number, number] {
  const z = 1.959963984540054;
  const rate = successes / count;
  const middle = (rate + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half =
    (z / (1 + (z * z) / count)) * Math.sqrt((rate * (1 - rate)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
