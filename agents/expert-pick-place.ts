// Solves PickPlace-v1: above the cube, down, close, carry.
import { isBetweenFingers, readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Fingers may go down when the cube is no further aside than this, m. */
const ALIGNED = 0.012;
/** While aside, the tool stays this high above the cube, m. */
const ABOVE = 0.06;

/** Rises, goes above the cube, descends, closes and carries. */
export const expertPickPlace: ScriptedExpert = {
  id: "expert-pick-place",
  env: "PickPlace-v1",
  description: "Rises, goes above the cube, descends, closes and carries.",
  decide(read) {
    const cube = readVector(read, "cube_from_tcp");
    if (read("grasped") > 0.5) return { aim: readVector(read, "goal_from_cube"), open: false };
    if (!isBetweenFingers(read, cube, ALIGNED)) {
      const low = cube[2] > -0.75 * ABOVE;
      return { aim: low ? [0, 0, cube[2] + ABOVE + 0.01] : [cube[0], cube[1], cube[2] + ABOVE], open: true };
    }
    return { aim: cube, open: Math.abs(cube[2]) > 0.012 };
  },
};
