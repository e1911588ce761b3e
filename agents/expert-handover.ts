// Solves Handover-v1: the giver fetches the bar, the receiver takes its other end, the giver lets go, the receiver carries.

import type { Vec3 } from "../src/index.js";
import { type Read, readVector, type ScriptedExpert, type ToolMove } from "./scripted-expert.js";

/** Fingers may go down when the bar is no further aside than this, m. */
const ALIGNED = 0.01;
/** While aside, the tool stays this high above the bar, m. */
const ABOVE = 0.06;
/** The fingers close where the tool is this near to where it holds the bar, m. */
const CLOSE = 0.01;
/** The bar has come to where the arms meet when it is this near, m. */
const MET = 0.02;
/** The receiver waits beside its end of the bar, this far away, until the bar has come, m. */
const WAIT = 0.1;
/** Fingers this far open do not hold a bar of this width or less, m; the giver rises by this when it has let go. */
const OPEN = 0.025;
const USUAL_WIDTH = 0.03;
const RETREAT = 0.1;

/** Brings the bar to where the arms meet, takes it over at its other end and carries it to the goal. */
export const expertHandover: ScriptedExpert = {
  id: "expert-handover",
  env: "Handover-v1",
  description: "Fetches the bar with one arm, takes it over with the other and carries it to the goal.",
  noise: 0.1,
  decide(read, { setting }) {
    const open = Math.min(1, setting("barWidth") / USUAL_WIDTH) * OPEN;
    const [given, taken] = [read("left/grasped") > 0.5, read("right/grasped") > 0.5];
    return { left: give(read, given, taken, open), right: take(read, given, taken, open) };
  },
};

/** `open`: fingers further open than this, m, hold nothing. */
function give(read: Read, given: boolean, taken: boolean, open: number): ToolMove {
  const grip = readVector(read, "left/grip_from_tcp");
  if (taken) {
    const away = read("left/finger_opening") > open;
    return { aim: away ? [-RETREAT, 0, RETREAT] : [0, 0, 0], open: true };
  }
  if (given) return { aim: readVector(read, "meeting_from_bar"), open: false };
  return fetch(grip);
}

/** From above: aside, down, close. */
function fetch(grip: Vec3): ToolMove {
  const [x, y, z] = grip;
  if (Math.hypot(x, y) > ALIGNED) {
    const low = z > -0.75 * ABOVE;
    return { aim: low ? [0, 0, z + ABOVE + 0.01] : [x, y, z + ABOVE], open: true };
  }
  return { aim: grip, open: Math.abs(z) > CLOSE };
}

function take(read: Read, given: boolean, taken: boolean, open: number): ToolMove {
  const grip = readVector(read, "right/grip_from_tcp");
  const way = readVector(read, "meeting_from_bar");
  if (taken) {
    // both hold it: nobody moves until the giver has let go
    const free = !given && read("left/finger_opening") > open;
    return { aim: free ? readVector(read, "goal_from_bar") : [0, 0, 0], open: false };
  }
  if (given && Math.hypot(...way) < MET) {
    const [x, y, z] = grip;
    const beside = Math.hypot(y, z) < ALIGNED;
    return { aim: beside ? grip : [x + WAIT, y, z], open: Math.hypot(x, y, z) > CLOSE };
  }
  // beside where its end of the bar will be
  return { aim: [grip[0] + way[0] + WAIT, grip[1] + way[1], grip[2] + way[2]], open: true };
}
