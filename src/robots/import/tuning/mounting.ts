// Where a robot can stand and how its tool's frame can be turned: candidates, the usual ones first.
import {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
} from "../../../math/quaternion.js";
import { createRandom } from "../../../math/random.js";
import type { Vec3 } from "../../../math/vector.js";
import { Articulation } from "../../../physics/articulation/articulation.js";
import { ToolCentrePoint } from "../../control/tool-centre-point.js";
import { mountedLinks } from "../../models/robot-base.js";
import type { BasePose, RobotModel } from "../../models/robot-model.js";
import { Clearance, linksBeforeHand } from "./clearance.js";

/** How an arm is mounted: what is changed of the robot as described. */
export interface Mounting {
  readonly base: BasePose;
  /** Turn of the tool's frame in itself. */
  readonly tool: Quat;
}

/** What may be changed. */
export interface MountingFreedom {
  /** The base stands where the caller says. */
  readonly base?: BasePose;
  /** The tool's z axis is a guess: any axis of its link may be the one out of the hand. */
  readonly anyAxis: boolean;
}

const SAMPLES = 300;
/** Cosine of the angle to straight down of an axis that points about down. */
const ABOUT_DOWN = 0.7;
/** A base is raised until its arm is this far above the table, m. */
const GAP = 0.002;
const QUARTERS = [0, Math.PI / 2, -Math.PI / 2, Math.PI] as const;
/** Heights of the shoulder above the table that are tried where the arm works in none as it stands, as shares of its reach. */
const SHOULDER_HEIGHTS = [0.3, 0.5, 0.1, 0.7] as const;

/** Return the robot mounted so; its regions and posture are still to be found. */
export function mounted(robot: RobotModel, { base, tool }: Mounting): RobotModel {
  const { tcp, articulation } = robot;
  const turned = tcp.quaternion ? multiplyQuaternions(tcp.quaternion, tool) : tool;
  const standsAtOrigin = base.position.every((value) => value === 0) && base.quaternion[3] === 1;
  return {
    ...robot,
    ...(standsAtOrigin ? {} : { base }),
    articulation: standsAtOrigin
      ? articulation
      : { ...articulation, links: mountedLinks(articulation.links, base) },
    tcp: turned[3] === 1 ? tcp : { ...tcp, quaternion: turned },
  };
}

/** The furthest that the tool gets from the arm's first joint, of many postures, m. */
export function reachOf(robot: RobotModel): number {
  const arm = new Articulation(robot.articulation, 0);
  const tool = new ToolCentrePoint(robot, arm);
  const first = robot.articulation.links.findIndex(({ joint }) => joint?.name === robot.armJoints[0]);
  let furthest = 0;
  for (const positions of randomPostures(arm)) {
    arm.reset(positions);
    tool.update();
    const away = [0, 1, 2].map((k) => tool.position[k]! - arm.linkPositions[3 * first + k]!);
    furthest = Math.max(furthest, Math.hypot(...away));
  }
  return furthest;
}

/** How far the base must be raised for no link to be in the table in every posture, m. */
export function dipOf(robot: RobotModel): number {
  const clearance = new Clearance(robot.articulation);
  const highest = new Float64Array(clearance.arm.numLinks).fill(Number.NEGATIVE_INFINITY);
  for (const positions of randomPostures(clearance.arm)) {
    const lowest = clearance.lowestPoints(positions);
    for (let link = 0; link < highest.length; link++) highest[link] = Math.max(highest[link]!, lowest[link]!);
  }
  const dip = Math.min(...linksBeforeHand(robot.articulation, robot.tcp.link).map((link) => highest[link]!));
  return dip < GAP ? Math.ceil(1000 * (GAP - dip) - 1e-6) / 1000 : 0;
}

/** Groups of mountings, each tried where the groups before it gave nothing good. */
export function mountings(
  robot: RobotModel,
  { base, anyAxis }: MountingFreedom,
  height: number,
  reach: number,
): (() => readonly Mounting[])[] {
  const turns = toolTurns(robot);
  const canPointDown = pointsDown(robot);
  const standing = (z: number, yaw: number): BasePose => ({
    position: [0, 0, z],
    quaternion: quaternionFromAxisAngle([0, 0, 1], yaw),
  });
  const all = (bases: readonly BasePose[], tools: readonly Quat[]) =>
    bases.flatMap((stand) => tools.filter(canPointDown).map((tool) => ({ base: stand, tool })));
  const flips = anyAxis
    ? axisTurns().flatMap((flip) => turns.map((turn) => multiplyQuaternions(flip, turn)))
    : [];
  const first = base ?? standing(height, 0);
  const elsewhere = base ? [] : QUARTERS.slice(1).map((yaw) => standing(height, yaw));
  return [
    () => all([first], turns),
    () => all([first], flips),
    () => all(elsewhere, turns),
    () => all(elsewhere, flips),
    ...(base
      ? []
      : SHOULDER_HEIGHTS.map((share) => () => {
          const raised = standing(Math.round(100 * (share * reach - shoulderOf(robot))) / 100, 0);
          return all([raised], [...turns, ...(turns.some(canPointDown) ? [] : flips)]);
        })),
  ];
}

/** Height of the arm's second joint above its base, m: the first one often only turns it. */
function shoulderOf({ articulation, armJoints }: RobotModel): number {
  const arm = new Articulation(articulation, 0);
  const name = armJoints[1] ?? armJoints[0];
  return arm.linkPositions[3 * articulation.links.findIndex(({ joint }) => joint?.name === name) + 2]!;
}

/** Turns about the tool's z axis after which its fingers still move along their axis, or any quarter where it has none. */
function toolTurns({ gripper }: RobotModel): Quat[] {
  const turn = (angle: number) => quaternionFromAxisAngle([0, 0, 1], angle);
  const half: Quat[] = [[0, 0, 0, 1], turn(Math.PI)];
  return gripper ? half : [...half, turn(Math.PI / 2), turn(-Math.PI / 2)];
}

/** Make a test whether the z axis of the tool, turned so, points about down in any of many postures: else no search is needed. */
function pointsDown(robot: RobotModel): (tool: Quat) => boolean {
  const arm = new Articulation(robot.articulation, 0);
  const tool = new ToolCentrePoint(robot, arm);
  // the world's down in the tool's frame
  const downs = randomPostures(arm).map((positions): Vec3 => {
    arm.reset(positions);
    tool.update();
    const R = tool.rotation;
    return [-R[6]!, -R[7]!, -R[8]!];
  });
  return (turn) => {
    const [x, y, z] = rotateVector(turn, [0, 0, 1]);
    return downs.some((down) => x * down[0] + y * down[1] + z * down[2] > ABOUT_DOWN);
  };
}

/** Turns that bring another axis of the link to where its z axis is. */
function axisTurns(): Quat[] {
  const [x, y] = [
    [1, 0, 0],
    [0, 1, 0],
  ] as const;
  return [
    quaternionFromAxisAngle(x, Math.PI),
    quaternionFromAxisAngle(y, Math.PI / 2),
    quaternionFromAxisAngle(y, -Math.PI / 2),
    quaternionFromAxisAngle(x, Math.PI / 2),
    quaternionFromAxisAngle(x, -Math.PI / 2),
  ];
}

function randomPostures(arm: Articulation): number[][] {
  const random = createRandom("mounting");
  return Array.from({ length: SAMPLES }, () =>
    Array.from(arm.lowerLimits, (lower, dof) => random.uniform(lower, arm.upperLimits[dof]!)),
  );
}
