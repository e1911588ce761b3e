// A jointed arm in reduced coordinates: kinematics, actuation and the implicit velocity update (MuJoCo's "implicitfast").

import { addLinkPull, type SpringPull } from "../bodies/spring-pull.js";
import { ArticulationDynamics } from "./articulation-dynamics.js";
import type { ArticulationModel } from "./articulation-model.js";

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/** Share of a joint's inertia below which what the joints before it leave of it is rounding. */
const NO_INERTIA = 1e-13;

/** How joint targets and feed-forward become torques. */
export type JointControlMode = "position" | "velocity" | "torque";

/**
 * Simulate a tree of links by its joint positions and velocities.
 *
 * `predictVelocities` advances the velocities by one time step without contacts, treating joint friction and servo gains
 * implicitly; the contact solver corrects them; `integrate` then moves the joints.
 * All arrays are allocated once; joint-space arrays have shape [numDofs].
 */
export class Articulation extends ArticulationDynamics {
  /** Servo targets: rad or m in position mode, rad/s or m/s in velocity mode. */
  readonly jointTargets: Float64Array;
  /** Torque added to the servo's (all of it in torque mode), N m or N. */
  readonly feedForward: Float64Array;
  /**
   * Torque that each servo delivered over the last step, damping included and clamped to the effort limits, N m or N. A servo
   * whose joint is stopped by a hit may push harder than told here for that one step; viscous friction is not part of it.
   */
  readonly appliedTorques: Float64Array;
  /** Lower position limits, rad or m. */
  readonly lowerLimits: Float64Array;
  /** Upper position limits, rad or m. */
  readonly upperLimits: Float64Array;
  /** Greatest torque of each servo, N m or N. */
  readonly effortLimits: Float64Array;
  /**
   * Greatest speed that each servo drives its joint at, rad/s or m/s; default infinite. The torque falls in a line from the
   * effort limit at rest to none at this speed, as a motor's does; what is pushed faster is braked by no more than the limit.
   */
  readonly speedLimits: Float64Array;
  /** Servo position gains. */
  readonly stiffness: Float64Array;
  /** Servo velocity gains. */
  readonly damping: Float64Array;
  /** How each joint's target becomes a torque; default "position". */
  readonly controlModes: JointControlMode[];
  /** Greatest torque of dry friction that holds each joint, N m or N. */
  readonly dryFriction: Float64Array;
  /** Degrees of freedom that have some. */
  readonly rubbing: readonly number[];
  /** Lower Cholesky factor of the mass matrix with implicit damping, [numDofs, numDofs] row-major. */
  readonly cholesky: Float64Array;
  /** 1 / diagonal of `cholesky`. */
  readonly inverseDiagonal: Float64Array;
  /** Where a hand pulls; undefined: nowhere. */
  pull: (SpringPull & { readonly link: number }) | undefined;
  private readonly implicitDamping: Float64Array;
  /** Torque at the velocities of the start of the step; over the step it loses `implicitDamping` times their change. */
  private readonly drivenTorques: Float64Array;
  private readonly startVelocities: Float64Array;
  private readonly impulse: Float64Array;

  constructor(model: ArticulationModel, gravity = -9.81) {
    super(model, gravity);
    const dofs = this.numDofs;
    this.jointTargets = new Float64Array(dofs);
    this.feedForward = new Float64Array(dofs);
    this.appliedTorques = new Float64Array(dofs);
    this.lowerLimits = new Float64Array(dofs).fill(Number.NEGATIVE_INFINITY);
    this.upperLimits = new Float64Array(dofs).fill(Number.POSITIVE_INFINITY);
    this.effortLimits = new Float64Array(dofs);
    this.speedLimits = new Float64Array(dofs).fill(Number.POSITIVE_INFINITY);
    this.stiffness = new Float64Array(dofs);
    this.dryFriction = new Float64Array(dofs);
    this.damping = new Float64Array(dofs);
    this.cholesky = new Float64Array(dofs * dofs);
    this.inverseDiagonal = new Float64Array(dofs);
    this.controlModes = new Array<JointControlMode>(dofs).fill("position");
    this.implicitDamping = new Float64Array(dofs);
    this.drivenTorques = new Float64Array(dofs);
    this.startVelocities = new Float64Array(dofs);
    this.impulse = new Float64Array(dofs);
    for (const [link, { joint }] of model.links.entries()) {
      if (!joint) continue;
      const dof = this.dofOfLink[link] as number;
      const ratio = this.ratios[link]!;
      const [lower, upper] = ratio > 0 ? [joint.lower, joint.upper] : [joint.upper, joint.lower];
      this.lowerLimits[dof] = Math.max(this.lowerLimits[dof] as number, lower / ratio);
      this.upperLimits[dof] = Math.min(this.upperLimits[dof] as number, upper / ratio);
      this.dryFriction[dof]! += Math.abs(ratio) * (joint.dryFriction ?? 0);
      const isPassive = joint.mimic !== undefined && joint.stiffness === 0 && joint.damping === 0;
      if (isPassive) continue;
      // joints that share a degree of freedom pull together
      this.effortLimits[dof] = (this.effortLimits[dof] as number) + Math.abs(ratio) * joint.effortLimit;
      this.stiffness[dof] = (this.stiffness[dof] as number) + ratio ** 2 * joint.stiffness;
      this.damping[dof] = (this.damping[dof] as number) + ratio ** 2 * joint.damping;
    }
    this.rubbing = [...this.dryFriction.keys()].filter((dof) => this.dryFriction[dof]! > 0);
    this.reset(new Float64Array(dofs));
  }

  /**
   * Stand still at `jointPositions` [numDofs], with targets there, and refresh kinematics and bias forces.
   *
   * Fewer positions, or a `first` joint that they begin at, leave the others where they are: those of a mechanism or of another arm.
   */
  reset(jointPositions: ArrayLike<number>, first = 0): void {
    this.jointPositions.set(jointPositions, first);
    this.jointVelocities.fill(0);
    this.feedForward.fill(0);
    this.appliedTorques.fill(0);
    for (let dof = 0; dof < this.numDofs; dof++) {
      this.jointTargets[dof] = this.controlModes[dof] === "position" ? this.jointPositions[dof]! : 0;
    }
    this.forwardKinematics();
    this.computeDynamics();
  }

  /** Say how the target of a joint becomes a torque. */
  setControlMode(dof: number, mode: JointControlMode): void {
    this.controlModes[dof] = mode;
  }

  /** Advance `jointVelocities` by `timestep` (s) without contacts; needs `forwardKinematics` at the present positions. */
  predictVelocities(timestep: number): void {
    this.computeDynamics();
    this.actuate(timestep);
    this.factorize(timestep);
    const { numDofs, impulse, drivenTorques, viscousFriction, jointVelocities, biasForces } = this;
    this.startVelocities.set(jointVelocities);
    for (let i = 0; i < numDofs; i++) {
      const resistance = (viscousFriction[i] as number) * (jointVelocities[i] as number);
      impulse[i] = timestep * ((drivenTorques[i] as number) - resistance - (biasForces[i] as number));
    }
    if (this.pull) addLinkPull(this, this.pull.link, this.pull, timestep, impulse);
    this.solve(impulse);
    for (let i = 0; i < numDofs; i++) {
      jointVelocities[i] = (jointVelocities[i] as number) + (impulse[i] as number);
    }
  }

  /** Move the joints by `timestep` (s) at their present velocities, which end the step, and tell the torques that led to them. */
  integrate(timestep: number): void {
    const { numDofs, jointPositions, jointVelocities, startVelocities } = this;
    const { appliedTorques, drivenTorques, implicitDamping, effortLimits } = this;
    for (let i = 0; i < numDofs; i++) {
      const limit = effortLimits[i]!;
      const torque = drivenTorques[i]! - implicitDamping[i]! * (jointVelocities[i]! - startVelocities[i]!);
      appliedTorques[i] = Math.max(-limit, Math.min(limit, torque));
      jointPositions[i] = (jointPositions[i] as number) + timestep * (jointVelocities[i] as number);
    }
  }

  /** Factor `massMatrix + timestep * (viscousFriction + servo damping)` into `cholesky`. */
  factorize(timestep: number): void {
    const { massMatrix, cholesky: L, viscousFriction, implicitDamping, inverseDiagonal } = this;
    const n = this.numDofs & SMALL;
    for (let i = 0; i < n; i++) {
      const row = i * n;
      for (let j = 0; j < i; j++) {
        const other = j * n;
        let sum = massMatrix[row + j]!;
        for (let k = 0; k < j; k++) sum -= L[row + k]! * L[other + k]!;
        L[row + j] = sum * inverseDiagonal[j]!;
      }
      let sum = massMatrix[row + i]! + timestep * (viscousFriction[i]! + implicitDamping[i]!);
      for (let k = 0; k < i; k++) sum -= L[row + k]! * L[row + k]!;
      // a joint that moves nothing with inertia stands still
      if (sum <= NO_INERTIA * massMatrix[row + i]!) {
        L[row + i] = 0;
        inverseDiagonal[i] = 0;
        continue;
      }
      const pivot = Math.sqrt(sum);
      L[row + i] = pivot;
      inverseDiagonal[i] = 1 / pivot;
    }
  }

  /**
   * Turn targets and feed-forward into clamped torques.
   *
   * A servo that asks for more than its limit keeps as much implicit damping as lets a joint of no more than its armature end
   * the step where the unlimited servo would; further than that the limit alone does not get it. Without any, the limit throws
   * the joint past the speed wanted, the next step throws it back, and it chatters: at 240 Hz now and then, at 120 Hz always.
   */
  private actuate(timestep: number): void {
    const { numDofs, controlModes, jointTargets, jointPositions, jointVelocities, stiffness, damping } = this;
    const { feedForward, effortLimits, drivenTorques, implicitDamping, armature, speedLimits } = this;
    for (let i = 0; i < numDofs; i++) {
      const limit = effortLimits[i]!;
      const gain = damping[i]!;
      const speed = jointVelocities[i]!;
      let torque = feedForward[i]!;
      let implicit = 0;
      const controlMode = controlModes[i];
      if (controlMode === "position") {
        torque = stiffness[i]! * (jointTargets[i]! - jointPositions[i]!) - gain * speed + torque;
        implicit = gain;
      } else if (controlMode === "velocity") {
        torque = gain * (jointTargets[i]! - speed) + torque;
        implicit = gain;
      }
      const wanted = Math.abs(torque);
      if (wanted > limit) {
        const share = limit / wanted;
        torque = Math.sign(torque) * limit;
        implicit = Math.max(0, share * implicit - ((1 - share) * armature[i]!) / timestep);
      }
      if (speedLimits[i]! < Number.POSITIVE_INFINITY && torque !== 0) {
        const direction = Math.sign(torque);
        const fall = limit / speedLimits[i]!;
        const onLine = Math.max(-limit, limit - fall * Math.max(0, direction * speed));
        const inertia = armature[i]! / timestep;
        if (Math.abs(torque) * (inertia + fall) > onLine * (inertia + implicit)) {
          torque = direction * onLine;
          implicit = fall;
        }
      }
      drivenTorques[i] = torque;
      implicitDamping[i] = implicit;
    }
  }

  /** Solve L Lᵀ x = values in place. */
  private solve(values: Float64Array): void {
    const { cholesky: L, inverseDiagonal } = this;
    const n = this.numDofs & SMALL;
    for (let i = 0; i < n; i++) {
      let sum = values[i]!;
      for (let k = 0; k < i; k++) sum -= L[i * n + k]! * values[k]!;
      values[i] = sum * inverseDiagonal[i]!;
    }
    for (let next = n; next > 0; next--) {
      const i = (next - 1) & SMALL;
      let sum = values[i]!;
      for (let k = i + 1; k < n; k++) sum -= L[k * n + i]! * values[k]!;
      values[i] = sum * inverseDiagonal[i]!;
    }
  }
}
