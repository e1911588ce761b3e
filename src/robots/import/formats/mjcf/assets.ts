// Meshes and materials that geoms name.
import { rotateVector } from "../../../../math/quaternion.js";
import { UsageError } from "../../../../math/usage-error.js";
import { add, scale, type Vec3 } from "../../../../math/vector.js";
import type { Color } from "../../../../scene/scene.js";
import type { Pose } from "../../description.js";
import { readMesh } from "../../geometry/read-mesh.js";
import type { ReadFile } from "../../geometry/triangle-mesh.js";
import type { XmlElement } from "../xml.js";
import { childrenOf, mistake, numbersOf, textOf, vectorOf } from "../xml-values.js";
import type { CompilerSettings } from "./compiler.js";
import type { DefaultClasses } from "./default-classes.js";
import { plainPath } from "./include.js";
import { inverse, NO_POSE, quaternionOf } from "./poses.js";

/** A mesh: a file, or corner points that stand in the description itself. */
export interface MeshAsset {
  readonly name: string;
  readonly element: XmlElement;
  /** Missing where the corner points are given. */
  readonly filename?: string;
  /** Corner points where the description gives them, m; empty where they lie in a file. */
  readonly points: readonly Vec3[];
  /** Returns its surface before it is placed; undefined where it cannot be read or has no triangles. */
  readonly surface: () => Surface | undefined;
  /** Of the file's corners, before they are placed. */
  readonly scale: Vec3;
  /** Place of the file's frame in the geom's. */
  readonly pose: Pose;
  /** The mass lies on the surface. */
  readonly shell: boolean;
  /** What the surface encloses twice or from inside counts as it is, and not as positive. */
  readonly signed: boolean;
}

/** Triangles. */
export interface Surface {
  /** m */
  readonly points: readonly Vec3[];
  /** Corners, three of each triangle. */
  readonly triangles: ArrayLike<number>;
}

/** What geoms name. */
export interface Assets {
  readonly meshes: ReadonlyMap<string, MeshAsset>;
  readonly colors: ReadonlyMap<string, Color>;
  readonly notes: readonly string[];
}

/** Most corner points that one mesh may give in the description itself. */
const MAX_POINTS = 100_000;

/** Read all `<asset>` elements. */
export function readAssets(
  sections: readonly XmlElement[],
  options: {
    readonly settings: CompilerSettings;
    readonly classes: DefaultClasses;
    readonly readFile: ReadFile;
  },
): Assets {
  const { classes } = options;
  const meshes = new Map<string, MeshAsset>();
  const colors = new Map<string, Color>();
  const notes: string[] = [];
  for (const section of sections) {
    for (const element of childrenOf(section, "mesh")) {
      const asset = mesh(classes.apply(element), { ...options, notes });
      meshes.set(asset.name, asset);
    }
    for (const element of childrenOf(section, "material")) {
      const full = classes.apply(element);
      colors.set(textOf(full, "name"), colorOf(full, "rgba") ?? [1, 1, 1, 1]);
    }
  }
  return { meshes, colors, notes };
}

/** Read a colour; undefined where the element gives none. */
export function colorOf(element: XmlElement, attribute: string): Color | undefined {
  if (!element.attributes.has(attribute)) return undefined;
  const [r, g, b, a] = numbersOf(element, attribute, { count: 4 }).map((v) => Math.max(0, Math.min(1, v)));
  return [r!, g!, b!, a!];
}

function mesh(
  element: XmlElement,
  options: {
    readonly settings: CompilerSettings;
    readonly readFile: ReadFile;
    readonly notes: string[];
  },
): MeshAsset {
  const { settings, readFile, notes } = options;
  const file = element.attributes.get("file")?.replaceAll("\\", "/");
  const name = element.attributes.get("name") ?? file?.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
  if (!name) throw mistake(element, "<mesh> lacks name and file");
  const size = vectorOf(element, "scale", [1, 1, 1]);
  // MuJoCo takes the reference place off first and scales afterwards
  const offset = vectorOf(element, "refpos", [0, 0, 0]);
  const turn = quaternionOf(element, "refquat");
  const { quaternion } = inverse({ position: [0, 0, 0], quaternion: turn });
  const place = (point: Vec3): Vec3 => {
    const moved = rotateVector(quaternion, add(point, scale(-1, offset)));
    return [moved[0] * size[0], moved[1] * size[1], moved[2] * size[2]];
  };
  const inertia = element.attributes.get("inertia");
  const kind = { shell: inertia === "shell", signed: inertia === "exact" };
  if (file === undefined) return { ...inlineMesh(element, name, place), ...kind };
  const even = size[0] === size[1] && size[1] === size[2];
  if (!even && Math.abs(turn[3]) < 1 - 1e-12) {
    notes.push(`mesh "${name}" is turned and scaled unevenly: it is scaled along its file's axes`);
  }
  const moved = rotateVector(quaternion, scale(-1, offset));
  const isPlaced = element.attributes.has("refpos") || element.attributes.has("refquat");
  const bare = settings.strippath ? file.replace(/^.*\//, "") : file;
  const filename = plainPath(
    bare.startsWith("/") || settings.meshdir === "" ? bare : `${settings.meshdir}/${bare}`,
  );
  return {
    name,
    element,
    filename,
    points: [],
    surface: once(() => surfaceOfFile(filename, size, readFile)),
    scale: size,
    pose: isPlaced
      ? {
          position: [moved[0] * size[0], moved[1] * size[1], moved[2] * size[2]],
          quaternion,
        }
      : NO_POSE,
    ...kind,
  };
}

function inlineMesh(
  element: XmlElement,
  name: string,
  place: (point: Vec3) => Vec3,
): Omit<MeshAsset, "shell" | "signed"> {
  if (!element.attributes.has("vertex")) {
    throw mistake(element, `mesh "${name}" has neither file nor vertex; other sources are not read`);
  }
  const numbers = numbersOf(element, "vertex");
  if (numbers.length < 12 || numbers.length % 3 !== 0 || numbers.length > 3 * MAX_POINTS) {
    throw mistake(
      element,
      `mesh "${name}" has ${numbers.length} numbers in vertex, expected three for each of 4 to ${MAX_POINTS} corners`,
    );
  }
  const points = Array.from({ length: numbers.length / 3 }, (_, k) =>
    place([numbers[3 * k]!, numbers[3 * k + 1]!, numbers[3 * k + 2]!]),
  );
  const triangles = numbersOf(element, "face", { fallback: [] });
  const isCorner = (k: number) => Number.isInteger(k) && k >= 0 && k < points.length;
  if (triangles.length % 3 !== 0 || !triangles.every(isCorner)) {
    throw mistake(element, `face of mesh "${name}" is not three indices of corners for each triangle`);
  }
  const surface = () => (triangles.length > 0 ? { points, triangles } : undefined);
  return { name, element, points, surface, scale: [1, 1, 1], pose: NO_POSE };
}

/** Undefined where the file is missing or no mesh: collision shapes and looks tell of it. */
function surfaceOfFile(filename: string, size: Vec3, readFile: ReadFile): Surface | undefined {
  const bytes = readFile(filename);
  if (!bytes) return undefined;
  try {
    const { vertices, triangles } = readMesh(bytes, filename, readFile);
    const points = Array.from({ length: vertices.length / 3 }, (_, k): Vec3 => {
      return [vertices[3 * k]! * size[0], vertices[3 * k + 1]! * size[1], vertices[3 * k + 2]! * size[2]];
    });
    return { points, triangles };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** A function that computes once. */
function once<Value>(compute: () => Value): () => Value {
  let result: { readonly value: Value } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
