// Where the fingers of a hand are: each touches things with its pad, by default the last of its link's collision shapes.
import type { Vec3 } from "../../math/vector.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import { type GripperModel, idleFingers, type RobotModel } from "../models/robot-model.js";
import { ToolCentrePoint } from "./tool-centre-point.js";

/** Return an arm as tasks without grasping reset it, every joint at its home and the fingers closed, with its tool. */
export function closedHand(robot: RobotModel): {
  readonly arm: Articulation;
  readonly tool: ToolCentrePoint;
} {
  const arm = new Articulation(robot.articulation, 0);
  arm.reset([...robot.home.slice(0, robot.armJoints.length), idleFingers(robot)]);
  return { arm, tool: new ToolCentrePoint(robot, arm) };
}

/** Return the middle of a finger's pad in the world, m; of its link where that has no shapes. */
export function padCentre(arm: Articulation, { fingerLinks, pads }: GripperModel, finger: 0 | 1): Vec3 {
  const link = arm.linkIndex(fingerLinks[finger]);
  const own = arm.model.links[link]!.collision.at(-1)?.position ?? [0, 0, 0];
  const [x, y, z] = pads?.[finger].position ?? own;
  const R = arm.linkRotations.subarray(9 * link, 9 * link + 9);
  const at = (k: 0 | 1 | 2) =>
    arm.linkPositions[3 * link + k]! + R[3 * k]! * x + R[3 * k + 1]! * y + R[3 * k + 2]! * z;
  return [at(0), at(1), at(2)];
}

/** Tell whether the degree of freedom `dof` moves a finger. */
export function isMovedBy(arm: Articulation, link: number, dof: number): boolean {
  return arm.chains[link]!.some((mover) => arm.dofOfLink[mover] === dof);
}
