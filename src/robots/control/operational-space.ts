// The inertia that the tool feels, and the joint torques that pull the tool as a spring and a damper would.
import { rotationVectorBetween } from "../../math/rotation.js";
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { RobotModel } from "../models/robot-model.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

/** Stiffness of the tool's spring per unit of its inertia, 1/s², and critical damping, 1/s. */
export const STIFFNESS = 150;
const DAMPING = 2 * Math.sqrt(STIFFNESS);
/** The same for the posture of spare joints. */
const POSTURE_STIFFNESS = 10;
const POSTURE_DAMPING = 2 * Math.sqrt(POSTURE_STIFFNESS);
/**
 * Added to the inverse inertia's diagonal: bounds the force near singular postures. With 1e-6 an arm at a corner of its
 * workspace that it cannot reach with the hand down swings for ever (UR5e by 2.6 rad/s), with 1e-4 a Panda still does with
 * its hand tilted.
 */
const REGULARIZATION = 3e-4;
/** A joint this near to its limit stands at it, rad. */
const AT_LIMIT = 0.005;
/** Fewer than six joints: the position counts, the orientation follows as far as it can (see InverseKinematics). */
const SHORT_ARM = { rotationWeight: 0.01, regularization: 1e-5 } as const;

/**
 * Source: Khatib, A Unified Approach for Motion and Force Control of Robot Manipulators (1987): τ = Jᵀ Λ a + Nᵀ τ₀ + h, with
 * Λ = (J M⁻¹ Jᵀ)⁻¹. Coriolis and gravity torques h are those of the joints; the small term Λ J̇ q̇ is left out.
 */
export class OperationalSpace {
  private readonly robot: RobotModel;
  private readonly articulation: DrivenArm;
  private readonly tcp: ToolCentrePoint;
  private readonly link: number;
  private readonly numJoints: number;
  private readonly jointLinks: Int32Array;
  private readonly rotationWeight: number;
  private readonly regularization: number;
  private readonly postureStiffness: number;
  private readonly jacobian: Float64Array;
  private readonly row: Float64Array;
  /** Lower Cholesky factor of the arm's part of the mass matrix, and L⁻¹ Jᵀ (one row of six per joint). */
  private readonly factor: Float64Array;
  private readonly whitened: Float64Array;
  private readonly inverseInertia = new Float64Array(36);
  private readonly force = new Float64Array(6);
  private readonly posture: Float64Array;
  /** 1 for a joint that stands at a limit and would be pushed beyond it; it counts as fixed. */
  private readonly blocked: Uint8Array;
  private readonly acceleration: Float64Array;
  private readonly turn = new Float64Array(3);

  constructor(robot: RobotModel, articulation: DrivenArm) {
    const numJoints = robot.armJoints.length;
    this.robot = robot;
    this.articulation = articulation;
    this.tcp = new ToolCentrePoint(robot, articulation);
    this.link = articulation.linkIndex(robot.tcp.link);
    this.numJoints = numJoints;
    const { links } = robot.articulation;
    this.jointLinks = Int32Array.from(robot.armJoints, (name) =>
      links.findIndex(({ joint }) => joint?.name === name),
    );
    this.rotationWeight = numJoints < 6 ? SHORT_ARM.rotationWeight : 1;
    this.regularization = numJoints < 6 ? SHORT_ARM.regularization : REGULARIZATION;
    this.postureStiffness = numJoints > 6 ? POSTURE_STIFFNESS : 0;
    this.jacobian = new Float64Array(6 * numJoints);
    this.row = new Float64Array(articulation.numDofs);
    this.factor = new Float64Array(numJoints * numJoints);
    this.whitened = new Float64Array(6 * numJoints);
    this.posture = new Float64Array(numJoints);
    this.blocked = new Uint8Array(numJoints);
    this.acceleration = new Float64Array(numJoints);
  }

  /** Write the arm's torques (N m) that pull the tool to `position` (m) and `rotation` into `torques[0..numJoints)`. */
  pull(position: ArrayLike<number>, rotation: ArrayLike<number>, torques: Float64Array): void {
    const { articulation, numJoints: n, jacobian: J, force, posture, blocked } = this;
    const { jointVelocities: v, massMatrix: M, biasForces, viscousFriction } = articulation;
    articulation.computeDynamics();
    this.tcp.update();
    blocked.fill(0);
    do {
      this.fillJacobian();
      this.factorize();
      this.wantedAcceleration(position, rotation);
      this.solve();
    } while (this.blockMore());
    const numDofs = articulation.numDofs;
    for (let k = 0; k < n; k++) {
      // friction is compensated, so that the tool's spring and damper are what they say
      let torque = biasForces[k]! + viscousFriction[k]! * v[k]!;
      for (let r = 0; r < 6; r++) torque += J[n * r + k]! * force[r]!;
      for (let j = 0; j < n; j++) torque += M[numDofs * k + j]! * posture[j]!;
      torques[k] = torque;
    }
  }

  /** Fill `force` with the acceleration of a damped unit mass on a spring, less what the posture's servos give it. */
  private wantedAcceleration(position: ArrayLike<number>, rotation: ArrayLike<number>): void {
    const { tcp, force, turn, rotationWeight, link, posture, postureStiffness, robot, blocked } = this;
    const { numJoints: n, jacobian: J } = this;
    const { linkVelocities: V, jointPositions: q, jointVelocities: v } = this.articulation;
    const { lowerLimits, upperLimits } = this.articulation;
    for (let k = 0; k < n; k++) {
      if (blocked[k]) {
        // held at its limit: left to itself it would creep away, be let go, and be driven back again
        const limit = q[k]! < lowerLimits[k]! + AT_LIMIT ? lowerLimits[k]! : upperLimits[k]!;
        posture[k] = STIFFNESS * (limit - q[k]!) - DAMPING * v[k]!;
      } else posture[k] = postureStiffness * (robot.rest[k]! - q[k]!) - POSTURE_DAMPING * v[k]!;
    }
    rotationVectorBetween(tcp.rotation, rotation, turn);
    for (let k = 0; k < 3; k++) {
      force[k] = STIFFNESS * (position[k]! - tcp.position[k]!) - DAMPING * tcp.velocity[k]!;
      force[3 + k] = rotationWeight * (STIFFNESS * turn[k]! - DAMPING * V[6 * link + k]!);
    }
    for (let r = 0; r < 6; r++) {
      for (let k = 0; k < n; k++) force[r]! -= J[n * r + k]! * posture[k]!;
    }
  }

  /** Block the joints that the force would accelerate beyond a limit at which they stand; returns whether there were any. */
  private blockMore(): boolean {
    const { numJoints: n, factor: L, whitened: Y, force, posture, blocked, acceleration } = this;
    const { jointPositions: q, lowerLimits, upperLimits } = this.articulation;
    let more = false;
    for (let i = n - 1; i >= 0; i--) {
      let sum = 0;
      for (let r = 0; r < 6; r++) sum += Y[6 * i + r]! * force[r]!;
      for (let k = i + 1; k < n; k++) sum -= L[n * k + i]! * acceleration[k]!;
      acceleration[i] = sum / L[n * i + i]!;
    }
    for (let k = 0; k < n; k++) {
      if (blocked[k]) continue;
      const wanted = acceleration[k]! + posture[k]!;
      const beyond =
        (q[k]! < lowerLimits[k]! + AT_LIMIT && wanted < 0) ||
        (q[k]! > upperLimits[k]! - AT_LIMIT && wanted > 0);
      if (!beyond) continue;
      blocked[k] = 1;
      more = true;
    }
    return more;
  }

  private fillJacobian(): void {
    const { articulation, tcp, row, jacobian: J, numJoints: n, link, rotationWeight, blocked } = this;
    const [x, y, z] = tcp.position as unknown as [number, number, number];
    for (let r = 0; r < 3; r++) {
      row.fill(0);
      articulation.addJacobian(link, x, y, z, r === 0 ? 1 : 0, r === 1 ? 1 : 0, r === 2 ? 1 : 0, 1, row, 0);
      for (let k = 0; k < n; k++) {
        J[n * r + k] = blocked[k] ? 0 : row[k]!;
        J[n * (3 + r) + k] = blocked[k]
          ? 0
          : rotationWeight * articulation.motionAxes[6 * this.jointLinks[k]! + r]!;
      }
    }
  }

  /** Factor the arm's mass matrix and from it the tool's inverse inertia J M⁻¹ Jᵀ. */
  private factorize(): void {
    const {
      numJoints: n,
      factor: L,
      whitened: Y,
      jacobian: J,
      inverseInertia: A,
      articulation,
      blocked,
    } = this;
    const { massMatrix: M, numDofs } = articulation;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = i !== j && (blocked[i] || blocked[j]) ? 0 : M[numDofs * i + j]!;
        for (let k = 0; k < j; k++) sum -= L[n * i + k]! * L[n * j + k]!;
        L[n * i + j] = i === j ? Math.sqrt(sum) : sum / L[n * j + j]!;
      }
      for (let r = 0; r < 6; r++) {
        let value = J[n * r + i]!;
        for (let k = 0; k < i; k++) value -= L[n * i + k]! * Y[6 * k + r]!;
        Y[6 * i + r] = value / L[n * i + i]!;
      }
    }
    for (let r = 0; r < 6; r++) {
      for (let c = 0; c <= r; c++) {
        let sum = r === c ? this.regularization : 0;
        for (let k = 0; k < n; k++) sum += Y[6 * k + r]! * Y[6 * k + c]!;
        A[6 * r + c] = sum;
      }
    }
  }

  /** Replace `force` by (J M⁻¹ Jᵀ)⁻¹ times itself (Cholesky, in place). */
  private solve(): void {
    const { inverseInertia: A, force: f } = this;
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = A[6 * i + j]!;
        for (let k = 0; k < j; k++) sum -= A[6 * i + k]! * A[6 * j + k]!;
        A[6 * i + j] = i === j ? Math.sqrt(sum) : sum / A[7 * j]!;
      }
      for (let k = 0; k < i; k++) f[i]! -= A[6 * i + k]! * f[k]!;
      f[i]! /= A[7 * i]!;
    }
    for (let i = 5; i >= 0; i--) {
      for (let k = i + 1; k < 6; k++) f[i]! -= A[6 * k + i]! * f[k]!;
      f[i]! /= A[7 * i]!;
    }
  }
}
