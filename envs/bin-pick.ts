// BinPick-v1: pick the object that is asked for out of a bin and put it into a tray.
import {
  type Area,
  assertGraspable,
  assertReachable,
  CELL_DEFAULTS,
  createRandom,
  defineEnv,
  drawStart,
  FRICTION_RANGE,
  type FreeBody,
  findRobot,
  fromTool,
  grasped,
  graspTerm,
  gripperObservation,
  LENGTH_RANGE,
  liftTerm,
  MASS_RANGE,
  observationGroup,
  placeTerm,
  quarterYaw,
  RobotCell,
  randomYaw,
  reachTerm,
  SPEED_RANGE,
  scalar,
  share,
  subtract,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";
import {
  BIN_SIZES,
  fittedSizes,
  floors,
  LEAST_SIZE,
  layOut,
  marginOf,
  NUM_OBJECTS,
  objectsOf,
  wallsOf,
} from "./bin.js";

/** Objects fall from this height and have this long to come to rest, m and s. */
const DROP = 0.008;
const SETTLE = 0.3;
/** Fingers that stand this much further apart than the widest object, m each, have let go. */
const LET_GO = 0.008;
/** The target is down in the tray where it is at most this much higher than at rest there, m. */
const DOWN = 0.006;
/** The hand passes this high, m. */
const CARRIED = 0.11;

/** Six boxes, cylinders and balls in a bin; one, drawn anew in each episode, goes into the tray and is let go; 3.5 s. */
export const binPick = defineEnv({
  id: "BinPick-v1",
  description: "Pick the marked object out of a bin of boxes, cylinders and balls and put it into a tray.",
  maxEpisodeSteps: 70,
  defaults: {
    ...CELL_DEFAULTS,
    sizes: BIN_SIZES,
    /** Mass of each object, kg. */
    objectMass: 0.1,
    /** Coulomb coefficient of the objects. */
    objectFriction: 0.8,
    /** Round things are braked by this lever when they roll, m. */
    rollingResistance: 0.001,
    /** Height of the bin's walls, m. The hand passes 3 cm above the fingertips. */
    binHeight: 0.03,
    /** Extents of the tray's floor along x and y, and the height of its walls, m. */
    trayLength: 0.08,
    trayWidth: 0.14,
    trayHeight: 0.012,
    /** A target this much above the floor of the bin counts as lifted, m. */
    liftHeight: 0.06,
    /** A target slower than this is at rest, m/s. */
    restSpeed: 0.1,
    rewardWeights: {
      /** The tool is near the object. */
      reach: 0.1,
      /** The fingers hold it. */
      grasp: 0.1,
      /** It is held high enough to leave the bin, or is over the tray. */
      lift: 0.15,
      /** It is held near its place in the tray. */
      place: 0.25,
      /** It lies in the tray and the fingers open. */
      release: 0.15,
      /** It lies in the tray, let go and at rest. */
      success: 0.25,
    },
  },
  ranges: {
    // what the fingers have room for beside each other
    sizes: { least: LEAST_SIZE, most: 0.06, unit: "m" },
    objectMass: MASS_RANGE,
    objectFriction: FRICTION_RANGE,
    rollingResistance: { least: 0, most: 0.1, unit: "m" },
    binHeight: { least: 0.005, most: 0.05, unit: "m" },
    trayLength: { least: 0.02, most: 0.5, unit: "m" },
    trayWidth: { least: 0.02, most: 0.5, unit: "m" },
    trayHeight: { least: 0.005, most: 0.05, unit: "m" },
    liftHeight: LENGTH_RANGE,
    restSpeed: SPEED_RANGE,
  },
  fitted: ({ robot, sizes, objectMass }) => fittedSizes(robot, sizes, objectMass),
  build(config): BinScene {
    const { objectMass, objectFriction, rollingResistance } = config;
    const robot = findRobot(config.robot);
    const made = objectsOf(config.sizes);
    const { bin, tray } = floors(robot, config);
    assertReachable(
      robot,
      { low: [tray.low[0], bin.low[1], 0.02], high: [bin.high[0], bin.high[1], CARRIED] },
      "BinPick-v1",
    );
    const widest = Math.max(...made.map(({ width }) => width));
    assertGraspable(robot, widest, "BinPick-v1");
    const radii = made.map(({ radius }) => radius);
    const margin = marginOf(bin, radii);
    // told now rather than at the first reset
    for (const target of made.keys()) layOut({ bin, margin }, target, radii, createRandom("BinPick-v1"), 1);
    const simulation = new RobotCell({
      ...config,
      objects: made.map(({ name, shape, color }) => ({
        name,
        shape,
        color,
        mass: objectMass,
        friction: objectFriction,
        rollingResistance: shape.type === "box" ? 0 : rollingResistance,
      })),
      fixtures: wallsOf({ bin, tray }, config),
      goal: { radius: 0.034, color: [0.1, 0.75, 0.35, 0.35] },
      areas: [bin, tray],
    });
    return { simulation, bin, tray, margin, made, holding: widest / 2, objects: simulation.objects };
  },
  reset({ simulation, bin, margin, made, objects }, random, _, difficulty) {
    const target = Math.min(NUM_OBJECTS - 1, Math.floor(random.uniform(0, NUM_OBJECTS)));
    const radii = made.map(({ radius, height }, index) => radius * sizeOf(objects[index]!, height));
    const places = layOut({ bin, margin }, target, radii, random, difficulty);
    for (const [index, object] of objects.entries()) {
      const [x, y] = places[index]!;
      object.setPose([x, y, made[index]!.height / 2 + DROP], randomYaw(random));
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
      ...Array.from({ length: NUM_OBJECTS - 1 }, (_, k) =>
        fromTool<BinScene>(
          `other_${k}_from_tcp`,
          ({ simulation: { marked }, objects }) => objects[k < marked ? k : k + 1]!,
        ),
      ),
    ]),
  ],
  success: (scene, { restSpeed }) => lies(scene) && isLetGo(scene, restSpeed),
  reward(scene, { liftHeight, restSpeed }) {
    const { simulation, bin, tray, holding } = scene;
    const target = targetOf(scene);
    const place = placeTerm(target, placeOf(scene));
    if (lies(scene)) {
      const release = share(simulation.fingerOpening - holding, holding + LET_GO - holding);
      const success = isLetGo(scene, restSpeed) ? 1 : 0;
      return { reach: 1, grasp: 1, lift: 1, place, release, success };
    }
    const grasp = graspTerm(simulation, target);
    // over the tray it may go down again
    const over = target.position[0] < (bin.low[0] + tray.high[0]) / 2;
    const lift = over ? 1 : liftTerm(target.position[2], halfHeightOf(target), liftHeight);
    return {
      reach: reachTerm(simulation, target),
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
  /** How far from the bin's walls the middles of objects start, m. */
  readonly margin: number;
  /** What the objects were made as. */
  readonly made: ReturnType<typeof objectsOf>;
  readonly objects: readonly FreeBody[];
  /** Fingers that stand this far apart, m each, hold the widest object. */
  readonly holding: number;
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

/** How many times as large as it was made, with `height` m, an object is. */
function sizeOf(object: FreeBody, height: number): number {
  return (2 * halfHeightOf(object)) / height;
}

/** Whether the target is down inside the tray, held or not. */
function lies(scene: BinScene): boolean {
  const { low, high } = scene.tray;
  const target = targetOf(scene);
  const [x, y, z] = target.position;
  return x > low[0] && x < high[0] && y > low[1] && y < high[1] && z < halfHeightOf(target) + DOWN;
}

function isLetGo(scene: BinScene, restSpeed: number): boolean {
  const target = targetOf(scene);
  return !scene.simulation.isGrasped(target) && Math.hypot(...target.velocity) < restSpeed;
}
