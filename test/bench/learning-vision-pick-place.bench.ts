// Is PickPlace-v1 learned from pictures by PPO alone, without anybody to imitate?
import { learn } from "./learn.js";

/**
 * As `armgym pretrain PickPlace-v1 --scenes 60000` and `armgym train --encoder` do it: the actor has three cameras and what the
 * robot knows of itself, the critic knows all, and the actor learns besides to say where things are. Three seeds.
 */
export const run = () =>
  learn("PickPlace-v1", {
    agent: "ppo-cnn-lstm",
    overrides: { observationMode: "camera" },
    scenes: 60_000,
    variant: "from pictures",
  });
