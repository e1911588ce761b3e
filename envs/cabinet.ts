// The cabinet of Drawer-v1: a carcass on a plinth and a drawer with a bar for a handle.
import {
  type CollisionShape,
  drawer,
  type LinkModel,
  MASS_RANGE,
  type MechanismOptions,
  type Vec3,
} from "../src/index.js";

/** Settings of the cabinet. */
export const CABINET_DEFAULTS = {
  /** How far the drawer opens, m. */
  drawerTravel: 0.22,
  /** Width of the drawer's front, m. */
  drawerWidth: 0.18,
  /** Mass of the drawer, kg. */
  drawerMass: 0.5,
  /** Force that brakes the drawer, N s/m. */
  drawerDamping: 20,
  /** Length of the bar that is the handle, m. */
  handleLength: 0.1,
  /** Room between the bar and the drawer's front, m. */
  handleGap: 0.06,
};

/** What `CABINET_DEFAULTS` may be. */
export const CABINET_RANGES = {
  drawerTravel: { least: 0.01, most: 1, unit: "m" },
  drawerWidth: { least: 0.1, most: 0.6, unit: "m" },
  drawerMass: MASS_RANGE,
  drawerDamping: { least: 0, most: 1000, unit: "N s/m" },
  handleLength: { least: 0.04, most: 0.6, unit: "m" },
  handleGap: { least: 0.03, most: 0.2, unit: "m" },
} as const;

type CabinetSettings = typeof CABINET_DEFAULTS;

/** Half the thickness of the bar, of the front, and of boards, m. */
const BAR = 0.008;
const FRONT = 0.008;
const BOARD = 0.004;
/** Upper and lower edge of the drawer's front against the bar, m. */
const TOP = 0.012;
const BOTTOM = -0.048;
/** How deep the drawer is behind its front, m. */
const DEPTH = 0.22;
/** Room between drawer and carcass, m. */
const CLEARANCE = 0.003;
/** The plinth reaches this far below the bar, m: to the table, or into it, at every height that the task draws. */
export const PLINTH = 0.085;

/** From the bar's middle to the middle of the room behind it, against the opening direction, m. */
export function hookOf({ handleGap }: CabinetSettings): number {
  return BAR + handleGap / 2;
}

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

/** A cabinet (by default of 21 x 26 cm) with one drawer; place it by the middle of the closed drawer's bar. */
export function cabinetOf(settings: CabinetSettings): MechanismOptions {
  return {
    links: [carcassOf(settings), drawerOf(settings)],
    colors: [
      [0.82, 0.72, 0.58, 1],
      [0.9, 0.35, 0.2, 1],
    ],
  };
}

function drawerOf(settings: CabinetSettings): LinkModel {
  const { drawerTravel, drawerMass, drawerDamping } = settings;
  const { face, back, half, inner } = depthsOf(settings);
  const bar = settings.handleLength / 2;
  return {
    ...drawer({
      name: "drawer",
      position: [0, 0, 0],
      axis: [1, 0, 0],
      travel: drawerTravel,
      mass: drawerMass,
      damping: drawerDamping,
      collision: [
        // the bar and its two posts
        between([-BAR, -bar, -BAR], [BAR, bar, BAR]),
        between([face, -bar, -BAR], [-BAR, -bar + 2 * BAR, BAR]),
        between([face, bar - 2 * BAR, -BAR], [-BAR, bar, BAR]),
        // front, floor, sides, back
        between([face - 2 * FRONT, -half, BOTTOM], [face, half, TOP]),
        between([back, -inner, BOTTOM], [face - 2 * FRONT, inner, BOTTOM + 2 * BOARD]),
        between([back, -inner, BOTTOM], [face - 2 * FRONT, -inner + 2 * BOARD, TOP - 0.01]),
        between([back, inner - 2 * BOARD, BOTTOM], [face - 2 * FRONT, inner, TOP - 0.01]),
        between([back, -inner, BOTTOM], [back + 2 * BOARD, inner, TOP - 0.01]),
      ],
    }),
    parent: 0,
  };
}

function carcassOf(settings: CabinetSettings): LinkModel {
  const { face, back, half } = depthsOf(settings);
  const outer = half + 2 * BOARD;
  const rear = back - CLEARANCE - 2 * BOARD;
  const mouth = face - 2 * FRONT;
  return {
    name: "cabinet",
    parent: -1,
    position: [0, 0, 0],
    quaternion: [0, 0, 0, 1],
    mass: 5,
    centerOfMass: [0, 0, 0],
    inertia: [1, 1, 1, 0, 0, 0],
    collision: [
      // lid, sides, back, plinth
      between([rear, -outer, TOP - 2 * BOARD], [mouth, outer, TOP]),
      between([rear, -outer, BOTTOM], [mouth, -half, TOP]),
      between([rear, half, BOTTOM], [mouth, outer, TOP]),
      between([rear, -outer, BOTTOM], [rear + 2 * BOARD, outer, TOP]),
      between([rear, -outer, -PLINTH], [mouth, outer, BOTTOM - CLEARANCE]),
    ],
  };
}

/** Where the front and the back of the closed drawer are along x, and half the widths of the front and of what is behind it, m. */
function depthsOf({ handleGap, drawerWidth }: CabinetSettings) {
  const face = -BAR - handleGap;
  const half = drawerWidth / 2;
  return { face, back: face - 2 * FRONT - DEPTH, half, inner: half - CLEARANCE };
}
