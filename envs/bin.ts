// The bin of BinPick-v1: what lies in it and where, its floor and walls, and those of the tray.
import {
  type Area,
  type Color,
  type FixtureOptions,
  type Random,
  type RobotModel,
  sampleArea,
  UsageError,
  type Vec3,
} from "../src/index.js";
import { fittedCube } from "./fitted-cube.js";

/** Sizes of what lies in the bin, of the tray and of the walls, m. */
export const BIN_SIZES = {
  /** Edge of the cube. */
  cubeSize: 0.04,
  /** Width, which is also the depth, and height of the tall box. */
  boxWidth: 0.036,
  boxHeight: 0.05,
  canRadius: 0.02,
  canHeight: 0.05,
  puckRadius: 0.022,
  puckHeight: 0.036,
  ballRadius: 0.02,
  smallBallRadius: 0.017,
};

/** Least of the sizes, m: the small ball's radius where the cube is the smallest. */
export const LEAST_SIZE = 0.004;
/** Objects in the bin. */
export const NUM_OBJECTS = 6;
/** Objects start at least this far from each other, m: neighbours nearly touch. */
const BETWEEN = 0.002;
/** Beside the target, along the way of the fingers and across it, no other centre lies within this, m. */
const FINGERS = { along: 0.078, across: 0.038 };
/** At difficulty 0 there is this much more room, m. */
const EASY_ROOM = 0.02;
/** Half thickness of the walls of the bin and of the tray, m. */
const BIN_WALL = 0.005;
const TRAY_WALL = 0.004;
/** Gap between the bin's floor and the tray's, m. */
const GAP = 0.025;
/** The bin reaches this far beyond the robot's task region, and is at least this long, m. */
const BEYOND = 0.02;
const SHORTEST = 0.16;
/** Middles of objects start at least this far from the bin's walls; the target so much further along the way of the fingers, m. */
const MARGIN = 0.029;
const TARGET_MARGIN = 0.035;
/** Tries before all are drawn anew, and how often that is done before the layout is given up. */
const MAX_TRIES = 500;
const MAX_LAYOUTS = 200;
const GREY: Color = [0.5, 0.52, 0.55, 1];

/** Return the sizes and the mass (kg) of what `robot` takes at any turn; nothing where it takes all as it is. */
export function fittedSizes(robot: string, sizes: typeof BIN_SIZES, objectMass: number) {
  const fitted = fittedCube({ robot, cubeSize: sizes.cubeSize, cubeMass: objectMass });
  if (!fitted) return {};
  const { share, cube } = fitted;
  const scaled = Object.entries(sizes).map(([name, size]) => [name, share * size]);
  return { sizes: Object.fromEntries(scaled) as typeof BIN_SIZES, objectMass: cube.cubeMass };
}

/** Return what lies in the bin, in this order; the target is one of them. `radius` is that of the circle it stands in; lengths in m. */
export function objectsOf(sizes: typeof BIN_SIZES) {
  const box = (name: string, width: number, height: number, color: Color) => ({
    name,
    shape: { type: "box", halfExtents: [width / 2, width / 2, height / 2] } as const,
    width,
    height,
    // to the tenth of a millimetre above
    radius: Math.ceil(1e4 * Math.SQRT1_2 * width) / 1e4,
    color,
  });
  const cylinder = (name: string, radius: number, height: number, color: Color) => ({
    name,
    shape: { type: "cylinder", radius, length: height } as const,
    width: 2 * radius,
    height,
    radius,
    color,
  });
  const ball = (name: string, radius: number, color: Color) => ({
    name,
    shape: { type: "sphere", radius } as const,
    width: 2 * radius,
    height: 2 * radius,
    radius,
    color,
  });
  return [
    box("cube", sizes.cubeSize, sizes.cubeSize, [0.9, 0.35, 0.2, 1]),
    box("tall box", sizes.boxWidth, sizes.boxHeight, [0.95, 0.75, 0.2, 1]),
    cylinder("can", sizes.canRadius, sizes.canHeight, [0.25, 0.5, 0.85, 1]),
    cylinder("puck", sizes.puckRadius, sizes.puckHeight, [0.45, 0.35, 0.8, 1]),
    ball("ball", sizes.ballRadius, [0.85, 0.25, 0.5, 1]),
    ball("small ball", sizes.smallBallRadius, [0.2, 0.65, 0.65, 1]),
  ];
}

/** Return the floors of the bin, at the far end of the robot's task region, and of the tray, at its near end; throws where they do not fit. */
export function floors(
  { id, taskRegion: { low, high } }: RobotModel,
  { trayLength, trayWidth }: { readonly trayLength: number; readonly trayWidth: number },
): { bin: Area; tray: Area } {
  const middle = (low[1] + high[1]) / 2;
  const near = low[0] - 0.01;
  const [start, end] = [near + trayLength + GAP, high[0] + BEYOND];
  if (end - start < SHORTEST) {
    throw new UsageError(
      `The task region of robot "${id}" cannot hold the bin and the tray of BinPick-v1. ` +
        "Choose a robot that reaches further.",
    );
  }
  return {
    bin: {
      name: "bin floor",
      low: [start, low[1] + 0.02, 0],
      high: [end, high[1] - 0.02, 0],
      color: [0.2, 0.45, 0.9, 0.1],
    },
    tray: {
      name: "tray floor",
      low: [near, middle - trayWidth / 2, 0],
      high: [near + trayLength, middle + trayWidth / 2, 0],
      color: [0.1, 0.75, 0.35, 0.2],
    },
  };
}

/** Return the walls of the bin and of the tray, `binHeight` and `trayHeight` m high. */
export function wallsOf(
  { bin, tray }: { readonly bin: Area; readonly tray: Area },
  { binHeight, trayHeight }: { readonly binHeight: number; readonly trayHeight: number },
): Wall[] {
  return [...wallsAround(bin, BIN_WALL, binHeight), ...wallsAround(tray, TRAY_WALL, trayHeight)];
}

type Wall = FixtureOptions & { readonly color: Color };

/** Four walls around a floor, named after it. */
function wallsAround({ name, low, high }: Area, half: number, height: number): Wall[] {
  const [x, y, z] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, height / 2];
  const [hx, hy] = [(high[0] - low[0]) / 2, (high[1] - low[1]) / 2];
  const wall = (side: string, position: Vec3, halfExtents: Vec3) => ({
    name: `${name.split(" ")[0]} wall ${side}`,
    position,
    halfExtents,
    color: GREY,
  });
  return [
    wall("near", [low[0] - half, y, z], [half, hy + 2 * half, z]),
    wall("far", [high[0] + half, y, z], [half, hy + 2 * half, z]),
    wall("right", [x, low[1] - half, z], [hx, half, z]),
    wall("left", [x, high[1] + half, z], [hx, half, z]),
  ];
}

/** Return how far from the bin's walls the middles of objects of these radii start, m; throws where that leaves no room. */
export function marginOf({ low, high }: Area, radii: readonly number[]): number {
  const margin = Math.max(MARGIN, ...radii);
  const least = Math.min(high[0] - low[0] - 2 * margin, high[1] - low[1] - 2 * (margin + TARGET_MARGIN));
  if (least > 0) return margin;
  throw tooNarrow();
}

function tooNarrow(): UsageError {
  return new UsageError(
    "The bin of BinPick-v1 cannot hold its objects beside each other. Choose a robot that reaches further, or smaller objects.",
  );
}

/**
 * Draw where objects, which stand in circles of these radii (m), start: nearly touching, but with room for the fingers, which
 * close along y, beside the target. A `difficulty` below 1 draws the target nearer to the middle and leaves more room beside
 * it, as far as the bin then still holds them.
 */
export function layOut(
  { bin, margin }: { readonly bin: Area; readonly margin: number },
  target: number,
  radii: readonly number[],
  random: Random,
  difficulty: number,
): Vec3[] {
  const { name, low, high, color } = bin;
  const inset = (y: number): Area => ({
    name,
    color,
    low: [low[0] + margin, low[1] + y, 0],
    high: [high[0] - margin, high[1] - y, 0],
  });
  const [anywhere, central] = [inset(margin), inset(margin + TARGET_MARGIN)];
  const placed: Vec3[] = [];
  let used = difficulty;
  for (let tries = 1; placed.length < radii.length; tries++) {
    // the first ones may lie so that no place is left for the rest: then all are drawn anew
    if (tries % MAX_TRIES === 0) {
      placed.length = 0;
      used = Math.min(1, used + 0.1);
    }
    if (tries === MAX_TRIES * MAX_LAYOUTS) throw tooNarrow();
    // the target is placed first
    const place = placed.length === 0 ? sampleArea(central, random, used) : sampleArea(anywhere, random);
    const room = EASY_ROOM * (1 - used);
    const inTheWay = (x: number, y: number) =>
      Math.abs(place[0] - x) < FINGERS.across + room && Math.abs(place[1] - y) < FINGERS.along + room;
    const own = radii[order(placed.length)]!;
    const free = placed.every(
      ([x, y], index) =>
        Math.hypot(x - place[0], y - place[1]) >= own + radii[order(index)]! + BETWEEN &&
        !(index === 0 && inTheWay(x, y)),
    );
    if (free) placed.push(place);
  }
  return radii.map((_, index) => placed[index === target ? 0 : index < target ? index + 1 : index]!);

  /** The object that is placed as number `turn`. */
  function order(turn: number): number {
    return turn === 0 ? target : turn <= target ? turn - 1 : turn;
  }
}
