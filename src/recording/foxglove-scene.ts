// A scene and its poses as Foxglove's messages.
import { convexHull } from "../math/convex-hull.js";
import { multiplyQuaternions, type Quat, rotateVector } from "../math/quaternion.js";
import { subtract, type Vec3 } from "../math/vector.js";
import {
  POSE_SIZE,
  type SceneDescription,
  type SceneEntity,
  type SceneShape,
  type SolidShape,
  WORLD,
} from "../scene/scene.js";
import { shapesWithoutMeshes } from "../scene/seen-shapes.js";
import type { RecordedFrame } from "./recording.js";

/**
 * Return what makes the foxglove.FrameTransforms of a frame: where each entity is in the one that it is joined to, or in the world.
 *
 * As the links of a robot description are placed from /joint_states, so that both tell the same tree of frames.
 */
export function frameTransforms({
  entities,
  joints = [],
}: SceneDescription): (frame: RecordedFrame) => { readonly transforms: object[] } {
  const indices = new Map(entities.map(({ id }, index) => [id, index]));
  const parents = new Map(joints.map(({ child, parent }) => [child, parent]));
  const frames = entities.map(({ id }) => {
    const parent = parents.get(id) ?? WORLD;
    const parentIndex = indices.get(parent);
    return { parent: parentIndex === undefined ? WORLD : parent, child: id, parentIndex };
  });
  return ({ time, poses }) => {
    const stamp = timestamp(time);
    const transforms = frames.map(({ parent, child, parentIndex }, index) => {
      const own = poseAt(poses, index);
      const { position, quaternion } =
        parentIndex === undefined ? own : relativePose(poseAt(poses, parentIndex), own);
      const [x, y, z, w] = quaternion;
      return {
        timestamp: stamp,
        parent_frame_id: frameName(parent),
        child_frame_id: frameName(child),
        translation: size(...position),
        rotation: { x, y, z, w },
      };
    });
    return { transforms };
  };
}

interface Pose {
  readonly position: Vec3;
  readonly quaternion: Quat;
}

function poseAt(poses: readonly number[], index: number): Pose {
  const [x, y, z, qx, qy, qz, qw] = poses.slice(POSE_SIZE * index, POSE_SIZE * (index + 1));
  return { position: [x!, y!, z!], quaternion: [qx!, qy!, qz!, qw!] };
}

/** Where `child` is in the frame of `parent`. */
function relativePose(parent: Pose, child: Pose): Pose {
  const [x, y, z, w] = parent.quaternion;
  const back: Quat = [-x, -y, -z, w];
  return {
    position: rotateVector(back, subtract(child.position, parent.position)),
    quaternion: multiplyQuaternions(back, child.quaternion),
  };
}

/** Deletes all that was drawn before, as foxglove.SceneEntityDeletion numbers it. */
const DELETE_ALL = 1;

/**
 * Return a foxglove.SceneUpdate at `time` (s): what was drawn before goes, and every shape comes in the frame of its entity, convex
 * ones as triangles. What is drawn as a mesh, which lies in another file, comes as cameras see it.
 */
export function sceneUpdate({ entities }: SceneDescription, time: number): object {
  const stamp = timestamp(time);
  return {
    deletions: [{ timestamp: stamp, type: DELETE_ALL }],
    entities: entities.map((entity) => sceneEntity(entity, stamp)),
  };
}

function sceneEntity(entity: SceneEntity, stamp: ReturnType<typeof timestamp>): object {
  const shapes = shapesWithoutMeshes(entity);
  return {
    timestamp: stamp,
    frame_id: frameName(entity.id),
    id: entity.id,
    frame_locked: true,
    cubes: shapes.flatMap((shape) =>
      shape.type === "box" ? [{ ...common(shape), size: size(...shape.size) }] : [],
    ),
    spheres: shapes.flatMap(balls),
    cylinders: shapes.flatMap((shape) => {
      if (shape.type !== "capsule" && shape.type !== "cylinder") return [];
      const extent = size(2 * shape.radius, 2 * shape.radius, shape.length);
      return [{ ...common(shape), size: extent, bottom_scale: 1, top_scale: 1 }];
    }),
    triangles: shapes.flatMap((shape) =>
      shape.type === "convex" ? [{ ...common(shape), ...triangles(shape.points) }] : [],
    ),
  };
}

/** Name an entity's frame of reference: other programs want names without spaces. */
export function frameName(id: string): string {
  return id.replaceAll(" ", "_");
}

/** Return the centres of the two balls that end a capsule, in its entity's frame. */
export function capsuleEnds({ position, quaternion, length }: CapsuleShape): readonly [Vec3, Vec3] {
  const end = (side: number): Vec3 => {
    const [x, y, z] = rotateVector(quaternion, [0, 0, side * length]);
    return [position[0] + x, position[1] + y, position[2] + z];
  };
  return [end(-0.5), end(0.5)];
}

type CapsuleShape = Extract<SolidShape, { readonly length: number }>;

/** Foxglove has no capsules: a cylinder with a ball at each end. */
function balls(shape: SolidShape): object[] {
  if (shape.type !== "sphere" && shape.type !== "capsule") return [];
  const ball = size(2 * shape.radius, 2 * shape.radius, 2 * shape.radius);
  if (shape.type === "sphere") return [{ ...common(shape), size: ball }];
  return capsuleEnds(shape).map((position) => ({ ...common({ ...shape, position }), size: ball }));
}

/** The hull's corners, and its faces cut into triangles that turn counter-clockwise as seen from outside. */
function triangles(points: readonly Vec3[]): object {
  const { vertices, faceStart, faceVertices } = convexHull(points);
  const indices: number[] = [];
  for (let face = 0; face + 1 < faceStart.length; face++) {
    const first = faceStart[face]!;
    for (let corner = first + 1; corner + 1 < faceStart[face + 1]!; corner++)
      indices.push(faceVertices[first]!, faceVertices[corner]!, faceVertices[corner + 1]!);
  }
  const corners = Array.from({ length: vertices.length / 3 }, (_, k) =>
    size(vertices[3 * k]!, vertices[3 * k + 1]!, vertices[3 * k + 2]!),
  );
  return { points: corners, indices };
}

function common({ position: [x, y, z], quaternion: [qx, qy, qz, qw], color: [r, g, b, a] }: SceneShape) {
  return {
    pose: { position: { x, y, z }, orientation: { x: qx, y: qy, z: qz, w: qw } },
    color: { r, g, b, a },
  };
}

/** Return a google.protobuf.Timestamp. */
export function timestamp(seconds: number): { readonly seconds: number; readonly nanos: number } {
  const nanoseconds = Math.round(seconds * 1e9);
  return { seconds: Math.floor(nanoseconds / 1e9), nanos: nanoseconds % 1e9 };
}

function size(x: number, y: number, z: number) {
  return { x, y, z };
}
