// How a hand of which one jaw stands still takes a square object: that jaw goes down beside it, the other one closes on both.
import type { FixedJaw, Vec3 } from "../src/index.js";
import { isClosing, type Read, reachOfSquare, type ToolMove } from "./scripted-expert.js";

/** What is to be taken. */
interface SquareObject {
  /** Where the tool should be to hold it between its fingers, from where it is, m. */
  readonly place: Vec3;
  /** Half its width, m. */
  readonly half: number;
  /** Its turn against the hand, rad, from -45 to 45 degrees. */
  readonly turn: number;
  /** How far above `place` the tool travels, m. */
  readonly above: number;
}

/** Jaws that hold a cube by two of its edges carry it no faster than this, m/s: it turns between them. */
export const JAW_CARRY_SPEED = 0.2;
/** Room between the jaw that stands still and the object while the hand goes down, m. */
const CLEAR = 0.008;
/** The hand may go down when it is no further aside than this, and goes up again from further than that, m. */
const ALIGNED = 0.006;
const ASTRAY = 0.02;
/** An object that the jaws close on is moved by less than this, m. */
const DRAWN = 0.05;
/** The jaws close where the hand is down to this, m. */
const DOWN = 0.012;
/** What was just gripped is first lifted by this step, until it is this far off the table, m: the jaws may still be closing. */
const FIRST_STEP = 0.008;
const OFF_TABLE = 0.006;

/**
 * Take an object that stands on a table with a hand that points down at about yaw 0.
 *
 * The jaw that stands still goes down close beside the object and touches it before the other one arrives: an object that is
 * pushed over the table until it meets that jaw turns away from a narrow pad, or slips out when it stands at 45 degrees.
 */
export function takeWithJaw(read: Read, jaw: FixedJaw, { place, half, turn, above }: SquareObject): ToolMove {
  const touch = place[0] - jaw.face - jaw.side * reachOfSquare(half, turn);
  const isDown = place[2] > -DOWN;
  if (isClosing(read) && isDown && Math.hypot(touch, place[1]) < DRAWN)
    return { aim: [touch, 0, place[2]], open: false };
  const [x, y, z]: Vec3 = [touch - jaw.side * CLEAR, place[1], place[2]];
  const aside = Math.hypot(x, y);
  if (z < -0.75 * above) return { aim: [x, y, aside > ALIGNED ? z + above : z], open: true };
  if (aside > ASTRAY) return { aim: [0, 0, z + above + 0.01], open: true };
  return { aim: [x, y, z], open: !isDown || aside > ALIGNED };
}

/** Return the first step up with an object whose underside is `height` m above the table; undefined when that is done. */
export function firstLift(height: number): ToolMove | undefined {
  return height < OFF_TABLE ? { aim: [0, 0, FIRST_STEP], open: false } : undefined;
}
