// Joint positions that bring the tool centre point to a place and an orientation, or to a place, pointing down, and a yaw.
import { pointDown } from "../../math/rotation.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import type { RobotModel } from "../models/robot-model.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

const DAMPING = 1e-3;
/** Share of the way to the rest posture taken per iteration, inside the null space. */
const REST_PULL = 0.1;
/**
 * An arm of fewer than six joints cannot turn its hand at will. Its orientation weighs so little (m per rad) that the
 * hand tilts where it must and the position stays exact to about a millimetre; the damping is smaller to match.
 */
const SHORT_ARM = { rotationWeight: 0.01, damping: 1e-5 } as const;
/** Largest joint change per iteration, rad. */
const MAX_CHANGE = 0.3;

/**
 * Solve for joint positions by damped least squares with a null-space pull to the robot's rest posture.
 *
 * It keeps a kinematic copy of the arm and allocates nothing while solving.
 * Source: Buss, Introduction to Inverse Kinematics (2004), section 5.
 */
export class InverseKinematics {
  private readonly robot: RobotModel;
  private readonly arm: Articulation;
  private readonly tcp: ToolCentrePoint;
  private readonly link: number;
  private readonly numJoints: number;
  /** Link that each joint moves. */
  private readonly jointLinks: Int32Array;
  private readonly jacobian: Float64Array;
  private readonly row: Float64Array;
  private readonly pull: Float64Array;
  private readonly error = new Float64Array(6);
  private readonly gram = new Float64Array(36);
  private readonly target = new Float64Array(9);
  private readonly restPull: number;
  private readonly isShort: boolean;
  private readonly rotationWeight: number;
  private readonly damping: number;
  private readonly savedError = new Float64Array(6);

  constructor(robot: RobotModel) {
    this.robot = robot;
    this.arm = new Articulation(robot.articulation, 0);
    this.tcp = new ToolCentrePoint(robot, this.arm);
    this.link = this.arm.linkIndex(robot.tcp.link);
    this.numJoints = robot.armJoints.length;
    // without spare joints a lean to the rest posture would only bend the solution
    this.restPull = this.numJoints > 6 ? REST_PULL : 0;
    this.isShort = this.numJoints < 6;
    this.rotationWeight = this.isShort ? SHORT_ARM.rotationWeight : 1;
    this.damping = this.isShort ? SHORT_ARM.damping : DAMPING;
    const links = robot.articulation.links;
    this.jointLinks = Int32Array.from(robot.armJoints, (name) =>
      links.findIndex((l) => l.joint?.name === name),
    );
    this.jacobian = new Float64Array(6 * this.numJoints);
    this.row = new Float64Array(this.arm.numDofs);
    this.pull = new Float64Array(this.numJoints);
  }

  /**
   * Move `jointPositions` (arm joints, rad, changed in place) by `iterations` steps towards the pose.
   *
   * `position` is the tool centre point in the world (m), `yaw` its turn about z (rad). Joint limits are kept.
   */
  solve(jointPositions: Float64Array, position: ArrayLike<number>, yaw: number, iterations: number): void {
    pointDown(yaw, this.target);
    this.iterate(jointPositions, position, iterations);
  }

  /** As `solve`, for any orientation of the tool frame: `rotation` is its world rotation matrix, row-major. [9] */
  solvePose(
    jointPositions: Float64Array,
    position: ArrayLike<number>,
    rotation: ArrayLike<number>,
    iterations: number,
  ): void {
    this.target.set(rotation);
    this.iterate(jointPositions, position, iterations);
  }

  private iterate(jointPositions: Float64Array, position: ArrayLike<number>, iterations: number): void {
    const { arm, numJoints, jacobian: J, error, pull } = this;
    const q = arm.jointPositions;
    for (let k = 0; k < numJoints; k++) q[k] = jointPositions[k]!;
    for (let iteration = 0; iteration < iterations; iteration++) {
      this.measure(position);
      this.fillJacobian();
      if (this.isShort) this.weighRotation();
      for (let k = 0; k < numJoints; k++) pull[k] = this.restPull * (this.robot.rest[k]! - q[k]!);
      for (let r = 0; r < 6; r++) {
        for (let k = 0; k < numJoints; k++) error[r]! -= J[numJoints * r + k]! * pull[k]!;
      }
      if (this.isShort) this.solveWithinLimits();
      else this.solveDamped();
      const share = this.isShort ? this.shareWithinReach() : 1;
      for (let k = 0; k < numJoints; k++) {
        let change = pull[k]!;
        for (let r = 0; r < 6; r++) change += J[numJoints * r + k]! * error[r]! * share;
        change = Math.max(-MAX_CHANGE, Math.min(MAX_CHANGE, change));
        q[k] = Math.max(arm.lowerLimits[k]!, Math.min(arm.upperLimits[k]!, q[k]! + change));
      }
    }
    for (let k = 0; k < numJoints; k++) jointPositions[k] = q[k]!;
  }

  /**
   * Return how far `jointPositions` are from the pose, pointing down at `yaw`: m, and the angle to turn by, rad, 0 to pi.
   *
   * `tilt` is the angle between the tool's z axis and straight down, whatever the yaw.
   */
  residual(
    jointPositions: ArrayLike<number>,
    position: ArrayLike<number>,
    yaw: number,
  ): { position: number; rotation: number; tilt: number } {
    for (let k = 0; k < this.numJoints; k++) this.arm.jointPositions[k] = jointPositions[k]!;
    pointDown(yaw, this.target);
    this.measure(position);
    const e = this.error;
    const R = this.tcp.rotation;
    // the trace of the turn that is left is 1 + 2 cos(angle); the error's length is sin(angle)
    let trace = 0;
    for (let k = 0; k < 9; k++) trace += R[k]! * this.target[k]!;
    return {
      position: Math.hypot(e[0]!, e[1]!, e[2]!),
      rotation: Math.atan2(Math.hypot(e[3]!, e[4]!, e[5]!), (trace - 1) / 2),
      tilt: Math.atan2(Math.hypot(R[2]!, R[5]!), -R[8]!),
    };
  }

  private weighRotation(): void {
    const { jacobian: J, error: e, numJoints, rotationWeight } = this;
    for (let r = 3; r < 6; r++) {
      e[r]! *= rotationWeight;
      for (let k = 0; k < numJoints; k++) J[numJoints * r + k]! *= rotationWeight;
    }
  }

  /** Fill `error` with the pose still to go: m, then rad as half the sum of the axes' cross products. */
  private measure(position: ArrayLike<number>): void {
    const { arm, tcp, error: e, target } = this;
    arm.forwardKinematics();
    tcp.update();
    for (let k = 0; k < 3; k++) {
      e[k] = position[k]! - tcp.position[k]!;
      e[3 + k] = 0;
    }
    const R = tcp.rotation;
    for (let k = 0; k < 3; k++) {
      const x = R[k]!;
      const y = R[3 + k]!;
      const z = R[6 + k]!;
      const tx = target[k]!;
      const ty = target[3 + k]!;
      const tz = target[6 + k]!;
      e[3]! += 0.5 * (y * tz - z * ty);
      e[4]! += 0.5 * (z * tx - x * tz);
      e[5]! += 0.5 * (x * ty - y * tx);
    }
  }

  private fillJacobian(): void {
    const { arm, tcp, row, jacobian: J, numJoints } = this;
    const [x, y, z] = tcp.position as unknown as [number, number, number];
    for (let r = 0; r < 3; r++) {
      row.fill(0);
      arm.addJacobian(this.link, x, y, z, r === 0 ? 1 : 0, r === 1 ? 1 : 0, r === 2 ? 1 : 0, 1, row, 0);
      for (let k = 0; k < numJoints; k++) J[numJoints * r + k] = row[k]!;
      for (let k = 0; k < numJoints; k++) {
        J[numJoints * (3 + r) + k] = arm.motionAxes[6 * this.jointLinks[k]! + r]!;
      }
    }
  }

  /** Share of the step that keeps every joint within its largest change: cut one by one, the joints would circle. */
  private shareWithinReach(): number {
    const { jacobian: J, error, numJoints } = this;
    let largest = MAX_CHANGE;
    for (let k = 0; k < numJoints; k++) {
      let change = 0;
      for (let r = 0; r < 6; r++) change += J[numJoints * r + k]! * error[r]!;
      largest = Math.max(largest, Math.abs(change));
    }
    return MAX_CHANGE / largest;
  }

  /**
   * As `solveDamped`, with joints held that stand at a limit and would be pushed beyond it: the others then reach the
   * position without them. (Spare joints make up for a blocked one by themselves within a few iterations.)
   */
  private solveWithinLimits(): void {
    const { arm, jacobian: J, error, savedError, numJoints } = this;
    const { jointPositions: q, lowerLimits, upperLimits } = arm;
    savedError.set(error);
    for (let blocked = true; blocked; ) {
      blocked = false;
      error.set(savedError);
      this.solveDamped();
      for (let k = 0; k < numJoints; k++) {
        let change = 0;
        for (let r = 0; r < 6; r++) change += J[numJoints * r + k]! * error[r]!;
        if (!((q[k]! <= lowerLimits[k]! && change < 0) || (q[k]! >= upperLimits[k]! && change > 0))) continue;
        for (let r = 0; r < 6; r++) J[numJoints * r + k] = 0;
        blocked = true;
      }
    }
  }

  /** Replace `error` by (J Jᵀ + λ I)⁻¹ times itself (Cholesky, 6 x 6). */
  private solveDamped(): void {
    const { jacobian: J, gram: G, error: e, numJoints } = this;
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = i === j ? this.damping : 0;
        for (let k = 0; k < numJoints; k++) sum += J[numJoints * i + k]! * J[numJoints * j + k]!;
        for (let k = 0; k < j; k++) sum -= G[6 * i + k]! * G[6 * j + k]!;
        G[6 * i + j] = i === j ? Math.sqrt(sum) : sum / G[7 * j]!;
      }
    }
    for (let i = 0; i < 6; i++) {
      for (let k = 0; k < i; k++) e[i]! -= G[6 * i + k]! * e[k]!;
      e[i]! /= G[7 * i]!;
    }
    for (let i = 5; i >= 0; i--) {
      for (let k = i + 1; k < 6; k++) e[i]! -= G[6 * k + i]! * e[k]!;
      e[i]! /= G[7 * i]!;
    }
  }
}
