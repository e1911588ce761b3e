// Actions that command a pose of the tool, followed by inverse kinematics and the joints' servos.
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { RobotModel } from "../models/robot-model.js";
import type { Controller, ControllerOptions, ControllerSnapshot } from "./controller.js";
import { GripperCommand } from "./gripper-command.js";
import { InverseKinematics } from "./inverse-kinematics.js";
import { PoseCommand, type PoseCommandKind } from "./pose-command.js";
import { RateLimit } from "./rate-limit.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

const ITERATIONS_PER_STEP = 2;
const ITERATIONS_AT_RESET = 60;

/** What each mode commands. */
const KINDS = {
  "ee-delta": { motion: "delta", turns: "none" },
  "ee-delta-yaw": { motion: "delta", turns: "yaw" },
  "ee-delta-pose": { motion: "delta", turns: "all" },
  "ee-absolute": { motion: "absolute", turns: "none" },
  "ee-absolute-yaw": { motion: "absolute", turns: "yaw" },
  "ee-absolute-pose": { motion: "absolute", turns: "all" },
} as const satisfies Record<string, PoseCommandKind>;

/** Modes of this controller. */
export type EndEffectorMode = keyof typeof KINDS;

/** Tell whether a control mode is one of this controller's. */
export function isEndEffectorMode(mode: string): mode is EndEffectorMode {
  return Object.hasOwn(KINDS, mode);
}

/**
 * Move the commanded pose of the tool and follow it by inverse kinematics.
 *
 * Joint targets are interpolated over the substeps and the arm's bias torque of the substep before is fed forward, as
 * real arms do; without both the arm droops by 8 mm and its servos chatter.
 */
export class EndEffectorController implements Controller {
  readonly mode: EndEffectorMode;
  readonly actionEntries: readonly ActionEntry[];
  private readonly robot: RobotModel;
  private readonly articulation: DrivenArm;
  private readonly kinematics: InverseKinematics;
  private readonly pose: PoseCommand;
  private readonly gripper: GripperCommand;
  private readonly rateLimit: RateLimit | undefined;
  private readonly armTargets: Float64Array;
  private readonly previousTargets: Float64Array;

  constructor(mode: EndEffectorMode, robot: RobotModel, articulation: DrivenArm, options: ControllerOptions) {
    this.mode = mode;
    this.robot = robot;
    this.articulation = articulation;
    this.kinematics = new InverseKinematics(robot);
    const tcp = new ToolCentrePoint(robot, articulation);
    this.pose = new PoseCommand(KINDS[mode], tcp, robot, options);
    this.gripper = new GripperCommand(robot, articulation, options.gripper ?? true);
    this.rateLimit = options.rateLimits ? new RateLimit(robot, options.controlRate) : undefined;
    this.armTargets = new Float64Array(robot.armJoints.length);
    this.previousTargets = new Float64Array(robot.armJoints.length);
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
    this.pose.reset(position, yaw);
    this.armTargets.set(this.robot.rest);
    this.kinematics.solve(this.armTargets, position, yaw, ITERATIONS_AT_RESET);
    this.gripper.reset(fingers);
    this.articulation.reset(this.gripper.withFingers(this.armTargets));
  }

  setAction(action: ArrayLike<number>, offset = 0): void {
    const { pose, armTargets, previousTargets, articulation } = this;
    const next = pose.take(action, offset);
    this.gripper.take(action, next);
    if (pose.kind.turns === "all") {
      this.kinematics.solvePose(armTargets, pose.position, pose.rotation, ITERATIONS_PER_STEP);
    } else this.kinematics.solve(armTargets, pose.position, pose.yaw, ITERATIONS_PER_STEP);
    for (let k = 0; k < previousTargets.length; k++) previousTargets[k] = articulation.jointTargets[k]!;
    this.rateLimit?.apply(previousTargets, armTargets);
  }

  beforeSubstep(index: number, count: number): void {
    const { armTargets, previousTargets, articulation } = this;
    const { jointTargets, feedForward, biasForces } = articulation;
    const share = index / count;
    for (let k = 0; k < armTargets.length; k++) {
      jointTargets[k] = previousTargets[k]! + share * (armTargets[k]! - previousTargets[k]!);
      feedForward[k] = biasForces[k]!;
    }
    this.gripper.apply();
  }

  snapshot(): ControllerSnapshot {
    return {
      commandedTcp: this.pose.position.slice(),
      commandedYaw: this.pose.yaw,
      commandedRotation: this.pose.rotation.slice(),
      commandedFingers: this.gripper.commanded,
      armTargets: this.armTargets.slice(),
      previousTargets: this.previousTargets.slice(),
    };
  }

  restore(snapshot: ControllerSnapshot): void {
    this.pose.restore(snapshot.commandedTcp, snapshot.commandedYaw, snapshot.commandedRotation);
    this.gripper.reset(snapshot.commandedFingers);
    this.armTargets.set(snapshot.armTargets);
    this.previousTargets.set(snapshot.previousTargets);
  }
}
