// A scene taken apart into what rays can hit, as flat arrays in the frames of its entities.

import { convexHull } from "../../../math/convex-hull.js";
import { rotateVector } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";
import type { Color, SceneDescription, SolidShape } from "../../../scene/scene.js";
import { shapesOfCameras } from "../../../scene/seen-shapes.js";
import { lengthOf } from "./camera-frame.js";

/** A kind of primitive. */
export const SPHERE = 0;
/** A kind of primitive. */
export const CAPSULE = 1;
/** A kind of primitive. */
export const CYLINDER = 2;
/** A kind of primitive; boxes and planes are such. */
export const CONVEX = 3;

/** Entity of what belongs to no entity: the floor. */
export const WORLD = -1;

/**
 * All primitives of a scene; those that never move come first.
 *
 * A primitive's surface has parts that are lit by one formula each: a sphere 1, a capsule 3 (side, upper and lower end), a
 * cylinder 3 (side, upper and lower lid), a convex one as many as faces. Part 0 is the sky.
 */
export interface Primitives {
  readonly count: number;
  /** Primitives before this one never move. */
  readonly firstMoving: number;
  readonly kinds: Uint8Array;
  /** Index of the entity in the scene, or WORLD. */
  readonly entities: Int16Array;
  /** [count, 3] */
  readonly centres: Float64Array;
  /** Unit axis of capsules and cylinders. [count, 3] */
  readonly axes: Float64Array;
  readonly radii: Float64Array;
  /** Half of the straight length of capsules and cylinders, m. */
  readonly halves: Float64Array;
  /** Radius about the centre that holds all of it; infinite for the floor. */
  readonly bounds: Float64Array;
  /** Faces of primitive p are `faceStart[p] .. faceStart[p + 1]`, with outward normals [F, 3] and distances. */
  readonly faceStart: Int32Array;
  readonly normals: Float64Array;
  readonly distances: Float64Array;
  /** Corners of primitive p are `cornerStart[p] .. cornerStart[p + 1]`. [C, 3] */
  readonly cornerStart: Int32Array;
  readonly corners: Float64Array;
  readonly firstPart: Uint16Array;
  readonly numParts: number;
  /** Red, green, blue, 0 to 255. [count, 3] */
  readonly colors: Float64Array;
}

interface Primitive {
  readonly kind: number;
  readonly entity: number;
  readonly centre: Vec3;
  readonly axis: Vec3;
  readonly radius: number;
  readonly half: number;
  readonly bound: number;
  readonly faces: readonly { readonly normal: Vec3; readonly distance: number }[];
  readonly corners: readonly Vec3[];
  readonly color: Color;
}

/** Take `scene` apart; entities for which `shown` is false are left out, those for which `fixed` is true come first. */
export function buildPrimitives(
  { entities }: SceneDescription,
  floorHeight: number,
  shown: (entity: number) => boolean,
  fixed: (entity: number) => boolean,
): Primitives {
  const taken = (isFixed: boolean) =>
    entities.flatMap((entity, index) =>
      shown(index) && fixed(index) === isFixed
        ? shapesOfCameras(entity).map((shape) => primitiveOf(shape, index))
        : [],
    );
  // the floor after what stands before it: most of its pixels are told apart at once
  const still = [...taken(true), floorPlane(floorHeight)];
  const all = [...still, ...taken(false)];
  const starts = (sizeOf: (primitive: Primitive) => number) => {
    const result = [0];
    for (const primitive of all) result.push(result.at(-1)! + sizeOf(primitive));
    return Int32Array.from(result);
  };
  const partStart = starts(({ kind, faces }) => (kind === SPHERE ? 1 : kind === CONVEX ? faces.length : 3));
  return {
    count: all.length,
    firstMoving: still.length,
    kinds: Uint8Array.from(all, ({ kind }) => kind),
    entities: Int16Array.from(all, ({ entity }) => entity),
    centres: Float64Array.from(all.flatMap(({ centre }) => centre)),
    axes: Float64Array.from(all.flatMap(({ axis }) => axis)),
    radii: Float64Array.from(all, ({ radius }) => radius),
    halves: Float64Array.from(all, ({ half }) => half),
    bounds: Float64Array.from(all, ({ bound }) => bound),
    faceStart: starts(({ faces }) => faces.length),
    normals: Float64Array.from(all.flatMap(({ faces }) => faces.flatMap(({ normal }) => normal))),
    distances: Float64Array.from(all.flatMap(({ faces }) => faces.map(({ distance }) => distance))),
    cornerStart: starts(({ corners }) => corners.length),
    corners: Float64Array.from(all.flatMap(({ corners }) => corners.flat())),
    firstPart: Uint16Array.from(partStart.subarray(0, -1), (start) => start + 1),
    numParts: partStart.at(-1)! + 1,
    colors: Float64Array.from(all.flatMap(({ color: [r, g, b] }) => [255 * r, 255 * g, 255 * b])),
  };
}

function floorPlane(height: number): Primitive {
  return {
    kind: CONVEX,
    entity: WORLD,
    centre: [0, 0, height],
    axis: [0, 0, 1],
    radius: 0,
    half: 0,
    bound: Number.POSITIVE_INFINITY,
    faces: [{ normal: [0, 0, 1], distance: height }],
    corners: [],
    color: [0, 0, 0, 1],
  };
}

function primitiveOf(shape: SolidShape, entity: number): Primitive {
  const { position, quaternion, color } = shape;
  const place = (point: Vec3): Vec3 => {
    const [x, y, z] = rotateVector(quaternion, point);
    return [x + position[0], y + position[1], z + position[2]];
  };
  const common = { entity, color, axis: rotateVector(quaternion, [0, 0, 1]) };
  const none = { faces: [], corners: [], half: 0 };
  if (shape.type === "sphere") {
    const { radius } = shape;
    return { ...common, ...none, kind: SPHERE, centre: position, radius, bound: radius };
  }
  if (shape.type !== "box" && shape.type !== "convex") {
    const { radius, length } = shape;
    const half = length / 2;
    const isCapsule = shape.type === "capsule";
    const bound = isCapsule ? half + radius : Math.sqrt(half * half + radius * radius);
    const kind = isCapsule ? CAPSULE : CYLINDER;
    return { ...common, ...none, kind, centre: position, radius, half, bound };
  }
  const { normals, distances, corners } =
    shape.type === "box" ? boxFaces(shape.size) : hullFaces(shape.points);
  const placed = corners.map(place);
  const centre = placed
    .reduce<Vec3>((sum, p) => [sum[0] + p[0], sum[1] + p[1], sum[2] + p[2]], [0, 0, 0])
    .map((sum) => sum / placed.length) as unknown as Vec3;
  const faces = normals.map((normal, face) => {
    const turned = rotateVector(quaternion, normal);
    const [x, y, z] = position;
    return { normal: turned, distance: distances[face]! + turned[0] * x + turned[1] * y + turned[2] * z };
  });
  const away = (p: Vec3) => lengthOf([p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]]);
  const bound = Math.max(...placed.map(away));
  return { ...common, kind: CONVEX, centre, radius: 0, half: 0, bound, faces, corners: placed };
}

interface Polytope {
  readonly normals: readonly Vec3[];
  readonly distances: readonly number[];
  readonly corners: readonly Vec3[];
}

function boxFaces([width, depth, height]: Vec3): Polytope {
  const [x, y, z] = [width / 2, depth / 2, height / 2];
  const signs = [-1, 1];
  return {
    normals: [
      // the top first: most points are above a table, which then cannot shade them
      [0, 0, 1],
      [0, 0, -1],
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ],
    distances: [z, z, x, x, y, y],
    corners: signs.flatMap((a) => signs.flatMap((b) => signs.map((c): Vec3 => [a * x, b * y, c * z]))),
  };
}

function hullFaces(points: readonly Vec3[]): Polytope {
  const { vertices, normals, offsets } = convexHull(points);
  const triples = (flat: Float64Array) =>
    Array.from(
      { length: flat.length / 3 },
      (_, k): Vec3 => [flat[3 * k]!, flat[3 * k + 1]!, flat[3 * k + 2]!],
    );
  return { normals: triples(normals), distances: [...offsets], corners: triples(vertices) };
}
