// Does memory pay in HiddenMass-v1? With an LSTM and, beside it, the same network without, both by PPO.
import { learnWithAndWithoutMemory } from "./learn.js";

/** Train three seeds each. */
export const run = () => learnWithAndWithoutMemory("HiddenMass-v1", { agent: "ppo-lstm" });
