// How well does a policy do on given seeds, acting by its mean?
import type { Env } from "../env/env.js";
import { Episode } from "../env/episode.js";
import { wilsonInterval } from "../learn/metrics/intervals.js";
import type { ModelRunner } from "../model/model-runner.js";
import { observe } from "./policy-inputs.js";
import { requireFiniteMean } from "./rollout/finite-mean.js";
import { countStep, isCancelled, type RolloutControl } from "./rollout/rollout-control.js";

/** What acts in episodes: a ModelRunner, or what stands in for one. */
export type EpisodeRunner = Pick<ModelRunner, "inputs" | "widthOf" | "reset" | "predict">;

/** One episode of an evaluation. */
export interface EvaluationEpisode {
  readonly seed: number;
  readonly return: number;
  readonly length: number;
  /** At the last step. */
  readonly success: boolean;
  /** What was not finite, where the NaN guard dropped the episode. */
  readonly nonFinite?: string;
}

/** Statistics of an evaluation. */
export interface EvaluationSummary {
  /** Episodes that count: all but those that the NaN guard dropped. */
  readonly episodes: number;
  /** Episodes that the NaN guard dropped; they count in nothing else here. */
  readonly dropped: number;
  /** Share of the episodes that end in success, 0 to 1. */
  readonly successRate: number;
  /** 95 % Wilson interval of the success rate. */
  readonly successInterval: readonly [number, number];
  /** Mean of the sums of rewards, not discounted. */
  readonly meanReturn: number;
  /** Mean length, control steps. */
  readonly meanLength: number;
}

/**
 * Play one episode per seed, at most one per environment, side by side, by the mean of the policy that `runner` runs.
 *
 * `runner` takes as many observations as there are `envs`; a seed's result depends on its place in the batch at most
 * in the last bit, so callers always cut the same list of seeds the same way. Where `control` cancels, the episodes that
 * are not at their end are left out. Throws a UsageError that names the place where an environment throws.
 */
export async function evaluateBatch(
  envs: readonly Env[],
  runner: EpisodeRunner,
  seeds: readonly number[],
  control?: RolloutControl,
): Promise<EvaluationEpisode[]> {
  const { spec } = envs[0]!;
  const actionSize = spec.action.length;
  const episodes = seeds.map((seed, i) => new Episode(envs[i]!, seed));
  for (const [i, { observation }] of episodes.entries()) observe(runner, i, observation);
  runner.reset();
  while (episodes.some(({ done }) => !done) && !isCancelled(control)) {
    const mean = (await runner.predict()).mean as Float32Array;
    requireFiniteMean(mean, spec, seeds.length);
    for (const [i, episode] of episodes.entries()) {
      if (episode.done) continue;
      episode.step(mean, i * actionSize);
      countStep(control);
      observe(runner, i, episode.observation);
    }
  }
  return seeds.flatMap((seed, i) => {
    const { done, return: sum, length, info } = episodes[i]!;
    const { success, nonFinite } = info;
    if (!done) return [];
    return [{ seed, return: sum, length, success, ...(nonFinite === undefined ? {} : { nonFinite }) }];
  });
}

/** Summarize episodes; 0 where there is no episode. */
export function summarize(all: readonly EvaluationEpisode[]): EvaluationSummary {
  const episodes = all.filter(({ nonFinite }) => nonFinite === undefined);
  const count = episodes.length;
  const meanOf = (value: (episode: EvaluationEpisode) => number) =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / Math.max(count, 1);
  const successes = episodes.filter(({ success }) => success).length;
  return {
    episodes: count,
    dropped: all.length - count,
    successRate: meanOf(({ success }) => (success ? 1 : 0)),
    successInterval: wilsonInterval(successes, count),
    meanReturn: meanOf((episode) => episode.return),
    meanLength: meanOf((episode) => episode.length),
  };
}
