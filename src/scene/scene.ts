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

/** A shape in the frame of its entity. */
export type SceneShape = ShapeGeometry & {
  readonly position: Vec3;
  readonly quaternion: Quat;
  readonly color: Color;
};

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

/** All entities, in the order of their poses. */
export interface SceneDescription {
  /** Names are unique. */
  readonly entities: readonly SceneEntity[];
}

/** Numbers per entity in a pose array: x y z (m), quaternion x y z w. */
export const POSE_SIZE = 7;
