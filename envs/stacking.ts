// What Stack-v1 and StackTower-v1 share: cubes that are to be put one on another, in a fixed order, and let go.
import { type Area, sampleApart, tableArea } from "../src/env/area.js";
import { defineEnv } from "../src/env/define-env.js";
import type { EnvFactory } from "../src/env/env.js";
import { RobotCell } from "../src/env/robot-cell.js";
import type { FreeBody } from "../src/physics/free-body.js";
import type { Color } from "../src/replay/scene.js";
import { requireGrip, requireReach } from "../src/robots/reach.js";
import { fingerOpening } from "../src/robots/robot-model.js";
import { findRobot } from "../src/robots/robots.js";
import { CELL_DEFAULTS, drawStart, randomYaw } from "./cell-config.js";
import { gripperObservation, readQuarterYaw, toolObservation, vectorEntries } from "./observations.js";

const HALF = 0.02;
/** Cubes start at least this far apart, m: open fingers fit between two, and the hand beside a tower of two. */
const APART = { 2: 0.09, 3: 0.13 } as const;
/** A cube lies on another where its centre is this close to its place, m: it would stay there alone. */
const SIDEWAYS = 0.02;
const UPWARDS = 0.008;
/** Slower than this is at rest, m/s. */
const AT_REST = 0.1;
/** Fingers (m each) hold a cube at the first and have let go at the second. */
const HOLDING = 0.02;
const LET_GO = 0.03;
/** Cubes keep this far from the edge of the robot's task region, m: towers shall stand well within reach. */
const INSET = 0.02;
const COLORS: readonly Color[] = [
  [0.25, 0.5, 0.85, 1],
  [0.9, 0.35, 0.2, 1],
  [0.95, 0.75, 0.2, 1],
];

interface StackingScene {
  readonly simulation: RobotCell;
  readonly area: Area;
  /** From the bottom of the tower upwards. */
  readonly cubes: readonly FreeBody[];
}

/** Define a task in which cube 1 goes on cube 0, cube 2 on cube 1, and so on. */
export function stackingTask(task: {
  readonly id: string;
  readonly description: string;
  readonly numCubes: 2 | 3;
  readonly maxEpisodeSteps: number;
}): EnvFactory {
  const { id, description, numCubes, maxEpisodeSteps } = task;
  const levels = numCubes - 1;
  return defineEnv({
    id,
    description,
    maxEpisodeSteps,
    defaults: {
      ...CELL_DEFAULTS,
      rewardWeights: { reach: 0.1, grasp: 0.1, lift: 0.15, place: 0.25, release: 0.15, stacked: 0.25 },
    },
    build(config): StackingScene {
      const robot = findRobot(config.robot);
      const area = tableArea("spawn area", robot.taskRegion, HALF, INSET);
      requireReach(robot, { low: area.low, high: [area.high[0], area.high[1], 2 * numCubes * HALF] }, id);
      requireGrip(robot, 2 * HALF, id);
      const simulation = new RobotCell({
        ...config,
        boxes: COLORS.slice(0, numCubes).map((color, index) => ({
          name: `cube ${index}`,
          halfExtents: [HALF, HALF, HALF],
          mass: 0.1,
          friction: 0.8,
          color,
        })),
        areas: [area],
      });
      return { simulation, area, cubes: simulation.boxes };
    },
    reset({ simulation, area, cubes }, random) {
      const places = sampleApart(area, numCubes, APART[numCubes], random);
      for (const [index, cube] of cubes.entries()) cube.setPose(places[index]!, randomYaw(random));
      simulation.reset(drawStart(random, simulation.model));
    },
    observation: [
      toolObservation,
      gripperObservation,
      {
        group: "cubes",
        entries: [
          ...vectorEntries("next_from_tcp", "m", 100),
          ...vectorEntries("place_from_next", "m", 100),
          { name: "sin_4_yaw", unit: "1", low: -1, high: 1 },
          { name: "cos_4_yaw", unit: "1", low: -1, high: 1 },
          { name: "grasped", unit: "1", low: 0, high: 1 },
          { name: "stacked", unit: "1", low: 0, high: 1 },
          ...(numCubes === 3 ? vectorEntries("third_from_tcp", "m", 100) : []),
        ],
        read({ simulation, cubes }, out, offset) {
          const { position: tool, yaw } = simulation.tcp;
          const done = countStacked(simulation, cubes);
          const nextIndex = Math.min(done + 1, levels);
          const [next, support] = [cubes[nextIndex]!, cubes[nextIndex - 1]!];
          readDifference(next.position, tool, out, offset);
          out[offset + 3] = support.position.x - next.position.x;
          out[offset + 4] = support.position.y - next.position.y;
          out[offset + 5] = support.position.z + 2 * HALF - next.position.z;
          readQuarterYaw(next, yaw, out, offset + 6);
          out[offset + 8] = simulation.isGrasped(next) ? 1 : 0;
          out[offset + 9] = done / levels;
          // of three cubes: the one that is neither moved nor moved to
          if (numCubes === 3)
            readDifference(cubes[nextIndex === 1 ? 2 : 0]!.position, tool, out, offset + 10);
        },
      },
    ],
    success: ({ simulation, cubes }) => countStacked(simulation, cubes) === levels,
    reward({ simulation, cubes }) {
      const done = countStacked(simulation, cubes);
      const now = done === levels ? ALL : stage(simulation, cubes[done + 1]!, cubes[done]!);
      // each level counts the same; those that are done have all their terms at 1
      const share = (term: number) => (Math.min(done, levels - 1) + term) / levels;
      return {
        reach: share(now.reach),
        grasp: share(now.grasp),
        lift: share(now.lift),
        place: share(now.place),
        release: share(now.release),
        stacked: done / levels,
      };
    },
  });
}

const ALL = { reach: 1, grasp: 1, lift: 1, place: 1, release: 1 };

/** How far the present level is: terms from 0 to 1. */
function stage(simulation: RobotCell, next: FreeBody, support: FreeBody): typeof ALL {
  const { tcp, world, model } = simulation;
  const { x, y, z } = next.position;
  const height = support.position.z + 2 * HALF;
  const [aside, above] = [Math.hypot(x - support.position.x, y - support.position.y), z - height];
  const place = 1 - Math.tanh(5 * Math.hypot(aside, above));
  if (liesOn(next, support)) {
    const fingers = fingerOpening(model.gripper, world.articulation!.jointPositions[model.armJoints.length]!);
    const release = Math.min(1, Math.max(0, (fingers - HOLDING) / (LET_GO - HOLDING)));
    return { ...ALL, place, release };
  }
  const fromTool = Math.hypot(x - tcp.position[0]!, y - tcp.position[1]!, z - tcp.position[2]!);
  const grasp = simulation.isGrasped(next) ? 1 : 0;
  const lift = Math.min(1, Math.max(0, (z - HALF - 0.001) / (height - HALF)));
  return {
    reach: 1 - Math.tanh(5 * fromTool),
    grasp,
    lift: grasp * lift,
    place: grasp * place,
    release: 0,
  };
}

/** Count the levels from the bottom on that lie in place, let go and at rest. */
function countStacked(simulation: RobotCell, cubes: readonly FreeBody[]): number {
  let done = 0;
  for (const [index, cube] of cubes.slice(1).entries()) {
    const { x, y, z } = cube.velocity;
    if (!liesOn(cube, cubes[index]!) || simulation.isGrasped(cube) || Math.hypot(x, y, z) > AT_REST) break;
    done++;
  }
  return done;
}

function liesOn({ position: upper }: FreeBody, { position: lower }: FreeBody): boolean {
  return (
    Math.hypot(upper.x - lower.x, upper.y - lower.y) < SIDEWAYS &&
    Math.abs(upper.z - lower.z - 2 * HALF) < UPWARDS
  );
}

function readDifference(
  to: { readonly x: number; readonly y: number; readonly z: number },
  from: ArrayLike<number>,
  out: Float32Array,
  offset: number,
): void {
  out[offset] = to.x - from[0]!;
  out[offset + 1] = to.y - from[1]!;
  out[offset + 2] = to.z - from[2]!;
}
