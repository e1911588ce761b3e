// Postures in which an arm holds its hand at a place, pointing down, and how good each is to work from.
import { createRandom } from "../../../math/random.js";
import type { Vec3 } from "../../../math/vector.js";
import { Articulation } from "../../../physics/articulation/articulation.js";
import type { JointModel } from "../../../physics/articulation/articulation-model.js";
import { InverseKinematics } from "../../control/inverse-kinematics.js";
import type { RobotModel } from "../../models/robot-model.js";
import { type Clearance, linksBeforeHand } from "./clearance.js";

/** A place is reached to this far, m. */
const NEAR = 2e-3;
/** Where six joints allow it the tool's frame is turned as told to this angle: 1 degree. */
export const STRAIGHT = Math.PI / 180;
/** Arms of fewer joints tilt their hands by up to this much, rad; how their hand turns about the vertical is theirs. */
const TILTED = 0.3;
/** Iterations of the controllers' own solution at a reset, and after how many of them it is looked at. */
const ITERATIONS = 60;
const ITERATIONS_AT_ONCE = 10;
/** Random postures that a search starts from, and iterations from each. */
const STARTS = 24;
const SEARCH_ITERATIONS = 40;
/** Postures that are handed on, and how far a joint of two different ones is apart, rad or m. */
const CHOSEN = 2;
const DIFFERENT = 0.3;
/** A joint this far from its limits is free, rad or m; of a short range an eighth is enough. */
const FREE = { revolute: 0.5, prismatic: 0.05 } as const;
/** Share of that room with less than which a joint stands at its limit. */
const AT_LIMIT = 0.02;
/** A hand brought down to the table stays this far above it with all other links, m. */
const ABOVE_TABLE = 0.05;
/** Gravity takes at most this share of the torque that a joint has. */
const GRAVITY_SHARE = 0.7;

/** A posture of the arm's joints. */
export interface Posture {
  readonly joints: readonly number[];
  /** 0 to 1. */
  readonly score: number;
}

/** Move `joints` to `point` with the hand down as controllers do at a reset; tells whether it gets there. */
export function reaches(
  kinematics: InverseKinematics,
  joints: Float64Array,
  point: ArrayLike<number>,
  yaw: number,
  iterations: number = ITERATIONS,
): boolean {
  const tilts = joints.length < 6;
  for (let done = 0; done < iterations; done += ITERATIONS_AT_ONCE) {
    kinematics.solve(joints, point, yaw, ITERATIONS_AT_ONCE);
    const { position, rotation, tilt } = kinematics.residual(joints, point, yaw);
    if (position < NEAR && (tilts ? tilt < TILTED : rotation < STRAIGHT)) return true;
  }
  return false;
}

/** Finds postures of one robot, mounted as it is. */
export class PostureSearch {
  private readonly robot: RobotModel;
  private readonly kinematics: InverseKinematics;
  private readonly clearance: Clearance;
  private readonly arm: Articulation;
  private readonly joints: readonly JointModel[];
  private readonly aboveTable: readonly number[];

  constructor(robot: RobotModel, clearance: Clearance) {
    const { articulation, armJoints, tcp } = robot;
    this.robot = robot;
    this.clearance = clearance;
    this.kinematics = new InverseKinematics(robot);
    this.arm = new Articulation(articulation);
    this.joints = armJoints.map(
      (name) => articulation.links.find(({ joint }) => joint?.name === name)!.joint!,
    );
    this.aboveTable = linksBeforeHand(articulation, tcp.link);
  }

  /**
   * Return the best postures with the tool at `point`, pointing down at yaw 0, the best first; few, and different ones.
   *
   * From a good one the tool gets to all of `around` as well.
   */
  best(point: Vec3, around: readonly Vec3[]): Posture[] {
    const random = createRandom("posture");
    const found: (Posture & { readonly dexterity: number })[] = [];
    for (let start = 0; start < STARTS; start++) {
      const drawn = Float64Array.from(this.joints, ({ lower, upper }) => random.uniform(lower, upper));
      // the first one is the posture that the file names or draws
      const joints = start === 0 ? Float64Array.from(this.robot.rest) : drawn;
      if (!reaches(this.kinematics, joints, point, 0, SEARCH_ITERATIONS)) continue;
      this.unwind(joints);
      const score = this.score(joints);
      if (score > 0) found.push({ joints: [...joints], score, dexterity: this.dexterity() });
    }
    const most = Math.max(...found.map(({ dexterity }) => dexterity));
    const rated = found.map(({ joints, score, dexterity }) => {
      const got = this.shareReached(joints, around);
      // a posture from which no joint moves the hand some way is none to work from
      return { joints, score: score * Math.sqrt(dexterity / most) * (0.1 + got) ** 2 };
    });
    const chosen: Posture[] = [];
    for (const one of rated.toSorted((a, b) => b.score - a.score)) {
      const isNew = chosen.every(({ joints }) =>
        joints.some((q, k) => Math.abs(q - one.joints[k]!) > DIFFERENT),
      );
      if (isNew) chosen.push(one);
      if (chosen.length === CHOSEN) break;
    }
    return chosen;
  }

  private shareReached(rest: readonly number[], points: readonly Vec3[]): number {
    const kinematics = new InverseKinematics({ ...this.robot, rest });
    const reached = points.filter((point) => reaches(kinematics, Float64Array.from(rest), point, 0));
    return reached.length / points.length;
  }

  /** Whole turns that a joint's range has room for are taken back until it is furthest from its limits. */
  private unwind(joints: Float64Array): void {
    for (const [k, { type, lower, upper }] of this.joints.entries()) {
      if (type !== "revolute") continue;
      const turn = 2 * Math.PI;
      const turns = Math.round(((lower + upper) / 2 - joints[k]!) / turn);
      const unwound = joints[k]! + turn * turns;
      if (unwound > lower && unwound < upper) joints[k] = unwound;
    }
  }

  /** Return how good a posture is: 0 where it cannot be held or stands at a limit. */
  score(joints: ArrayLike<number>): number {
    const positions = [...Array.from(joints), ...this.robot.home.slice(joints.length)];
    const freest = Math.min(
      ...this.joints.map(({ type, lower, upper }, k) => {
        const wanted = Math.min(FREE[type], (upper - lower) / 8);
        return Math.min(1, joints[k]! - lower, upper - joints[k]!, wanted) / Math.min(1, wanted);
      }),
    );
    if (freest < AT_LIMIT) return 0;
    const lowest = this.clearance.lowestPoints(positions);
    const height = Math.min(...this.aboveTable.map((link) => lowest[link]!), ABOVE_TABLE) / ABOVE_TABLE;
    if (height <= 0) return 0;
    const { arm } = this;
    arm.reset(positions);
    const pulled = Math.max(
      ...this.joints.map((_, k) => Math.abs(arm.biasForces[k]!) / arm.effortLimits[k]!),
    );
    if (pulled > GRAVITY_SHARE) return 0;
    // links that overlap leave a posture that is better than none
    const apart = this.clearance.overlaps(positions).length > 0 ? 0.01 : 1;
    return freest * height * (1 - pulled) * apart;
  }

  /** Product of the singular values of the tool's Jacobian in the posture looked at last, lengths against each other only. */
  private dexterity(): number {
    const { arm, robot } = this;
    const link = arm.linkIndex(robot.tcp.link);
    const count = this.joints.length;
    const [x, y, z] = [0, 1, 2].map((k) => arm.linkPositions[3 * link + k]!) as [number, number, number];
    const rows = [0, 1, 2].map((axis) => {
      const row = new Float64Array(arm.numDofs);
      arm.addJacobian(link, x, y, z, axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, 1, row, 0);
      return row.subarray(0, count);
    });
    const turns = [0, 1, 2].map((axis) =>
      Float64Array.from(this.joints, ({ name }) => {
        const mover = robot.articulation.links.findIndex(({ joint }) => joint?.name === name);
        return arm.motionAxes[6 * mover + axis]!;
      }),
    );
    const jacobian = count < 6 ? rows : [...rows, ...turns];
    const gram = jacobian.map((a) =>
      jacobian.map((b) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)),
    );
    return Math.sqrt(Math.max(0, determinant(gram)));
  }
}

/** Of a symmetric matrix without negative eigenvalues, by Cholesky's pivots. */
function determinant(matrix: number[][]): number {
  let product = 1;
  for (let i = 0; i < matrix.length; i++) {
    const pivot = matrix[i]![i]!;
    if (pivot <= 0) return 0;
    product *= pivot;
    for (let j = i + 1; j < matrix.length; j++) {
      const factor = matrix[j]![i]! / pivot;
      for (let k = i; k < matrix.length; k++) matrix[j]![k]! -= factor * matrix[i]![k]!;
    }
  }
  return product;
}
