// A URDF becomes robot data, with everything that the file does not say told as an assumption.
import type { Quat } from "../../math/quaternion.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import { distance, subtract, type Vec3 } from "../../math/vector.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import type { GripperModel, RobotModel } from "../models/robot-model.js";
import { checkRobot } from "./check-robot.js";
import { parseUrdf } from "./urdf-document.js";
import { findRoles, type JointRoles } from "./urdf-joints.js";
import { findWorkingPlace } from "./urdf-posture.js";
import type { ReadMesh } from "./urdf-shapes.js";
import { buildLinks, findRoot } from "./urdf-tree.js";

/** The fingers are told to close this share of their way beyond closed: they squeeze. */
const SQUEEZE = 0.25;

/** How a URDF is imported. */
export interface UrdfImportOptions {
  /** Names the file in errors and in the robot's source. */
  readonly file: string;
  /** Short name of the robot; default: the URDF's own. */
  readonly id?: string;
  /** Default: meshes are left out. */
  readonly readMesh?: ReadMesh;
  /** Link that is the tool's frame, z out of the hand. */
  readonly tip?: string;
  /** Joint that moves the fingers. */
  readonly gripper?: string;
}

/** Robot data and what was assumed to make it. */
export interface UrdfImport {
  readonly robot: RobotModel;
  readonly assumptions: readonly string[];
}

/** Import the URDF `text`; throws a UsageError that names the file and line of a mistake. */
export function importUrdf(text: string, options: UrdfImportOptions): UrdfImport {
  const { file } = options;
  const assumptions: string[] = [];
  const assume = (assumption: string) => void assumptions.push(assumption);
  const document = parseUrdf(text, file);
  const root = findRoot(document, file);
  if (!document.joints.some(({ type }) => type !== "fixed")) {
    throw new UsageError(`${file}: no joint moves; an arm needs some.`);
  }
  const roles = findRoles(document, root, { ...options, assume });
  const driven = [...roles.arm, ...(roles.gripper ? [roles.gripper] : [])].map(({ name }) => name);
  const readMesh = options.readMesh;
  const links = buildLinks(document, root, {
    file,
    ...(readMesh ? { readMesh } : {}),
    assume,
    driven,
    followers: roles.followers,
  });
  if (links.every(({ collision }) => collision.length === 0))
    assume("there are no collision shapes: nothing touches it");
  assume(
    "servos: full torque at an error of 0.05 rad (1 cm), velocity gain a tenth of that, rotor inertia 0.002 kg m² per N m " +
      "(at most 0.1)",
  );
  const arm = new Articulation({ links });
  const gripper = roles.gripper && gripperOf(links, arm, roles);
  const tcp = toolOf(links, arm, roles, gripper, assume);
  const numArm = roles.arm.length;
  const middle = Array.from({ length: numArm }, (_, k) =>
    Math.max(arm.lowerLimits[k]!, Math.min(arm.upperLimits[k]!, 0)),
  );
  const zero: Vec3 = [0, 0, 0];
  const draft: RobotModel = {
    id: options.id ?? document.name.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase(),
    title: document.name,
    articulation: { links },
    armJoints: driven.slice(0, numArm),
    home: [...middle, ...(gripper ? [gripper.open] : [])],
    rest: middle,
    ...(gripper ? { gripper } : {}),
    tcp,
    workspace: { low: zero, high: zero },
    taskRegion: { low: zero, high: zero },
    start: zero,
    source: `Imported from ${file}.`,
  };
  const handPath = pathLength(links, tcp.link) + Math.hypot(...tcp.offset);
  const place = findWorkingPlace(draft, handPath);
  if (place) {
    assume(
      "rest posture, workspace, task region and start: searched for in front of the base (+x), hand pointing down",
    );
  } else {
    assume(
      "the hand reaches no region in front of the base (+x) pointing down: tasks refuse this robot until its regions are set",
    );
  }
  const robot: RobotModel = place
    ? { ...draft, ...place, home: [...place.rest, ...(gripper ? [gripper.open] : [])] }
    : draft;
  checkRobot(robot);
  return { robot, assumptions };
}

/** The two links that hold an object, and how the joint's position becomes an opening. */
function gripperOf(
  links: readonly LinkModel[],
  arm: Articulation,
  { gripper, followers, hand }: JointRoles,
): GripperModel {
  const leader = links.findIndex(({ joint }) => joint?.name === gripper!.name);
  const isBelow = (link: number, ancestor: number): boolean => {
    for (let i = link; i >= 0; i = links[i]!.parent) if (i === ancestor) return true;
    return false;
  };
  const depth = (link: number): number => (link < 0 ? 0 : 1 + depth(links[link]!.parent));
  const deepest = (candidates: readonly number[]) =>
    candidates.toSorted(
      (a, b) =>
        Number(links[b]!.collision.length > 0) - Number(links[a]!.collision.length > 0) ||
        depth(b) - depth(a),
    )[0];
  const all = links.map((_, index) => index);
  const others = all.filter(
    (link) =>
      !isBelow(link, leader) &&
      all.some((top) => isBelow(link, top) && followers.has(links[top]!.joint?.name ?? "")),
  );
  const first = deepest(all.filter((link) => isBelow(link, leader)))!;
  const second = deepest(others);
  const handLink = links.findIndex(({ name }) => name === hand);
  const dof = arm.dofOfLink[leader]!;
  const [lower, upper] = [arm.lowerLimits[dof]!, arm.upperLimits[dof]!];
  const gapAt = (position: number) => {
    const positions = new Float64Array(arm.numDofs);
    positions[dof] = position;
    arm.reset(positions);
    const [a, b] = [centreOf(links, arm, first), centreOf(links, arm, second ?? handLink)];
    return distance(a, b);
  };
  const [gapLow, gapHigh] = [gapAt(lower), gapAt(upper)];
  const [open, closed] = gapHigh >= gapLow ? [upper, lower] : [lower, upper];
  return {
    joint: gripper!.name,
    open,
    closed: closed - SQUEEZE * (open - closed),
    fingerLinks:
      second === undefined ? [hand, links[first]!.name] : [links[first]!.name, links[second]!.name],
    lever: Number((Math.abs(gapHigh - gapLow) / 2 / (open - closed)).toFixed(6)),
    meets: closed,
  };
}

/** The tool's frame: the one named, or between the fingers, or at the arm's end. */
function toolOf(
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

/** Middle of a link's collision shapes in the world, m; its origin where it has none. */
function centreOf(links: readonly LinkModel[], arm: Articulation, link: number): Vec3 {
  const { collision } = links[link]!;
  const local = [0, 1, 2].map((k) =>
    collision.length === 0
      ? 0
      : collision.reduce((sum, shape) => sum + shape.position[k]!, 0) / collision.length,
  );
  const R = arm.linkRotations;
  return [0, 1, 2].map(
    (k) =>
      arm.linkPositions[3 * link + k]! +
      local.reduce((sum, value, axis) => sum + R[9 * link + 3 * k + axis]! * value, 0),
  ) as unknown as Vec3;
}

/** A world point in the frame of `link`. */
function inFrame(arm: Articulation, link: number, point: Vec3): Vec3 {
  const R = arm.linkRotations;
  const d = point.map((value, k) => value - arm.linkPositions[3 * link + k]!);
  return [0, 1, 2].map((axis) =>
    d.reduce((sum, value, k) => sum + R[9 * link + 3 * k + axis]! * value, 0),
  ) as unknown as Vec3;
}

function pathLength(links: readonly LinkModel[], name: string): number {
  let length = 0;
  for (let i = links.findIndex((link) => link.name === name); i >= 0; i = links[i]!.parent)
    length += Math.hypot(...links[i]!.position);
  return length;
}
