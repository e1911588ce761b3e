// What a viewer needs to draw an environment: named entities made of simple shapes.
import type { Quat } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";

/** Red, green, blue, opacity, each 0 to 1. */
export type Color = readonly [number, number, number, number];

/** Size of a shape, m. */
export type ShapeGeometry =
  | {
      readonly type: "box";
      /** Edge lengths. */
      readonly size: Vec3;
    }
  | { readonly type: "sphere"; readonly radius: number }
  | {
      /** Along z; `length` is the straight part of a capsule, all of a cylinder. */
      readonly type: "capsule" | "cylinder";
      readonly radius: number;
      readonly length: number;
    }
  | {
      /** The convex hull of points. */
      readonly type: "convex";
      readonly points: readonly Vec3[];
    };

/** Triangles that lie in a file of their own, beside the robot's module or in the run's folder. */
export interface MeshReference {
  readonly type: "mesh";
  /** SHA-256 of the file, in hexadecimal. */
  readonly file: string;
  /** Index of the mesh in the file. */
  readonly mesh: number;
  /** Corners of the box around it, m. */
  readonly low: Vec3;
  readonly high: Vec3;
}

/** A surface of revolution about z, which only the viewer draws. */
export interface LatheShape {
  readonly type: "lathe";
  /** Radius and height of each point of its outline, from below, m. */
  readonly profile: readonly (readonly [radius: number, height: number])[];
}

interface Placed {
  readonly position: Vec3;
  readonly quaternion: Quat;
  readonly color: Color;
  /** Who sees it; default: everybody. Cameras see no meshes and no turned surfaces, whatever is said here. */
  readonly seenBy?: "people" | "cameras" | undefined;
}

/** A shape that is told in full, in the frame of its entity. */
export type SolidShape = ShapeGeometry & Placed;

/** A shape in the frame of its entity. */
export type SceneShape = SolidShape | ((MeshReference | LatheShape) & Placed);

/** A thing with a pose of its own. */
export interface SceneEntity {
  /** Unique in the scene. */
  readonly id: string;
  /** What it is for whoever looks at it. */
  readonly kind: "link" | "object" | "goal" | "region" | "table";
  /** What it is drawn as. */
  readonly shapes: readonly SceneShape[];
  /** Of a goal: the first so many pictures of an episode are all that cameras see it in; people always see it. Default: all pictures. */
  readonly seenInFirst?: number | undefined;
}

/** How an entity hangs on another one: where it is in that one's frame follows from the position of the joint. */
export interface SceneJoint {
  /** Unique in the scene. */
  readonly name: string;
  /** How the child may move against the parent: about an axis, along it, or not at all. */
  readonly type: "revolute" | "prismatic" | "fixed";
  /** Id of the entity that it hangs on, or `WORLD`. */
  readonly parent: string;
  /** Id of the entity that hangs on it. */
  readonly child: string;
  /** Origin of the child in the parent's frame at joint position 0, m. */
  readonly position: Vec3;
  /** Orientation of the child in the parent's frame at joint position 0. */
  readonly quaternion: Quat;
  /** Of a joint that moves: unit vector in the child's frame. */
  readonly axis?: Vec3 | undefined;
  /** Lower and upper, rad or m; missing where there are none. */
  readonly limits?: readonly [number, number] | undefined;
  /** N m or N; missing where there is none. */
  readonly effortLimit?: number | undefined;
  /** rad/s or m/s; missing where there is none. */
  readonly velocityLimit?: number | undefined;
  /** Name of the joint that it moves like. */
  readonly mimic?: string | undefined;
  /** Its position per unit of that joint's; default 1. */
  readonly mimicRatio?: number | undefined;
}

/** Name of the frame that everything stands in. */
export const WORLD = "world";

/** All entities, in the order of their poses, and what joins them. */
export interface SceneDescription {
  /** Names are unique. */
  readonly entities: readonly SceneEntity[];
  /** Those of the robot begin at the world; what no joint leads to stands anywhere. Default: none are known. */
  readonly joints?: readonly SceneJoint[] | undefined;
  /** Where the tool of each robot may be commanded: lower and upper corner of a box, m. Default: not known. */
  readonly workspaces?: readonly { readonly low: Vec3; readonly high: Vec3 }[] | undefined;
}

/** Id of the entity that a robot's links hang on. */
export const ROBOT_BASE = "robot";

/**
 * Return the id of the entity of a robot's link.
 *
 * Links have a name space of their own: one may be called as the table, the goal or an object is. Recordings made before have links by
 * their names, and the base as "base".
 */
export function linkId(link: string): string {
  return `${ROBOT_BASE}/${link}`;
}

/** Return the index of what a camera or a hand names: a link of the robot by its own name, else an entity by its id; -1: there is none. */
export function findEntity({ entities }: Pick<SceneDescription, "entities">, name: string): number {
  const link = entities.findIndex(({ id }) => id === linkId(name));
  return link < 0 ? entities.findIndex(({ id }) => id === name) : link;
}

/** Return the names that `findEntity` finds. */
export function entityNames({ entities }: Pick<SceneDescription, "entities">): string[] {
  const prefix = linkId("");
  return entities.map(({ id }) => (id.startsWith(prefix) ? id.slice(prefix.length) : id));
}

/** Return which entities stand still for good: tables, and bases of robots. */
export function standingEntities({ entities, joints }: SceneDescription): readonly boolean[] {
  const fixed = new Set(
    joints?.flatMap(({ type, parent, child }) => (type === "fixed" && parent === WORLD ? [child] : [])) ?? [
      "base",
    ],
  );
  return entities.map(({ id, kind }) => kind === "table" || fixed.has(id));
}

/** Numbers per entity in a pose array: x y z (m), quaternion x y z w. */
export const POSE_SIZE = 7;
