// Observation groups that tasks of a robot cell share.

import { type FreeBody, fingerOpening, type ObservationGroup, type RobotCell } from "../src/index.js";

type CellScene = { readonly simulation: RobotCell };

/** Name three entries `${name}_x`, `_y`, `_z` with one unit and symmetric bounds. */
export function vectorEntries(name: string, unit: string, limit: number) {
  return ["x", "y", "z"].map((axis) => ({ name: `${name}_${axis}`, unit, low: -limit, high: limit }));
}

/** Position of the tool, how far its command runs ahead, and its velocity: 9 numbers. */
export const toolObservation: ObservationGroup<CellScene> = {
  group: "tool",
  proprioception: true,
  entries: [
    ...vectorEntries("tcp", "m", 2),
    ...vectorEntries("tcp_command_lead", "m", 2),
    ...vectorEntries("tcp_velocity", "m/s", 100),
  ],
  read({ simulation: { tcp, controller } }, out, offset) {
    const { commandedTcp } = controller;
    for (let k = 0; k < 3; k++) {
      out[offset + k] = tcp.position[k]!;
      out[offset + 3 + k] = commandedTcp[k]! - tcp.position[k]!;
      out[offset + 6 + k] = tcp.velocity[k]!;
    }
  },
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
    const { world, model, controller } = simulation;
    const { gripper, armJoints } = model;
    if (!gripper) return;
    out[offset] = fingerOpening(gripper, world.articulation!.jointPositions[armJoints.length]!);
    out[offset + 1] = fingerOpening(gripper, controller.commandedFingers);
  },
};

/** Write sine and cosine of four times a box's turn against the hand: a cube looks the same after a quarter turn. */
export function readQuarterYaw(
  { quaternion: { x, y, z, w } }: FreeBody,
  handYaw: number,
  out: Float32Array,
  offset: number,
): void {
  const yaw = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  const angle = 4 * (yaw - handYaw);
  out[offset] = Math.sin(angle);
  out[offset + 1] = Math.cos(angle);
}
