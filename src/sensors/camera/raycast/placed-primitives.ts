// The primitives of a scene where they are now, in a camera's frame.
import { POSE_SIZE } from "../../../scene/scene.js";
import type { SurfaceLight } from "../shading/surface-light.js";
import { rotationMatrix } from "./camera-frame.js";
import { castConvex } from "./cast-convex.js";
import { castCapsule, castCylinder, castSphere } from "./cast-round.js";
import { CAPSULE, CONVEX, CYLINDER, type Primitives, SPHERE, WORLD } from "./primitives.js";
import type { RayTarget } from "./ray-target.js";

const IDENTITY_POSE = Float64Array.of(0, 0, 0, 0, 0, 0, 1);

/** Moves primitives into a camera's frame and casts rays at them. */
export class PlacedPrimitives {
  readonly primitives: Primitives;
  /** [count, 3] each */
  readonly centres: Float64Array;
  readonly axes: Float64Array;
  /** [F, 3] and [F] */
  readonly normals: Float64Array;
  readonly distances: Float64Array;
  readonly corners: Float64Array;
  /** Turns [E + 1, 9] and places [E + 1, 3] of the entities in the camera's frame, those of the world first. */
  readonly turns: Float64Array;
  readonly places: Float64Array;
  /** Those of the entity in hand. */
  private readonly turn = new Float64Array(9);
  private readonly place = new Float64Array(3);
  private readonly world = new Float64Array(9);

  constructor(primitives: Primitives) {
    this.primitives = primitives;
    this.centres = new Float64Array(primitives.centres.length);
    this.axes = new Float64Array(primitives.axes.length);
    this.normals = new Float64Array(primitives.normals.length);
    this.distances = new Float64Array(primitives.distances.length);
    this.corners = new Float64Array(primitives.corners.length);
    const slots = 2 + Math.max(WORLD, ...primitives.entities);
    this.turns = new Float64Array(9 * slots);
    this.places = new Float64Array(3 * slots);
  }

  /** Move the primitives `first .. end - 1` into the frame of a camera at `eye` with the axes in the rows of `view`. */
  move(first: number, end: number, poses: Float64Array, eye: Float64Array, view: Float64Array): void {
    const { entities } = this.primitives;
    let entity = -2;
    for (let p = first; p < end; p++) {
      if (entities[p] !== entity) {
        entity = entities[p]!;
        this.moveEntity(entity, poses, eye, view);
      }
      this.movePrimitive(p);
    }
  }

  /**
   * Cast rays at the primitives `first .. end - 1`, widening the spans of rows that they may cover, and set how their
   * parts are lit.
   */
  cast(
    first: number,
    end: number,
    target: RayTarget,
    light: SurfaceLight,
    spanLeft: Int16Array,
    spanRight: Int16Array,
  ): void {
    const { kinds } = this.primitives;
    for (let p = first; p < end; p++) {
      const seen = kinds[p] === CONVEX ? this.castFaces(p, target, light) : this.castRound(p, target, light);
      if (!seen) continue;
      const { left, right, top, bottom } = target;
      for (let row = top; row <= bottom; row++) {
        if (left < spanLeft[row]!) spanLeft[row] = left;
        if (right > spanRight[row]!) spanRight[row] = right;
      }
    }
  }

  private moveEntity(entity: number, poses: Float64Array, eye: Float64Array, view: Float64Array): void {
    const { turn, place, world } = this;
    const pose = entity === WORLD ? IDENTITY_POSE : poses;
    const o = entity === WORLD ? 0 : POSE_SIZE * entity;
    rotationMatrix(pose, o + 3, world);
    const x = pose[o]! - eye[0]!;
    const y = pose[o + 1]! - eye[1]!;
    const z = pose[o + 2]! - eye[2]!;
    for (let i = 0; i < 9; i += 3) {
      const a = view[i]!;
      const b = view[i + 1]!;
      const c = view[i + 2]!;
      place[i / 3] = a * x + b * y + c * z;
      turn[i] = a * world[0]! + b * world[3]! + c * world[6]!;
      turn[i + 1] = a * world[1]! + b * world[4]! + c * world[7]!;
      turn[i + 2] = a * world[2]! + b * world[5]! + c * world[8]!;
    }
    this.turns.set(turn, 9 * (entity + 1));
    this.places.set(place, 3 * (entity + 1));
  }

  private movePrimitive(p: number): void {
    const { primitives, turn, place, centres, axes, normals, distances } = this;
    movePoints(primitives.centres, p, p + 1, turn, place, centres);
    if (primitives.kinds[p] !== CONVEX) {
      turnVectors(primitives.axes, p, p + 1, turn, axes);
      return;
    }
    const first = primitives.faceStart[p]!;
    const end = primitives.faceStart[p + 1]!;
    turnVectors(primitives.normals, first, end, turn, normals);
    for (let face = first; face < end; face++) {
      const o = 3 * face;
      distances[face] =
        primitives.distances[face]! +
        normals[o]! * place[0]! +
        normals[o + 1]! * place[1]! +
        normals[o + 2]! * place[2]!;
    }
    const { cornerStart } = primitives;
    movePoints(primitives.corners, cornerStart[p]!, cornerStart[p + 1]!, turn, place, this.corners);
  }

  private castFaces(p: number, target: RayTarget, light: SurfaceLight): boolean {
    const { normals, distances, corners, primitives } = this;
    const firstCorner = primitives.cornerStart[p]!;
    const numCorners = primitives.cornerStart[p + 1]! - firstCorner;
    if (numCorners === 0) target.boundAll();
    else if (!target.boundCorners(corners, firstCorner, numCorners)) return false;
    const first = primitives.faceStart[p]!;
    const end = primitives.faceStart[p + 1]!;
    const part = primitives.firstPart[p]!;
    for (let face = first; face < end; face++)
      light.setFlat(part + face - first, normals[3 * face]!, normals[3 * face + 1]!, normals[3 * face + 2]!);
    castConvex(target, normals, distances, first, end, part);
    return true;
  }

  private castRound(p: number, target: RayTarget, light: SurfaceLight): boolean {
    const { centres, axes, primitives } = this;
    const kind = primitives.kinds[p]!;
    const part = primitives.firstPart[p]!;
    const radius = primitives.radii[p]!;
    const half = primitives.halves[p]!;
    const x = centres[3 * p]!;
    const y = centres[3 * p + 1]!;
    const z = centres[3 * p + 2]!;
    if (kind === SPHERE) {
      if (!target.boundBall(x, y, z, radius)) return false;
      light.setBall(part, x, y, z, radius);
      castSphere(target, x, y, z, radius, part);
      return true;
    }
    const ax = axes[3 * p]!;
    const ay = axes[3 * p + 1]!;
    const az = axes[3 * p + 2]!;
    const hx = half * ax;
    const hy = half * ay;
    const hz = half * az;
    if (!target.boundCapsule(x + hx, y + hy, z + hz, x - hx, y - hy, z - hz, radius)) return false;
    light.setTube(part, x, y, z, ax, ay, az, radius);
    if (kind === CYLINDER) {
      light.setFlat(part + 1, ax, ay, az);
      light.setFlat(part + 2, -ax, -ay, -az);
      castCylinder(target, x, y, z, ax, ay, az, radius, half, part);
    } else if (kind === CAPSULE) {
      light.setBall(part + 1, x + hx, y + hy, z + hz, radius);
      light.setBall(part + 2, x - hx, y - hy, z - hz, radius);
      castCapsule(target, x, y, z, ax, ay, az, radius, half, part);
    }
    return true;
  }
}

function movePoints(
  points: Float64Array,
  first: number,
  end: number,
  turn: Float64Array,
  place: Float64Array,
  out: Float64Array,
): void {
  turnVectors(points, first, end, turn, out);
  for (let o = 3 * first; o < 3 * end; o += 3) {
    out[o]! += place[0]!;
    out[o + 1]! += place[1]!;
    out[o + 2]! += place[2]!;
  }
}

function turnVectors(
  vectors: Float64Array,
  first: number,
  end: number,
  turn: Float64Array,
  out: Float64Array,
): void {
  for (let o = 3 * first; o < 3 * end; o += 3) {
    const x = vectors[o]!;
    const y = vectors[o + 1]!;
    const z = vectors[o + 2]!;
    out[o] = turn[0]! * x + turn[1]! * y + turn[2]! * z;
    out[o + 1] = turn[3]! * x + turn[4]! * y + turn[5]! * z;
    out[o + 2] = turn[6]! * x + turn[7]! * y + turn[8]! * z;
  }
}
