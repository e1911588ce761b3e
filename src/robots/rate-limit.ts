// Joint targets that move no faster than the real joints can.
import type { RobotModel } from "./robot-model.js";

/** Control steps per second where nothing else is said. */
const DEFAULT_CONTROL_RATE = 20;

/** Keeps the change of each arm joint's target within its greatest speed. */
export class RateLimit {
  /** Largest change per control step, rad. [numJoints] */
  private readonly largest: Float64Array;

  /** `share` of each joint's greatest speed is allowed, at `controlRate` control steps per second. */
  constructor({ articulation, armJoints }: RobotModel, controlRate = DEFAULT_CONTROL_RATE, share = 1) {
    this.largest = Float64Array.from(armJoints, (name) => {
      const joint = articulation.links.find((link) => link.joint?.name === name)!.joint!;
      return (share * joint.velocityLimit) / controlRate;
    });
  }

  /** Pull `targets` (changed in place) to within one control step of `previous`. */
  apply(previous: Float64Array, targets: Float64Array): void {
    for (let k = 0; k < targets.length; k++) {
      const step = Math.max(-this.largest[k]!, Math.min(this.largest[k]!, targets[k]! - previous[k]!));
      targets[k] = previous[k]! + step;
    }
  }
}
