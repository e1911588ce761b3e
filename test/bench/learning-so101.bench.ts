// Is PickPlace-v1 learned on the SO-101 by PPO alone, with the settings of the Panda but more steps?
import { learn } from "./learn.js";

/** `--robot so101 --steps 1200000`; three seeds. learning-robots holds what the Panda's number of steps gives. */
export const run = () =>
  learn("PickPlace-v1", {
    overrides: { robot: "so101", totalSteps: 1_200_000 },
    variant: "on so101, 1.2M steps",
  });
