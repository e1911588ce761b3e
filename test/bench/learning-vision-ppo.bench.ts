// Is Reach-v1 learned from pictures by PPO alone?
import { learn } from "./learn.js";

/** The actor has three cameras and what the robot knows of itself, not the goal; the critic knows all. Three seeds. */
export const run = () =>
  learn("Reach-v1", {
    agent: "ppo-cnn-lstm",
    overrides: { observationMode: "camera" },
    variant: "from pictures",
  });
