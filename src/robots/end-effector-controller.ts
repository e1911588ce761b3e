// Actions that move the commanded tool centre point by small steps, hand pointing down.
import type { Articulation } from "../physics/articulation.js";
import type { ActionEntry, Controller, ControllerOptions, ControllerSnapshot } from "./controller.js";
import { GripperCommand } from "./gripper-command.js";
import { InverseKinematics } from "./inverse-kinematics.js";
import type { RobotModel } from "./robot-model.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

/** Change of the commanded position at action 1, m, and of the yaw, rad. */
const POSITION_SCALE = 0.05;
const YAW_SCALE = 0.25;
const MAX_YAW = 1.2;
/** The command may run ahead of the arm by this much per axis, m: a blocked arm does not wind up. */
const MAX_LEAD = 0.08;
const ITERATIONS_PER_STEP = 2;
const ITERATIONS_AT_RESET = 60;

/**
 * Move the commanded tool centre point and follow it by inverse kinematics.
 *
 * Joint targets are interpolated over the substeps and the arm's bias torque of the substep before is fed forward, as
 * real arms do; without both the arm droops by 8 mm and its servos chatter.
 */
export class EndEffectorController implements Controller {
  readonly mode: "ee-delta" | "ee-delta-yaw";
  readonly actionEntries: readonly ActionEntry[];
  readonly commandedTcp = new Float64Array(3);
  commandedYaw = 0;
  private readonly robot: RobotModel;
  private readonly articulation: Articulation;
  private readonly workspace: NonNullable<ControllerOptions["workspace"]>;
  private readonly kinematics: InverseKinematics;
  private readonly tcp: ToolCentrePoint;
  private readonly gripper: GripperCommand;
  private readonly armTargets: Float64Array;
  private readonly previousTargets: Float64Array;

  constructor(
    mode: "ee-delta" | "ee-delta-yaw",
    robot: RobotModel,
    articulation: Articulation,
    options: ControllerOptions,
  ) {
    this.mode = mode;
    this.robot = robot;
    this.articulation = articulation;
    this.workspace = options.workspace ?? robot.workspace;
    this.kinematics = new InverseKinematics(robot);
    this.tcp = new ToolCentrePoint(robot, articulation);
    this.gripper = new GripperCommand(robot, articulation, options.gripper ?? true);
    this.armTargets = new Float64Array(robot.armJoints.length);
    this.previousTargets = new Float64Array(robot.armJoints.length);
    const moves = (axis: string): ActionEntry => ({
      name: `tcp_${axis}`,
      unit: "m",
      low: -1,
      high: 1,
      meaning: `moves the commanded tool centre point along the world's ${axis}`,
      scale: POSITION_SCALE,
      offset: 0,
    });
    const turns: ActionEntry = {
      name: "tcp_yaw",
      unit: "rad",
      low: -1,
      high: 1,
      meaning: "turns the commanded hand about the world's z",
      scale: YAW_SCALE,
      offset: 0,
    };
    this.actionEntries = [
      ...["x", "y", "z"].map(moves),
      ...(mode === "ee-delta-yaw" ? [turns] : []),
      ...this.gripper.entries,
    ];
  }

  get commandedFingers(): number {
    return this.gripper.commanded;
  }

  reset(position: ArrayLike<number>, yaw: number, fingers: number): void {
    this.commandedTcp.set(position);
    this.commandedYaw = yaw;
    this.armTargets.set(this.robot.rest);
    this.kinematics.solve(this.armTargets, position, yaw, ITERATIONS_AT_RESET);
    this.gripper.reset(fingers);
    this.articulation.reset([...this.armTargets, fingers]);
  }

  setAction(action: ArrayLike<number>, offset = 0): void {
    const { commandedTcp, workspace, tcp, armTargets, previousTargets, articulation } = this;
    tcp.update();
    for (let k = 0; k < 3; k++) {
      const here = tcp.position[k]!;
      const wanted = commandedTcp[k]! + POSITION_SCALE * action[offset + k]!;
      const led = Math.max(here - MAX_LEAD, Math.min(here + MAX_LEAD, wanted));
      commandedTcp[k] = Math.max(workspace.low[k]!, Math.min(workspace.high[k]!, led));
    }
    let next = offset + 3;
    if (this.mode === "ee-delta-yaw") {
      const yaw = this.commandedYaw + YAW_SCALE * action[next++]!;
      this.commandedYaw = Math.max(-MAX_YAW, Math.min(MAX_YAW, yaw));
    }
    this.gripper.take(action, next);
    this.kinematics.solve(armTargets, commandedTcp, this.commandedYaw, ITERATIONS_PER_STEP);
    for (let k = 0; k < previousTargets.length; k++) previousTargets[k] = articulation.jointTargets[k]!;
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
      commandedTcp: this.commandedTcp.slice(),
      commandedYaw: this.commandedYaw,
      commandedFingers: this.gripper.commanded,
      armTargets: this.armTargets.slice(),
    };
  }

  restore(snapshot: ControllerSnapshot): void {
    this.commandedTcp.set(snapshot.commandedTcp);
    this.commandedYaw = snapshot.commandedYaw;
    this.gripper.reset(snapshot.commandedFingers);
    this.armTargets.set(snapshot.armTargets);
  }
}
