// Actions that speak to the joints: position steps, velocities or torques on top of gravity compensation.
import type { Articulation, JointControlMode } from "../physics/articulation.js";
import type { ActionEntry, Controller, ControllerOptions, ControllerSnapshot } from "./controller.js";
import { GripperCommand } from "./gripper-command.js";
import { InverseKinematics } from "./inverse-kinematics.js";
import type { RobotModel } from "./robot-model.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

/** Change of a joint target at action 1, rad. */
const POSITION_SCALE = 0.1;
/** Share of the joint's greatest speed and torque at action 1. */
const VELOCITY_SHARE = 0.5;
const TORQUE_SHARE = 0.25;
const ITERATIONS_AT_RESET = 60;

type JointMode = "joint-position" | "joint-velocity" | "joint-torque";

/** Drive each arm joint by one action entry; gravity and Coriolis torques are compensated in every mode. */
export class JointController implements Controller {
  readonly mode: JointMode;
  readonly actionEntries: readonly ActionEntry[];
  private readonly robot: RobotModel;
  private readonly articulation: Articulation;
  private readonly kinematics: InverseKinematics;
  private readonly tcp: ToolCentrePoint;
  private readonly gripper: GripperCommand;
  private readonly scales: Float64Array;
  /** Joint positions (rad), velocities (rad/s) or torques (N m) to reach at the end of the control step. */
  private readonly armTargets: Float64Array;
  private readonly previousTargets: Float64Array;

  constructor(mode: JointMode, robot: RobotModel, articulation: Articulation, options: ControllerOptions) {
    this.mode = mode;
    this.robot = robot;
    this.articulation = articulation;
    this.kinematics = new InverseKinematics(robot);
    this.tcp = new ToolCentrePoint(robot, articulation);
    this.gripper = new GripperCommand(robot, articulation, options.gripper ?? true);
    const numJoints = robot.armJoints.length;
    this.armTargets = new Float64Array(numJoints);
    this.previousTargets = new Float64Array(numJoints);
    this.scales = Float64Array.from(robot.armJoints, (name) => {
      const joint = robot.articulation.links.find((link) => link.joint?.name === name)!.joint!;
      if (mode === "joint-position") return POSITION_SCALE;
      return mode === "joint-velocity"
        ? VELOCITY_SHARE * joint.velocityLimit
        : TORQUE_SHARE * joint.effortLimit;
    });
    const servo = mode.slice("joint-".length) as JointControlMode;
    articulation.controlModes.fill(servo, 0, numJoints);
    const unit = { position: "rad", velocity: "rad/s", torque: "N m" }[servo];
    const meaning = {
      position: "moves the joint's target",
      velocity: "sets the joint's speed",
      torque: "sets the joint's torque on top of gravity compensation",
    }[servo];
    this.actionEntries = [
      ...robot.armJoints.map((name, k) => ({
        name,
        unit,
        low: -1,
        high: 1,
        meaning,
        scale: this.scales[k]!,
        offset: 0,
      })),
      ...this.gripper.entries,
    ];
  }

  /** The tool centre point where the arm is: joint modes command none. */
  get commandedTcp(): Float64Array {
    this.tcp.update();
    return this.tcp.position;
  }

  get commandedYaw(): number {
    this.tcp.update();
    return this.tcp.yaw;
  }

  get commandedFingers(): number {
    return this.gripper.commanded;
  }

  reset(position: ArrayLike<number>, yaw: number, fingers: number): void {
    const start = Float64Array.from(this.robot.rest);
    this.kinematics.solve(start, position, yaw, ITERATIONS_AT_RESET);
    this.gripper.reset(fingers);
    this.articulation.reset([...start, fingers]);
    if (this.mode === "joint-position") this.armTargets.set(start);
    else this.armTargets.fill(0);
  }

  setAction(action: ArrayLike<number>, offset = 0): void {
    const { armTargets, previousTargets, scales, articulation } = this;
    const { lowerLimits, upperLimits, jointTargets } = articulation;
    for (let k = 0; k < armTargets.length; k++) {
      const value = scales[k]! * action[offset + k]!;
      previousTargets[k] = jointTargets[k]!;
      armTargets[k] =
        this.mode === "joint-position"
          ? Math.max(lowerLimits[k]!, Math.min(upperLimits[k]!, armTargets[k]! + value))
          : value;
    }
    this.gripper.take(action, offset + armTargets.length);
  }

  beforeSubstep(index: number, count: number): void {
    const { armTargets, previousTargets, articulation, mode } = this;
    const { jointTargets, feedForward, biasForces } = articulation;
    const share = index / count;
    for (let k = 0; k < armTargets.length; k++) {
      feedForward[k] = biasForces[k]!;
      if (mode === "joint-position") {
        jointTargets[k] = previousTargets[k]! + share * (armTargets[k]! - previousTargets[k]!);
      } else if (mode === "joint-velocity") jointTargets[k] = armTargets[k]!;
      else feedForward[k]! += armTargets[k]!;
    }
    this.gripper.apply();
  }

  snapshot(): ControllerSnapshot {
    return {
      commandedTcp: this.commandedTcp.slice(),
      commandedYaw: this.commandedYaw,
      commandedFingers: this.gripper.commanded,
      armTargets: this.armTargets.slice(),
    };
  }

  restore(snapshot: ControllerSnapshot): void {
    this.gripper.reset(snapshot.commandedFingers);
    this.armTargets.set(snapshot.armTargets);
  }
}
