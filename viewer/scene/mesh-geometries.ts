// Meshes of robots, fetched once for all recordings that show them.
import { BufferAttribute, BufferGeometry } from "three";
import { toCreasedNormals } from "three/addons/utils/BufferGeometryUtils.js";
import { type DrawnMesh, readMeshFile } from "../../src/scene/mesh-file.js";
import { fetchMeshFile } from "../sources/run-source.js";
import { share } from "./shared-geometries.js";

/** Faces that meet at a smaller angle are one round surface, rad. */
const CREASE = 0.6;

/** Geometries of each file by its hash; those of a file that cannot be read are none. */
const files = new Map<string, readonly BufferGeometry[]>();
const loading = new Map<string, Promise<void>>();

/** Return a mesh of a file that was loaded; undefined where it was not, or the file has no such mesh. */
export function meshGeometry(file: string, mesh: number): BufferGeometry | undefined {
  return files.get(file)?.[mesh];
}

/** Load a file, unless that was tried before; what cannot be read is told in the console and drawn otherwise. */
export function loadMeshFile(file: string): Promise<void> {
  const known = loading.get(file);
  if (known) return known;
  const loaded = fetchMeshFile(file)
    .then((bytes) => void files.set(file, readMeshFile(bytes, `The mesh file ${file}`).map(geometryOf)))
    .catch((error: Error) => console.warn(`Meshes are drawn as simple shapes: ${error.message}`));
  loading.set(file, loaded);
  return loaded;
}

function geometryOf({ positions, indices }: DrawnMesh): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  return share(toCreasedNormals(geometry, CREASE));
}
