// What a robot is tried at standing still: its regions, gravity, the pairs of links that may touch.
import { createRandom } from "../../math/random.js";
import { optionText } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import { World } from "../../physics/world.js";
import { InverseKinematics } from "../../robots/control/inverse-kinematics.js";
import { ToolCentrePoint } from "../../robots/control/tool-centre-point.js";
import { openFingers, type RobotModel } from "../../robots/models/robot-model.js";
import { judged, millimetres, type RobotCheckItem } from "./robot-check-item.js";

/** The tool gets this near to every corner of the regions, m. */
const REACHED = 0.01;
/** The hand of an arm that can turn it at will points down within this, rad; that of a shorter one within the second. */
const TILT = Math.PI / 180;
const SHORT_ARM_TILT = Math.PI / 4;
const ITERATIONS = 200;
/** Random postures that the furthest ones are sought among, and the share of them that counts as reaching far. */
const POSTURES = 3000;
const FURTHEST = 0.05;
/** Overlaps of less are no matter, m; with the table, which holds the hand off by as much, what reaching is allowed. */
const OVERLAP = 0.001;
const IN_TABLE = REACHED;
/** Points along each axis of the task region where overlaps are sought. */
const GRID = [0, 0.5, 1];

/** Does the hand, pointing down, reach the robot's task region and start? */
export function checkRegion(robot: RobotModel): RobotCheckItem {
  const name = "reaches its region";
  const { low, high } = robot.taskRegion;
  const size = [0, 1, 2].map((k) => high[k]! - low[k]!);
  const mount =
    `Mount it where its hand, pointing down, reaches the table in front of it (${optionText("base")}), name the tool's frame ` +
    `(${optionText("tip")}), or set its workspace, taskRegion and start.`;
  if (size.some((side) => !(side > 0))) return judged(name, false, "it has no task region", mount);
  const arm = new Articulation(robot.articulation, 0);
  const tool = new ToolCentrePoint(robot, arm);
  let [away, tilt] = [0, 0];
  for (const point of [...gridOf(robot, [0, 1]), robot.start]) {
    placeAt(robot, arm, point);
    tool.update();
    away = Math.max(away, Math.hypot(...[0, 1, 2].map((k) => tool.position[k]! - point[k]!)));
    tilt = Math.max(tilt, Math.acos(Math.max(-1, Math.min(1, -tool.rotation[8]!))));
  }
  const allowed = robot.armJoints.length < 6 ? SHORT_ARM_TILT : TILT;
  const box = size.map((side) => (100 * side).toFixed(0)).join(" x ");
  const measured = `${box} cm, ${millimetres(away)} off at most, hand ${degrees(tilt)} from straight down (at most ${degrees(allowed)})`;
  return judged(name, away <= REACHED && tilt <= allowed, measured, mount);
}

/** Do the servos hold the arm where it reaches furthest? */
export function checkGravity(robot: RobotModel): RobotCheckItem {
  const arm = new Articulation(robot.articulation);
  const tool = new ToolCentrePoint(robot, arm);
  const random = createRandom("check-robot/gravity");
  const positions = Float64Array.from({ length: arm.numDofs }, (_, k) => robot.home[k] ?? 0);
  const postures = Array.from({ length: POSTURES }, () => {
    for (let k = 0; k < robot.armJoints.length; k++) {
      const low = Math.max(-Math.PI, arm.lowerLimits[k]!);
      positions[k] = random.uniform(low, Math.max(low, Math.min(Math.PI, arm.upperLimits[k]!)));
    }
    arm.reset(positions);
    tool.update();
    const torques = robot.armJoints.map((_, k) => Math.abs(arm.biasForces[k]!));
    return { reach: Math.hypot(tool.position[0]!, tool.position[1]!), torques };
  });
  postures.sort((a, b) => b.reach - a.reach);
  const far = postures.slice(0, Math.ceil(FURTHEST * POSTURES));
  const needs = robot.armJoints.map((_, k) => Math.max(...far.map(({ torques }) => torques[k]!)));
  const share = (k: number) => needs[k]! / arm.effortLimits[k]!;
  const worst = needs.reduce((so, _, k) => (share(k) > share(so) ? k : so), 0);
  const joint = robot.armJoints[worst]!;
  const [need, effort] = [needs[worst]!, arm.effortLimits[worst]!].map((value) =>
    Number(value.toPrecision(3)),
  );
  return judged(
    "holds gravity at its reach limit",
    share(worst) <= 1,
    `${joint} needs ${need} of ${effort} N m, ${far[0]!.reach.toFixed(2)} m out`,
    `Raise the effort limit of joint "${joint}" to ${Math.ceil(1.5 * need!)} N m or more, or correct the masses beyond it.`,
  );
}

/** Do links overlap each other or the table where tasks take the arm? */
export function checkSelfCollision(robot: RobotModel): RobotCheckItem {
  const name = "links keep clear of each other";
  const { world, arm } = worldOf(robot, false);
  const { world: onTable, arm: armOnTable } = worldOf(robot, true);
  const touching = new Map<string, number>();
  let standing: readonly [string, number] | undefined;
  for (const point of [...gridOf(robot, GRID), robot.start]) {
    placeAt(robot, arm, point);
    for (const [pair, depth] of overlapsOf(world))
      touching.set(pair, Math.max(touching.get(pair) ?? 0, depth));
    placeAt(robot, armOnTable, point);
    const table = overlapsOf(onTable).find(([pair, depth]) => pair.includes('"table"') && depth > IN_TABLE);
    if (table && !(standing && standing[1] > table[1])) standing = table;
  }
  const [worst] = [...touching].sort((a, b) => b[1] - a[1]);
  if (worst) {
    const advice = `Let ${worst[0]} overlap (mayOverlap of its articulation), or make their collision shapes smaller.`;
    const count = touching.size === 1 ? "1 pair overlaps" : `${touching.size} pairs overlap`;
    return judged(name, false, `${count}: ${worst[0]} by ${millimetres(worst[1])}`, advice);
  }
  if (standing) {
    const link = standing[0].replace(/ and "table"|"table" and /, "");
    const advice = `Mount it higher (${optionText("base")}), or make the collision shape of ${link} smaller.`;
    return judged(name, false, `${link} is ${millimetres(standing[1])} inside the table`, advice);
  }
  const places = GRID.length ** 3 + 1;
  return judged(name, true, `none overlaps at ${places} places of its region, nor the table`, "");
}

function degrees(angle: number): string {
  return `${((180 * angle) / Math.PI).toFixed(1)}°`;
}

/** Points of the task region at `shares` of each side. */
function gridOf({ taskRegion: { low, high } }: RobotModel, shares: readonly number[]): Vec3[] {
  const at = (k: 0 | 1 | 2, share: number) => low[k] + share * (high[k] - low[k]);
  return shares.flatMap((x) =>
    shares.flatMap((y) => shares.map((z): Vec3 => [at(0, x), at(1, y), at(2, z)])),
  );
}

function placeAt(robot: RobotModel, arm: Articulation, point: Vec3): void {
  const joints = Float64Array.from(robot.rest);
  new InverseKinematics(robot).solve(joints, point, 0, ITERATIONS);
  arm.reset(robot.gripper ? [...joints, openFingers(robot)] : joints);
}

function worldOf(robot: RobotModel, hasTable: boolean): { world: World; arm: Articulation } {
  const world = new World({ timestep: 1 / 240 });
  if (hasTable) world.addTable();
  return { world, arm: world.addArticulation(robot.articulation) };
}

/** Pairs of names, quoted, that overlap by more than what is no matter, with how far, m. */
function overlapsOf(world: World): (readonly [string, number])[] {
  world.settle();
  return world
    .overlaps()
    .filter(({ depth }) => depth > OVERLAP)
    .map(({ bodyA, bodyB, depth }) => [`"${bodyA}" and "${bodyB}"`, depth] as const);
}
