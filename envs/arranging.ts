// What Stack, StackTower and Sort share: cubes that are carried to their places one after another and let go.
import {
  type Area,
  assertGraspable,
  CELL_DEFAULTS,
  type Color,
  createRandom,
  defineEnv,
  derived,
  distance,
  drawStart,
  type EnvId,
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
  RobotCell,
  type RobotModel,
  randomYaw,
  sampleApart,
  scalar,
  share,
  subtract,
  toolObservation,
  type Vec3,
  vector,
} from "../src/index.js";

/** Half an edge of a cube, m. */
export const HALF = 0.02;
/** Slower than this is at rest, m/s. */
const AT_REST = 0.1;
/** Fingers (m each) hold a cube at the first and have let go at the second. */
const HOLDING = 0.02;
const LET_GO = 0.03;
/** A cube this much above where it lay is lifted, m; more where its place is higher. */
const LIFTED = 0.04;

/** A task of this kind. */
export interface Arrangement {
  readonly id: EnvId;
  readonly description: string;
  readonly maxEpisodeSteps: number;
  /** One per cube. */
  readonly colors: readonly Color[];
  /** Cubes start at least this far apart, m. */
  readonly apart: number;
  /** Index of the first cube that is to be moved; those before it stay where they are. */
  readonly firstMoved: number;
  /** Return `places`, drawn at random, in the order of the cubes; default: as drawn. */
  order?(places: readonly Vec3[]): readonly Vec3[];
  /** The area that cubes start in, then others that are drawn; throws where `robot` cannot do the task there. */
  areas(robot: RobotModel): readonly [Area, ...Area[]];
  /** Return where the centre of cube `index` is wanted, m. */
  place(scene: ArrangementScene, index: number): Vec3;
  /** Whether cube `index` is where it belongs, held or not. */
  lies(scene: ArrangementScene, index: number): boolean;
}

/** What there is in such a task. */
export interface ArrangementScene {
  readonly simulation: RobotCell;
  readonly areas: readonly [Area, ...Area[]];
  readonly cubes: readonly FreeBody[];
}

/** Define the environment: cubes are moved in the order of their indices. */
export function arrangementEnv(task: Arrangement) {
  const { id, description, maxEpisodeSteps, colors, firstMoved } = task;
  const moves = colors.length - firstMoved;
  const others = colors.length - (firstMoved > 0 ? 2 : 1);
  return defineEnv({
    id,
    description,
    maxEpisodeSteps,
    defaults: {
      ...CELL_DEFAULTS,
      rewardWeights: { reach: 0.1, grasp: 0.1, lift: 0.15, place: 0.25, release: 0.15, done: 0.25 },
    },
    build(config): ArrangementScene {
      const robot = findRobot(config.robot);
      const areas = task.areas(robot);
      assertGraspable(robot, 2 * HALF, id);
      // told now rather than at the first reset
      sampleApart(areas[0], colors.length, task.apart, createRandom(id));
      const boxes = colors.map((color, index) => ({
        name: `cube ${index}`,
        halfExtents: [HALF, HALF, HALF] as const,
        mass: 0.1,
        friction: 0.8,
        color,
      }));
      const simulation = new RobotCell({ ...config, boxes, areas });
      return { simulation, areas, cubes: simulation.boxes };
    },
    reset({ simulation, areas, cubes }, random, _, difficulty) {
      const drawn = sampleApart(areas[0], cubes.length, task.apart, random, difficulty);
      const places = task.order?.(drawn) ?? drawn;
      for (const [index, cube] of cubes.entries()) cube.setPose(places[index]!, randomYaw(random));
      simulation.reset(drawStart(random, simulation.model));
    },
    observation: [
      toolObservation,
      gripperObservation,
      observationGroup<ArrangementScene>("cubes", [
        derived<ArrangementScene, NextMove>(
          (scene) => nextMove(task, scene),
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
    success: (scene) => countDone(task, scene) === moves,
    reward(scene) {
      const done = countDone(task, scene);
      const now = done === moves ? ALL : stage(task, scene, firstMoved + done);
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
  });
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

function nextMove(task: Arrangement, scene: ArrangementScene): NextMove {
  const { simulation, cubes } = scene;
  const done = countDone(task, scene);
  const index = Math.min(task.firstMoved + done, cubes.length - 1);
  const under = task.firstMoved > 0 ? index - 1 : -1;
  return {
    simulation,
    done,
    next: cubes[index]!,
    place: task.place(scene, index),
    others: cubes.filter((_, other) => other !== index && other !== under),
  };
}

const ALL = { reach: 1, grasp: 1, lift: 1, place: 1, release: 1 };

/** How far the move of cube `index` is: terms from 0 to 1. */
function stage(task: Arrangement, scene: ArrangementScene, index: number): typeof ALL {
  const { simulation, cubes } = scene;
  const cube = cubes[index]!;
  const position = cube.position;
  const wanted = task.place(scene, index);
  const place = nearTerm(distance(position, wanted));
  if (task.lies(scene, index)) {
    const release = share(simulation.fingerOpening - HOLDING, LET_GO - HOLDING);
    return { ...ALL, place, release };
  }
  const grasp = graspTerm(simulation, cube);
  return {
    reach: nearTerm(distance(position, simulation.tcp.position)),
    grasp,
    lift: grasp * liftTerm(position[2], HALF, Math.max(LIFTED, wanted[2] - HALF)),
    place: grasp * place,
    release: 0,
  };
}

/** Count the moves that are done: cubes that lie in place, let go and at rest, up to the first that does not. */
function countDone(task: Arrangement, scene: ArrangementScene): number {
  const { simulation, cubes } = scene;
  for (let index = task.firstMoved; index < cubes.length; index++) {
    const cube = cubes[index]!;
    if (!task.lies(scene, index) || simulation.isGrasped(cube) || Math.hypot(...cube.velocity) > AT_REST)
      return index - task.firstMoved;
  }
  return cubes.length - task.firstMoved;
}
