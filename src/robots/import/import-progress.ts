// How an import is getting on: meshes read, links given shapes, then what is searched and measured.
import type { RobotDescription } from "./description.js";
import type { ReadFile } from "./geometry/triangle-mesh.js";

/** What an import does at the moment; `done` of `of` things where they are counted. */
export interface ImportStep {
  readonly phase: "meshes" | "shapes" | "place" | "grip";
  readonly done?: number;
  readonly of?: number;
}

/** Is told of every step. */
export type OnProgress = (step: ImportStep) => void;

/** Return `readFile` that tells which of the meshes of `description` it reads; each counts once. */
export function countedMeshes(
  { links }: RobotDescription,
  readFile: ReadFile,
  onProgress: OnProgress,
): ReadFile {
  const names = new Set(
    links.flatMap(({ collisions, visuals, solids = [] }) =>
      [...collisions, ...visuals, ...solids].flatMap(({ geometry }) =>
        geometry.type === "mesh" ? [geometry.filename] : [],
      ),
    ),
  );
  const read = new Set<string>();
  return (name) => {
    if (names.has(name) && !read.has(name)) {
      read.add(name);
      onProgress({ phase: "meshes", done: read.size, of: names.size });
    }
    return readFile(name);
  };
}

/** Return what tells that one more of the links of `description` that have shapes gets them. */
export function countedLinks({ links }: RobotDescription, onProgress: OnProgress): () => void {
  const count = links.filter(({ collisions }) => collisions.length > 0).length;
  let done = 0;
  return () => {
    done = Math.min(count, done + 1);
    onProgress({ phase: "shapes", done, of: count });
  };
}
