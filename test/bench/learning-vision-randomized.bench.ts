// Is PickPlace-v1 learned from pictures that look different in every episode, by imitating the scripted expert with an encoder
// that was pre-trained on such pictures?
import { learnFromPictures } from "./learn.js";

const VARIED = { visualRandomization: "default" };

/** `--set visualRandomization=default --steps 262144`: light, colours, textures, camera poses, blur and noise. Three seeds. */
export const run = () =>
  learnFromPictures("PickPlace-v1", {
    overrides: { ...VARIED, totalSteps: 262_144 },
    pretraining: { scenes: 250_000, overrides: VARIED },
    teacher: "expert",
    variant: "from pictures that vary, by the expert",
  });
