// StackTower-v1: build a tower of three cubes, in a fixed order.
import { stackingTask } from "./stacking.js";

/** Three 4 cm cubes: the second on the first, the third on the second, each within 2 cm, let go and at rest; 6 s. */
export const stackTower = stackingTask({
  id: "StackTower-v1",
  description: "Build a tower of three cubes, in a fixed order, and let go.",
  numCubes: 3,
  maxEpisodeSteps: 120,
});
