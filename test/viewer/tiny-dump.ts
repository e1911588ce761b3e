// A recording as the NaN guard leaves it behind.
import { envs } from "../../envs/index.js";
import { recordDump } from "../../src/episodes/record-episode.js";
import { writeRecording } from "../../src/recording/mcap-write.js";

/** Return the file of a dump: a few good steps, then an observation that was not finite, and a `reward` that may not be. */
export async function tinyDump(seed = "3", reward = 0): Promise<Uint8Array> {
  const env = envs["PickPlace-v1"].create();
  env.reset({ seed: 3 });
  for (let step = 0; step < 5; step++) env.step([0.5, 0, 0, 1]);
  const states = env.lastFrames().map((state, index, all) => {
    // as if the tool's pose had been lost in the last state
    if (index < all.length - 1) return state;
    return { ...state, observation: state.observation.map((v, k) => (k === 0 ? Number.NaN : v)) };
  });
  const source = { agent: "ppo-mlp", policySteps: 4096 };
  const { header, frames } = recordDump(env, seed, "observation entry 0 (tcp_x)", states, source);
  return writeRecording({ header, frames: frames.map((frame) => ({ ...frame, reward })) });
}
