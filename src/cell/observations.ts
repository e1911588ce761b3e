// Observations of a robot cell, entry and reading together: how to make them, and those that most tasks have.
import type { ObservationGroup } from "../env/env-definition.js";
import { yawOf } from "../math/quaternion.js";
import { subtract } from "../math/vector.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import { fingerOpening as fingerOpeningAt } from "../robots/models/robot-model.js";
import type { CellArm } from "./parts/arm.js";
import type { RobotCell } from "./robot-cell.js";

/** Entries of an observation and how they are read; `observationGroup` joins them. */
export interface ObservationPart<Scene> {
  /** Names, units and bounds. */
  readonly entries: ObservationGroup<Scene>["entries"];
  /** Write one number per entry from `out[offset]` on. */
  read(scene: Scene, out: Float32Array, offset: number): void;
}

/** Bounds of where a finger may be, m. */
const FINGERS = [-0.1, 0.2] as const;

interface CellScene {
  readonly simulation: RobotCell;
}

/**
 * Name three entries `${name}_x`, `_y`, `_z` with one unit and symmetric bounds.
 *
 * @throws Nothing.
 * @example
 * const entries = vectorEntries("cube_from_tcp", "m", 2);
 */
export function vectorEntries(name: string, unit: string, limit: number) {
  return ["x", "y", "z"].map((axis) => ({ name: `${name}_${axis}`, unit, low: -limit, high: limit }));
}

/**
 * Observe a vector: entries `${name}_x`, `_y`, `_z` within `limit` (default 100) of 0, read as [x, y, z].
 *
 * @throws Nothing.
 * @example
 * const part = vector("goal_from_cube", "m", ({ goal, cube }: Scene) => subtract(goal, cube));
 */
export function vector<Scene>(
  name: string,
  unit: string,
  read: (scene: Scene) => ArrayLike<number>,
  limit = 100,
): ObservationPart<Scene> {
  return {
    entries: vectorEntries(name, unit, limit),
    read(scene, out, offset) {
      const values = read(scene);
      for (let k = 0; k < 3; k++) out[offset + k] = values[k]!;
    },
  };
}

/**
 * Observe a vector along the table: entries `${name}_x`, `_y` within `limit` (default 100) of 0, read as [x, y].
 *
 * @throws Nothing.
 * @example
 * const part = planarVector("cube_velocity", "m/s", ({ cube }: Scene) => cube.velocity);
 */
export function planarVector<Scene>(
  name: string,
  unit: string,
  read: (scene: Scene) => ArrayLike<number>,
  limit = 100,
): ObservationPart<Scene> {
  return {
    entries: vectorEntries(name, unit, limit).slice(0, 2),
    read(scene, out, offset) {
      const values = read(scene);
      out[offset] = values[0]!;
      out[offset + 1] = values[1]!;
    },
  };
}

/**
 * Observe a number within `[low, high]`; 0 and 1 by default.
 *
 * @throws Nothing.
 * @example
 * const part = scalar("grasped", "1", ({ simulation, cube }: Scene) => (simulation.isGrasped(cube) ? 1 : 0));
 */
export function scalar<Scene>(
  name: string,
  unit: string,
  read: (scene: Scene) => number,
  [low, high]: readonly [low: number, high: number] = [0, 1],
): ObservationPart<Scene> {
  return {
    entries: [{ name, unit, low, high }],
    read(scene, out, offset) {
      out[offset] = read(scene);
    },
  };
}

/**
 * Observe parts of what `derive` makes of the scene, once per reading: which object is next, how far it is.
 *
 * @throws Nothing.
 * @example
 * const part = derived<Scene, Next>(nextCube, [vector("place_from_next", "m", ({ place, next }) => subtract(place, next.position))]);
 */
export function derived<Scene, Derived>(
  derive: (scene: Scene) => Derived,
  parts: readonly ObservationPart<Derived>[],
): ObservationPart<Scene> {
  return {
    entries: parts.flatMap(({ entries }) => entries),
    read: (scene, out, offset) => readParts(parts, derive(scene), out, offset),
  };
}

/**
 * Mark a part as depending on the goal: `env.spec` tells it of its entries (`dependsOnGoal`), and what relabels goals in hindsight leaves
 * them out, as they would contradict another goal.
 *
 * @throws Nothing.
 * @example
 * const part = ofGoal(vector("goal_from_cube", "m", ({ goal, cube }: Scene) => subtract(goal, cube)));
 */
export function ofGoal<Scene>(part: ObservationPart<Scene>): ObservationPart<Scene> {
  return { ...part, entries: part.entries.map((entry) => ({ ...entry, dependsOnGoal: true })) };
}

/**
 * Join parts to a group of the observation, read in their order.
 *
 * `proprioception` (default false): whether the robot knows this of itself, so that the state holds it in observation mode
 * "camera", too.
 *
 * @throws Nothing.
 * @example
 * const group = observationGroup<Scene>("cube", [vector("cube", "m", ({ cube }) => cube.position)]);
 */
export function observationGroup<Scene>(
  group: string,
  parts: readonly ObservationPart<Scene>[],
  { proprioception = false }: { readonly proprioception?: boolean } = {},
): ObservationGroup<Scene> {
  return {
    group,
    ...(proprioception ? { proprioception } : {}),
    entries: parts.flatMap(({ entries }) => entries),
    read: (scene, out, offset) => readParts(parts, scene, out, offset),
  };
}

function readParts<Scene>(
  parts: readonly ObservationPart<Scene>[],
  scene: Scene,
  out: Float32Array,
  offset: number,
): void {
  let at = offset;
  for (const part of parts) {
    part.read(scene, out, at);
    at += part.entries.length;
  }
}

/** What is observed of an arm. */
type ObservedArm = Pick<CellArm, "tcp" | "controller" | "model" | "fingerOpening">;

/** Position of the tool, its tracking error (commanded minus actual position), and its velocity: 9 numbers. */
export const toolObservation: ObservationGroup<CellScene> = toolOf(
  "",
  "tool",
  ({ simulation }) => simulation,
);

/** How far each finger is from where they meet, and its command: 2 numbers; NaN, which no episode starts with, for an arm without a gripper. */
export const gripperObservation: ObservationGroup<CellScene> = gripperOf(
  "",
  "gripper",
  ({ simulation }) => simulation,
);

/**
 * Observe one of several arms as `toolObservation` and `gripperObservation` do: groups `${name}_tool` and `${name}_gripper`, entries that
 * begin with `${name}/`.
 *
 * @throws Nothing; reading throws where the cell has no arm of this name.
 * @example
 * const groups = [...armObservation("left"), ...armObservation("right")];
 */
export function armObservation(name: string): readonly ObservationGroup<CellScene>[] {
  const arm = ({ simulation }: CellScene) => simulation.armCalled(name);
  return [toolOf(`${name}/`, `${name}_tool`, arm), gripperOf(`${name}/`, `${name}_gripper`, arm)];
}

function toolOf(
  prefix: string,
  group: string,
  arm: (scene: CellScene) => ObservedArm,
): ObservationGroup<CellScene> {
  return observationGroup<CellScene>(
    group,
    [
      vector(`${prefix}tcp`, "m", (scene) => arm(scene).tcp.position, 2),
      vector(
        `${prefix}tcp_tracking_error`,
        "m",
        (scene) => {
          const { controller, tcp } = arm(scene);
          return subtract(controller.commandedTcp, tcp.position);
        },
        2,
      ),
      vector(`${prefix}tcp_velocity`, "m/s", (scene) => arm(scene).tcp.velocity),
    ],
    { proprioception: true },
  );
}

function gripperOf(
  prefix: string,
  group: string,
  arm: (scene: CellScene) => ObservedArm,
): ObservationGroup<CellScene> {
  const opening = (scene: CellScene) => {
    const { model, fingerOpening } = arm(scene);
    return model.gripper ? fingerOpening : Number.NaN;
  };
  const command = (scene: CellScene) => {
    const { model, controller } = arm(scene);
    return model.gripper ? fingerOpeningAt(model.gripper, controller.commandedFingers) : Number.NaN;
  };
  return observationGroup<CellScene>(
    group,
    [
      scalar(`${prefix}finger_opening`, "m", opening, FINGERS),
      scalar(`${prefix}finger_command`, "m", command, FINGERS),
    ],
    { proprioception: true },
  );
}

/**
 * Observe where a body is from the tool centre point, m.
 *
 * @throws Nothing.
 * @example
 * const part = fromTool("cube_from_tcp", ({ cube }: Scene) => cube);
 */
export function fromTool<Scene extends CellScene>(
  name: string,
  body: (scene: Scene) => FreeBody,
): ObservationPart<Scene> {
  return vector(name, "m", (scene: Scene) => subtract(body(scene).position, scene.simulation.tcp.position));
}

/**
 * Observe sine and cosine of four times a body's turn against the hand: a cube looks the same after a quarter turn, and a ball or
 * an upright cylinder after any (0 and 1).
 *
 * @throws Nothing.
 * @example
 * const part = quarterYaw(({ cube }: Scene) => cube);
 */
export function quarterYaw<Scene extends CellScene>(
  body: (scene: Scene) => FreeBody,
): ObservationPart<Scene> {
  return {
    entries: [
      { name: "sin_4_yaw", unit: "1", low: -1, high: 1 },
      { name: "cos_4_yaw", unit: "1", low: -1, high: 1 },
    ],
    read(scene, out, offset) {
      const { shape, quaternion } = body(scene);
      const isRound = shape.type === "sphere" || shape.type === "cylinder";
      const angle = isRound ? 0 : 4 * (yawOf(quaternion) - scene.simulation.tcp.yaw);
      out[offset] = Math.sin(angle);
      out[offset + 1] = Math.cos(angle);
    },
  };
}

/**
 * Observe whether the fingers hold a body: 1 or 0, as `grasped`.
 *
 * @throws Nothing.
 * @example
 * const part = grasped(({ cube }: Scene) => cube);
 */
export function grasped<Scene extends CellScene>(body: (scene: Scene) => FreeBody): ObservationPart<Scene> {
  return scalar("grasped", "1", (scene: Scene) => (scene.simulation.isGrasped(body(scene)) ? 1 : 0));
}
