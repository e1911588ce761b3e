// The smallest task that needs memory: a cue is shown at the first step and asked for at the last.
import { defineEnv } from "../../src/env/define-env.js";

const DELAY = 5;

/**
 * The cue (1 or -1) is seen at step 0 only; the action of the last step must have its sign.
 *
 * At the last step the observation is the same for both cues, so whatever a policy without memory does is right for half
 * of the episodes: it cannot succeed in more than 50 %.
 */
export function cueEnv() {
  return defineEnv({
    id: "Cue-v1",
    description: "Say at the end what was shown at the start.",
    maxEpisodeSteps: DELAY + 1,
    defaults: { rewardMode: "dense" as const, rewardWeights: { right: 1 } },
    build() {
      const state = { cue: 0, step: 0, said: 0 };
      const simulation = {
        actionEntries: [
          { name: "say", unit: "1", low: -1, high: 1, meaning: "says the cue", scale: 1, offset: 0 },
        ],
        step(action: Float32Array) {
          state.said = action[0]!;
          state.step++;
        },
        snapshot: () => ({ ...state }),
        restore: (old: { cue: number }) => Object.assign(state, old),
      };
      return { state, simulation };
    },
    reset({ state }, random) {
      Object.assign(state, { cue: random.uniform() < 0.5 ? 1 : -1, step: 0, said: 0 });
    },
    observation: [
      {
        group: "cue",
        entries: [
          { name: "cue_if_shown", unit: "1", low: -1, high: 1 },
          { name: "is_asked", unit: "1", low: 0, high: 1 },
        ],
        read({ state: { cue, step } }, out, offset) {
          out[offset] = step === 0 ? cue : 0;
          out[offset + 1] = step === DELAY ? 1 : 0;
        },
      },
    ],
    reward: ({ state: { cue, step, said } }) => ({ right: step > DELAY ? said * cue : 0 }),
    success: ({ state: { cue, step, said } }) => step > DELAY && said * cue > 0,
  });
}
