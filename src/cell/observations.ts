// Observations of a robot cell, entry and reading together: how to make them, and those that most tasks have.
import type { ObservationGroup } from "../env/env-definition.js";
import { subtract } from "../math/vector.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import { fingerOpening } from "../robots/models/robot-model.js";
import type { RobotCell } from "./robot-cell.js";

/** Entries of an observation and how they are read; `observationGroup` joins them. */
export interface ObservationPart<Scene> {
  /** Names, units and bounds. */
  readonly entries: ObservationGroup<Scene>["entries"];
  /** Write one number per entry from `out[offset]` on. */
  read(scene: Scene, out: Float32Array, offset: number): void;
}

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
 * Join parts to a group of the observation, read in their order.
 *
 * @throws Nothing.
 * @example
 * const group = observationGroup<Scene>("cube", [vector("cube", "m", ({ cube }) => cube.position)]);
 */
export function observationGroup<Scene>(
  group: string,
  parts: readonly ObservationPart<Scene>[],
): ObservationGroup<Scene> {
  return {
    group,
    entries: parts.flatMap(({ entries }) => entries),
    read(scene, out, offset) {
      let at = offset;
      for (const part of parts) {
        part.read(scene, out, at);
        at += part.entries.length;
      }
    },
  };
}

/** Position of the tool, how far its command runs ahead, and its velocity: 9 numbers. */
export const toolObservation: ObservationGroup<CellScene> = {
  ...observationGroup<CellScene>("tool", [
    vector("tcp", "m", ({ simulation: { tcp } }) => tcp.position, 2),
    vector(
      "tcp_command_lead",
      "m",
      ({ simulation: { tcp, controller } }) => subtract(controller.commandedTcp, tcp.position),
      2,
    ),
    vector("tcp_velocity", "m/s", ({ simulation: { tcp } }) => tcp.velocity),
  ]),
  proprioception: true,
};

/** How far each finger is from where they meet, and its command: 2 numbers. */
export const gripperObservation: ObservationGroup<CellScene> = {
  group: "gripper",
  proprioception: true,
  entries: [
    { name: "finger_opening", unit: "m", low: -0.1, high: 0.2 },
    { name: "finger_command", unit: "m", low: -0.1, high: 0.2 },
  ],
  read({ simulation }, out, offset) {
    const { gripper } = simulation.model;
    if (!gripper) return;
    out[offset] = simulation.fingerOpening;
    out[offset + 1] = fingerOpening(gripper, simulation.controller.commandedFingers);
  },
};

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
 * Observe sine and cosine of four times a box's turn against the hand: a cube looks the same after a quarter turn.
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
    read: (scene, out, offset) => readQuarterYaw(body(scene), scene.simulation.tcp.yaw, out, offset),
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

/**
 * Write sine and cosine of four times a box's turn against the hand.
 *
 * @throws Nothing.
 * @example
 * readQuarterYaw(cube, simulation.tcp.yaw, out, offset);
 */
export function readQuarterYaw(body: FreeBody, handYaw: number, out: Float32Array, offset: number): void {
  const [x, y, z, w] = body.quaternion;
  const yaw = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  const angle = 4 * (yaw - handYaw);
  out[offset] = Math.sin(angle);
  out[offset + 1] = Math.cos(angle);
}
