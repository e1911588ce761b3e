// A robot description as something to be drawn: its links as the entities of a scene, and where they are at given joint positions.
import {
  IDENTITY_QUATERNION,
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
} from "../../math/quaternion.js";
import { UsageError } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneEntity, SceneShape } from "../../scene/scene.js";
import { limb } from "../looks/limb.js";
import type { DescribedJoint, DescribedLink, DescribedShape, RobotDescription } from "./description.js";
import { readUrdf } from "./formats/read-urdf.js";
import { parseXml, type XmlElement } from "./formats/xml.js";
import type { ReadFile } from "./geometry/triangle-mesh.js";
import { findRoot } from "./links.js";
import { looksOf, type MeshDrawing } from "./visuals/robot-looks.js";

/** A robot to be drawn. */
export interface RobotDrawing {
  readonly name: string;
  /** One per link, the root first. */
  readonly entities: readonly SceneEntity[];
  /** Joints that turn or slide by themselves, in the order of the description. */
  readonly joints: readonly Pick<DescribedJoint, "name" | "limits">[];
  /** Of all joints, also those that are fixed or follow another one. */
  readonly jointNames: ReadonlySet<string>;
  /** The file that its meshes lie in. */
  readonly meshFile?: Uint8Array;
  /** What of the description is not drawn as it says, in sentences. */
  readonly notes: readonly string[];
  /**
   * Return the pose of each entity, the root at the world's origin: x y z (m), quaternion x y z w.
   *
   * `positions` are those of joints by name, rad or m; a joint that is not there follows the one that it mimics, or is at 0.
   */
  posesAt(positions: ReadonlyMap<string, number>): number[];
}

const TUBE: Color = [0.93, 0.93, 0.94, 1];
const BALL: Color = [0.28, 0.3, 0.34, 1];
/** Radius of tubes of a robot whose longest chain of links is a metre or more; smaller ones are drawn slimmer, m. */
const TUBE_RADIUS = 0.035;
const LEAST_RADIUS = 0.002;
/** What is shorter has no direction, m. */
const SHORTEST = 1e-6;
const GREY: Color = [0.78, 0.79, 0.81, 1];

/** A link, and the joint that it hangs on; the first one has none. */
interface Step {
  readonly link: DescribedLink;
  readonly joint?: DescribedJoint;
  /** Index of the parent's step. */
  readonly parent: number;
}

/** Where the meshes of a description are read, and how they are drawn. */
export interface DrawnMeshes extends MeshDrawing {
  readonly readFile: ReadFile;
}

/**
 * Make a drawing of the URDF `text`, with its meshes where they are found; throws a UsageError that names `file` and the line of a mistake.
 *
 * Masses and whatever else only a simulation needs may be missing or wrong.
 */
export function drawUrdf(text: string, file: string, meshes?: DrawnMeshes): RobotDrawing {
  const description = readUrdf(drawnParts(parseXml(text, file)), file);
  const { name, joints } = description;
  const root = findRoot(description, file);
  const steps = stepsFrom(root, description);
  const leaders = mimicked(joints, file);
  const made = meshes && looksOf(description, root, { ...meshes, drawing: meshes, assume: () => {} });
  const shapesOf = (link: DescribedLink): readonly SceneShape[] => {
    const own = link === root ? made?.looks.base : undefined;
    const shapes = own ?? (Object.hasOwn(made?.looks.links ?? {}, link.name) && made?.looks.links[link.name]);
    return shapes && shapes.length > 0 ? shapes : drawnShapes(link);
  };
  return {
    name: name || "robot",
    entities: entitiesOf(steps, shapesOf),
    ...(made?.meshFile ? { meshFile: made.meshFile } : {}),
    joints: joints.filter((joint) => moves(joint) && !joint.mimic),
    jointNames: new Set(joints.map((joint) => joint.name)),
    notes: notesOn(description, shapesOf, meshes !== undefined),
    posesAt: (positions) => posesOf(steps, (joint) => positionOf(joint, positions, leaders)),
  };
}

/** The document without what only a simulation reads. */
function drawnParts(robot: XmlElement): XmlElement {
  const children = robot.children.map((part) => ({
    ...part,
    children: part.children.filter(({ name }) => name !== "inertial" && name !== "dynamics"),
  }));
  return { ...robot, children };
}

/** A link's visual shapes, or else its collision shapes; meshes, which lie in files of their own, are left out. */
function drawnShapes({ visuals, collisions }: DescribedLink): SceneShape[] {
  const drawn = visuals.flatMap(drawnShape);
  return drawn.length > 0 ? drawn : collisions.flatMap(drawnShape);
}

function drawnShape({ geometry, pose, color = GREY }: DescribedShape): SceneShape[] {
  return geometry.type === "mesh" ? [] : [{ ...geometry, ...pose, color }];
}

function hasMeshes({ visuals }: DescribedLink): boolean {
  return visuals.some(({ geometry }) => geometry.type === "mesh");
}

function moves({ type }: DescribedJoint): boolean {
  return type === "revolute" || type === "continuous" || type === "prismatic";
}

/** List the links, parents first. */
function stepsFrom(root: DescribedLink, { links, joints }: RobotDescription): Step[] {
  const byName = new Map(links.map((link) => [link.name, link]));
  const below = new Map<string, DescribedJoint[]>();
  for (const joint of joints) below.set(joint.parent, [...(below.get(joint.parent) ?? []), joint]);
  const steps: Step[] = [{ link: root, parent: -1 }];
  for (let parent = 0; parent < steps.length; parent++)
    for (const joint of below.get(steps[parent]!.link.name) ?? [])
      steps.push({ link: byName.get(joint.child)!, joint, parent });
  return steps;
}

/** The joint that each follower follows; throws where followers follow one another in a circle. */
function mimicked(joints: readonly DescribedJoint[], file: string): ReadonlyMap<string, DescribedJoint> {
  const byName = new Map(joints.map((joint) => [joint.name, joint]));
  const leaders = new Map<string, DescribedJoint>();
  for (const { name, line, mimic } of joints) {
    if (!mimic) continue;
    const leader = byName.get(mimic.joint);
    if (!leader) {
      throw new UsageError(`${file}:${line}: joint "${name}" mimics "${mimic.joint}", which is not there.`);
    }
    leaders.set(name, leader);
  }
  for (const { name, line } of joints) {
    const seen = new Set<string>();
    for (let at = name; leaders.has(at); at = leaders.get(at)!.name) {
      if (seen.has(at))
        throw new UsageError(`${file}:${line}: joint "${name}" mimics joints that mimic one another.`);
      seen.add(at);
    }
  }
  return leaders;
}

function positionOf(
  joint: DescribedJoint,
  positions: ReadonlyMap<string, number>,
  leaders: ReadonlyMap<string, DescribedJoint>,
): number {
  const own = positions.get(joint.name);
  const leader = leaders.get(joint.name);
  if (own !== undefined || !leader) return own ?? 0;
  const { multiplier, offset } = joint.mimic!;
  return multiplier * positionOf(leader, positions, leaders) + offset;
}

function posesOf(steps: readonly Step[], valueAt: (joint: DescribedJoint) => number): number[] {
  const positions: Vec3[] = [];
  const turns: Quat[] = [];
  const poses: number[] = [];
  for (const { joint, parent } of steps) {
    const [position, turn] = joint
      ? placed(joint, valueAt(joint), positions[parent]!, turns[parent]!)
      : ([[0, 0, 0], IDENTITY_QUATERNION] as const);
    positions.push(position);
    turns.push(turn);
    poses.push(...position, ...turn);
  }
  return poses;
}

/** Where the child of a joint is whose parent is at `origin`, turned by `turn`. */
function placed(joint: DescribedJoint, value: number, origin: Vec3, turn: Quat): readonly [Vec3, Quat] {
  const {
    type,
    axis,
    pose: { position, quaternion },
  } = joint;
  const at = sum(origin, rotateVector(turn, position));
  const own = multiplyQuaternions(turn, quaternion);
  if (type === "prismatic") {
    const [x, y, z] = axis;
    return [sum(at, rotateVector(own, [x * value, y * value, z * value])), own];
  }
  return moves(joint) ? [at, multiplyQuaternions(own, quaternionFromAxisAngle(axis, value))] : [at, own];
}

function sum([ax, ay, az]: Vec3, [bx, by, bz]: Vec3): Vec3 {
  return [ax + bx, ay + by, az + bz];
}

/** Links as they are described; where they are meshes, or where nothing is described, tubes from joint to joint. */
function entitiesOf(
  steps: readonly Step[],
  shapesOf: (link: DescribedLink) => readonly SceneShape[],
): SceneEntity[] {
  const isBare = steps.every(({ link }) => shapesOf(link).length === 0);
  const lengths: number[] = [];
  for (const { joint, parent } of steps)
    lengths.push(joint ? lengths[parent]! + Math.hypot(...joint.pose.position) : 0);
  const radius = Math.max(LEAST_RADIUS, TUBE_RADIUS * Math.min(1, Math.max(...lengths)));
  return steps.map(({ link, joint }, index) => {
    const shapes = shapesOf(link);
    const isTubes = shapes.length === 0 && (isBare || hasMeshes(link));
    const ends = steps.flatMap((step) => (step.parent === index ? [step.joint!.pose.position] : []));
    return {
      id: link.name,
      kind: "link",
      shapes: isTubes ? [...ball(joint, radius), ...tubes(ends, radius)] : shapes,
    };
  });
}

function tubes(ends: readonly Vec3[], radius: number): SceneShape[] {
  return ends.flatMap((end) => (Math.hypot(...end) < SHORTEST ? [] : [limb([0, 0, 0], end, radius, TUBE)]));
}

function ball(joint: DescribedJoint | undefined, radius: number): SceneShape[] {
  if (joint && !moves(joint)) return [];
  const place = { position: [0, 0, 0], quaternion: IDENTITY_QUATERNION } as const;
  return [{ type: "sphere", radius: 1.3 * radius, ...place, color: BALL }];
}

function notesOn(
  { links, joints }: RobotDescription,
  shapesOf: (link: DescribedLink) => readonly SceneShape[],
  isLookedFor: boolean,
): string[] {
  const meshes = links.filter(
    (link) => hasMeshes(link) && shapesOf(link).every(({ type }) => type !== "mesh"),
  );
  const reason = isLookedFor
    ? "that cannot be read where the recording lies"
    : "which a recording does not hold";
  const loose = joints.filter(({ type }) => type === "floating" || type === "planar");
  return [
    ...(meshes.length > 0
      ? [
          `The robot description names mesh files for ${meshes.length} of ${links.length} links, ${reason}: they are drawn as simple shapes.`,
        ]
      : []),
    ...(loose.length > 0
      ? [
          `Joints that are no single movement (${loose.map(({ name }) => name).join(", ")}) are drawn where the description puts them.`,
        ]
      : []),
  ];
}
