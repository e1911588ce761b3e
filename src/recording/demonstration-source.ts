// What is demonstrated, whatever the format of its file: what the file says of itself, and its steps.
import { type EpisodeRecording, splitEpisodes } from "./recording.js";

/** What a file of demonstrations says of itself; read before its steps, which may be many. */
export interface DemonstrationSource {
  readonly env?: string | undefined;
  readonly robot?: string | undefined;
  readonly controlMode?: string | undefined;
  /** Hz */
  readonly controlRate?: number | undefined;
  /** Whether another program made the file, which has no place for environment and control mode: names alone tell them. */
  readonly isForeign?: boolean;
  /** Standard deviation of the noise under which they were recorded, where that is known. */
  readonly noise?: number | undefined;
  readonly observationNames: readonly string[];
  readonly actionNames: readonly string[];
}

/** Steps of one episode, row by row. */
export interface DemonstratedEpisode {
  /** What was observed before each action. */
  readonly observations: readonly ArrayLike<number>[];
  /** The demonstrator's own action there. */
  readonly actions: readonly ArrayLike<number>[];
}

/** Take the steps out of a recording of our own; its header is the source. */
export function recordedSteps(recording: EpisodeRecording): readonly DemonstratedEpisode[] {
  return splitEpisodes(recording).map((frames) => ({
    observations: frames.slice(0, -1).map(({ observation }) => observation),
    actions: frames.slice(1).map(({ action }) => action),
  }));
}
