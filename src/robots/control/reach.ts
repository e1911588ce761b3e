// Can a robot do what a task needs? Told in one line where it cannot.
import { UsageError } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import { fingerOpening, gripperLink, type Region, type RobotModel } from "../models/robot-model.js";
import { InverseKinematics } from "./inverse-kinematics.js";

/** A corner this far from where the tool gets counts as out of reach, m. */
const TOLERANCE = 0.01;
const ITERATIONS = 60;

const checked = new WeakMap<RobotModel, Set<string>>();

/**
 * Throw a UsageError where `robot` cannot bring its tool, hand down, to every corner of `region`; `who` needs it.
 *
 * @throws UsageError that names the robot, the point and `who`.
 * @example
 * assertReachable(findRobot("panda"), { low: [0.4, -0.1, 0.02], high: [0.6, 0.1, 0.2] }, "PickPlace-v1");
 */
export function assertReachable(robot: RobotModel, { low, high }: Region, who: string): void {
  const known = checked.get(robot) ?? new Set();
  checked.set(robot, known);
  const key = [...low, ...high].join(" ");
  if (known.has(key)) return;
  const kinematics = new InverseKinematics(robot);
  for (let corner = 0; corner < 8; corner++) {
    const point = [0, 1, 2].map((k) => (corner & (1 << k) ? high[k]! : low[k]!)) as unknown as Vec3;
    const joints = Float64Array.from(robot.rest);
    kinematics.solve(joints, point, 0, ITERATIONS);
    const away = kinematics.residual(joints, point, 0).position;
    if (away <= TOLERANCE) continue;
    throw new UsageError(
      `Robot "${robot.id}" does not reach (${point.join(", ")}) m: the nearest it gets is ${(100 * away).toFixed(1)} cm away. ` +
        `${who} needs it; choose another robot or a smaller region.`,
    );
  }
  known.add(key);
}

/**
 * Throw a UsageError where `robot` has no gripper, or one that does not open wide enough for an object of `width` (m).
 *
 * @throws UsageError that names the robot and `who`.
 * @example
 * assertGraspable(findRobot("panda"), 0.04, "PickPlace-v1");
 */
export function assertGraspable(robot: RobotModel, width: number, who: string): void {
  if (!robot.gripper) {
    throw new UsageError(`Robot "${robot.id}" has no gripper; ${who} needs one. Choose another robot.`);
  }
  const widest = 2 * fingerOpening(robot.gripper, robot.gripper.open);
  if (widest > width) return;
  throw new UsageError(
    `The gripper of robot "${robot.id}" opens to ${(100 * widest).toFixed(1)} cm; ${who} has an object of ${Number((100 * width).toFixed(2))} cm. ` +
      "Choose another robot or a smaller object.",
  );
}

/** The gripper's command must run from no force to the greatest over this share of its half range at least. */
const FINE_GRIP = 0.2;

/**
 * Throw a UsageError where `robot` cannot grip by a chosen force: its fingers are so stiff that the least step is too much.
 *
 * @throws UsageError that names the robot and `who`.
 * @example
 * assertForceControlled(findRobot("panda"), "HiddenMass-v1");
 */
export function assertForceControlled(robot: RobotModel, who: string): void {
  const { id, gripper, articulation } = robot;
  const joint = articulation.links[gripperLink(robot)]?.joint;
  if (!gripper || !joint) throw new UsageError(`Robot "${id}" has no gripper; ${who} needs one.`);
  const share = joint.effortLimit / joint.stiffness / (Math.abs(gripper.open - gripper.closed) / 2);
  if (share >= FINE_GRIP) return;
  throw new UsageError(
    `The gripper of robot "${id}" is too stiff to grip gently: ${(100 * share).toFixed(1)} % of its command's half range ` +
      `lie between no force and the greatest, ${who} needs ${100 * FINE_GRIP} %. Choose another robot.`,
  );
}
