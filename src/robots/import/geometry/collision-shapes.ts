// Collision shapes of a described link as the primitives that the physics knows: spheres and boxes.
import { rotateVector } from "../../../math/quaternion.js";
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { CollisionShape } from "../../../physics/articulation/articulation-model.js";
import type { DescribedGeometry, DescribedLink, Pose } from "../description.js";
import { readMesh } from "./read-mesh.js";
import { meshBounds, type ReadFile } from "./triangle-mesh.js";

/** Spheres along a cylinder lie at most this many radii apart. */
const SPACING = 1.5;

/** Turn the link's collision shapes into spheres and boxes, and tell what changed on the way. */
export function collisionShapes(
  { name, collisions }: DescribedLink,
  options: {
    readonly file: string;
    readonly readMesh?: ReadFile;
    readonly assume: (assumption: string) => void;
  },
): CollisionShape[] {
  const { file, readMesh: readFile, assume } = options;
  return collisions.flatMap(({ geometry, pose, line }): CollisionShape[] => {
    if (geometry.type === "sphere")
      return [{ type: "sphere", radius: geometry.radius, position: pose.position }];
    if (geometry.type === "box") return [boxAt(pose, [0, 0, 0], geometry.size)];
    if (geometry.type === "convex") {
      assume(`link "${name}": a convex shape is a box around it`);
      return [boxAround(geometry.points, [1, 1, 1], pose)];
    }
    if (geometry.type !== "mesh") return cylinder(name, geometry, pose, assume);
    const { filename, scale } = geometry;
    if (!readFile) {
      assume(`link "${name}": the mesh ${filename} is left out`);
      return [];
    }
    const bytes = readFile(filename);
    if (!bytes) {
      throw new UsageError(
        `${file}:${line}: link "${name}" has the mesh ${filename}, which is not found. ` +
          `Put it there, or leave meshes out: ${optionText("meshes", "false")}.`,
      );
    }
    const bounds = meshBounds(readMesh(bytes, `${file}:${line}: ${filename}`, readFile));
    assume(`link "${name}": the mesh ${filename} is a box around it`);
    return [boxAround([bounds.low, bounds.high], scale, pose)];
  });
}

function boxAround(points: readonly Vec3[], scale: Vec3, pose: Pose): CollisionShape {
  const corners = ([0, 1, 2] as const).map((k) => {
    const values = points.map((point) => point[k] * scale[k]);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const middle = corners.map(([a, b]) => (a + b) / 2) as unknown as Vec3;
  // a flat mesh still gets a skin
  const size = corners.map(([a, b]) => Math.max(1e-3, Math.abs(b - a))) as unknown as Vec3;
  return boxAt(pose, middle, size);
}

function boxAt({ position, quaternion }: Pose, centre: Vec3, [x, y, z]: Vec3): CollisionShape {
  const shift = rotateVector(quaternion, centre);
  return {
    type: "box",
    halfExtents: [x / 2, y / 2, z / 2],
    position: [position[0] + shift[0], position[1] + shift[1], position[2] + shift[2]],
    ...(quaternion[3] === 1 ? {} : { quaternion }),
  };
}

/** A row of spheres along a long cylinder, a box around a flat one. */
function cylinder(
  name: string,
  { radius, length }: Extract<DescribedGeometry, { type: "cylinder" | "capsule" }>,
  pose: Pose,
  assume: (assumption: string) => void,
): CollisionShape[] {
  if (length < 2 * radius) {
    assume(`link "${name}": a flat cylinder is a box around it`);
    return [boxAt(pose, [0, 0, 0], [2 * radius, 2 * radius, length])];
  }
  const reach = length / 2 - radius;
  const count = 1 + Math.ceil((2 * reach) / (SPACING * radius));
  assume(`link "${name}": a cylinder is a row of ${count} spheres`);
  return Array.from({ length: count }, (_, index): CollisionShape => {
    const along = count === 1 ? 0 : -reach + (2 * reach * index) / (count - 1);
    const shift = rotateVector(pose.quaternion, [0, 0, along]);
    const [x, y, z] = pose.position;
    const position: Vec3 = [x + shift[0], y + shift[1], z + shift[2]];
    return { type: "sphere", radius, position };
  });
}
