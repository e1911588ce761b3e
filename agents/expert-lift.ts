// Solves Lift-v1: above the cube, down, close, up.
import { takeWithJaw } from "./jaw-grip.js";
import { isBetweenFingers, quarterTurn, readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Fingers may go down when the cube is no further aside than this, m. */
const ALIGNED = 0.012;
/** While aside, the tool stays this high above the cube, m. */
const ABOVE = 0.06;
/** The fingers close where the hand is down to this, m. */
const DOWN = 0.012;
/** A cube that is held goes up until it is this far beyond the height that counts, m. */
const BEYOND = 0.03;

/** Rises, goes above the cube, descends, closes and lifts. */
export const expertLift: ScriptedExpert = {
  id: "expert-lift",
  env: "Lift-v1",
  description: "Rises, goes above the cube, descends, closes and lifts.",
  decide(read, { hand: { jaw }, setting }) {
    const cube = readVector(read, "cube_from_tcp");
    if (read("grasped") > 0.5) {
      const way = setting("liftHeight") + BEYOND - read("cube_height");
      return { aim: [0, 0, way], open: false };
    }
    if (jaw) {
      const half = setting("cubeSize") / 2;
      return takeWithJaw(read, jaw, { place: cube, half, turn: quarterTurn(read), above: ABOVE });
    }
    if (!isBetweenFingers(read, cube, ALIGNED)) {
      const low = cube[2] > -0.75 * ABOVE;
      return { aim: low ? [0, 0, cube[2] + ABOVE + 0.01] : [cube[0], cube[1], cube[2] + ABOVE], open: true };
    }
    return { aim: cube, open: Math.abs(cube[2]) > DOWN };
  },
};
