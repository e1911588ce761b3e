// Is RememberGoal-v1 learned from pictures by imitating the scripted expert, its encoder pre-trained? With an LSTM and, beside it, the same network without.
import { learnWithAndWithoutMemory } from "./learn.js";

const SEEING = { agent: "ppo-cnn-lstm", overrides: { observationMode: "camera" } };

/** Train three seeds each. */
export const run = () =>
  learnWithAndWithoutMemory("RememberGoal-v1", {
    ...SEEING,
    scenes: 20_000,
    teacher: "expert",
    variant: "from pictures, by the expert",
  });
