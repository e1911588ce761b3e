// Collision shapes of a URDF as the primitives that the physics knows: spheres and boxes.
import { rotateVector } from "../../math/quaternion.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape } from "../../physics/articulation/articulation-model.js";
import { meshBounds } from "./mesh-bounds.js";
import type { UrdfLink } from "./urdf-document.js";
import type { UrdfGeometry, UrdfPose } from "./urdf-elements.js";
import { quaternionFromRpy } from "./urdf-rpy.js";

/** Reads the mesh file that a URDF names; undefined where there is none. */
export type ReadMesh = (filename: string) => Uint8Array | undefined;

/** Spheres along a cylinder lie at most this many radii apart. */
const SPACING = 1.5;

/** Turn the link's collision shapes into spheres and boxes, and tell what changed on the way. */
export function collisionShapes(
  { name, collisions }: UrdfLink,
  options: {
    readonly file: string;
    readonly readMesh?: ReadMesh;
    readonly assume: (assumption: string) => void;
  },
): CollisionShape[] {
  const { file, readMesh, assume } = options;
  return collisions.flatMap(({ geometry, origin, line }): CollisionShape[] => {
    if (geometry.type === "sphere")
      return [{ type: "sphere", radius: geometry.radius, position: origin.xyz }];
    if (geometry.type === "box") return [boxAt(origin, [0, 0, 0], geometry.size)];
    if (geometry.type === "cylinder") return cylinder(name, geometry, origin, assume);
    const { filename, scale } = geometry;
    if (!readMesh) {
      assume(`link "${name}": the mesh ${filename} is left out`);
      return [];
    }
    const bytes = readMesh(filename);
    if (!bytes) {
      throw new UsageError(
        `${file}:${line}: link "${name}" has the mesh ${filename}, which is not found. ` +
          `Put it there, or leave meshes out: ${optionText("meshes", "false")}.`,
      );
    }
    const bounds = meshBounds(filename, bytes);
    if (!bounds) {
      throw new UsageError(
        `${file}:${line}: the mesh ${filename} of link "${name}" has no vertices to read; known: .stl, .obj.`,
      );
    }
    assume(`link "${name}": the mesh ${filename} is a box around it`);
    const { low, high } = bounds;
    const corners = ([0, 1, 2] as const).map((k) => [low[k] * scale[k], high[k] * scale[k]] as const);
    const middle = corners.map(([a, b]) => (a + b) / 2) as unknown as Vec3;
    // a flat mesh still gets a skin
    const size = corners.map(([a, b]) => Math.max(1e-3, Math.abs(b - a))) as unknown as Vec3;
    return [boxAt(origin, middle, size)];
  });
}

function boxAt({ xyz, rpy }: UrdfPose, centre: Vec3, [x, y, z]: Vec3): CollisionShape {
  const quaternion = quaternionFromRpy(rpy);
  const shift = rotateVector(quaternion, centre);
  return {
    type: "box",
    halfExtents: [x / 2, y / 2, z / 2],
    position: [xyz[0] + shift[0], xyz[1] + shift[1], xyz[2] + shift[2]],
    ...(quaternion[3] === 1 ? {} : { quaternion }),
  };
}

/** A row of spheres along a long cylinder, a box around a flat one. */
function cylinder(
  name: string,
  { radius, length }: Extract<UrdfGeometry, { type: "cylinder" }>,
  origin: UrdfPose,
  assume: (assumption: string) => void,
): CollisionShape[] {
  if (length < 2 * radius) {
    assume(`link "${name}": a flat cylinder is a box around it`);
    return [boxAt(origin, [0, 0, 0], [2 * radius, 2 * radius, length])];
  }
  const reach = length / 2 - radius;
  const count = 1 + Math.ceil((2 * reach) / (SPACING * radius));
  assume(`link "${name}": a cylinder is a row of ${count} spheres`);
  const turn = quaternionFromRpy(origin.rpy);
  return Array.from({ length: count }, (_, index): CollisionShape => {
    const along = count === 1 ? 0 : -reach + (2 * reach * index) / (count - 1);
    const shift = rotateVector(turn, [0, 0, along]);
    const position: Vec3 = [origin.xyz[0] + shift[0], origin.xyz[1] + shift[1], origin.xyz[2] + shift[2]];
    return { type: "sphere", radius, position };
  });
}
