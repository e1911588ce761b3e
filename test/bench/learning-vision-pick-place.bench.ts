// Is PickPlace-v1 learned from pictures by PPO alone, without anybody to imitate?
import { learnFromPictures } from "./learn.js";

/**
 * As `armgym pretrain PickPlace-v1 --scenes 60000` and `armgym train --encoder` do it: the critic knows all, and the actor learns
 * besides to say where things are. Three seeds.
 */
export const run = () =>
  learnFromPictures("PickPlace-v1", { pretraining: { scenes: 60_000 }, variant: "from pictures" });
