// An episode made again from its seed and the actions that were executed in it.
import type { Env } from "../env/env.js";
import { Episode } from "../env/episode.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import { frameOf, headerOf } from "./record-episode.js";

/** What was done in a step: the demonstrator's own action, and what was executed, with the noise where there was some. */
export interface ExecutedStep {
  readonly action: readonly number[];
  readonly executed: readonly number[];
}

/** Play the episode of `seed` by these actions and record it; it ends with them, or where the environment ends it. */
export function recordActions(
  env: Env,
  seed: string,
  steps: readonly ExecutedStep[],
  { agent, noise }: { readonly agent: string; readonly noise?: number | undefined },
): EpisodeRecording {
  const episode = new Episode(env, seed);
  const frames: RecordedFrame[] = [frameOf(episode, [], null)];
  for (const { action, executed } of steps) {
    if (episode.done) break;
    episode.step(executed);
    frames.push({
      ...frameOf(episode, action, null),
      ...(noise ? { actionSample: [...executed] } : {}),
      ...(episode.terminated ? { terminated: true } : {}),
    });
  }
  const header = headerOf(env, seed, { agent, policySteps: 0 });
  return { header: noise === undefined ? header : { ...header, noise }, frames };
}
