// Is Reach-v1 learned from pictures by PPO alone?
import { learnFromPictures } from "./learn.js";

/** The actor does not know the goal but by its pictures; the critic knows all. Three seeds. */
export const run = () => learnFromPictures("Reach-v1", { variant: "from pictures" });
