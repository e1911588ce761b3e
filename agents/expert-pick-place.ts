// Solves PickPlace-v1: above the cube, down, close, carry.
import type { FixedJaw } from "../src/index.js";
import { firstLift, JAW_CARRY_SPEED, takeWithJaw } from "./jaw-grip.js";
import {
  isBetweenFingers,
  quarterTurn,
  type Read,
  readVector,
  type ScriptedExpert,
  type ToolMove,
} from "./scripted-expert.js";

/** Fingers may go down when the cube is no further aside than this, m. */
const ALIGNED = 0.012;
/** While aside, the tool stays this high above the cube, m. */
const ABOVE = 0.06;
/** A jaw carries the cube this far above the table until it is this near to the goal's place, m. */
const CARRY = 0.015;
const NEAR = 0.02;
/** A cube that a jaw has brought this near to the goal stays there, m: held by two edges it swings when it is corrected. */
const ARRIVED = 0.008;

/** Rises, goes above the cube, descends, closes and carries. */
export const expertPickPlace: ScriptedExpert = {
  id: "expert-pick-place",
  env: "PickPlace-v1",
  description: "Rises, goes above the cube, descends, closes and carries.",
  decide(read, { hand: { jaw }, setting }) {
    if (jaw) return decideForJaw(read, jaw, setting("cubeSize") / 2);
    const cube = readVector(read, "cube_from_tcp");
    if (read("grasped") > 0.5) return { aim: readVector(read, "goal_from_cube"), open: false };
    if (!isBetweenFingers(read, cube, ALIGNED)) {
      const low = cube[2] > -0.75 * ABOVE;
      return { aim: low ? [0, 0, cube[2] + ABOVE + 0.01] : [cube[0], cube[1], cube[2] + ABOVE], open: true };
    }
    return { aim: cube, open: Math.abs(cube[2]) > 0.012 };
  },
};

/** Does the same with a hand of which one jaw stands still, to a cube of half an edge of `half` m. */
function decideForJaw(read: Read, jaw: FixedJaw, half: number): ToolMove {
  const cube = readVector(read, "cube_from_tcp");
  if (read("grasped") < 0.5)
    return takeWithJaw(read, jaw, { place: cube, half, turn: quarterTurn(read), above: ABOVE });
  const [x, y, z] = readVector(read, "goal_from_cube");
  const height = read("tcp_z") + cube[2] - half;
  const lift = z > 0 ? firstLift(height) : undefined;
  if (lift) return lift;
  if (Math.hypot(x, y, z) < ARRIVED) return { aim: [0, 0, 0], open: false };
  if (Math.hypot(x, y) < NEAR) return { aim: [x, y, z], open: false };
  const rise = CARRY - height;
  // a cube that is dragged over the table digs itself in
  if (rise > 0.005) return { aim: [0, 0, rise + NEAR], open: false };
  return { aim: [x, y, Math.max(z, rise)], open: false, speed: JAW_CARRY_SPEED };
}
