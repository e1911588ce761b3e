// One of several arms in an articulation, as what drives an arm sees it: its joints and links counted from 0.
import type { Articulation, JointControlMode } from "./articulation.js";
import type { ArticulationModel } from "./articulation-model.js";

/**
 * What a controller reads and sets of an arm: a whole articulation whose first joints are the arm's, or a part of one.
 *
 * `numDofs` is the row length of `massMatrix`, which may hold other joints after the arm's.
 */
export type DrivenArm = Pick<
  Articulation,
  | "numDofs"
  | "dofOfLink"
  | "jointPositions"
  | "jointVelocities"
  | "jointTargets"
  | "feedForward"
  | "biasForces"
  | "massMatrix"
  | "viscousFriction"
  | "dryFriction"
  | "damping"
  | "lowerLimits"
  | "upperLimits"
  | "speedLimits"
  | "linkPositions"
  | "linkRotations"
  | "linkVelocities"
  | "motionAxes"
  | "linkIndex"
  | "addJacobian"
  | "computeDynamics"
  | "setControlMode"
  | "reset"
>;

/** Views of the arrays of an articulation, from the first joint and the first link of one of its arms on; nothing is copied. */
export class ArticulationPart implements DrivenArm {
  readonly numDofs: number;
  readonly dofOfLink: Int16Array;
  readonly jointPositions: Float64Array;
  readonly jointVelocities: Float64Array;
  readonly jointTargets: Float64Array;
  readonly feedForward: Float64Array;
  readonly biasForces: Float64Array;
  readonly massMatrix: Float64Array;
  readonly viscousFriction: Float64Array;
  readonly dryFriction: Float64Array;
  readonly damping: Float64Array;
  readonly lowerLimits: Float64Array;
  readonly upperLimits: Float64Array;
  readonly speedLimits: Float64Array;
  readonly linkPositions: Float64Array;
  readonly linkRotations: Float64Array;
  readonly linkVelocities: Float64Array;
  readonly motionAxes: Float64Array;
  private readonly whole: Articulation;
  private readonly model: ArticulationModel;
  private readonly firstDof: number;
  private readonly firstLink: number;

  /** `model` is what was built into `whole` from link `firstLink` on, under other names maybe; its joints begin at `firstDof`. */
  constructor(whole: Articulation, model: ArticulationModel, firstLink: number, firstDof: number) {
    const { numDofs } = whole;
    const { length } = model.links;
    const joints = (values: Float64Array) => values.subarray(firstDof);
    const links = (values: Float64Array, size: number) => values.subarray(size * firstLink);
    this.whole = whole;
    this.model = model;
    this.firstDof = firstDof;
    this.firstLink = firstLink;
    this.numDofs = numDofs;
    this.dofOfLink = whole.dofOfLink
      .slice(firstLink, firstLink + length)
      .map((dof) => (dof < 0 ? -1 : dof - firstDof));
    this.jointPositions = joints(whole.jointPositions);
    this.jointVelocities = joints(whole.jointVelocities);
    this.jointTargets = joints(whole.jointTargets);
    this.feedForward = joints(whole.feedForward);
    this.biasForces = joints(whole.biasForces);
    this.massMatrix = whole.massMatrix.subarray(numDofs * firstDof + firstDof);
    this.viscousFriction = joints(whole.viscousFriction);
    this.dryFriction = joints(whole.dryFriction);
    this.damping = joints(whole.damping);
    this.lowerLimits = joints(whole.lowerLimits);
    this.upperLimits = joints(whole.upperLimits);
    this.speedLimits = joints(whole.speedLimits);
    this.linkPositions = links(whole.linkPositions, 3);
    this.linkRotations = links(whole.linkRotations, 9);
    this.linkVelocities = links(whole.linkVelocities, 6);
    this.motionAxes = links(whole.motionAxes, 6);
  }

  linkIndex(name: string): number {
    const index = this.model.links.findIndex((link) => link.name === name);
    return index < 0 ? this.whole.linkIndex(name) - this.firstLink : index;
  }

  addJacobian(...args: Parameters<Articulation["addJacobian"]>): void {
    const [link, px, py, pz, dx, dy, dz, sign, out, offset] = args;
    const { firstLink, firstDof } = this;
    this.whole.addJacobian(link + firstLink, px, py, pz, dx, dy, dz, sign, out, offset - firstDof);
  }

  computeDynamics(): void {
    this.whole.computeDynamics();
  }

  setControlMode(dof: number, mode: JointControlMode): void {
    this.whole.setControlMode(dof + this.firstDof, mode);
  }

  /** As `Articulation.reset`, the positions being those of this arm: other joints stay where they are, and all stand still. */
  reset(jointPositions: ArrayLike<number>): void {
    this.whole.reset(jointPositions, this.firstDof);
  }
}
