// StackTower-v1: build a tower of three cubes, in a fixed order.
import { towerEnv } from "./stacking.js";

/** Three 4 cm cubes: the second on the first, the third on the second, each within 2 cm, let go and at rest; 6 s. */
export const stackTower = towerEnv({
  id: "StackTower-v1",
  description: "Build a tower of three cubes, in a fixed order, and let go.",
  maxEpisodeSteps: 120,
  numCubes: 3,
  // the hand fits beside a tower of two
  cubeDistance: 0.13,
});
