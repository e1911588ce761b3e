// What an episode comes to, frame by frame, as named numbers that other programs plot.
import type { EpisodeRecording, RecordedFrame } from "./recording.js";

/** Names, and the values of a frame in their order. */
export interface EpisodeNumbers {
  readonly names: readonly string[];
  /** Return the values of `frame`, `total` being the return up to it; NaN where it has none, as an action at an episode's start. */
  valuesOf(frame: RecordedFrame, total: number): number[];
}

/**
 * Name what all frames of a recording can be plotted by: reward and return, success as 0 or 1, the critic's value where there is one,
 * each raw reward term as "reward/TERM", each entry of the action as "action/NAME".
 */
export function episodeNumbers({ header, frames }: EpisodeRecording): EpisodeNumbers {
  const terms = [...new Set(frames.flatMap(({ rewardTerms }) => Object.keys(rewardTerms)))];
  const hasValue = frames.some(({ value }) => value !== null);
  const { actionNames } = header;
  return {
    names: [
      ...["reward", "return", "success"],
      ...(hasValue ? ["value"] : []),
      ...terms.map((term) => `reward/${term}`),
      ...actionNames.map((name) => `action/${name}`),
    ],
    valuesOf: ({ reward, success, value, rewardTerms, action }, total) => [
      ...[reward, total, Number(success)],
      ...(hasValue ? [value ?? Number.NaN] : []),
      ...terms.map((term) => rewardTerms[term] ?? Number.NaN),
      ...actionNames.map((_, k) => action[k] ?? Number.NaN),
    ],
  };
}
