// A scene as URDFs, for programs that draw robot descriptions and know no foxglove.SceneUpdate.
import { escapeXml } from "../math/escape-xml.js";
import { type Quat, rotateVector } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";
import {
  type SceneDescription,
  type SceneEntity,
  type SceneJoint,
  type SceneShape,
  type SolidShape,
  WORLD,
} from "../scene/scene.js";
import { shapesWithoutMeshes } from "../scene/seen-shapes.js";
import { capsuleEnds, frameName } from "./foxglove-scene.js";

/** Robot descriptions of a scene. */
export interface SceneUrdfs {
  /** The robot with its joints, which /joint_states moves; of a scene whose joints are not known all of it. */
  readonly robot: string;
  /** Things that are no part of the robot; missing where there are none. */
  readonly things?: string;
}

/** What stands for no limit, m, m/s, rad/s, N or N m: URDF wants a number. */
const FREE = 1000;

/**
 * Return the robot of a scene as one URDF, and all else as another, called `env`.
 *
 * What joints lead to from the world is the robot: a URDF as any other program has it, named joints with axes, limits and mimics.
 * Whatever nothing joins to it has no place in that; it floats in "world", where /tf says it is. A capsule is a cylinder and two
 * spheres; a convex shape is the box around its points, as URDF has hulls in files only, and what is drawn as a mesh is what cameras see.
 */
export function sceneUrdfs(
  { robot, env }: { readonly robot: string; readonly env: string },
  scene: SceneDescription,
): SceneUrdfs {
  const { entities, joints = [] } = scene;
  const own = jointedFrom(WORLD, joints);
  if (own.size === 0) return { robot: urdf(robot, entities, joints) };
  const parts = entities.filter(({ id }) => own.has(id));
  const things = entities.filter(({ id }) => !own.has(id));
  return {
    robot: urdf(robot, parts, joints),
    ...(things.length === 0 ? {} : { things: urdf(env, things, joints) }),
  };
}

/** Ids of what joints lead to from `root`. */
function jointedFrom(root: string, joints: readonly SceneJoint[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (parent: string) => {
    for (const joint of joints) {
      if (joint.parent !== parent || found.has(joint.child)) continue;
      found.add(joint.child);
      visit(joint.child);
    }
  };
  visit(root);
  return found;
}

function urdf(name: string, entities: readonly SceneEntity[], joints: readonly SceneJoint[]): string {
  const known = new Set([WORLD, ...entities.map(({ id }) => id)]);
  const links = entities.map((entity) => {
    const { id } = entity;
    const joint = joints.find(({ child, parent }) => child === id && known.has(parent));
    const drawn = shapesWithoutMeshes(entity).map(visuals).join("");
    return `<link name="${linkName(id)}">${drawn}</link>
${joint ? joined(joint) : floating(id)}
`;
  });
  return `<?xml version="1.0"?>
<robot name="${escapeXml(name)}">
<link name="${WORLD}"/>
${links.join("")}</robot>
`;
}

function floating(id: string): string {
  const link = linkName(id);
  return `<joint name="${WORLD}_to_${link}" type="floating"><parent link="${WORLD}"/><child link="${link}"/></joint>`;
}

function joined({ name, type, parent, child, ...joint }: SceneJoint): string {
  const {
    position,
    quaternion,
    axis,
    limits,
    effortLimit = FREE,
    velocityLimit = FREE,
    mimic,
    mimicRatio,
  } = joint;
  const ends = `<parent link="${linkName(parent)}"/><child link="${linkName(child)}"/>${origin(position, quaternion)}`;
  const isEndless = type === "revolute" && !limits;
  const tag = `<joint name="${escapeXml(name)}" type="${isEndless ? "continuous" : type}">`;
  if (type === "fixed") return `${tag}${ends}</joint>`;
  const [lower, upper] = limits ?? [-FREE, FREE];
  const range = isEndless ? "" : ` lower="${words([lower])}" upper="${words([upper])}"`;
  const strength = `effort="${words([effortLimit])}" velocity="${words([velocityLimit])}"`;
  const ratio = mimicRatio === undefined ? "" : ` multiplier="${words([mimicRatio])}"`;
  const follows = mimic === undefined ? "" : `<mimic joint="${escapeXml(mimic)}"${ratio}/>`;
  return `${tag}${ends}<axis xyz="${words(axis ?? [1, 0, 0])}"/><limit${range} ${strength}/>${follows}</joint>`;
}

function linkName(id: string): string {
  return escapeXml(frameName(id));
}

function visuals(shape: SolidShape): string {
  const { position } = shape;
  switch (shape.type) {
    case "box":
      return visual(shape, position, `<box size="${words(shape.size)}"/>`);
    case "sphere":
      return visual(shape, position, `<sphere radius="${words([shape.radius])}"/>`);
    case "cylinder":
      return visual(
        shape,
        position,
        `<cylinder radius="${words([shape.radius])}" length="${words([shape.length])}"/>`,
      );
    case "capsule": {
      const ends = capsuleEnds(shape).map((end) => ({ ...shape, type: "sphere" as const, position: end }));
      return [{ ...shape, type: "cylinder" as const }, ...ends].map(visuals).join("");
    }
    case "convex": {
      const { size, center } = boxAround(shape.points);
      return visual(shape, offset(shape, center), `<box size="${words(size)}"/>`);
    }
  }
}

function visual({ quaternion, color }: SceneShape, position: Vec3, geometry: string): string {
  const rgba = words(color);
  const material = `<material name="${frameName(rgba)}"><color rgba="${rgba}"/></material>`;
  return `<visual>${origin(position, quaternion)}<geometry>${geometry}</geometry>${material}</visual>`;
}

function boxAround(points: readonly Vec3[]): { readonly size: Vec3; readonly center: Vec3 } {
  const span = (axis: number) => {
    const values = points.map((point) => point[axis]!);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [x, y, z] = [span(0), span(1), span(2)];
  const each = (of: (low: number, high: number) => number): Vec3 => [of(...x), of(...y), of(...z)];
  return { size: each((low, high) => high - low), center: each((low, high) => (low + high) / 2) };
}

/** A point of the shape's frame in its entity's. */
function offset({ position: [x, y, z], quaternion }: SceneShape, point: Vec3): Vec3 {
  const [dx, dy, dz] = rotateVector(quaternion, point);
  return [x + dx, y + dy, z + dz];
}

/** Angles about the fixed axes x, y and z, in this order, as URDF has them, rad. */
function rollPitchYaw([x, y, z, w]: Quat): Vec3 {
  const sine = Math.max(-1, Math.min(1, 2 * (w * y - z * x)));
  // straight up or down only the sum or difference of roll and yaw counts: all of it is roll
  if (1 - Math.abs(sine) < 1e-12) return [2 * Math.atan2(x, w), (Math.sign(sine) * Math.PI) / 2, 0];
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(sine),
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
  ];
}

function origin(position: Vec3, quaternion: Quat): string {
  return `<origin xyz="${words(position)}" rpy="${words(rollPitchYaw(quaternion))}"/>`;
}

/** To the nanometre, nanoradian and billionth of a colour: errors of joints add up along an arm. */
function words(values: readonly number[]): string {
  return values.map((value) => Number(value.toFixed(9))).join(" ");
}
