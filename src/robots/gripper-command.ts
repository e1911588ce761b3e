// The finger target, shared by all controllers: always a position, from squeezing to open.
import type { Articulation } from "../physics/articulation.js";
import type { ActionEntry } from "./controller.js";
import type { RobotModel } from "./robot-model.js";

/** Holds the commanded finger position and hands it to the gripper's servo. */
export class GripperCommand {
  /** Action entries it reads: one, or none where the fingers stay as they are. */
  readonly entries: readonly ActionEntry[];
  /** Joint position, m per finger or rad. */
  commanded = 0;
  private readonly articulation: Articulation;
  private readonly dof: number;
  private readonly middle: number;
  private readonly range: number;

  constructor(robot: RobotModel, articulation: Articulation, moves: boolean) {
    const { joint, open, closed } = robot.gripper;
    const link = robot.articulation.links.findIndex((candidate) => candidate.joint?.name === joint);
    this.articulation = articulation;
    this.dof = articulation.dofOfLink[link]!;
    this.middle = (open + closed) / 2;
    this.range = (open - closed) / 2;
    const unit = robot.articulation.links[link]!.joint!.type === "revolute" ? "rad" : "m";
    const meaning = "sets the finger target: 1 opens, -1 squeezes";
    this.entries = moves
      ? [{ name: "gripper", unit, low: -1, high: 1, meaning, scale: this.range, offset: this.middle }]
      : [];
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
    this.articulation.jointTargets[this.dof] = this.commanded;
  }
}
