// Play and record episodes of a scripted actor.
import type { Env } from "../env/env.js";
import { fullState } from "../env/observation.js";
import { createRandom } from "../math/random.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import type { Actor } from "../rl/imitation/teacher.js";
import { clipped, frameOf, headerOf } from "./record-episode.js";

/** First seed of demonstrations: none of those that validate or measure. */
export const DEMONSTRATION_SEED = 3_000_000;

/** Play the episode of `seed` and tell how it ended. */
export function playEpisode(env: Env, actor: Actor, seed: number) {
  let state = fullState(env.reset({ seed }).observation);
  let total = 0;
  for (let length = 1; ; length++) {
    const { observation, reward, terminated, truncated, info } = env.step(actor(state));
    state = fullState(observation);
    total += reward;
    if (terminated || truncated) return { seed, success: info.success, return: total, length };
  }
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
  const { controlRate, action: entries } = env.spec;
  const random = createRandom(`${env.id}/demonstration/${seed}`);
  const spread = entries.map(({ name }) => (name === "gripper" ? 0 : options.noise));
  let { observation, info } = env.reset({ seed });
  const start = { time: 0, observation, action: [], reward: 0, value: null, info };
  const frames: RecordedFrame[] = [frameOf(env, start)];
  for (let step = 1, done = false; !done; step++) {
    const action = actor(fullState(observation));
    const executed = action.map((entry, k) =>
      spread[k] === 0 ? entry : entry + spread[k]! * random.normal(),
    );
    const result = env.step(executed);
    ({ observation, info } = result);
    const { reward, terminated } = result;
    frames.push({
      ...frameOf(env, { time: step / controlRate, observation, action, reward, value: null, info }),
      ...(options.noise > 0 ? { actionSample: executed.map(clipped) } : {}),
      ...(terminated ? { terminated } : {}),
    });
    done = result.terminated || result.truncated;
  }
  const header = headerOf(env, String(seed), { agent: options.agent, policySteps: 0 });
  return { header: { ...header, noise: options.noise }, frames };
}
