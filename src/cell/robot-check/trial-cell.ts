// The cell that a robot is tried in: the defaults of every task, its own model, and what moves its tool at a given speed.
import type { Vec3 } from "../../math/vector.js";
import type { RobotModel } from "../../robots/models/robot-model.js";
import { CELL_DEFAULTS } from "../cell-config.js";
import type { RobotCellOptions } from "../cell-options.js";
import { RobotCell } from "../robot-cell.js";

/** Make a cell of `robot` alone, or with the boxes of `options`. */
export function trialCell(robot: RobotModel, options: Partial<RobotCellOptions> = {}): RobotCell {
  return new RobotCell({ ...CELL_DEFAULTS, robot: JSON.stringify(robot), ...options });
}

/** Middle of the task region, m. */
export function middleOf({ taskRegion: { low, high } }: RobotModel): Vec3 {
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
}

/**
 * Step `cell` (control mode "ee-delta") once with its commanded tool sent towards `target` (m) at `speed` (m/s) at most.
 *
 * `grip` is the gripper's action, from -1 (squeezes) to 1 (open).
 */
export function stepTowards(cell: RobotCell, target: Vec3, speed: number, grip = 1): void {
  const { commandedTcp } = cell.controller;
  const way = [0, 1, 2].map((k) => target[k]! - commandedTcp[k]!);
  const length = Math.hypot(...way);
  const share = Math.min(1, speed / cell.controlRate / Math.max(length, 1e-12));
  const action = cell.actionEntries.map(({ name, scale }) => {
    const axis = ["tcp_x", "tcp_y", "tcp_z"].indexOf(name);
    return axis < 0 ? grip : Math.max(-1, Math.min(1, (share * way[axis]!) / scale));
  });
  cell.step(Float32Array.from(action));
}

/** Whether every joint's position and velocity is finite. */
export function isAllFinite(cell: RobotCell): boolean {
  const { jointPositions, jointVelocities } = cell.world.articulation!;
  return jointPositions.every(Number.isFinite) && jointVelocities.every(Number.isFinite);
}
