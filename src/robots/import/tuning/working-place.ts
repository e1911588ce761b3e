// Where an imported arm can work: how it is mounted, a rest posture with the hand down, and the regions it reaches from there.
import { rotateVector, yawOf } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";
import { Articulation } from "../../../physics/articulation/articulation.js";
import { InverseKinematics } from "../../control/inverse-kinematics.js";
import { ToolCentrePoint } from "../../control/tool-centre-point.js";
import type { BasePose, Region, RobotModel } from "../../models/robot-model.js";
import { Clearance } from "./clearance.js";
import { dipOf, type Mounting, type MountingFreedom, mounted, mountings, reachOf } from "./mounting.js";
import { PostureSearch, reaches } from "./posture-search.js";
import { isReached, largestBox, type ReachedBox, type Wanted } from "./reach-map.js";

/** What tasks are made for: a region this wide and deep, this high above the table, for arms that reach this far, m. */
const USUAL = { size: 0.3, top: 0.33, reach: 0.9 } as const;
/** Lowest place of the tool, m; of a hand without fingers, as a share of the height, where it does not get down so far. */
const LOWEST = 0.012;
const FLANGE_LOWEST = 0.2;
/** Where the tool starts, as a share of that height. */
const START_HEIGHT = 0.65;
/** Goals in the air lie between these shares of the height that is reached. */
const AIR = [0.18, 0.82] as const;
/** Share of the box that is reached in which things are put: the tool must get around them. */
const INSIDE = 0.75;
/** Yaws at which tasks command the hand (PegInsert-v1 the furthest), rad. */
const YAWS = [-0.39, 0.39] as const;
/** What a place where the hand works at yaw 0 only is worth. */
const YAW_ONLY = 0.8;
/** The middle of the region is looked for at these shares of the reach. */
const DISTANCES = [0.5, 0.4, 0.6, 0.3, 0.7] as const;
/** Of the box that tasks want this share is enough to look no further, and less than that is looked for elsewhere. */
const ENOUGH = 0.9;
const POOR = 0.3;
/** A box that is not reached everywhere is made smaller by this share, so often at most. */
const SHRINK = 0.9;
const SHRINKS = 8;
const LEAST_JOINTS = 3;
/** A hand that is turned by a radian or more against what is told is worth this. */
const LEAST_STRAIGHT = 0.2;
const OVERLAP_LOOKS = 5;

/** A robot that was mounted, with its posture and regions, and what was found out, in sentences. */
export interface WorkingPlace {
  readonly robot: RobotModel;
  /** How much of the region that tasks want is reached, 0 to 1. */
  readonly share: number;
  readonly notes: readonly string[];
}

interface Candidate {
  readonly robot: RobotModel;
  readonly mounting: Mounting;
  readonly share: number;
  /** Whether tasks may turn the hand as they do. */
  readonly turns: boolean;
}

/** A line on the table along which the middle of a region is looked for. */
export interface Ahead {
  /** m */
  readonly from: readonly [x: number, y: number];
  /** Unit vector. */
  readonly along: readonly [x: number, y: number];
}

/** What is kept, and where an arm that is one of several is to work. */
export interface PlaceFreedom extends MountingFreedom {
  /** Where it looks for its region where the base stands so; default: from the base along x. */
  readonly ahead?: (base: BasePose) => readonly Ahead[];
}

/**
 * Mount `draft` and find where it works; undefined where the hand reaches no region pointing down, however it is mounted.
 *
 * `base` is kept where it is given; `anyAxis`: the tool's z axis is a guess.
 */
export function findWorkingPlace(draft: RobotModel, freedom: PlaceFreedom): WorkingPlace | undefined {
  // fewer joints lead the tool along a line or a surface
  if (draft.armJoints.length < LEAST_JOINTS) return undefined;
  const reach = reachOf(draft);
  const dip = freedom.base ? 0 : dipOf(draft);
  const best = bestMounting(draft, mountings(draft, freedom, dip, reach), { reach, ahead: freedom.ahead });
  if (!best) return undefined;
  const robot = withRestOverlaps(withoutSunkShapes(best));
  const known = draft.articulation.mayOverlap?.length ?? 0;
  const touching = robot.articulation.mayOverlap?.slice(known) ?? [];
  const overlaps = touching.map((pair) => `"${pair.join('" and "')}"`).join(", ");
  const told = overlaps ? [`links that overlap in the rest posture never stop each other: ${overlaps}`] : [];
  return { robot, share: best.share, notes: [...notesOn(best, dip, reach), ...told] };
}

/** Where regions are looked for, and how large they can be. */
interface Range {
  readonly ahead: PlaceFreedom["ahead"] | undefined;
  readonly reach: number;
}

/** Try group after group until one has a good mounting. */
function bestMounting(
  draft: RobotModel,
  groups: readonly (() => readonly Mounting[])[],
  range: Range,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const group of groups) {
    for (const mounting of group()) {
      const candidate = tryMounting(draft, mounting, range);
      if (candidate && candidate.share > (best?.share ?? 0)) best = candidate;
      if (best && best.share > ENOUGH) return best;
    }
    if (best && best.share > POOR) return best;
  }
  return best;
}

function tryMounting(draft: RobotModel, mounting: Mounting, { reach, ahead }: Range): Candidate | undefined {
  const robot = mounted(draft, mounting);
  const scale = Math.min(1, reach / USUAL.reach);
  const size = scale * USUAL.size;
  const search = new PostureSearch(robot, new Clearance(robot.articulation));
  const [x0, y0] = mounting.base.position;
  const lines: readonly Ahead[] = ahead?.(mounting.base) ?? [{ from: [x0, y0], along: [1, 0] }];
  let best: Found | undefined;
  for (const line of lines) {
    const isPoor = !best || best.box.share <= POOR;
    if (isPoor) best = better(best, boxAlong(search, robot, line, { reach, size, top: scale * USUAL.top }));
  }
  return best && settled(best, size, mounting, search);
}

/** The best box whose middle is on a line. */
function boxAlong(
  search: PostureSearch,
  robot: RobotModel,
  { from, along }: Ahead,
  { reach, size, top }: { readonly reach: number; readonly size: number; readonly top: number },
): Found | undefined {
  let best: Found | undefined;
  for (const distance of DISTANCES) {
    const middle = [0, 1].map((k) => from[k]! + distance * reach * along[k]!) as [number, number];
    for (const lowest of robot.gripper ? [LOWEST] : [LOWEST, FLANGE_LOWEST * top]) {
      best = better(best, boxFrom(search, robot, { middle, size, lowest, top }));
      // a hand without fingers need not get down to the table
      if (best && best.box.share > POOR) break;
    }
    if (best && best.box.share > ENOUGH) break;
  }
  return best;
}

/** The best box that is reached from the best postures at its middle. */
function boxFrom(search: PostureSearch, robot: RobotModel, wanted: Wanted): Found | undefined {
  const { middle, size, lowest, top } = wanted;
  const [x, y] = middle;
  const half = size / 2;
  const around = [lowest, top].flatMap((z): Vec3[] => [
    [x - half, y, z],
    [x + half, y - half, z],
    [x + half, y + half, z],
  ]);
  let best: Found | undefined;
  for (const { joints } of search.best([x, y, START_HEIGHT * top], around)) {
    const resting = withRestOverlaps(withRest(robot, joints));
    const kinematics = new InverseKinematics(resting);
    const box = largestBox(resting, kinematics, new Clearance(resting.articulation), wanted);
    best = better(best, box && { robot: resting, box });
    if (best && best.box.share > ENOUGH) break;
  }
  return best;
}

function better(a: Found | undefined, b: Found | undefined): Found | undefined {
  return b && b.box.share > (a?.box.share ?? 0) ? b : a;
}

interface Found {
  readonly robot: RobotModel;
  readonly box: ReachedBox;
}

/** Move the rest posture to the middle of the box and make the regions such that every point of them is reached from it. */
function settled(
  { robot, box }: Found,
  size: number,
  mounting: Mounting,
  search: PostureSearch,
): Candidate | undefined {
  const lowest = box.low[2];
  const height = box.high[2] - lowest;
  const centre = [0, 1].map((k) => (box.low[k]! + box.high[k]!) / 2);
  const start: Vec3 = [centre[0]!, centre[1]!, lowest + START_HEIGHT * height];
  const joints = Float64Array.from(robot.rest);
  const before = new InverseKinematics(robot);
  if (!reaches(before, joints, start, 0) || search.score(joints) === 0) return undefined;
  // short arms may not be able to turn their hands as told: of two ways to mount them the one that is nearer is better
  const straight = Math.max(LEAST_STRAIGHT, 1 - before.residual(joints, start, 0).rotation);
  const rested = withRest(
    robot,
    Array.from(joints, (q) => Number(q.toFixed(4))),
  );
  const kinematics = new InverseKinematics(rested);
  const inner = (half: readonly number[], low: number, high: number): Region => ({
    low: rounded([centre[0]! - half[0]!, centre[1]! - half[1]!, low]),
    high: rounded([centre[0]! + half[0]!, centre[1]! + half[1]!, high]),
  });
  for (let shrinks = 0; shrinks <= SHRINKS; shrinks++) {
    const share = SHRINK ** shrinks;
    const half = [0, 1].map((k) => (share * (box.high[k]! - box.low[k]!)) / 2);
    const workspace = inner(half, lowest, box.high[2]);
    if (!isReached(rested, kinematics, workspace, [0])) continue;
    const within = half.map((value) => Math.min(INSIDE * value, size / 2));
    const taskRegion = inner(within, lowest + AIR[0] * height, lowest + AIR[1] * height);
    const fromTable: Region = { ...taskRegion, low: [taskRegion.low[0], taskRegion.low[1], lowest] };
    const turns = isReached(rested, kinematics, fromTable, YAWS);
    return {
      robot: { ...rested, workspace, taskRegion, start: toolAt(rested) },
      mounting,
      share: box.share * share * share * straight * (turns ? 1 : YAW_ONLY),
      turns,
    };
  }
  return undefined;
}

function withRest(robot: RobotModel, rest: readonly number[]): RobotModel {
  return { ...robot, rest, home: [...rest, ...robot.home.slice(rest.length)] };
}

/** Where the tool is in the home posture: an arm that starts there has nowhere to drift to. */
function toolAt(robot: RobotModel): Vec3 {
  const arm = new Articulation(robot.articulation, 0);
  arm.reset(robot.home);
  const tool = new ToolCentrePoint(robot, arm);
  return Array.from(tool.position, (value) => Number(value.toFixed(6))) as unknown as Vec3;
}

/** Links of an arm beside a table that is higher than its base may stand below the table's surface, which is all of the plane. */
function withoutSunkShapes({ robot }: Candidate): RobotModel {
  const names = new Set(sunkLinks(robot));
  if (names.size === 0) return robot;
  const { articulation } = robot;
  const links = articulation.links.map((link) => (names.has(link.name) ? { ...link, collision: [] } : link));
  return { ...robot, articulation: { ...articulation, links } };
}

/** Pairs of links that overlap where the arm rests would push each other for ever: they may. */
function withRestOverlaps(robot: RobotModel): RobotModel {
  const { articulation, home } = robot;
  const pairs = [...(articulation.mayOverlap ?? [])];
  // the contacts of a posture may be more than one look shows
  for (let look = 0; look < OVERLAP_LOOKS; look++) {
    const more = new Clearance({ ...articulation, mayOverlap: pairs }).overlaps(home);
    if (more.length === 0) break;
    pairs.push(...more);
  }
  if (pairs.length === 0) return robot;
  return { ...robot, articulation: { ...articulation, mayOverlap: pairs } };
}

function sunkLinks(robot: RobotModel): string[] {
  if (!robot.base || robot.base.position[2] >= 0) return [];
  const lowest = new Clearance(robot.articulation).lowestPoints(robot.home);
  return robot.articulation.links.filter((_, link) => lowest[link]! < 0).map(({ name }) => name);
}

function notesOn({ robot, mounting, turns }: Candidate, dip: number, reach: number): string[] {
  const { base, tool } = mounting;
  const { taskRegion, workspace, start } = robot;
  const cm = (value: number) => Number((100 * value).toFixed(1));
  const box = ({ low, high }: Region) => low.map((value, k) => `${cm(value)} to ${cm(high[k]!)}`).join(", ");
  const z = base.position[2];
  const angle = Math.round((yawOf(base.quaternion) * 180) / Math.PI);
  const out = rotateVector(tool, [0, 0, 1])[2];
  const toolTurn = Math.round((yawOf(tool) * 180) / Math.PI);
  const sunk = sunkLinks(robot);
  return [
    `the tool gets ${cm(reach)} cm far from the arm's first joint`,
    ...(dip > 0 && z === dip
      ? [`the base is raised by ${cm(dip)} cm: its links would stand in the table`]
      : []),
    ...(z !== 0 && z !== dip
      ? [
          z > 0
            ? `the base stands on a pedestal of ${cm(z)} cm, from where the hand reaches the table`
            : `the table stands ${cm(-z)} cm above the base: there the hand reaches it pointing down`,
        ]
      : []),
    ...(sunk.length > 0
      ? [`collision shapes of ${sunk.join(", ")} are left out: they stand below the table`]
      : []),
    ...(angle !== 0
      ? [`the base is turned by ${angle}° about the vertical: there the hand works in front of it (+x)`]
      : []),
    ...(out < 0.5 ? ["the tool's z axis is turned to the axis of its link that points down"] : []),
    ...(out >= 0.5 && toolTurn !== 0 ? [`the tool's frame is turned by ${toolTurn}° about its z axis`] : []),
    `workspace, x, y, z: ${box(workspace)} cm; task region: ${box(taskRegion)} cm; start: ${start.map(cm).join(", ")} cm; all of it is reached from the rest posture, hand down`,
    ...(turns ? [] : [`in all of the task region the hand works at yaw 0 only, not at ±${YAWS[1]} rad`]),
  ];
}

function rounded(point: readonly number[]): Vec3 {
  return point.map((value) => Number(value.toFixed(3))) as unknown as Vec3;
}
