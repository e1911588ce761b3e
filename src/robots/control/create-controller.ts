// Controllers by mode.
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { RobotModel } from "../models/robot-model.js";
import { CONTROL_MODES, type Controller, type ControllerOptions, type ControlMode } from "./controller.js";
import { EndEffectorController, isEndEffectorMode } from "./end-effector-controller.js";
import { JointController } from "./joint-controller.js";
import { OperationalSpaceController } from "./operational-space-controller.js";

/** Make the controller of `mode` for an articulation built from `robot`. */
export function createController(
  mode: ControlMode,
  robot: RobotModel,
  articulation: DrivenArm,
  options: ControllerOptions = {},
): Controller {
  if (isEndEffectorMode(mode)) return new EndEffectorController(mode, robot, articulation, options);
  if (mode === "osc") return new OperationalSpaceController(robot, articulation, options);
  if (CONTROL_MODES.includes(mode)) return new JointController(mode, robot, articulation, options);
  const near = didYouMean(mode, CONTROL_MODES);
  throw new UsageError(`Unknown control mode "${mode}". ${near}Available: ${CONTROL_MODES.join(", ")}.`);
}
