// Training metrics, by the tags that dashboards know.
import type { EpisodeResult } from "../env/vec-env.js";
import { partNamed } from "../nn/parameters.js";
import type { EvaluationSummary } from "./evaluate.js";
import type { Policy } from "./policy.js";

/** What training logs besides the terms of the reward, and the column of steps in files. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "step",
  ...["rollout/ep_rew_mean", "rollout/ep_len_mean", "rollout/success_rate", "curriculum/difficulty"],
  ...["train/policy_gradient_loss", "train/value_loss", "train/entropy_loss", "train/approx_kl"],
  ...[
    "train/clip_fraction",
    "train/grad_norm",
    "train/learning_rate",
    "train/explained_variance",
    "train/std",
  ],
  ...["train/imitation_loss", "train/auxiliary_loss"],
  ...["eval/success_rate", "eval/mean_reward", "eval/dropped_episodes"],
  ...["time/fps", "time/rollout_seconds", "time/update_seconds", "time/total_timesteps"],
]);

/** Whether training logs a metric of this name itself, now or in another iteration. */
export function isBuiltInMetric(name: string): boolean {
  return BUILT_IN.has(name) || name.startsWith("reward/");
}

/** Average finished episodes: return, length, success, and each raw reward term; empty where there is none. */
export function rolloutMetrics(episodes: readonly EpisodeResult[]): Record<string, number> {
  if (episodes.length === 0) return {};
  const mean = (value: (episode: EpisodeResult) => number) =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / episodes.length;
  const terms = Object.keys(episodes[0]!.rewardTerms).map((name) => {
    return [`reward/${name}`, mean((episode) => episode.rewardTerms[name] ?? 0)] as const;
  });
  return {
    "rollout/ep_rew_mean": mean((episode) => episode.return),
    "rollout/ep_len_mean": mean((episode) => episode.length),
    "rollout/success_rate": mean((episode) => (episode.success ? 1 : 0)),
    ...Object.fromEntries(terms),
    ...(episodes[0]!.difficulty === undefined
      ? {}
      : { "curriculum/difficulty": mean(({ difficulty }) => difficulty ?? 1) }),
  };
}

/** Metrics of a validation; dropped episodes are among them only where there are any. */
export function validationMetrics(validation: EvaluationSummary): Record<string, number> {
  const { successRate, meanReturn, dropped } = validation;
  return {
    "eval/success_rate": successRate,
    "eval/mean_reward": meanReturn,
    ...(dropped > 0 ? { "eval/dropped_episodes": dropped } : {}),
  };
}

/** Returns whose spread is a smaller share of their size than this differ by rounding alone: they are float32. */
const ROUNDING = 2 ** -22;

/**
 * Share of the returns' variance in `rows` that the values explain: 1 is perfect, 0 no better than a constant, and 0 where
 * there is no variance to explain.
 */
export function explainedVariance(values: Float32Array, returns: Float32Array, rows: Int32Array): number {
  const variance = (x: (k: number) => number) => {
    let sum = 0;
    for (const k of rows) sum += x(k);
    const mean = sum / rows.length;
    let squares = 0;
    for (const k of rows) squares += (x(k) - mean) ** 2;
    return squares / rows.length;
  };
  const total = variance((k) => returns[k]!);
  const size = rows.reduce((most, k) => Math.max(most, Math.abs(returns[k]!)), 0);
  if (total <= (ROUNDING * size) ** 2) return 0;
  return 1 - variance((k) => returns[k]! - values[k]!) / total;
}

/** Mean standard deviation of the actions, read from the part of the parameters named "log_std"; none is below `minLogStd`. */
export function meanStd(parameters: Float32Array, { layout }: Policy, minLogStd: number): number {
  const logStd = partNamed(parameters, layout, "log_std");
  if (!logStd) return Number.NaN;
  return logStd.reduce((sum, value) => sum + Math.exp(Math.max(value, minLogStd)) / logStd.length, 0);
}
