// Is PickPlace-v1 learned from pictures that look different in every episode, by imitating the scripted expert with an encoder
// that was pre-trained on such pictures?
import { learn } from "./learn.js";

/** `--set visualRandomization=default --steps 131072`: light, colours, textures, camera poses, blur and noise. Three seeds. */
export const run = () =>
  learn("PickPlace-v1", {
    agent: "ppo-cnn-lstm",
    overrides: { observationMode: "camera", visualRandomization: "default", totalSteps: 131_072 },
    scenes: 100_000,
    teacher: "expert",
    variant: "from pictures that vary, by the expert",
  });
