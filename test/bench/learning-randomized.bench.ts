// Is PickPlace-v1 learned by PPO alone where everything is randomised?
import { learn } from "./learn.js";

/** Train three seeds by the preset, and measure them in other episodes randomised by it. */
export const run = () =>
  learn("PickPlace-v1", { overrides: { randomization: "default" }, variant: "randomised" });
