// Is PickPlace-v1 learned from pictures that look different in every episode, by imitating the scripted expert with an encoder
// that was pre-trained on such pictures?
import { learnFromPictures } from "./learn.js";

const VARIED = { visualRandomization: "default" };

/** `--set visualRandomization=default --steps 131072`: light, colours, textures, camera poses, blur and noise. Three seeds. */
export const run = () =>
  learnFromPictures("PickPlace-v1", {
    overrides: { ...VARIED, totalSteps: 131_072 },
    pretraining: { scenes: 100_000, overrides: VARIED },
    teacher: "expert",
    variant: "from pictures that vary, by the expert",
  });
