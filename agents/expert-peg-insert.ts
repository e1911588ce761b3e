// Solves PegInsert-v1: take the peg, bring it above the hole, turn it, lower it.
import type { Vec3 } from "../src/index.js";
import { takeWithJaw } from "./jaw-grip.js";
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** How far above its grip a jaw travels, m. */
const JAW_ABOVE = 0.06;
/** Fingers may go down when the peg is no further aside than this, m. */
const ALIGNED = 0.006;
/** The hand holds the peg this far above its centre, m. */
const GRIP = 0.012;
/** The tip passes this far above the block, m. */
const PASS = 0.008;
/** The tip comes down as it comes near: it is on the block's top when its corners are this far off, m. */
const ON_TOP = 0.0008;
const SLOPE = 4;
/** Fastest way down into the hole in a step, m, and what a turn counts for at the peg's corners, m per rad. */
const DOWN = 0.02;
const CORNER = 0.02;
/** Near the hole the hand goes for more than what is missing: the load keeps it half a millimetre behind its command. */
const EAGER = 2;

/** Takes the peg, turned as it stands, brings it above the hole, turns it as the hole is and lowers it. */
export const expertPegInsert: ScriptedExpert = {
  id: "expert-peg-insert",
  env: "PegInsert-v1",
  description: "Takes the peg, brings it above the hole, turns it as the hole is and lowers it.",
  // the hole is found by the millimetre: 0.2 would be a centimetre per step
  noise: 0.05,
  decide(read, { hand: { jaw }, setting }) {
    const peg = readVector(read, "peg_from_tcp");
    const hole = readVector(read, "hole_from_tip");
    const grip: Vec3 = [peg[0], peg[1], peg[2] + GRIP];
    const turnToPeg = read("peg_turn_from_hand");
    if (read("grasped") < 0.5) {
      if (jaw) {
        const object = { place: grip, half: setting("pegWidth") / 2, turn: turnToPeg, above: JAW_ABOVE };
        return { ...takeWithJaw(read, jaw, object), turn: turnToPeg };
      }
      if (Math.hypot(grip[0], grip[1]) > ALIGNED || Math.abs(turnToPeg) > 0.1) {
        const low = grip[2] > -0.03;
        const rise = low ? grip[2] + 0.05 : Math.min(0, grip[2] + 0.045);
        return { aim: low ? [0, 0, rise] : [grip[0], grip[1], rise], open: true, turn: turnToPeg };
      }
      return { aim: grip, open: Math.abs(grip[2]) > 0.008, turn: turnToPeg };
    }
    const turn = read("hole_turn_from_peg");
    const aside = Math.hypot(hole[0], hole[1]);
    const above = -hole[2] - setting("blockHeight");
    const inside = aside < 0.004 && above < -0.001;
    const aim = (rise: number): Vec3 => [eager(hole[0]), eager(hole[1]), rise];
    if (inside) return { aim: aim(Math.max(-0.03, hole[2] - 0.004)), open: false, turn };
    if (aside > 0.02 && above < 0.6 * PASS)
      return { aim: [0, 0, PASS + 0.004 - above], open: false, turn: 0 };
    // a funnel: no threshold that a network would have to hit
    const off = aside + CORNER * Math.abs(turn);
    const height = Math.max(-DOWN, Math.min(PASS, SLOPE * (off - ON_TOP)));
    return { aim: aim(Math.max(-DOWN, height - above)), open: false, turn };
  },
};

function eager(way: number): number {
  return way + Math.max(-0.002, Math.min(0.002, (EAGER - 1) * way));
}
