// What an imported arm works with: its gripper, measured, and its tool's frame.
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { RobotModel } from "../../models/robot-model.js";
import type { Assume } from "../links.js";
import { measureGripper } from "./gripper.js";
import { watchHand } from "./hand.js";
import type { JointRoles } from "./joint-roles.js";
import { toolOfArm, toolOfGripper } from "./tool.js";

/** Measure the gripper, where there is one, and place the tool. */
export function measureEndEffector(
  arm: Articulation,
  roles: JointRoles,
  assume: Assume,
): Pick<RobotModel, "gripper" | "tcp"> {
  if (!roles.gripper) return { tcp: toolOfArm(arm, roles, assume) };
  const hand = watchHand(arm, roles);
  const measured = measureGripper(hand, roles.gripper.name, assume);
  const tcp = roles.isToolChosen ? toolOfArm(arm, roles, assume) : toolOfGripper(hand, measured, assume);
  return { gripper: measured.gripper, tcp };
}
