// How hard a gripper squeezes a body: opposing contact by the inner faces of its two fingers.
import { rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { World } from "../../physics/world.js";
import { type GripperModel, gripperLink, type RobotModel } from "../models/robot-model.js";
import { isMovedBy, padCentre } from "./finger-pads.js";

/** Contacts whose normal lies further than this from the way a finger closes are not of its inner face, rad. */
const MAX_ANGLE = Math.PI / 4;

/**
 * Measures the squeezing force of a gripper.
 *
 * A finger squeezes with the normal forces of its contacts with the body, each by its part along the direction in which
 * the finger closes; contacts whose normal lies more than 45 degrees from that direction (tips and backs of the fingers,
 * the palm) and friction do not count. What both fingers do is the squeezing force: the smaller of the two. A closed fist
 * pressed on a body has no two such contacts and squeezes with 0 N, however hard it presses.
 *
 * Source: after ManiSkill's `is_grasping` (each finger's contact force is at least 0.5 N and lies within 85 degrees of the
 * direction in which the finger closes), stricter by the angle and by looking at each contact instead of the sum with
 * friction, which a pressed fist can turn by up to atan(0.8) = 39 degrees.
 */
export class Grip {
  private readonly world: World;
  private readonly arm: Articulation;
  private readonly links: readonly [number, number];
  private readonly faces: readonly [Vec3, Vec3];
  private readonly direction = new Float64Array(3);

  /** `world` holds the arm of `robot`, whose gripper is `gripper`, from the link `firstLink` of its articulation on. */
  constructor(robot: RobotModel, gripper: GripperModel, world: World, firstLink = 0) {
    const [left, right] = gripper.fingerLinks.map((name) =>
      robot.articulation.links.findIndex((link) => link.name === name),
    );
    this.world = world;
    this.arm = world.articulation!;
    this.links = [firstLink + left!, firstLink + right!];
    this.faces = innerFaces(robot, gripper);
  }

  /** Return the force with which the fingers squeezed `body` in the last physics step, N. */
  force(body: FreeBody): number {
    return Math.min(this.fingerForce(body, 0), this.fingerForce(body, 1));
  }

  private fingerForce(body: FreeBody, finger: 0 | 1): number {
    const { direction, arm } = this;
    const link = this.links[finger];
    const [x, y, z] = this.faces[finger];
    const R = arm.linkRotations;
    for (let k = 0; k < 3; k++) {
      const row = 9 * link + 3 * k;
      direction[k] = R[row]! * x + R[row + 1]! * y + R[row + 2]! * z;
    }
    return this.world.forceAlong(body, link, direction, Math.cos(MAX_ANGLE));
  }
}

/**
 * Return the unit normals of the fingers' inner faces, each in its link's frame.
 *
 * Where the model does not say, they follow from the motion of the half open gripper: of a finger whose pad (its last collision shape) is a box it is the
 * face that lies most along the way in which the finger closes, else that way itself.
 */
function innerFaces(robot: RobotModel, gripper: GripperModel): readonly [Vec3, Vec3] {
  if (gripper.pads) return [gripper.pads[0].normal, gripper.pads[1].normal];
  const arm = new Articulation(robot.articulation, 0);
  const dof = arm.dofOfLink[gripperLink(robot)]!;
  const { open, meets = 0 } = gripper;
  const positions = Float64Array.from({ length: arm.numDofs }, (_, k) => robot.home[k] ?? 0);
  positions[dof] = (open + meets) / 2;
  arm.reset(positions);
  const links = gripper.fingerLinks.map((name) => arm.linkIndex(name)) as [number, number];
  const pads = ([0, 1] as const).map((finger) => padCentre(arm, gripper, finger));
  // a jaw that closes on a fixed one meets things where its own pad is
  const moving = links.flatMap((link, finger) => (isMovedBy(arm, link, dof) ? [pads[finger]!] : []));
  const point = [0, 1, 2].map((k) => moving.reduce((sum, pad) => sum + pad[k]! / moving.length, 0));
  const sign = Math.sign(meets - open);
  const along = [0, 1, 2].map((axis) => {
    const speed = (link: number) => speedOf(arm, link, dof, point, axis);
    return sign * (speed(links[0]) - speed(links[1]));
  });
  return [faceOf(arm, links[0], along, 1), faceOf(arm, links[1], along, -1)];
}

/** Speed along a world axis of the point of `link` that is at `point`, per unit of speed of `dof`. */
function speedOf(
  arm: Articulation,
  link: number,
  dof: number,
  point: readonly number[],
  axis: number,
): number {
  const row = new Float64Array(arm.numDofs);
  const [x, y, z] = point as [number, number, number];
  arm.addJacobian(link, x, y, z, axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, 1, row, 0);
  return row[dof]!;
}

/** The face of a finger that lies most along the world's direction `along`, times `sign`, in the link's frame. */
function faceOf(arm: Articulation, link: number, along: readonly number[], sign: number): Vec3 {
  const R = arm.linkRotations.subarray(9 * link, 9 * link + 9);
  const length = Math.hypot(...along);
  const local = [0, 1, 2].map(
    (axis) => (sign * (R[axis]! * along[0]! + R[3 + axis]! * along[1]! + R[6 + axis]! * along[2]!)) / length,
  ) as unknown as Vec3;
  const pad = arm.model.links[link]!.collision.at(-1);
  if (pad?.type !== "box") return local;
  const axes = ([0, 1, 2] as const).map((axis) => {
    const unit: Vec3 = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
    return pad.quaternion ? rotateVector(pad.quaternion, unit) : unit;
  });
  const parts = axes.map((axis) => axis[0] * local[0] + axis[1] * local[1] + axis[2] * local[2]);
  const best = parts.reduce((so, part, index) => (Math.abs(part) > Math.abs(parts[so]!) ? index : so), 0);
  const [x, y, z] = axes[best]!;
  const side = Math.sign(parts[best]!);
  return [side * x, side * y, side * z];
}
