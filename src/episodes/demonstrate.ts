// Play and record episodes of a scripted actor.
import type { Env } from "../env/env.js";
import { Episode } from "../env/episode.js";
import { fullState } from "../env/observation.js";
import { clippedAction } from "../math/clipped-action.js";
import { createRandom } from "../math/random.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import type { Actor } from "../rl/imitation/teacher.js";
import { frameOf, headerOf } from "./record-episode.js";

/** First seed of demonstrations: none of those that validate or measure. */
export const DEMONSTRATION_SEED = 3_000_000;

/** Play the episode of `seed` and tell how it ended. */
export function playEpisode(env: Env, actor: Actor, seed: number) {
  const episode = new Episode(env, seed);
  while (!episode.done) episode.step(actor(fullState(episode.observation)));
  return { seed, success: episode.info.success, return: episode.return, length: episode.length };
}

/**
 * Record the episode of `seed`.
 *
 * Normal noise of standard deviation `noise` is added to what is executed, on the action's movements but not on the
 * gripper; the frames hold the actor's own action, and what was executed beside it, from which the episode can be made
 * again. So a learner sees how to come back from where the actor never goes.
 */
export function recordDemonstration(
  env: Env,
  actor: Actor,
  seed: number,
  options: { readonly agent: string; readonly noise: number },
): EpisodeRecording {
  const random = createRandom(`${env.id}/demonstration/${seed}`);
  const spread = env.spec.action.map(({ name }) => (/(^|\/)gripper$/.test(name) ? 0 : options.noise));
  const episode = new Episode(env, seed);
  const frames: RecordedFrame[] = [frameOf(episode, [], null)];
  while (!episode.done) {
    const action = actor(fullState(episode.observation));
    const executed = action.map((entry, k) =>
      spread[k] === 0 ? entry : entry + spread[k]! * random.normal(),
    );
    episode.step(executed);
    frames.push({
      ...frameOf(episode, action, null),
      ...(options.noise > 0 ? { actionSample: executed.map(clippedAction) } : {}),
      ...(episode.terminated ? { terminated: true } : {}),
    });
  }
  const header = headerOf(env, String(seed), { agent: options.agent, policySteps: 0 });
  return { header: { ...header, noise: options.noise }, frames };
}
