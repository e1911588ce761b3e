// BinPick-v1: pick the object that is asked for out of a bin and put it into a tray.
import {
  type Area,
  assertGraspable,
  assertReachable,
  type BodyShape,
  CELL_DEFAULTS,
  type Color,
  defineEnv,
  distance,
  drawStart,
  type FixtureOptions,
  type FreeBody,
  findRobot,
  fromTool,
  grasped,
  graspTerm,
  gripperObservation,
  liftTerm,
  nearTerm,
  observationGroup,
  quarterYaw,
  type Random,
  RobotCell,
  type RobotModel,
  randomYaw,
  sampleArea,
  scalar,
  share,
  subtract,
  toolObservation,
  UsageError,
  type Vec3,
  vector,
} from "../src/index.js";

/** What lies in the bin; the target is one of them. `radius` is that of the circle it stands in; lengths in m. */
const OBJECTS: readonly { name: string; shape: BodyShape; height: number; radius: number; color: Color }[] = [
  {
    name: "cube",
    shape: { type: "box", halfExtents: [0.02, 0.02, 0.02] },
    height: 0.04,
    radius: 0.0283,
    color: [0.9, 0.35, 0.2, 1],
  },
  {
    name: "tall box",
    shape: { type: "box", halfExtents: [0.018, 0.018, 0.025] },
    height: 0.05,
    radius: 0.0255,
    color: [0.95, 0.75, 0.2, 1],
  },
  {
    name: "can",
    shape: { type: "cylinder", radius: 0.02, length: 0.05 },
    height: 0.05,
    radius: 0.02,
    color: [0.25, 0.5, 0.85, 1],
  },
  {
    name: "puck",
    shape: { type: "cylinder", radius: 0.022, length: 0.036 },
    height: 0.036,
    radius: 0.022,
    color: [0.45, 0.35, 0.8, 1],
  },
  {
    name: "ball",
    shape: { type: "sphere", radius: 0.02 },
    height: 0.04,
    radius: 0.02,
    color: [0.85, 0.25, 0.5, 1],
  },
  {
    name: "small ball",
    shape: { type: "sphere", radius: 0.017 },
    height: 0.034,
    radius: 0.017,
    color: [0.2, 0.65, 0.65, 1],
  },
];
/** Objects start at least this far from each other, m: neighbours nearly touch. */
const BETWEEN = 0.002;
/** Beside the target, along the way of the fingers and across it, no other centre lies within this, m. */
const FINGERS = { along: 0.078, across: 0.038 };
/** At difficulty 0 there is this much more room, m. */
const EASY_ROOM = 0.02;
/** Round things are braked by this lever when they roll, m. */
const ROLLING = 0.001;
/** Objects fall from this height and have this long to come to rest, m and s. */
const DROP = 0.008;
const SETTLE = 0.3;
/** Walls of the bin and of the tray: half thickness and height, m. The hand passes 3 cm above the fingertips. */
const BIN_WALL = { half: 0.005, height: 0.03 };
const TRAY_WALL = { half: 0.004, height: 0.012 };
/** Extents of the tray's floor, m, and the gap to the bin's floor. */
const TRAY = [0.08, 0.14] as const;
const GAP = 0.025;
/** The bin reaches this far beyond the robot's task region, and is at least this long, m. */
const BEYOND = 0.02;
const SHORTEST = 0.16;
/** Objects start this far from the bin's walls; the target further along the way of the fingers, m. */
const MARGIN = 0.029;
const TARGET_MARGIN = 0.064;
/** A target this much above the floor of the bin is lifted, m. */
const LIFTED = 0.06;
/** Slower than this is at rest, m/s. */
const AT_REST = 0.1;
/** Fingers (m each) still hold the target at the first and have let go at the second. */
const HOLDING = 0.022;
const LET_GO = 0.03;
/** Tries before all are drawn anew, and how often that is done before the layout is given up. */
const MAX_TRIES = 500;
const MAX_LAYOUTS = 200;
const GREY: Color = [0.5, 0.52, 0.55, 1];

/** Six boxes, cylinders and balls in a bin; one, drawn anew in each episode, goes into the tray and is let go; 3.5 s. */
export const binPick = defineEnv({
  id: "BinPick-v1",
  description: "Pick the marked object out of a bin of boxes, cylinders and balls and put it into a tray.",
  maxEpisodeSteps: 70,
  defaults: {
    ...CELL_DEFAULTS,
    rewardWeights: { reach: 0.1, grasp: 0.1, lift: 0.15, place: 0.25, release: 0.15, success: 0.25 },
  },
  build(config): BinScene {
    const robot = findRobot(config.robot);
    const { bin, tray } = floors(robot);
    if (bin.high[0] - bin.low[0] < SHORTEST) {
      throw new UsageError(
        `The task region of robot "${robot.id}" cannot hold the bin and the tray of BinPick-v1. ` +
          "Choose a robot that reaches further.",
      );
    }
    assertReachable(
      robot,
      { low: [tray.low[0], bin.low[1], 0.02], high: [bin.high[0], bin.high[1], 0.11] },
      "BinPick-v1",
    );
    assertGraspable(robot, 0.044, "BinPick-v1");
    const simulation = new RobotCell({
      ...config,
      objects: OBJECTS.map(({ name, shape, color }) => ({
        name,
        shape,
        color,
        mass: 0.1,
        friction: 0.8,
        rollingResistance: shape.type === "box" ? 0 : ROLLING,
      })),
      fixtures: [...wallsAround(bin, BIN_WALL), ...wallsAround(tray, TRAY_WALL)],
      goal: { radius: 0.034, color: [0.1, 0.75, 0.35, 0.35] },
      areas: [bin, tray],
    });
    return { simulation, bin, tray, objects: simulation.objects };
  },
  reset({ simulation, bin, objects }, random, _, difficulty) {
    const target = Math.min(OBJECTS.length - 1, Math.floor(random.uniform(0, OBJECTS.length)));
    const radii = objects.map((object, index) => OBJECTS[index]!.radius * sizeOf(object, index));
    const places = layOut(bin, target, radii, random, difficulty);
    for (const [index, object] of objects.entries()) {
      const [x, y] = places[index]!;
      object.setPose([x, y, OBJECTS[index]!.height / 2 + DROP], randomYaw(random));
    }
    simulation.marked = target;
    simulation.resetAndSettle(drawStart(random, simulation.model), SETTLE);
  },
  observation: [
    toolObservation,
    gripperObservation,
    observationGroup<BinScene>("target", [
      fromTool("target_from_tcp", targetOf),
      vector("tray_from_target", "m", (scene) => subtract(placeOf(scene), targetOf(scene).position)),
      quarterYaw(targetOf),
      scalar("is_box", "1", (scene) => (targetOf(scene).shape.type === "box" ? 1 : 0)),
      scalar("is_cylinder", "1", (scene) => (targetOf(scene).shape.type === "cylinder" ? 1 : 0)),
      scalar("is_ball", "1", (scene) => (targetOf(scene).shape.type === "sphere" ? 1 : 0)),
      scalar("half_height", "m", (scene) => halfHeightOf(targetOf(scene)), [0, 0.1]),
      grasped(targetOf),
      // all but the target, in their order
      ...Array.from({ length: OBJECTS.length - 1 }, (_, k) =>
        fromTool<BinScene>(
          `other_${k}_from_tcp`,
          ({ simulation: { marked }, objects }) => objects[k < marked ? k : k + 1]!,
        ),
      ),
    ]),
  ],
  success: (scene) => lies(scene) && isLetGo(scene),
  reward(scene) {
    const { simulation, bin, tray } = scene;
    const target = targetOf(scene);
    const position = target.position;
    const place = nearTerm(distance(position, placeOf(scene)));
    if (lies(scene)) {
      const release = share(simulation.fingerOpening - HOLDING, LET_GO - HOLDING);
      const success = isLetGo(scene) ? 1 : 0;
      return { reach: 1, grasp: 1, lift: 1, place, release, success };
    }
    const grasp = graspTerm(simulation, target);
    // over the tray it may go down again
    const over = position[0] < (bin.low[0] + tray.high[0]) / 2;
    const lift = over ? 1 : liftTerm(position[2], halfHeightOf(target), LIFTED);
    return {
      reach: nearTerm(distance(position, simulation.tcp.position)),
      grasp,
      lift: grasp * lift,
      place: grasp * place,
      release: 0,
      success: 0,
    };
  },
});

interface BinScene {
  readonly simulation: RobotCell;
  readonly bin: Area;
  readonly tray: Area;
  readonly objects: readonly FreeBody[];
}

/** The floors of the bin, at the far end of the robot's task region, and of the tray, at its near end. */
function floors({ taskRegion: { low, high } }: RobotModel): { bin: Area; tray: Area } {
  const middle = (low[1] + high[1]) / 2;
  const near = low[0] - 0.01;
  return {
    bin: {
      name: "bin floor",
      low: [near + TRAY[0] + GAP, low[1] + 0.02, 0],
      high: [high[0] + BEYOND, high[1] - 0.02, 0],
      color: [0.2, 0.45, 0.9, 0.1],
    },
    tray: {
      name: "tray floor",
      low: [near, middle - TRAY[1] / 2, 0],
      high: [near + TRAY[0], middle + TRAY[1] / 2, 0],
      color: [0.1, 0.75, 0.35, 0.2],
    },
  };
}

/** Four walls around a floor, named after it. */
function wallsAround(
  { name, low, high }: Area,
  { half, height }: typeof BIN_WALL,
): (FixtureOptions & { color: Color })[] {
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

/**
 * Draw where objects, which stand in circles of these radii (m), start: nearly touching, but with room for the fingers, which
 * close along y, beside the target. A `difficulty` below 1 draws the target nearer to the middle and leaves more room beside
 * it, as far as the bin then still holds them.
 */
function layOut(
  { name, low, high, color }: Area,
  target: number,
  radii: readonly number[],
  random: Random,
  difficulty: number,
): Vec3[] {
  const inset = (y: number): Area => ({
    name,
    color,
    low: [low[0] + MARGIN, low[1] + y, 0],
    high: [high[0] - MARGIN, high[1] - y, 0],
  });
  const [anywhere, central] = [inset(MARGIN), inset(TARGET_MARGIN)];
  const placed: Vec3[] = [];
  let used = difficulty;
  for (let tries = 1; placed.length < OBJECTS.length; tries++) {
    // the first ones may lie so that no place is left for the rest: then all are drawn anew
    if (tries % MAX_TRIES === 0) {
      placed.length = 0;
      used = Math.min(1, used + 0.1);
    }
    if (tries === MAX_TRIES * MAX_LAYOUTS)
      throw new Error(`the ${name} cannot hold ${OBJECTS.length} objects`);
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
  return OBJECTS.map((_, index) => placed[index === target ? 0 : index < target ? index + 1 : index]!);

  /** The object that is placed as number `turn`. */
  function order(turn: number): number {
    return turn === 0 ? target : turn <= target ? turn - 1 : turn;
  }
}

function targetOf({ simulation, objects }: BinScene): FreeBody {
  return objects[simulation.marked]!;
}

/** Where the target's centre is wanted: resting in the middle of the tray. */
function placeOf(scene: BinScene): Vec3 {
  const { low, high } = scene.tray;
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, halfHeightOf(targetOf(scene))];
}

/** How high an upright object's centre is above what it stands on, m: randomisation may change its size. */
function halfHeightOf({ shape }: FreeBody): number {
  if (shape.type === "box") return shape.halfExtents[2];
  if (shape.type === "sphere") return shape.radius;
  if (shape.type === "cylinder") return shape.length / 2;
  throw new Error(`there is no ${shape.type} in the bin`);
}

/** How many times as large as usual an object is. */
function sizeOf(object: FreeBody, index: number): number {
  return (2 * halfHeightOf(object)) / OBJECTS[index]!.height;
}

/** Whether the target is down inside the tray, held or not. */
function lies(scene: BinScene): boolean {
  const { low, high } = scene.tray;
  const target = targetOf(scene);
  const [x, y, z] = target.position;
  return x > low[0] && x < high[0] && y > low[1] && y < high[1] && z < halfHeightOf(target) + 0.006;
}

function isLetGo(scene: BinScene): boolean {
  const target = targetOf(scene);
  return !scene.simulation.isGrasped(target) && Math.hypot(...target.velocity) < AT_REST;
}
