// Solves BinPick-v1: down on the target, close, over the wall, down into the tray, let go, rise.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Fingers may go down when the target is no further aside than this, m. */
const ALIGNED = 0.008;
/** The hand travels this far above what lies in the bin, m, and what it carries hangs this high, m. */
const ABOVE = 0.065;
const CARRY = 0.07;
/** Over the tray when no further aside than this, m. */
const OVER_TRAY = 0.025;
/** Fingers (m each) that have let go, for a cube of this edge (m) in the bin: where all is smaller, they need not open as far. */
const LET_GO = 0.034;
const USUAL_CUBE = 0.04;

/** Takes the target from above and drops it, gently, in the middle of the tray. */
export const expertBinPick: ScriptedExpert = {
  id: "expert-bin-pick",
  env: "BinPick-v1",
  description: "Takes the target from above, carries it over the walls, lowers it into the tray and lets go.",
  decide(read, { setting }) {
    const letGo = Math.min(1, setting("sizes.cubeSize") / USUAL_CUBE) * LET_GO;
    const target = readVector(read, "target_from_tcp");
    const tray = readVector(read, "tray_from_target");
    const trayAside = Math.hypot(tray[0], tray[1]);
    // the floor is where the target would rest in the tray
    const height = -tray[2];
    if (trayAside < 2 * OVER_TRAY && height < 0.004) {
      const off = read("finger_opening") > letGo;
      return { aim: [0, 0, off ? Math.max(0, target[2] + 0.09) : 0], open: true };
    }
    if (read("grasped") > 0.5) {
      if (trayAside > 0.03) {
        const rise = CARRY - height;
        if (rise > 0.02) return { aim: [0, 0, rise + 0.01], open: false };
        return { aim: [tray[0], tray[1], rise], open: false };
      }
      return { aim: [tray[0], tray[1], Math.max(-0.04, tray[2] - 0.002)], open: false };
    }
    if (Math.hypot(target[0], target[1]) > ALIGNED) {
      const rise = target[2] + ABOVE;
      if (rise > 0.02) return { aim: [0, 0, rise + 0.01], open: true };
      return { aim: [target[0], target[1], Math.min(0, rise + 0.01)], open: true };
    }
    return { aim: target, open: Math.abs(target[2]) > 0.01 };
  },
};
