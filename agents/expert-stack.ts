// Solves Stack-v1, StackTower-v1 and Sort-v1: fetch the next cube, bring it above its place, lower it, let go, rise.
import type { Vec3 } from "../src/index.js";
import { firstLift, JAW_CARRY_SPEED, takeWithJaw } from "./jaw-grip.js";
import {
  type ExpertContext,
  isBetweenFingers,
  quarterTurn,
  type Read,
  readVector,
  type ScriptedExpert,
  type ToolMove,
} from "./scripted-expert.js";

/** How well a cube must be placed, m. */
interface Tolerance {
  /** A carried cube may be lowered when its place is no further aside than this. */
  readonly overPlace: number;
  /** A cube is let go when it lies no further aside than this. */
  readonly inPlace: number;
}

/** Fingers may go down when the cube is no further aside than this, m. */
const ALIGNED = 0.012;
const ON_A_CUBE: Tolerance = { overPlace: 0.008, inPlace: 0.014 };
/** Wide as trays are: a student that sees less than sharply could not tell when to lower, and would hover. */
const IN_A_TRAY: Tolerance = { overPlace: 0.015, inPlace: 0.02 };
/** Height of a cube's centre that is carried over others, m. */
const CARRY = 0.075;
/** A cube is let go this far from its height, m. */
const AT_HEIGHT = 0.006;
/** By a jaw from further, and again from further when it comes down no more: held by two edges it tilts. */
const JAW_AT_HEIGHT = { moving: 0.008, still: 0.013, speed: 0.02 } as const;
/** How far above a cube a jaw travels, m. */
const JAW_ABOVE = 0.06;
/** Fingers (m each) that have let a cube go. */
const LET_GO = 0.032;
/** Half the edge of the cube that the tolerances are for, m: a smaller one asks for as much finer ones. */
const USUAL_HALF = 0.02;

/** Decides for any number of cubes: the observation itself says which is next. */
function decide(
  read: Read,
  { hand: { jaw }, setting }: ExpertContext,
  { overPlace, inPlace }: Tolerance,
): ToolMove {
  const half = setting("cubeSize") / 2;
  const fine = Math.min(1, half / USUAL_HALF);
  const next = readVector(read, "next_from_tcp");
  const place = readVector(read, "place_from_next");
  const height = read("tcp_z");
  const placeAside = Math.hypot(place[0], place[1]);
  const atHeight = fine * (jaw ? jawAtHeight(read) : AT_HEIGHT);
  const lies = placeAside < fine * inPlace && Math.abs(place[2]) < atHeight;
  if (lies) return letGo(read, next, fine * LET_GO);
  if (read("grasped") > 0.5) {
    const lift = jaw && firstLift(height + next[2] - half);
    if (lift) return lift;
    // with the cube's underside 2 cm above its place, and above cubes on the table
    const rise = Math.max(place[2] + 0.02, CARRY - height - next[2]);
    if (placeAside > 0.03 && rise > 0.01) return { aim: [0, 0, rise + 0.01], open: false };
    const high = place[2] < -0.03;
    if (placeAside > (high ? 2 : 1) * fine * overPlace)
      return {
        aim: [place[0], place[1], Math.max(rise, 0)],
        open: false,
        ...(jaw ? { speed: JAW_CARRY_SPEED } : {}),
      };
    return { aim: [place[0], place[1], Math.max(high ? -0.06 : -0.03, place[2] - 0.003)], open: false };
  }
  if (jaw) {
    const above = Math.max(JAW_ABOVE, place[2] + 0.015);
    return takeWithJaw(read, jaw, { place: next, half, turn: quarterTurn(read), above });
  }
  if (!isBetweenFingers(read, next, ALIGNED)) {
    // over cubes on the table, and over the tower
    const rise = Math.max(next[2] + 0.05, next[2] + place[2] + 0.015);
    if (rise > 0.005) return { aim: [0, 0, rise + 0.01], open: true };
    return { aim: [next[0], next[1], Math.min(0, rise + 0.01)], open: true };
  }
  return { aim: next, open: Math.abs(next[2]) > 0.012 };
}

function jawAtHeight(read: Read): number {
  const { moving, still, speed } = JAW_AT_HEIGHT;
  return Math.abs(read("tcp_velocity_z")) < speed ? still : moving;
}

/** Open, and rise once the fingers are off: further open than this, m each. */
function letGo(read: Read, next: Vec3, open: number): ToolMove {
  const off = read("finger_opening") > open;
  return { aim: [0, 0, off ? Math.max(0, next[2] + 0.08) : 0], open: true };
}

const description = "Fetches the next cube, brings it above its place, lowers it, lets go and rises.";

/** Solves Stack-v1. */
export const expertStack: ScriptedExpert = {
  id: "expert-stack",
  env: "Stack-v1",
  description,
  decide: (read, context) => decide(read, context, ON_A_CUBE),
};

/** Solves StackTower-v1. */
export const expertStackTower: ScriptedExpert = {
  id: "expert-stack-tower",
  env: "StackTower-v1",
  description,
  decide: (read, context) => decide(read, context, ON_A_CUBE),
};

/** Solves Sort-v1. */
export const expertSort: ScriptedExpert = {
  id: "expert-sort",
  env: "Sort-v1",
  description,
  decide: (read, context) => decide(read, context, IN_A_TRAY),
};
