// Collision shapes of a described link as the convex shapes that the physics knows.
import { multiplyQuaternions, type Quat, rotateVector } from "../../../math/quaternion.js";
import type { Vec3 } from "../../../math/vector.js";
import type { CollisionShape } from "../../../physics/articulation/articulation-model.js";
import type { DescribedLink, DescribedShape, Pose } from "../description.js";
import { type ConvexParts, convexParts, MAX_PARTS } from "./convex-parts.js";
import { fittedShape } from "./fitted-shape.js";
import { hullSolid } from "./hull-solid.js";
import type { MeshLibrary } from "./mesh-library.js";
import { joinedMeshes, placedMesh, type TriangleMesh } from "./triangle-mesh.js";

/** A flat mesh still gets a skin of this thickness, m. */
const SKIN = 1e-3;
/** Coordinates are rounded to a ten-millionth of a metre: it keeps robot data short. */
const PER_METRE = 1e7;

/** Makes the collision shapes of links; what meshes become is told. */
export class CollisionShapes {
  private readonly meshes: MeshLibrary;
  private readonly assume: (assumption: string) => void;
  private readonly onLink: () => void;
  private readonly made = new Map<string, readonly CollisionShape[]>();

  /** `onLink` is called before a link with shapes gets them. */
  constructor(meshes: MeshLibrary, assume: (assumption: string) => void, onLink: () => void = () => {}) {
    this.meshes = meshes;
    this.assume = assume;
    this.onLink = onLink;
  }

  /** Return the shapes of `link`: primitives as they are, each mesh as the convex parts that it errs least as, eight at most. */
  of(link: DescribedLink): CollisionShape[] {
    if (link.collisions.length > 0) this.onLink();
    const shapes = link.collisions.map((shape) => this.ofShape(shape, link.name));
    const numMeshes = link.collisions.filter(({ geometry }) => geometry.type === "mesh").length;
    const total = shapes.reduce((sum, { length }) => sum + length, 0);
    if (numMeshes < 2 || total <= MAX_PARTS) return shapes.flat();
    const rest = shapes.filter((_, k) => link.collisions[k]!.geometry.type !== "mesh").flat();
    const meshes = link.collisions.flatMap(({ geometry, pose, line }) => {
      const mesh = geometry.type === "mesh" ? this.meshes.mesh(geometry, line) : undefined;
      return mesh ? [placedMesh(mesh, pose)] : [];
    });
    return [
      ...rest,
      ...this.parts(joinedMeshes(meshes), `link "${link.name}": its ${numMeshes} meshes together`),
    ];
  }

  private ofShape({ geometry, pose, line }: DescribedShape, link: string): CollisionShape[] {
    switch (geometry.type) {
      case "sphere":
        return [placed({ type: "sphere", radius: geometry.radius, position: [0, 0, 0] }, pose)];
      case "box": {
        const [x, y, z] = geometry.size;
        return [placed({ type: "box", halfExtents: [x / 2, y / 2, z / 2], position: [0, 0, 0] }, pose)];
      }
      case "capsule":
      case "cylinder":
        return [placed({ ...geometry, position: [0, 0, 0] }, pose)];
      case "convex": {
        const hull = hullSolid(Float64Array.from(geometry.points.flat()), { maxVertices: 128 });
        if (hull) return [placed(fittedShape(hull), pose)];
        this.assume(`link "${link}": a flat convex shape is left out`);
        return [];
      }
      case "mesh": {
        const mesh = this.meshes.mesh(geometry, line);
        if (!mesh) return [];
        const key = `${geometry.filename} ${geometry.scale.join(" ")}`;
        const known = this.made.get(key) ?? this.parts(mesh, `the mesh ${geometry.filename}`);
        this.made.set(key, known);
        return known.map((shape) => placed(shape, pose));
      }
    }
  }

  private parts(mesh: TriangleMesh, what: string): CollisionShape[] {
    const parts = convexParts(mesh);
    if (!parts) {
      const flat = thickened(mesh);
      this.assume(`${what} is flat: ${flat ? "it collides with a thickness of 1 mm" : "left out"}`);
      return flat ? [flat] : [];
    }
    const shapes = parts.hulls.map(fittedShape);
    this.assume(`${what}: ${describe(shapes, parts)}`);
    return shapes;
  }
}

function describe(shapes: readonly CollisionShape[], { hullError, error }: ConvexParts): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const [first] = shapes;
  const kind =
    first!.type === "convex" ? `its convex hull (${first!.points.length} corners)` : `a ${first!.type}`;
  return shapes.length === 1
    ? `collides as ${kind}, ${percent(hullError)} of it beside the mesh`
    : `${shapes.length} convex parts collide, ${percent(error)} of them beside the mesh (of one hull ${percent(hullError)})`;
}

/** A flat mesh given a thickness, half to each side; undefined where it is a line. */
function thickened({ vertices, triangles }: TriangleMesh): CollisionShape | undefined {
  let normal = [0, 0, 0];
  let most = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const edge = (to: number, k: number) => vertices[to + (k % 3)]! - vertices[a + (k % 3)]!;
    const across = [0, 1, 2].map((k) => edge(b, k + 1) * edge(c, k + 2) - edge(b, k + 2) * edge(c, k + 1));
    const area = Math.hypot(...across);
    if (area <= most) continue;
    most = area;
    normal = across.map((value) => value / area);
  }
  const moved = (side: number) => vertices.map((value, k) => value + side * (SKIN / 2) * normal[k % 3]!);
  const hull = hullSolid(Float64Array.from([...moved(1), ...moved(-1)]));
  return hull && fittedShape(hull);
}

/** The shape where `pose` puts it in the link's frame. */
function placed(shape: CollisionShape, { position, quaternion }: Pose): CollisionShape {
  const shift = rotateVector(quaternion, shape.position);
  const at = rounded([position[0] + shift[0], position[1] + shift[1], position[2] + shift[2]]);
  if (shape.type === "sphere") return { ...shape, position: at };
  const { quaternion: own, ...rest } = shape;
  const turn = own ? multiplyQuaternions(quaternion, own) : quaternion;
  return {
    ...(rest.type === "convex" ? { ...rest, points: rest.points.map(rounded) } : rest),
    position: at,
    ...(turn[3] === 1 ? {} : { quaternion: turn as Quat }),
  };
}

function rounded(vector: Vec3): Vec3 {
  return vector.map((value) => Math.round(value * PER_METRE) / PER_METRE + 0) as unknown as Vec3;
}
