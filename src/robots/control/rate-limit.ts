// Joints that move no faster than the real ones can: by their targets, or, where torques are commanded, by a brake.
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { RobotModel } from "../models/robot-model.js";

/** Control steps per second where nothing else is said. */
export const DEFAULT_CONTROL_RATE = 20;

/** Keeps the change of each arm joint's target within its greatest speed. */
export class RateLimit {
  /** Largest change per control step, rad. [numJoints] */
  private readonly largest: Float64Array;

  /** `share` of each joint's greatest speed is allowed, at `controlRate` control steps per second. */
  constructor(robot: RobotModel, controlRate = DEFAULT_CONTROL_RATE, share = 1) {
    this.largest = velocityLimits(robot).map((limit) => (share * limit) / controlRate);
  }

  /** Pull `targets` (changed in place) to within one control step of `previous`. */
  apply(previous: Float64Array, targets: Float64Array): void {
    for (let k = 0; k < targets.length; k++) {
      const step = Math.max(-this.largest[k]!, Math.min(this.largest[k]!, targets[k]! - previous[k]!));
      targets[k] = previous[k]! + step;
    }
  }
}

/**
 * Keeps joints that are driven by torques within their greatest speeds, as the speed limit of a drive in torque mode does.
 *
 * A torque that would drive a joint faster than its servo, told to move at the greatest speed, gives way to that servo.
 */
export class SpeedLimit {
  private readonly limits: Float64Array;
  private readonly articulation: DrivenArm;

  constructor(robot: RobotModel, articulation: DrivenArm) {
    this.limits = velocityLimits(robot);
    this.articulation = articulation;
  }

  /** Drive all joints by torque again; call before the arm is reset or restored. */
  release(): void {
    for (let k = 0; k < this.limits.length; k++) this.articulation.setControlMode(k, "torque");
  }

  /** Replace torques in `feedForward` that are too great; call once per substep when they are set. */
  apply(): void {
    const { limits, articulation } = this;
    const { feedForward, jointTargets, jointVelocities, damping } = articulation;
    const { biasForces, viscousFriction } = articulation;
    for (let k = 0; k < limits.length; k++) {
      const torque = feedForward[k]!;
      articulation.setControlMode(k, "torque");
      for (const sign of [1, -1] as const) {
        const speed = sign * limits[k]!;
        const steady = biasForces[k]! + viscousFriction[k]! * speed;
        const servo = damping[k]! * (speed - jointVelocities[k]!) + steady;
        if (sign * (torque - servo) <= 0) continue;
        articulation.setControlMode(k, "velocity");
        jointTargets[k] = speed;
        feedForward[k] = steady;
      }
    }
  }
}

/** Greatest speed of each arm joint, rad/s. */
function velocityLimits({ articulation, armJoints }: RobotModel): Float64Array {
  return Float64Array.from(
    armJoints,
    (name) => articulation.links.find((link) => link.joint?.name === name)!.joint!.velocityLimit,
  );
}
