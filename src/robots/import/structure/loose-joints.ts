// Joints that are no single movement: an arm stands on a table, so they hold still.
import type { DescribedJoint, RobotDescription } from "../description.js";

/** Return the description with its floating and planar joints fixed where they are at 0. */
export function weldLooseJoints(
  description: RobotDescription,
  assume: (assumption: string) => void,
): RobotDescription {
  const joints = description.joints.map((joint): DescribedJoint => {
    const { name, type } = joint;
    if (type !== "floating" && type !== "planar") return joint;
    assume(`joint "${name}" is ${type}: it is fixed where the file puts it`);
    return { ...joint, type: "fixed" };
  });
  return { ...description, joints };
}
