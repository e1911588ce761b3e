// Where the closed fingers of a robot are: the part of the hand that a task without grasping pushes and hooks with.
import type { Vec3 } from "../../math/vector.js";
import type { RobotModel } from "../models/robot-model.js";
import { closedHand, padCentre } from "./finger-pads.js";
import type { ToolCentrePoint } from "./tool-centre-point.js";

/**
 * Return the middle of the closed fingers' tips in the tool frame, m.
 *
 * Two fingers that slide together meet at the tool centre point; a jaw that closes on a fixed one meets it beside.
 * A robot without a gripper has it at the tool centre point.
 *
 * @throws Nothing.
 * @example
 * const fingers = closedFingers(findRobot("so101"));
 */
export function closedFingers(robot: RobotModel): Vec3 {
  const { gripper } = robot;
  if (!gripper) return [0, 0, 0];
  const { arm, tool } = closedHand(robot);
  const tips = ([0, 1] as const).map((finger) => padCentre(arm, gripper, finger));
  const from = [0, 1, 2].map((k) => (tips[0]![k]! + tips[1]![k]!) / 2 - tool.position[k]!);
  // the tips reach as far as the tool centre point; the middles of the pads do not
  return [alongTool(tool, 0, from), alongTool(tool, 1, from), 0];
}

/** Return how far a vector of the world, m, leads along axis `axis` of the tool. */
export function alongTool(
  { rotation: R }: ToolCentrePoint,
  axis: 0 | 1 | 2,
  vector: readonly number[],
): number {
  return R[axis]! * vector[0]! + R[3 + axis]! * vector[1]! + R[6 + axis]! * vector[2]!;
}

/**
 * Return where the point `offset` (m) of the tool frame is in the world, m.
 *
 * @throws Nothing.
 * @example
 * const [x, y, z] = pointOfTool(simulation.tcp, closedFingers(simulation.model));
 */
export function pointOfTool({ position, rotation: R }: ToolCentrePoint, offset: Vec3): Vec3 {
  const [x, y, z] = offset;
  const at = (k: 0 | 1 | 2) => position[k]! + R[3 * k]! * x + R[3 * k + 1]! * y + R[3 * k + 2]! * z;
  return [at(0), at(1), at(2)];
}
