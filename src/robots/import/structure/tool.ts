// The tool's frame of an imported robot.
import type { Quat } from "../../../math/quaternion.js";
import { optionText } from "../../../math/usage-error.js";
import { subtract, type Vec3 } from "../../../math/vector.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { LinkModel } from "../../../physics/articulation/articulation-model.js";
import type { GripperModel, RobotModel } from "../../models/robot-model.js";
import type { JointRoles } from "./joint-roles.js";
import { centreOf, inFrame } from "./link-places.js";

/** The tool's frame: the one named, or between the fingers, or at the arm's end. */
export function toolOf(
  links: readonly LinkModel[],
  arm: Articulation,
  { hand, toolFrame }: JointRoles,
  gripper: GripperModel | undefined,
  assume: (assumption: string) => void,
): RobotModel["tcp"] {
  if (toolFrame !== undefined && links.some(({ name }) => name === toolFrame)) {
    assume(`the tool centre point is the frame "${toolFrame}", its z axis out of the hand`);
    return { link: toolFrame, offset: [0, 0, 0] };
  }
  const handLink = links.findIndex(({ name }) => name === hand);
  if (!gripper || gripper.fingerLinks.includes(hand)) {
    assume(
      `the tool centre point is the origin of link "${hand}", its z axis out of the hand (${optionText("tip")} names another)`,
    );
    return { link: hand, offset: [0, 0, 0] };
  }
  const positions = new Float64Array(arm.numDofs);
  positions[arm.numDofs - 1] = (gripper.open + gripper.meets!) / 2;
  arm.reset(positions);
  const [a, b] = gripper.fingerLinks.map((name) =>
    inFrame(arm, handLink, centreOf(links, arm, arm.linkIndex(name))),
  ) as [Vec3, Vec3];
  const middle = [0, 1, 2].map((k) => Number(((a[k]! + b[k]!) / 2).toFixed(6)) + 0) as unknown as Vec3;
  const quaternion = toolTurn(middle, subtract(a, b));
  assume(`the tool centre point lies between the fingers, (${middle.join(", ")}) m from link "${hand}"`);
  return { link: hand, offset: middle, ...(quaternion[3] === 1 ? {} : { quaternion }) };
}

/** The turn whose z axis is the hand's axis nearest to `out` and whose y axis is the one nearest to `along`. */
function toolTurn(out: Vec3, along: Vec3): Quat {
  const nearestAxis = (direction: Vec3, but = -1): Vec3 => {
    const sizes = direction.map((value, k) => (k === but ? -1 : Math.abs(value)));
    const longest = sizes.indexOf(Math.max(...sizes));
    return [0, 1, 2].map((k) => (k === longest ? Math.sign(direction[k]!) || 1 : 0)) as unknown as Vec3;
  };
  const z = nearestAxis(out);
  const y = nearestAxis(
    along,
    z.findIndex((value) => value !== 0),
  );
  const x: Vec3 = [y[1] * z[2] - y[2] * z[1], y[2] * z[0] - y[0] * z[2], y[0] * z[1] - y[1] * z[0]];
  // of the four ways to a quaternion the one with the largest part
  const [xx, yy, zz] = [x[0], y[1], z[2]];
  const squares = [1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz, 1 + xx + yy + zz];
  const largest = squares.indexOf(Math.max(...squares));
  const s = Math.sqrt(squares[largest]!) * 2;
  const [xy, xz, yz] = [y[0] + x[1], z[0] + x[2], z[1] + y[2]];
  const [wx, wy, wz] = [y[2] - z[1], z[0] - x[2], x[1] - y[0]];
  const tables: readonly Quat[] = [
    [s / 4, xy / s, xz / s, wx / s],
    [xy / s, s / 4, yz / s, wy / s],
    [xz / s, yz / s, s / 4, wz / s],
    [wx / s, wy / s, wz / s, s / 4],
  ];
  return tables[largest]!;
}
