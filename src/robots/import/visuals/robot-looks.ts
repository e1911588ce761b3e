// What a described robot is drawn as: the visual shapes of its links, meshes in a file of their own.
import { multiplyQuaternions, rotateVector } from "../../../math/quaternion.js";
import type { Color, SceneShape, SolidShape } from "../../../scene/scene.js";
import type { RobotLooks } from "../../models/robot-model.js";
import type { DescribedLink, DescribedShape, RobotDescription } from "../description.js";
import type { ReadFile } from "../geometry/triangle-mesh.js";
import { cameraHull } from "./camera-hull.js";
import { MeshStore } from "./mesh-store.js";
import type { SimplifyMesh } from "./simplify-mesh.js";
import { type ColoredMesh, VisualMeshes } from "./visual-meshes.js";

/** What drawing meshes takes. */
export interface MeshDrawing {
  readonly simplify: SimplifyMesh;
  /** SHA-256 of a file, in hexadecimal. */
  readonly hash: (bytes: Uint8Array) => string;
}

/** How looks are made. */
interface LooksOptions {
  /** One of them absent: meshes are not drawn. */
  readonly readFile?: ReadFile | undefined;
  readonly drawing?: MeshDrawing | undefined;
  readonly assume: (assumption: string) => void;
}

/** Looks of a robot, and the file that its meshes lie in. */
export interface MadeLooks {
  readonly looks: RobotLooks;
  readonly meshFile?: Uint8Array;
}

/** Most triangles that are drawn of a link and of all of a robot; a link's are shared out by how many its meshes have. */
export const MOST_TRIANGLES = { link: 4000, robot: 40_000 } as const;

const GREY: Color = [0.78, 0.79, 0.81, 1];

/** A visual shape and, where it is a mesh that can be drawn, its triangles by colour. */
interface Visual {
  readonly shape: DescribedShape;
  readonly meshes?: readonly ColoredMesh[] | undefined;
}

/** Return the looks of a robot, `root` being its base; undefined where the description draws nothing. */
export function looksOf(
  { links }: RobotDescription,
  root: DescribedLink,
  { readFile, drawing, assume }: LooksOptions,
): MadeLooks | undefined {
  if (links.every(({ visuals }) => visuals.length === 0)) return undefined;
  const files = readFile && drawing ? new VisualMeshes(readFile) : undefined;
  const read = links.map(({ visuals }) =>
    visuals.map((shape): Visual => {
      const { geometry } = shape;
      return { shape, meshes: geometry.type === "mesh" ? files?.read(geometry) : undefined };
    }),
  );
  const counts = read.map((visuals) => sum(visuals.flatMap(({ meshes = [] }) => meshes.map(trianglesOf))));
  const ofRobot = MOST_TRIANGLES.robot / sum(counts.map((count) => Math.min(count, MOST_TRIANGLES.link)));
  const store = drawing && new MeshStore(drawing.simplify);
  const drawn = links.map((link, index) => {
    const share = Math.min(1, MOST_TRIANGLES.link / counts[index]!) * Math.min(1, ofRobot);
    const shapes = read[index]!.flatMap((visual) => shapesOf(visual, share, store));
    // a link whose visual shapes cannot be drawn is drawn otherwise
    return { link, shapes: shapes.length > 0 || link.visuals.length === 0 ? shapes : undefined };
  });
  const meshFile = store && store.numTriangles > 0 ? store.write() : undefined;
  if (files) tell(files, sum(counts), store!.numTriangles, assume);
  const file = meshFile && drawing ? drawing.hash(meshFile) : "";
  const named = (shapes: readonly SceneShape[]) =>
    shapes.map((shape) => (shape.type === "mesh" ? { ...shape, file } : shape));
  const base = drawn.find(({ link }) => link === root)!.shapes;
  const others = drawn.flatMap(({ link, shapes }) =>
    link === root || !shapes ? [] : [[link.name, named(shapes)] as const],
  );
  // what the base collides with is a link of its own, which is drawn as the base
  const welded = root.collisions.length > 0 ? [[root.name, []] as const] : [];
  return {
    looks: { ...(base ? { base: named(base) } : {}), links: Object.fromEntries([...others, ...welded]) },
    ...(meshFile ? { meshFile } : {}),
  };
}

/** A primitive as it is; a mesh by reference for people, and its convex hull for cameras. */
function shapesOf({ shape, meshes = [] }: Visual, share: number, store: MeshStore | undefined): SceneShape[] {
  const { geometry, pose } = shape;
  if (geometry.type !== "mesh") return [{ ...geometry, ...pose, color: shape.color ?? GREY }];
  return meshes.flatMap((mesh): SceneShape[] => {
    const color = shape.color ?? mesh.color ?? GREY;
    const seen = { ...store!.add(mesh, share), ...pose, color, seenBy: "people" as const };
    return [seen, hullOf(mesh, shape, color)];
  });
}

function hullOf({ positions }: ColoredMesh, { pose }: DescribedShape, color: Color): SolidShape {
  const { geometry, position, quaternion } = cameraHull(positions);
  const [x, y, z] = rotateVector(pose.quaternion, position);
  const [px, py, pz] = pose.position;
  return {
    ...geometry,
    position: [px + x, py + y, pz + z],
    quaternion: multiplyQuaternions(pose.quaternion, quaternion),
    color,
    seenBy: "cameras",
  };
}

function tell(
  { missing }: VisualMeshes,
  numRead: number,
  numDrawn: number,
  assume: (assumption: string) => void,
): void {
  if (numDrawn > 0 && numDrawn < numRead) {
    assume(
      `meshes are drawn by ${numDrawn} of ${numRead} triangles (at most ${MOST_TRIANGLES.link} a link); cameras see their convex hulls`,
    );
  } else if (numDrawn > 0)
    assume(`meshes are drawn by ${numDrawn} triangles; cameras see their convex hulls`);
  const [first] = missing;
  if (!first) return;
  const [name, reason] = first;
  const others = missing.size === 1 ? "" : ` and ${missing.size - 1} more`;
  assume(`visual mesh ${name}${others} cannot be drawn (${reason}): drawn as simple shapes`);
}

function trianglesOf({ indices }: ColoredMesh): number {
  return indices.length / 3;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
