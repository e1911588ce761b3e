// The commanded pose of the tool: moved by steps or sent to a place, kept near the arm and in the workspace.
import { pointDown, rotationVectorBetween, turnRotation } from "../../math/rotation.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { Region, RobotModel } from "../models/robot-model.js";
import type { ControllerOptions } from "./controller.js";
import { DEFAULT_CONTROL_RATE } from "./rate-limit.js";
import type { ToolCentrePoint } from "./tool-centre-point.js";

/** Change of the commanded position at action 1, m per control step, of a robot that names none. Places are approached as fast at 20 Hz. */
const POSITION_STEP = 0.05;
/** The same of each turn, rad; 5 rad/s. */
export const TURN_STEP = 0.25;
/** Furthest yaw, and furthest turn per axis from pointing straight down at yaw 0, rad. */
const MAX_TURN = 1.2;
/** The command may run ahead of the arm by this much per axis, m, and this far in angle, rad: a blocked arm does not wind up. */
const MAX_LEAD = 0.08;
const MAX_TURN_LEAD = 0.5;
/** The same for a commanded yaw, rad: a free hand at full action lags by 0.68, the new step included. */
const MAX_YAW_LEAD = 0.7;

/** Whether an action is a step or a place, and what it can turn: nothing, the yaw, or everything. */
export interface PoseCommandKind {
  readonly motion: "delta" | "absolute";
  readonly turns: "none" | "yaw" | "all";
}

/** Holds the commanded pose and reads it from actions. */
export class PoseCommand {
  readonly kind: PoseCommandKind;
  /** Action entries it reads. */
  readonly entries: readonly ActionEntry[];
  /** World, m. [3] */
  readonly position = new Float64Array(3);
  /** World rotation of the tool frame, row-major. [9] */
  readonly rotation = pointDown(0, new Float64Array(9));
  /** rad; where everything turns it is read off the rotation. */
  yaw = 0;
  private readonly tcp: ToolCentrePoint;
  private readonly workspace: Region;
  /** Change of the commanded position at action 1, m per control step. */
  private readonly positionStep: number;
  /** Share of a delta step that a place is approached by in a control step. */
  private readonly stepShare: number;
  private readonly wanted = new Float64Array(9);
  private readonly turn = new Float64Array(3);

  constructor(
    kind: PoseCommandKind,
    tcp: ToolCentrePoint,
    robot: RobotModel,
    { workspace = robot.workspace, controlRate = DEFAULT_CONTROL_RATE }: ControllerOptions,
  ) {
    this.kind = kind;
    this.tcp = tcp;
    this.workspace = workspace;
    this.stepShare = DEFAULT_CONTROL_RATE / controlRate;
    this.positionStep = robot.toolStep ?? POSITION_STEP;
    this.entries =
      kind.motion === "delta" ? stepEntries(kind, this.positionStep) : placeEntries(kind, workspace);
  }

  /** Command `position` (m), pointing down at `yaw` (rad). */
  reset(position: ArrayLike<number>, yaw: number): void {
    this.position.set(position);
    this.yaw = yaw;
    pointDown(yaw, this.rotation);
  }

  /** Take over a commanded pose. */
  restore(position: ArrayLike<number>, yaw: number, rotation: ArrayLike<number>): void {
    this.position.set(position);
    this.yaw = yaw;
    this.rotation.set(rotation);
  }

  /** Read the action from `index` on and return the index after it. */
  take(action: ArrayLike<number>, index: number): number {
    this.tcp.update();
    if (this.kind.motion === "delta") this.step(action, index);
    else this.approach(action, index);
    if (this.kind.turns === "none") return index + 3;
    if (this.kind.turns === "yaw") {
      const value = action[index + 3]!;
      const step =
        this.kind.motion === "delta"
          ? TURN_STEP * value
          : clamp(MAX_TURN * value - this.yaw, -this.stepShare * TURN_STEP, this.stepShare * TURN_STEP);
      const { yaw } = this.tcp;
      const led = clamp(this.yaw + step, yaw - MAX_YAW_LEAD, yaw + MAX_YAW_LEAD);
      this.yaw = clamp(led, -MAX_TURN, MAX_TURN);
      pointDown(this.yaw, this.rotation);
      return index + 4;
    }
    this.turnAll(action, index + 3);
    return index + 6;
  }

  private step(action: ArrayLike<number>, index: number): void {
    const { position, workspace, tcp } = this;
    for (let k = 0; k < 3; k++) {
      const here = tcp.position[k]!;
      const wanted = position[k]! + this.positionStep * action[index + k]!;
      const led = Math.max(here - MAX_LEAD, Math.min(here + MAX_LEAD, wanted));
      position[k] = Math.max(workspace.low[k]!, Math.min(workspace.high[k]!, led));
    }
  }

  /** Go in a straight line towards the place; at 20 Hz as far as one step of the delta modes along an axis. */
  private approach(action: ArrayLike<number>, index: number): void {
    const { position, tcp, turn: way } = this;
    for (let k = 0; k < 3; k++) {
      const { scale, offset } = this.entries[k]!;
      way[k] = scale * action[index + k]! + offset - position[k]!;
    }
    const distance = Math.hypot(way[0]!, way[1]!, way[2]!);
    const furthest = this.stepShare * this.positionStep;
    const share = distance > furthest ? furthest / distance : 1;
    for (let k = 0; k < 3; k++) {
      const here = tcp.position[k]!;
      position[k] = clamp(position[k]! + share * way[k]!, here - MAX_LEAD, here + MAX_LEAD);
    }
  }

  private turnAll(action: ArrayLike<number>, index: number): void {
    const { rotation, wanted, turn, tcp } = this;
    const [x, y, z] = [action[index]!, action[index + 1]!, action[index + 2]!];
    if (this.kind.motion === "delta") {
      turnRotation(rotation, TURN_STEP * x, TURN_STEP * y, TURN_STEP * z, wanted);
    } else {
      turnRotation(pointDown(0, wanted), MAX_TURN * x, MAX_TURN * y, MAX_TURN * z, wanted);
      // at 20 Hz as fast as a step of the delta mode about one axis
      limitedTurn(rotation, wanted, this.stepShare * TURN_STEP, turn);
      turnRotation(rotation, turn[0]!, turn[1]!, turn[2]!, wanted);
    }
    limitedTurn(tcp.rotation, wanted, MAX_TURN_LEAD, turn);
    turnRotation(tcp.rotation, turn[0]!, turn[1]!, turn[2]!, rotation);
    this.yaw = Math.atan2(rotation[3]!, rotation[0]!);
  }
}

/** Write the turn from one rotation to another into `out`, cut to `longest` (rad). */
function limitedTurn(from: Float64Array, to: Float64Array, longest: number, out: Float64Array): void {
  rotationVectorBetween(from, to, out);
  const angle = Math.hypot(out[0]!, out[1]!, out[2]!);
  if (angle > longest) for (let k = 0; k < 3; k++) out[k]! *= longest / angle;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

function stepEntries({ turns }: PoseCommandKind, positionStep: number): ActionEntry[] {
  const moves = (axis: string) =>
    entry(
      `tcp_${axis}`,
      "m",
      `moves the commanded tool centre point along the world's ${axis}`,
      positionStep,
    );
  const yaw = entry("tcp_yaw", "rad", "turns the commanded hand about the world's z", TURN_STEP);
  const turn = (axis: string) =>
    entry(`tcp_turn_${axis}`, "rad", `turns the commanded hand about the world's ${axis}`, TURN_STEP);
  return [
    ...["x", "y", "z"].map(moves),
    ...(turns === "yaw" ? [yaw] : []),
    ...(turns === "all" ? ["x", "y", "z"].map(turn) : []),
  ];
}

function placeEntries({ turns }: PoseCommandKind, { low, high }: Region): ActionEntry[] {
  const places = (axis: string, k: number) =>
    entry(
      `tcp_${axis}`,
      "m",
      `place of the tool centre point on the world's ${axis}`,
      (high[k]! - low[k]!) / 2,
      (high[k]! + low[k]!) / 2,
    );
  const yaw = entry("tcp_yaw", "rad", "yaw of the hand", MAX_TURN);
  const turn = (axis: string) =>
    entry(
      `tcp_turn_${axis}`,
      "rad",
      `rotation vector from pointing down at yaw 0, along the world's ${axis}`,
      MAX_TURN,
    );
  return [
    ...["x", "y", "z"].map(places),
    ...(turns === "yaw" ? [yaw] : []),
    ...(turns === "all" ? ["x", "y", "z"].map(turn) : []),
  ];
}

function entry(name: string, unit: string, meaning: string, scale: number, offset = 0): ActionEntry {
  return { name, unit, low: -1, high: 1, meaning, scale, offset };
}
