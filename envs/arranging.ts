// What Stack, StackTower and Sort share: cubes that are carried to their places one after another and let go.
import {
  type Area,
  assertGraspable,
  assertRoom,
  type CELL_DEFAULTS,
  type Color,
  derived,
  drawStart,
  type EnvId,
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
  type Random,
  RobotCell,
  randomYaw,
  reachTerm,
  SPEED_RANGE,
  sampleApart,
  scalar,
  share,
  subtract,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";
import { fittedCube, LEAST_EDGE } from "./fitted-cube.js";

/** Settings of the cubes. */
export const CUBE_DEFAULTS = {
  /** Edge of a cube, m. */
  cubeSize: 0.04,
  /** Mass of a cube, kg. */
  cubeMass: 0.1,
  /** Coulomb coefficient of the cubes. */
  cubeFriction: 0.8,
  /** Cubes start at least this far apart, m: open fingers fit between two. */
  cubeDistance: 0.09,
  /** A cube this high above where it lay counts as lifted, m; higher where its place is higher. */
  liftHeight: 0.04,
  /** A cube lies in its place where its centre is at most this far from its height there, m. */
  heightTolerance: 0.004,
  /** A cube slower than this is at rest, m/s. */
  restSpeed: 0.1,
};

/** What `CUBE_DEFAULTS` may be. */
export const CUBE_RANGES = {
  cubeSize: { least: LEAST_EDGE, most: 0.2, unit: "m" },
  cubeMass: MASS_RANGE,
  cubeFriction: FRICTION_RANGE,
  cubeDistance: LENGTH_RANGE,
  liftHeight: LENGTH_RANGE,
  heightTolerance: LENGTH_RANGE,
  restSpeed: SPEED_RANGE,
} as const;

/** Weights of the reward terms that all tasks of arranging cubes have. */
export const ARRANGING_WEIGHTS = {
  /** The tool is near the cube to be moved next; here and below each cube counts the same, and fully once it is done. */
  reach: 0.1,
  /** The fingers hold that cube. */
  grasp: 0.1,
  /** It is held high enough to be carried to its place. */
  lift: 0.15,
  /** It is held near its place, or lies there. */
  place: 0.25,
  /** It lies in place and the fingers open. */
  release: 0.15,
  /** Share of the cubes that lie in place, let go and at rest. */
  done: 0.25,
};

/** Fingers that stand this much further apart than a cube is wide, m each, have let go. */
const LET_GO = 0.01;

type CubeSettings = typeof CUBE_DEFAULTS;

/** What there is in such a task. */
export interface ArrangementScene {
  readonly simulation: RobotCell;
  readonly cubes: readonly FreeBody[];
  /** Where cubes start. */
  readonly spawn: Area;
  readonly settings: CubeSettings;
  /** Return where the centre of cube `index` is wanted, m. */
  place(index: number): Vec3;
  /** Whether cube `index` is where it belongs, held or not. */
  lies(index: number): boolean;
}

/** Return the settings of cubes that the robot takes at any turn, and by what share they are smaller; nothing where they are as they are. */
export function fittedCubes(config: typeof CELL_DEFAULTS & CubeSettings) {
  const fitted = fittedCube(config);
  if (!fitted) return undefined;
  const { cube, share } = fitted;
  const { liftHeight, heightTolerance } = config;
  return {
    share,
    cubes: { ...cube, liftHeight: share * liftHeight, heightTolerance: share * heightTolerance },
  };
}

/** Build cubes of these colours, which start in the first of the areas; throws where the robot cannot hold them, or the area. */
export function buildCubes(
  config: typeof CELL_DEFAULTS & CubeSettings,
  who: EnvId,
  colors: readonly Color[],
  areas: readonly [Area, ...Area[]],
): Pick<ArrangementScene, "simulation" | "cubes" | "spawn" | "settings"> {
  const { cubeSize, cubeMass, cubeFriction, cubeDistance } = config;
  const [spawn] = areas;
  assertGraspable(findRobot(config.robot), cubeSize, who);
  assertRoom(spawn, colors.length, cubeDistance);
  const half = cubeSize / 2;
  const boxes = colors.map((color, index) => ({
    name: `cube ${index}`,
    halfExtents: [half, half, half] as const,
    mass: cubeMass,
    friction: cubeFriction,
    color,
  }));
  const simulation = new RobotCell({ ...config, boxes, areas });
  return { simulation, cubes: simulation.boxes, spawn, settings: config };
}

/** Place the cubes apart, the arm where it starts; `order` (default: as drawn) says which place is whose. */
export function resetCubes(
  { simulation, spawn, cubes, settings }: ArrangementScene,
  random: Random,
  difficulty: number,
  order: (places: readonly Vec3[]) => readonly Vec3[] = (places) => places,
): void {
  const places = order(sampleApart(spawn, cubes.length, settings.cubeDistance, random, difficulty));
  for (const [index, cube] of cubes.entries()) cube.setPose(places[index]!, randomYaw(random));
  simulation.reset(drawStart(random, simulation.model));
}

/**
 * Observe and reward a task in which cubes are moved in the order of their indices, from `firstMoved` on; those before it stay
 * where they are.
 */
export function arranging({
  numCubes,
  firstMoved,
}: {
  readonly numCubes: number;
  readonly firstMoved: number;
}) {
  const moves = numCubes - firstMoved;
  const others = numCubes - (firstMoved > 0 ? 2 : 1);
  return {
    observation: [
      toolObservation,
      gripperObservation,
      observationGroup<ArrangementScene>("cubes", [
        derived<ArrangementScene, NextMove>(
          (scene) => nextMove(scene, firstMoved),
          [
            fromTool("next_from_tcp", ({ next }) => next),
            vector("place_from_next", "m", ({ place, next }) => subtract(place, next.position)),
            quarterYaw(({ next }) => next),
            grasped(({ next }) => next),
            scalar("done", "1", ({ done }) => done / moves),
            ...Array.from({ length: others }, (_, k) =>
              fromTool<NextMove>(`other_${k}_from_tcp`, (move) => move.others[k]!),
            ),
          ],
        ),
      ]),
    ],
    success: (scene: ArrangementScene) => countDone(scene, firstMoved) === moves,
    reward(scene: ArrangementScene) {
      const done = countDone(scene, firstMoved);
      const now = done === moves ? ALL : stage(scene, firstMoved + done);
      // each cube counts the same; those that are done have all their terms at 1
      const ofAll = (term: number) => (Math.min(done, moves - 1) + term) / moves;
      return {
        reach: ofAll(now.reach),
        grasp: ofAll(now.grasp),
        lift: ofAll(now.lift),
        place: ofAll(now.place),
        release: ofAll(now.release),
        done: done / moves,
      };
    },
  };
}

interface NextMove {
  readonly simulation: RobotCell;
  /** Moves that are done. */
  readonly done: number;
  /** The cube that is to be moved, and where to; the last one where all is done. */
  readonly next: FreeBody;
  readonly place: Vec3;
  /** Those that are neither moved nor, in a tower, moved to. */
  readonly others: readonly FreeBody[];
}

function nextMove(scene: ArrangementScene, firstMoved: number): NextMove {
  const { simulation, cubes } = scene;
  const done = countDone(scene, firstMoved);
  const index = Math.min(firstMoved + done, cubes.length - 1);
  const under = firstMoved > 0 ? index - 1 : -1;
  return {
    simulation,
    done,
    next: cubes[index]!,
    place: scene.place(index),
    others: cubes.filter((_, other) => other !== index && other !== under),
  };
}

const ALL = { reach: 1, grasp: 1, lift: 1, place: 1, release: 1 };

/** How far the move of cube `index` is: terms from 0 to 1. */
function stage(scene: ArrangementScene, index: number): typeof ALL {
  const { simulation, cubes, settings } = scene;
  const cube = cubes[index]!;
  const half = settings.cubeSize / 2;
  const wanted = scene.place(index);
  const place = placeTerm(cube, wanted);
  if (scene.lies(index)) {
    const release = share(simulation.fingerOpening - half, half + LET_GO - half);
    return { ...ALL, place, release };
  }
  const grasp = graspTerm(simulation, cube);
  return {
    reach: reachTerm(simulation, cube),
    grasp,
    lift: grasp * liftTerm(cube.position[2], half, Math.max(settings.liftHeight, wanted[2] - half)),
    place: grasp * place,
    release: 0,
  };
}

/** Count the moves that are done: cubes that lie in place, let go and at rest, up to the first that does not. */
function countDone(scene: ArrangementScene, firstMoved: number): number {
  const { simulation, cubes, settings } = scene;
  for (let index = firstMoved; index < cubes.length; index++) {
    const cube = cubes[index]!;
    if (!scene.lies(index) || simulation.isGrasped(cube) || Math.hypot(...cube.velocity) > settings.restSpeed)
      return index - firstMoved;
  }
  return cubes.length - firstMoved;
}
