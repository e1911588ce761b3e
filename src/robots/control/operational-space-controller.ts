// Operational-space impedance: the tool is pulled to the commanded pose by torques, as by a spring and a damper.
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { RobotModel } from "../models/robot-model.js";
import type { Controller, ControllerOptions, ControllerSnapshot } from "./controller.js";
import { GripperCommand } from "./gripper-command.js";
import { InverseKinematics } from "./inverse-kinematics.js";
import { OperationalSpace } from "./operational-space.js";
import { PoseCommand } from "./pose-command.js";
import { SpeedLimit } from "./rate-limit.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

const ITERATIONS_AT_RESET = 60;

/**
 * Steps of the commanded pose, followed by torques with the arm's own inertia and gravity compensated: a free tool moves as
 * a critically damped unit mass on a spring, whatever the posture. The arm yields where it is held back.
 */
export class OperationalSpaceController implements Controller {
  readonly mode = "osc";
  readonly actionEntries: readonly ActionEntry[];
  private readonly robot: RobotModel;
  private readonly articulation: DrivenArm;
  private readonly kinematics: InverseKinematics;
  private readonly space: OperationalSpace;
  private readonly pose: PoseCommand;
  private readonly gripper: GripperCommand;
  private readonly speedLimit: SpeedLimit | undefined;

  constructor(robot: RobotModel, articulation: DrivenArm, options: ControllerOptions) {
    this.robot = robot;
    this.articulation = articulation;
    this.kinematics = new InverseKinematics(robot);
    const tcp = new ToolCentrePoint(robot, articulation);
    this.pose = new PoseCommand({ motion: "delta", turns: "all" }, tcp, robot, options);
    this.space = new OperationalSpace(robot, articulation);
    this.gripper = new GripperCommand(robot, articulation, options.gripper ?? true);
    this.speedLimit = options.rateLimits ? new SpeedLimit(robot, articulation) : undefined;
    for (const k of robot.armJoints.keys()) articulation.setControlMode(k, "torque");
    this.actionEntries = [...this.pose.entries, ...this.gripper.entries];
  }

  get commandedTcp(): Float64Array {
    return this.pose.position;
  }

  get commandedYaw(): number {
    return this.pose.yaw;
  }

  get commandedFingers(): number {
    return this.gripper.commanded;
  }

  reset(position: ArrayLike<number>, yaw: number, fingers: number): void {
    const start = Float64Array.from(this.robot.rest);
    this.kinematics.solve(start, position, yaw, ITERATIONS_AT_RESET);
    this.pose.reset(position, yaw);
    this.gripper.reset(fingers);
    this.speedLimit?.release();
    this.articulation.reset(this.gripper.withFingers(start));
  }

  setAction(action: ArrayLike<number>, offset = 0): void {
    this.gripper.take(action, this.pose.take(action, offset));
  }

  beforeSubstep(): void {
    this.space.pull(this.pose.position, this.pose.rotation, this.articulation.feedForward);
    this.speedLimit?.apply();
    this.gripper.apply();
  }

  snapshot(): ControllerSnapshot {
    return {
      commandedTcp: this.pose.position.slice(),
      commandedYaw: this.pose.yaw,
      commandedRotation: this.pose.rotation.slice(),
      commandedFingers: this.gripper.commanded,
      armTargets: new Float64Array(0),
      previousTargets: new Float64Array(0),
    };
  }

  restore(snapshot: ControllerSnapshot): void {
    this.pose.restore(snapshot.commandedTcp, snapshot.commandedYaw, snapshot.commandedRotation);
    this.gripper.reset(snapshot.commandedFingers);
    this.speedLimit?.release();
  }
}
