// Solves Push-v1: behind the cube, down, push.
import type { Vec3 } from "../src/index.js";
import { closedFingersOf } from "./hand.js";
import { quarterTurn, reachOfSquare, readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Half an edge of the closed fingers along the table, m. */
const FINGERS = 0.012;
/** The tool touches the cube this far off the line to the goal at most, m. */
const OFF_LINE = 0.01;
/** The cube has arrived, m. */
const ARRIVED = 0.008;
/** Height of the tool over the cube's centre while it travels, m. */
const TRAVEL = 0.065;

/** Travels above the cube to the side that faces away from the goal, descends and pushes; lifts off when the cube slips. */
export const expertPush: ScriptedExpert = {
  id: "expert-push",
  env: "Push-v1",
  description: "Travels to the far side of the cube, descends and pushes it to the goal.",
  decide(read, { hand, setting }) {
    const half = setting("cubeSize") / 2;
    const { middle, half: fingersHalf } = closedFingersOf(hand, [FINGERS, FINGERS]);
    const [fromTool, cubeY, cubeZ] = readVector(read, "cube_from_tcp");
    const cube: Vec3 = [fromTool - middle, cubeY, cubeZ];
    const goal = readVector(read, "goal_from_cube");
    const way = Math.hypot(goal[0], goal[1]);
    const up = cube[2] + TRAVEL;
    if (way < ARRIVED) return { aim: [0, 0, 0], open: false };
    const [ux, uy] = [goal[0] / way, goal[1] / way];
    // the fingers seen from the cube: along the line to the goal and beside it
    const along = -(cube[0] * ux + cube[1] * uy);
    const beside = -(cube[1] * ux - cube[0] * uy);
    // how far a turned cube reaches out
    const turn = quarterTurn(read) - Math.atan2(uy, ux);
    // two fingers that meet are as good as round
    const fingers = hand.jaw ? Math.abs(ux) * fingersHalf[0] + Math.abs(uy) * fingersHalf[1] : FINGERS;
    const reach = reachOfSquare(half, turn) + fingers;
    const low = cube[2] > -0.7 * TRAVEL;
    const behind = low
      ? along < -0.9 * half - (fingers - FINGERS) && Math.abs(beside) < 2.5 * OFF_LINE
      : along < -reach - 0.004 && along > -reach - 0.04 && Math.abs(beside) < OFF_LINE;
    if (behind) {
      // not yet down: no way forward
      if (cube[2] < -0.02) return { aim: [0, 0, cube[2]], open: false };
      return { aim: combine(Math.min(0.1, way), -beside, cube[2]), open: false };
    }
    if (low) return { aim: [0, 0, up + 0.01], open: false };
    return { aim: combine(-reach - 0.015 - along, -beside, up), open: false };

    function combine(forward: number, sideways: number, vertical: number): Vec3 {
      return [forward * ux - sideways * uy, forward * uy + sideways * ux, vertical];
    }
  },
};
