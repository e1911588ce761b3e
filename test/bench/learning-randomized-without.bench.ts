// How does a policy do in randomised episodes of PickPlace-v1 that was trained without randomisation?
import { learn } from "./learn.js";

/** Train three seeds without, and measure them in the episodes that learning-randomized measures in. */
export const run = () =>
  learn("PickPlace-v1", {
    measuredWith: { randomization: "default" },
    variant: "randomised, trained without",
  });
