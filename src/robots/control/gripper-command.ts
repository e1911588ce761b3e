// The finger target, shared by all controllers: always a position, from squeezing to open.
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import { gripperLink, type RobotModel } from "../models/robot-model.js";

/** Holds the commanded finger position and hands it to the gripper's servo, which moves no faster than the real one. */
export class GripperCommand {
  /** Action entries it reads: one, or none where the fingers stay as they are. */
  readonly entries: readonly ActionEntry[];
  /** Joint position, m per finger or rad. */
  commanded = 0;
  private readonly articulation: DrivenArm;
  /** Degree of freedom of the gripper; -1 where there is none. */
  private readonly dof: number;
  private readonly middle: number;
  private readonly range: number;

  constructor(robot: RobotModel, articulation: DrivenArm, moves: boolean) {
    const { gripper } = robot;
    const link = gripperLink(robot);
    const joint = robot.articulation.links[link]?.joint;
    this.articulation = articulation;
    this.dof = link < 0 ? -1 : articulation.dofOfLink[link]!;
    const { open, closed } = gripper ?? { open: 0, closed: 0 };
    this.middle = (open + closed) / 2;
    this.range = (open - closed) / 2;
    if (joint) articulation.speedLimits[this.dof] = joint.velocityLimit;
    const unit = joint?.type === "revolute" ? "rad" : "m";
    const meaning = "sets the finger target: 1 opens, -1 squeezes";
    this.entries =
      moves && gripper
        ? [{ name: "gripper", unit, low: -1, high: 1, meaning, scale: this.range, offset: this.middle }]
        : [];
  }

  /** Joint positions of the whole robot: the arm's, then the fingers' where there are any. */
  withFingers(armPositions: ArrayLike<number>): number[] {
    return this.dof < 0 ? Array.from(armPositions) : [...Array.from(armPositions), this.commanded];
  }

  /** Command `fingers` (joint position). */
  reset(fingers: number): void {
    this.commanded = fingers;
  }

  /** Read the action entry at `index`, if the fingers move at all. */
  take(action: ArrayLike<number>, index: number): void {
    if (this.entries.length > 0) this.commanded = this.middle + this.range * action[index]!;
  }

  /** Set the gripper's servo target. */
  apply(): void {
    if (this.dof >= 0) this.articulation.jointTargets[this.dof] = this.commanded;
  }
}
