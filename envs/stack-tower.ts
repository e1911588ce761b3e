// StackTower-v1: build a tower of three cubes, in a fixed order.
import { arrangementEnv } from "./arranging.js";
import { tower } from "./stacking.js";

/** Three 4 cm cubes: the second on the first, the third on the second, each within 2 cm, let go and at rest; 6 s. */
export const stackTower = arrangementEnv({
  ...tower("StackTower-v1", 3),
  description: "Build a tower of three cubes, in a fixed order, and let go.",
  maxEpisodeSteps: 120,
});
