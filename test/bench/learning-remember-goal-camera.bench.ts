// Is RememberGoal-v1 learned from pictures by imitating the scripted expert, its encoder pre-trained? With an LSTM and, beside
// it, the same network without.
import { learnWithAndWithoutMemory, SEEING } from "./learn.js";

/** Train three seeds each. */
export const run = () =>
  learnWithAndWithoutMemory("RememberGoal-v1", {
    ...SEEING,
    pretraining: { scenes: 20_000 },
    teacher: "expert",
    variant: "from pictures, by the expert",
  });
