// Stack-v1: put one cube on another and let it go.
import { arrangementEnv } from "./arranging.js";
import { tower } from "./stacking.js";

/** Two 4 cm cubes anywhere in a 26 x 26 cm area: the second on the first, within 2 cm, let go and at rest; 3 s. */
export const stack = arrangementEnv({
  ...tower("Stack-v1", 2),
  description: "Put one cube on another and let it go.",
  maxEpisodeSteps: 60,
});
