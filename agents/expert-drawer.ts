// Solves Drawer-v1: over the room behind the handle, down, pull.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** From the middle of the bar that is the handle to its side, m. */
const BAR = 0.008;
/** Height over the handle while the tool travels, m. */
const TRAVEL = 0.05;
/** The tool may go down when it is this near to the room behind the handle, m. */
const NEAR = 0.015;
/** The drawer is open as wanted, and it is open too far, m. */
const OPEN = 0.004;
const TOO_FAR = 0.011;
/** It goes on for this long, s. */
const COAST = 0.06;
/** From the middle of the room behind the handle to where thin fingers touch the bar, for a room of this length, m. */
const PLAY = 0.02;
const ROOM = 0.06;

/** Travels above the handle to the room behind it, descends and pulls; lets the drawer be when it is open as wanted. */
export const expertDrawer: ScriptedExpert = {
  id: "expert-drawer",
  env: "Drawer-v1",
  description: "Reaches behind the handle from above and pulls the drawer to its goal.",
  decide(read, { setting }) {
    // from the handle's middle to the middle of the room behind it, and from there to where thin fingers touch the bar
    const hookAway = BAR + setting("handleGap") / 2;
    const play = PLAY + (setting("handleGap") - ROOM) / 2;
    const [x, y, z] = readVector(read, "handle_from_fingers");
    const [alongX, alongY] = [read("opens_along_x"), read("opens_along_y")];
    const left = read("goal_from_opening");
    const hook = [x - hookAway * alongX, y - hookAway * alongY] as const;
    // the tool seen from the room behind the handle: in the direction of opening and beside it
    const forward = -(hook[0] * alongX + hook[1] * alongY);
    const beside = Math.abs(hook[0] * alongY - hook[1] * alongX);
    const low = z > -0.02;
    const behind = low ? Math.abs(forward) < 0.035 && beside < 0.03 : Math.hypot(...hook) < NEAR;
    if (!behind) {
      const up = z + TRAVEL;
      // no way aside before the tool is above the handle
      if (z > -0.6 * TRAVEL) return { aim: [0, 0, up], open: false };
      return { aim: [hook[0], hook[1], up], open: false };
    }
    if (z < -0.012) return { aim: [hook[0], hook[1], z], open: false };
    // the drawer coasts a little
    const soon = left - COAST * read("opening_speed");
    if (soon < OPEN && soon > -TOO_FAR) return { aim: [0, 0, z], open: false };
    // to the bar, or to the front where it is open too far, and on
    const touch = soon > 0 ? Math.max(0, play - forward) : Math.min(0, -play - forward);
    const pull = forward + soon + touch;
    return {
      aim: [hook[0] + pull * alongX, hook[1] + pull * alongY, z],
      open: false,
    };
  },
};
