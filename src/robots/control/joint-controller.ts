// Actions that speak to the joints: positions, position steps, velocities or torques on top of gravity compensation.

import type { JointModel } from "../../physics/articulation/articulation-model.js";
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { RobotModel } from "../models/robot-model.js";
import type { Controller, ControllerOptions, ControllerSnapshot } from "./controller.js";
import { GripperCommand } from "./gripper-command.js";
import { InverseKinematics } from "./inverse-kinematics.js";
import { RateLimit, SpeedLimit } from "./rate-limit.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

/** Change of a joint target at action 1 in joint-delta, rad. */
const POSITION_STEP = 0.1;
/** Joint positions are commanded up to this far from the rest posture, within the joint's limits, rad. */
const POSITION_RANGE = Math.PI;
/** Share of the joint's greatest speed and torque at action 1. */
const VELOCITY_SHARE = 0.5;
const TORQUE_SHARE = 0.25;
/**
 * A joint's target may run ahead of the joint by this much, rad: a blocked arm does not wind up. Free joints at full action
 * lag by 0.31 rad at most, the new step included.
 */
const MAX_LEAD = 0.35;
const ITERATIONS_AT_RESET = 60;

/** What each mode commands: the servo's mode, the unit and meaning of an entry. */
const KINDS = {
  "joint-position": { servo: "position", unit: "rad", meaning: "sets the joint's target" },
  "joint-delta": { servo: "position", unit: "rad", meaning: "moves the joint's target" },
  "joint-velocity": { servo: "velocity", unit: "rad/s", meaning: "sets the joint's speed" },
  "joint-torque": {
    servo: "torque",
    unit: "N m",
    meaning: "sets the joint's torque on top of gravity compensation",
  },
} as const;

/** Modes of this controller. */
export type JointMode = keyof typeof KINDS;

/**
 * Drive each arm joint by one action entry; gravity and Coriolis torques are compensated in every mode.
 *
 * Commanded positions travel at half the joint's greatest speed; a commanded velocity has the joint's friction compensated,
 * without which a small servo (SO-101) falls 18 % short of it.
 */
export class JointController implements Controller {
  readonly mode: JointMode;
  readonly actionEntries: readonly ActionEntry[];
  private readonly robot: RobotModel;
  private readonly articulation: DrivenArm;
  private readonly kinematics: InverseKinematics;
  private readonly tcp: ToolCentrePoint;
  private readonly gripper: GripperCommand;
  private readonly rateLimit?: RateLimit;
  private readonly speedLimit?: SpeedLimit;
  private readonly armEntries: readonly ActionEntry[];
  /** Joint positions (rad), velocities (rad/s) or torques (N m) to reach at the end of the control step. */
  private readonly armTargets: Float64Array;
  private readonly previousTargets: Float64Array;

  constructor(mode: JointMode, robot: RobotModel, articulation: DrivenArm, options: ControllerOptions) {
    this.mode = mode;
    this.robot = robot;
    this.articulation = articulation;
    this.kinematics = new InverseKinematics(robot);
    this.tcp = new ToolCentrePoint(robot, articulation);
    this.gripper = new GripperCommand(robot, articulation, options.gripper ?? true);
    if (mode === "joint-position") this.rateLimit = new RateLimit(robot, options.controlRate, VELOCITY_SHARE);
    else if (mode === "joint-delta" && options.rateLimits)
      this.rateLimit = new RateLimit(robot, options.controlRate);
    else if (mode === "joint-torque" && options.rateLimits)
      this.speedLimit = new SpeedLimit(robot, articulation);
    const numJoints = robot.armJoints.length;
    this.armTargets = new Float64Array(numJoints);
    this.previousTargets = new Float64Array(numJoints);
    const { servo, unit, meaning } = KINDS[mode];
    for (let k = 0; k < numJoints; k++) articulation.setControlMode(k, servo);
    this.armEntries = robot.armJoints.map((name, k) => {
      const joint = robot.articulation.links.find((link) => link.joint?.name === name)!.joint!;
      return { name, unit, low: -1, high: 1, meaning, ...rangeOf(mode, joint, robot.rest[k]!) };
    });
    this.actionEntries = [...this.armEntries, ...this.gripper.entries];
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
    this.speedLimit?.release();
    this.articulation.reset(this.gripper.withFingers(start));
    if (KINDS[this.mode].servo === "position") this.armTargets.set(start);
    else this.armTargets.fill(0);
  }

  setAction(action: ArrayLike<number>, offset = 0): void {
    const { armTargets, previousTargets, armEntries, articulation } = this;
    const { lowerLimits, upperLimits, jointTargets, jointPositions } = articulation;
    for (let k = 0; k < armTargets.length; k++) {
      const value = armEntries[k]!.scale * action[offset + k]! + armEntries[k]!.offset;
      previousTargets[k] = jointTargets[k]!;
      if (KINDS[this.mode].servo === "position") {
        const wanted = this.mode === "joint-delta" ? armTargets[k]! + value : value;
        const here = jointPositions[k]!;
        const led = Math.max(here - MAX_LEAD, Math.min(here + MAX_LEAD, wanted));
        armTargets[k] = Math.max(lowerLimits[k]!, Math.min(upperLimits[k]!, led));
      } else armTargets[k] = value;
    }
    this.rateLimit?.apply(previousTargets, armTargets);
    this.gripper.take(action, offset + armTargets.length);
  }

  beforeSubstep(index: number, count: number): void {
    const { armTargets, previousTargets, articulation, mode } = this;
    const { jointTargets, feedForward, biasForces, viscousFriction, dryFriction } = articulation;
    const share = index / count;
    for (let k = 0; k < armTargets.length; k++) {
      feedForward[k] = biasForces[k]!;
      if (mode === "joint-torque") feedForward[k]! += armTargets[k]!;
      else if (mode === "joint-velocity") {
        jointTargets[k] = armTargets[k]!;
        feedForward[k]! += viscousFriction[k]! * armTargets[k]! + dryFriction[k]! * Math.sign(armTargets[k]!);
      } else jointTargets[k] = previousTargets[k]! + share * (armTargets[k]! - previousTargets[k]!);
    }
    this.speedLimit?.apply();
    this.gripper.apply();
  }

  snapshot(): ControllerSnapshot {
    return {
      commandedTcp: this.commandedTcp.slice(),
      commandedYaw: this.commandedYaw,
      commandedRotation: this.tcp.rotation.slice(),
      commandedFingers: this.gripper.commanded,
      armTargets: this.armTargets.slice(),
      previousTargets: this.previousTargets.slice(),
    };
  }

  restore(snapshot: ControllerSnapshot): void {
    this.gripper.reset(snapshot.commandedFingers);
    this.speedLimit?.release();
    this.armTargets.set(snapshot.armTargets);
    this.previousTargets.set(snapshot.previousTargets);
  }
}

/** Physical values of an entry at 1 and 0. */
function rangeOf(mode: JointMode, joint: JointModel, rest: number): { scale: number; offset: number } {
  if (mode === "joint-delta") return { scale: POSITION_STEP, offset: 0 };
  if (mode === "joint-velocity") return { scale: VELOCITY_SHARE * joint.velocityLimit, offset: 0 };
  if (mode === "joint-torque") return { scale: TORQUE_SHARE * joint.effortLimit, offset: 0 };
  const low = Math.max(joint.lower, rest - POSITION_RANGE);
  const high = Math.min(joint.upper, rest + POSITION_RANGE);
  return { scale: (high - low) / 2, offset: (high + low) / 2 };
}
