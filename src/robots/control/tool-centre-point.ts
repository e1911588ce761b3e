// Where the tool centre point is, how it is turned and how it moves.
import { IDENTITY_QUATERNION, rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { RobotModel } from "../models/robot-model.js";

/** Pose and velocity of a robot's tool centre point, read from its articulation by `update`. */
export class ToolCentrePoint {
  /** World, m. [3] */
  readonly position = new Float64Array(3);
  /** World, m/s. [3] */
  readonly velocity = new Float64Array(3);
  /** World rotation matrix of the tool frame, row-major: z points out of the hand. [9] */
  readonly rotation = new Float64Array(9);
  /** Turn of the tool's x axis about the world's z, rad. */
  yaw = 0;
  private readonly articulation: DrivenArm;
  private readonly link: number;
  private readonly offset: Vec3;
  /** The tool's axes in the link frame; undefined where they are the link's own. */
  private readonly axes: readonly [Vec3, Vec3, Vec3] | undefined;

  constructor(robot: RobotModel, articulation: DrivenArm) {
    const { link, offset, quaternion = IDENTITY_QUATERNION } = robot.tcp;
    this.articulation = articulation;
    this.link = articulation.linkIndex(link);
    this.offset = offset;
    this.axes =
      quaternion[3] === 1
        ? undefined
        : [
            rotateVector(quaternion, [1, 0, 0]),
            rotateVector(quaternion, [0, 1, 0]),
            rotateVector(quaternion, [0, 0, 1]),
          ];
    this.update();
  }

  /** Read the articulation's present kinematics. */
  update(): void {
    const { position: t, velocity, offset, axes, rotation: T } = this;
    const { linkPositions, linkRotations: R, linkVelocities: V } = this.articulation;
    const r = 9 * this.link;
    const v = 6 * this.link;
    for (let k = 0; k < 3; k++) {
      const row = r + 3 * k;
      const a = R[row]!;
      const b = R[row + 1]!;
      const c = R[row + 2]!;
      t[k] = linkPositions[3 * this.link + k]! + a * offset[0] + b * offset[1] + c * offset[2];
      for (let axis = 0; axis < 3; axis++) {
        if (!axes) T[3 * k + axis] = R[row + axis]!;
        else T[3 * k + axis] = a * axes[axis]![0] + b * axes[axis]![1] + c * axes[axis]![2];
      }
    }
    // spatial velocities stand at the world's origin
    velocity[0] = V[v + 3]! + V[v + 1]! * t[2]! - V[v + 2]! * t[1]!;
    velocity[1] = V[v + 4]! + V[v + 2]! * t[0]! - V[v]! * t[2]!;
    velocity[2] = V[v + 5]! + V[v]! * t[1]! - V[v + 1]! * t[0]!;
    this.yaw = Math.atan2(T[3]!, T[0]!);
  }
}
