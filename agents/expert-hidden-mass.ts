// Solves HiddenMass-v1: squeeze a little more whenever the box slips, rise while it does not.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** The gripper's action at the start, that far ahead of touching the box at least, and by how much it closes per step until it touches, and when the box slips. */
const START = 0.3;
const AHEAD = 0.05;
const APPROACH = 0.05;
const SQUEEZE = 0.02;
/** The same for each m/s of slip: the further the force is off, the faster the box gets. */
const SQUEEZE_PER_SLIP = 0.6;
/** A box that slides this fast through the fingers slips, m/s. */
const SLIP = 0.01;
/** Way that is commanded at once, m. */
const RISE = 0.006;

/** Squeezes a little more whenever the box slips, rises while it does not. */
export const expertHiddenMass: ScriptedExpert = {
  id: "expert-hidden-mass",
  env: "HiddenMass-v1",
  description: "Squeezes a little more whenever the box slips, rises while it does not.",
  decide(read, { memory, setting, gripAt }) {
    const [x, y, z] = readVector(read, "goal_from_tcp");
    const isTouched = read("touched") > 0.5;
    // out of touch after touch: an episode starts
    if (memory.grip === undefined || (!isTouched && memory.touched === 1))
      memory.grip = Math.max(START, gripAt(setting("boxWidth") / 2) + AHEAD);
    memory.touched = isTouched ? 1 : 0;
    const slip = Math.abs(read("slip_speed"));
    if (!isTouched) memory.grip -= APPROACH;
    else if (slip > SLIP) memory.grip -= SQUEEZE + SQUEEZE_PER_SLIP * slip;
    return { aim: [x, y, isTouched ? Math.min(z, RISE) : 0], open: false, grip: Math.max(-1, memory.grip) };
  },
};
