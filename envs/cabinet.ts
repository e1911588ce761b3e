// The cabinet of Drawer-v1: a carcass on a plinth and a drawer with a bar for a handle.
import {
  type CollisionShape,
  drawer,
  type LinkModel,
  type MechanismOptions,
  type Vec3,
} from "../src/index.js";

/** How far the drawer opens, m. */
export const TRAVEL = 0.22;
/** Room between the bar and the drawer's front, m. */
const GAP = 0.06;
/** Half the thickness of the bar, of the front, and of boards, m. */
const BAR = 0.008;
const FRONT = 0.008;
const BOARD = 0.004;
/** From the bar's middle to the middle of the room behind it, against the opening direction, m. */
export const HOOK = BAR + GAP / 2;
/** Half the bar's length, and half the width of the front and of the drawer behind it, m. */
const BAR_LENGTH = 0.05;
const WIDTH = 0.09;
/** Upper and lower edge of the drawer's front against the bar, m. */
const TOP = 0.012;
const BOTTOM = -0.048;
/** How deep the drawer is behind its front, m. */
const DEPTH = 0.22;
/** Room between drawer and carcass, m. */
const CLEARANCE = 0.003;
/** The plinth reaches this far below the bar, m: to the table, or into it, at every height that the task draws. */
export const PLINTH = 0.085;

// Both links have their origin in the middle of the closed drawer's bar; x is the direction in which it opens.

/** Make a box from its lower and its upper corner. */
function between(low: Vec3, high: Vec3): CollisionShape {
  const middle = (k: 0 | 1 | 2) => (low[k] + high[k]) / 2;
  const half = (k: 0 | 1 | 2) => (high[k] - low[k]) / 2;
  return {
    type: "box",
    halfExtents: [half(0), half(1), half(2)],
    position: [middle(0), middle(1), middle(2)],
  };
}

const FACE = -BAR - GAP;
const BACK = FACE - 2 * FRONT - DEPTH;
const INNER = WIDTH - CLEARANCE;

const DRAWER: LinkModel = {
  ...drawer({
    name: "drawer",
    position: [0, 0, 0],
    axis: [1, 0, 0],
    travel: TRAVEL,
    mass: 0.5,
    damping: 20,
    collision: [
      // the bar and its two posts
      between([-BAR, -BAR_LENGTH, -BAR], [BAR, BAR_LENGTH, BAR]),
      between([FACE, -BAR_LENGTH, -BAR], [-BAR, -BAR_LENGTH + 2 * BAR, BAR]),
      between([FACE, BAR_LENGTH - 2 * BAR, -BAR], [-BAR, BAR_LENGTH, BAR]),
      // front, floor, sides, back
      between([FACE - 2 * FRONT, -WIDTH, BOTTOM], [FACE, WIDTH, TOP]),
      between([BACK, -INNER, BOTTOM], [FACE - 2 * FRONT, INNER, BOTTOM + 2 * BOARD]),
      between([BACK, -INNER, BOTTOM], [FACE - 2 * FRONT, -INNER + 2 * BOARD, TOP - 0.01]),
      between([BACK, INNER - 2 * BOARD, BOTTOM], [FACE - 2 * FRONT, INNER, TOP - 0.01]),
      between([BACK, -INNER, BOTTOM], [BACK + 2 * BOARD, INNER, TOP - 0.01]),
    ],
  }),
  parent: 0,
};

const OUTER = WIDTH + 2 * BOARD;
const REAR = BACK - CLEARANCE - 2 * BOARD;
const MOUTH = FACE - 2 * FRONT;

const CARCASS: LinkModel = {
  name: "cabinet",
  parent: -1,
  position: [0, 0, 0],
  quaternion: [0, 0, 0, 1],
  mass: 5,
  centerOfMass: [0, 0, 0],
  inertia: [1, 1, 1, 0, 0, 0],
  collision: [
    // lid, sides, back, plinth
    between([REAR, -OUTER, TOP - 2 * BOARD], [MOUTH, OUTER, TOP]),
    between([REAR, -OUTER, BOTTOM], [MOUTH, -WIDTH, TOP]),
    between([REAR, WIDTH, BOTTOM], [MOUTH, OUTER, TOP]),
    between([REAR, -OUTER, BOTTOM], [REAR + 2 * BOARD, OUTER, TOP]),
    between([REAR, -OUTER, -PLINTH], [MOUTH, OUTER, BOTTOM - CLEARANCE]),
  ],
};

/** A cabinet of 21 x 26 cm with one drawer; place it by the middle of the closed drawer's bar. */
export const cabinet: MechanismOptions = {
  links: [CARCASS, DRAWER],
  colors: [
    [0.82, 0.72, 0.58, 1],
    [0.9, 0.35, 0.2, 1],
  ],
};
