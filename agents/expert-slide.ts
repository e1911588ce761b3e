// Solves Slide-v1: behind the puck, down, and a hit as fast as the way to the goal asks for.
import type { Vec3 } from "../src/index.js";
import type { Hand } from "./hand.js";
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Half the closed fingers along and across the arm, m. */
const FINGERS = [0.013, 0.012] as const;
/** The fingers may be this far off the line of the hit before they go down, and later, m. */
const OFF_LINE = 0.004;
const ASTRAY = 0.015;
/** From where the fingers start to where they touch the puck, m. */
const RUN_UP = 0.07;
/** Height of the tool over the puck's centre while it travels, m. */
const TRAVEL = 0.065;
const GRAVITY = 9.81;
/** A puck slower than this has not been hit, m/s. */
const STILL = 0.02;
/** The puck is fast enough at this share of the needed speed. */
const ENOUGH = 0.985;
/** It does not slow down while the fingers are behind it, for this long after it was seen, s. */
const PUSHED = 0.03;
/** The share of `aim` that a step commands. */
const SHARE = 0.7;
/** How much further than at a steady speed the command goes per missing speed, in lengths of a step. */
const CATCH_UP = 1.2;

/**
 * A short arm gathers speed by so much, m/s², up to this share of what is needed: it overshoots whatever it is told at once. It
 * goes on from the puck's speed, or from this share of its own, which swings.
 */
const GATHER = { by: 0.7, to: 0.9 } as const;
const SURE = 0.6;
/** The hit itself is as fast as it must be, m/s. */
const HIT = Number.POSITIVE_INFINITY;
/** The tool keeps this far from the edge of its workspace, m. */
const EDGE = 0.001;

/** Travels above the puck to the side that faces away from the goal, descends, and hits with v² = 2 μ g d. */
export const expertSlide: ScriptedExpert = {
  id: "expert-slide",
  env: "Slide-v1",
  description: "Takes a run-up behind the puck and hits it as fast as it must be to slide to the goal.",
  // a hit is a matter of millimetres
  noise: 0.05,
  decide(read, { step, hand, setting }) {
    const radius = setting("puckRadius");
    // twice the braking of the sliding puck, m/s²
    const braking = 2 * setting("friction") * GRAVITY;
    const [ahead, across] = facing(hand);
    const puck = readVector(read, "puck_from_fingers");
    const goal = readVector(read, "goal_from_puck");
    const way = Math.hypot(goal[0], goal[1]);
    const [ux, uy] = [goal[0] / way, goal[1] / way];
    const along = (x: number, y: number) => x * ux + y * uy;
    const needed = Math.sqrt(braking * (way - PUSHED * Math.sqrt(braking * way)));
    const speed = along(read("puck_velocity_x"), read("puck_velocity_y"));
    const lead = readVector(read, "tcp_tracking_error");
    const low = puck[2] > -0.7 * TRAVEL;
    if (speed > ENOUGH * needed || (speed > STILL && !low)) return stop();
    // fingers that stand square hit an oblique line with a corner; the place where it touches the puck, from the fingers
    const corner = Math.max(-1, Math.min(1, 20 * uy)) * across;
    const [hitX, hitY] = [puck[0] - radius * ux - ahead, puck[1] - radius * uy - corner];
    const before = along(hitX, hitY);
    const beside = hitY * ux - hitX * uy;
    const runUp = hand.jaw ? Math.min(RUN_UP, roomFor(read("tcp_x") + hitX, ux, hand)) : RUN_UP;
    if (!low) {
      const [x, y] = [hitX - runUp * ux, hitY - runUp * uy];
      const up = puck[2] + TRAVEL;
      // where the workspace ends the run-up is shorter
      const still = Math.hypot(read("tcp_velocity_x"), read("tcp_velocity_y")) < STILL;
      const ready =
        Math.hypot(x, y) < OFF_LINE || (still && before > 0.3 * RUN_UP && Math.abs(beside) < OFF_LINE);
      if (!ready) return { aim: [x, y, up], open: false };
      return { aim: [x, y, puck[2]], open: false };
    }
    // beside the puck or ahead of it: up and round again
    if (Math.abs(beside) > ASTRAY || before < -0.02)
      return { aim: [0, 0, puck[2] + TRAVEL + 0.01], open: false };
    if (puck[2] < -0.012) return { aim: [hitX - runUp * ux, hitY - runUp * uy, puck[2]], open: false };
    const tool = along(read("tcp_velocity_x"), read("tcp_velocity_y"));
    const stride =
      step *
      (hand.jaw
        ? gathered(Math.max(SURE * tool, speed, 0), needed, step)
        : needed + CATCH_UP * (needed - tool));
    const forward = along(lead[0], lead[1]) + stride / SHARE;
    return { aim: combine(forward, 1.5 * beside, puck[2]), open: false, speed: HIT };

    function combine(forwards: number, sideways: number, vertical: number): Vec3 {
      return [forwards * ux - sideways * uy, forwards * uy + sideways * ux, vertical];
    }

    /** Take the command back to where the tool is, and up. */
    function stop() {
      const back = 1 - 1 / SHARE;
      return { aim: [back * lead[0], back * lead[1], low ? 0.03 : 0] as const, open: false, speed: HIT };
    }
  },
};

/** How far the closed fingers reach ahead of their middle, as the task sees it, and half their width, m. */
function facing({ fingers, jaw }: Hand): readonly [number, number] {
  return jaw ? [jaw.closed.high[0] - fingers, (jaw.closed.high[1] - jaw.closed.low[1]) / 2] : FINGERS;
}

/** How long a run-up along a line that has `ux` along x may be, before the tool would leave its workspace at the near end, m. */
function roomFor(tool: number, ux: number, { workspace }: Hand): number {
  return Math.max(0, (tool - workspace.low[0] - EDGE) / ux);
}

/** The speed to command of a short arm that has `speed`, m/s. */
function gathered(speed: number, needed: number, step: number): number {
  return Math.min(GATHER.to * needed, speed + GATHER.by * step);
}
