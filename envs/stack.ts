// Stack-v1: put one cube on another and let it go.
import { towerEnv } from "./stacking.js";

/** Two 4 cm cubes anywhere in a 26 x 26 cm area: the second on the first, within 2 cm, let go and at rest; 3 s. */
export const stack = towerEnv({
  id: "Stack-v1",
  description: "Put one cube on another and let it go.",
  maxEpisodeSteps: 60,
  numCubes: 2,
  cubeDistance: 0.09,
});
