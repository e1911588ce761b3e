// Numbers that tell how training goes, by the tags that people's dashboards know.
import type { EpisodeResult } from "../env/vec-env.js";
import { partNamed } from "../nn/parameters.js";
import type { Policy } from "./policy.js";

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

/** Share of the returns' variance in `rows` that the values explain: 1 is perfect, 0 no better than a constant. */
export function explainedVariance(values: Float32Array, returns: Float32Array, rows: Int32Array): number {
  const variance = (x: (k: number) => number) => {
    let [sum, squares] = [0, 0];
    for (const k of rows) {
      sum += x(k);
      squares += x(k) ** 2;
    }
    return squares / rows.length - (sum / rows.length) ** 2;
  };
  const total = variance((k) => returns[k]!);
  return total === 0 ? 0 : 1 - variance((k) => returns[k]! - values[k]!) / total;
}

/** Mean standard deviation of the actions, read from the part of the parameters named "log_std". */
export function meanStd(parameters: Float32Array, { layout }: Policy): number {
  const logStd = partNamed(parameters, layout, "log_std");
  return logStd ? logStd.reduce((sum, value) => sum + Math.exp(value) / logStd.length, 0) : Number.NaN;
}
