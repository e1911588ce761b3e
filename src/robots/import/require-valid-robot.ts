// Is this robot data? Robots of the user's own are looked at before anything is built from them.
import { z } from "zod";
import { convexHull } from "../../math/convex-hull.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { Articulation } from "../../physics/articulation/articulation.js";
import type { CollisionShape, LinkModel } from "../../physics/articulation/articulation-model.js";
import { shapeSchema } from "../../scene/shape-schema.js";
import type { RobotModel } from "../models/robot-model.js";

const shapes = z.array(shapeSchema);
const looksSchema = z.object({ base: shapes.optional(), links: z.record(z.string(), shapes) }).optional();

/** Tell robot data from other exports of a module; `requireValidRobot` then looks at what is in it. */
export function isRobotModel(value: unknown): value is RobotModel {
  return typeof value === "object" && value !== null && "articulation" in value && "armJoints" in value;
}

/** Throw a UsageError that names the first thing of `robot` that is wrong. */
export function requireValidRobot(robot: RobotModel): void {
  const where = `Robot "${robot.id}"`;
  const refuse: (what: string) => never = (what) => {
    throw new UsageError(`${where}: ${what}.`);
  };
  const { links } = robot.articulation;
  const names = links.map(({ name }) => name);
  const known = (name: string, kind: string, all: readonly string[]) => {
    if (all.includes(name)) return;
    refuse(`there is no ${kind} "${name}". ${didYouMean(name, all)}It has: ${all.join(", ")}`);
  };
  for (const [index, link] of links.entries()) checkLink(link, index, refuse);
  const arm = build(robot, refuse);
  const joints = links.flatMap(({ joint }) => (joint ? [joint.name] : []));
  for (const [dof, name] of robot.armJoints.entries()) {
    known(name, "joint", joints);
    const link = links.findIndex(({ joint }) => joint?.name === name);
    if (arm.dofOfLink[link] !== dof)
      refuse(`joint "${name}" is degree of freedom ${arm.dofOfLink[link]}; list the arm's joints first`);
  }
  known(robot.tcp.link, "link", names);
  const { gripper } = robot;
  if (gripper) {
    known(gripper.joint, "joint", joints);
    for (const finger of gripper.fingerLinks) known(finger, "link", names);
  }
  const expected = robot.armJoints.length + (gripper ? 1 : 0);
  if (arm.numDofs !== expected) {
    refuse(
      `it has ${arm.numDofs} degrees of freedom, but names ${expected}; weld the joints that nothing drives`,
    );
  }
  const lengths = { home: expected, rest: robot.armJoints.length } as const;
  for (const [posture, length] of Object.entries(lengths) as ["home" | "rest", number][]) {
    if (robot[posture].length !== length || robot[posture].some((value) => !Number.isFinite(value)))
      refuse(`${posture} is ${JSON.stringify(robot[posture])}, expected ${length} joint positions`);
  }
  const looks = looksSchema.safeParse(robot.looks);
  if (!looks.success) {
    const { path, message } = looks.error.issues[0]!;
    refuse(`${["looks", ...path].join(".")}: ${message}`);
  }
  for (const region of ["workspace", "taskRegion"] as const) {
    const { low, high } = robot[region];
    if (!low.every((value, k) => value <= high[k]!))
      refuse(`${region} has its low corner above its high one`);
  }
}

function build(robot: RobotModel, refuse: (what: string) => never): Articulation {
  try {
    return new Articulation(robot.articulation);
  } catch (error) {
    return refuse(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}

function checkLink(link: LinkModel, index: number, refuse: (what: string) => never): void {
  const { name, mass, joint } = link;
  if (!(link.parent >= -1 && link.parent < index)) refuse(`link "${name}" is listed before its parent`);
  if (!(mass >= 0)) refuse(`link "${name}" has a mass of ${mass} kg`);
  for (const shape of link.collision) checkShape(shape, name, refuse);
  if (!joint) return;
  if (!(joint.lower < joint.upper))
    refuse(`joint "${joint.name}" runs from ${joint.lower} to ${joint.upper}`);
  if (joint.mimic !== undefined && joint.stiffness === 0 && joint.damping === 0) return;
  const positive = ["effortLimit", "velocityLimit"] as const;
  for (const limit of positive) {
    if (!(joint[limit] > 0))
      refuse(`joint "${joint.name}" has ${limit} ${joint[limit]}, expected more than 0`);
  }
}

/** Shapes come from files of the user's own; a hull that cannot be made, or a radius of NaN, is found before any world is. */
function checkShape(shape: CollisionShape, link: string, refuse: (what: string) => never): void {
  const where = `link "${link}" has a collision shape of type ${JSON.stringify(shape.type)}`;
  const sizes = sizesOf(shape) ?? refuse(`${where}; known: sphere, box, capsule, cylinder, convex`);
  if (!sizes.every((size) => Number.isFinite(size) && size > 0))
    refuse(`${where} with the sizes ${sizes.join(", ")}, expected numbers above 0`);
  if (
    ![...shape.position, ...(shape.type === "sphere" ? [] : (shape.quaternion ?? []))].every(Number.isFinite)
  )
    refuse(`${where} at ${JSON.stringify(shape.position)}, expected numbers`);
  if (shape.type !== "convex") return;
  if (!shape.points.flat().every(Number.isFinite)) refuse(`${where} with a point that is no number`);
  try {
    convexHull(shape.points);
  } catch (error) {
    refuse(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Lengths that must be above zero; undefined for a shape of no known type. */
function sizesOf(shape: CollisionShape): readonly number[] | undefined {
  if (shape.type === "sphere") return [shape.radius];
  if (shape.type === "box") return shape.halfExtents;
  if (shape.type === "capsule" || shape.type === "cylinder") return [shape.radius, shape.length];
  return shape.type === "convex" ? [] : undefined;
}
