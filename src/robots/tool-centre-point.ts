// Where the tool centre point is and how it moves.
import type { Articulation } from "../physics/articulation.js";
import type { RobotModel } from "./robot-model.js";

/** Pose and velocity of a robot's tool centre point, read from its articulation by `update`. */
export class ToolCentrePoint {
  /** World, m. [3] */
  readonly position = new Float64Array(3);
  /** World, m/s. [3] */
  readonly velocity = new Float64Array(3);
  /** Turn of the hand's x axis about the world's z, rad. */
  yaw = 0;
  private readonly articulation: Articulation;
  private readonly link: number;
  private readonly offset: readonly [number, number, number];

  constructor(robot: RobotModel, articulation: Articulation) {
    this.articulation = articulation;
    this.link = articulation.linkIndex(robot.tcp.link);
    this.offset = robot.tcp.offset;
    this.update();
  }

  /** Read the articulation's present kinematics. */
  update(): void {
    const { position: t, velocity, offset } = this;
    const { linkPositions, linkRotations: R, linkVelocities: V } = this.articulation;
    const r = 9 * this.link;
    const v = 6 * this.link;
    for (let k = 0; k < 3; k++) {
      const row = r + 3 * k;
      t[k] =
        linkPositions[3 * this.link + k]! +
        R[row]! * offset[0] +
        R[row + 1]! * offset[1] +
        R[row + 2]! * offset[2];
    }
    // spatial velocities stand at the world's origin
    velocity[0] = V[v + 3]! + V[v + 1]! * t[2]! - V[v + 2]! * t[1]!;
    velocity[1] = V[v + 4]! + V[v + 2]! * t[0]! - V[v]! * t[2]!;
    velocity[2] = V[v + 5]! + V[v]! * t[1]! - V[v + 1]! * t[0]!;
    this.yaw = Math.atan2(R[r + 3]!, R[r]!);
  }
}
