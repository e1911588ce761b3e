// The meshes of a description, each read once; what cannot be had is told once.
import { optionText, UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import { NoMeshError, readMesh } from "./read-mesh.js";
import { type ReadFile, scaledMesh, type TriangleMesh } from "./triangle-mesh.js";

/** A mesh as a shape names it. */
export interface NamedMesh {
  readonly filename: string;
  readonly scale: Vec3;
}

/** Most triangles that are read of one robot. */
const MAX_TRIANGLES_IN_ALL = 5_000_000;

/** Reads meshes by the names that the description in `file` gives them. */
export class MeshLibrary {
  private readonly file: string;
  private readonly readFile: ReadFile | undefined;
  private readonly assume: (assumption: string) => void;
  private readonly read = new Map<string, TriangleMesh | undefined>();
  private numTriangles = 0;

  /** Without `readFile` meshes are left out. */
  constructor(file: string, readFile: ReadFile | undefined, assume: (assumption: string) => void) {
    this.file = file;
    this.readFile = readFile;
    this.assume = assume;
  }

  /**
   * Return the mesh in m; undefined where there is none, which is told once per file.
   *
   * Throws a UsageError with file and line where the mesh is damaged or too large.
   */
  mesh({ filename, scale }: NamedMesh, line: number): TriangleMesh | undefined {
    if (!this.read.has(filename)) this.read.set(filename, this.fileOf(filename, line));
    const mesh = this.read.get(filename);
    return mesh && scaledMesh(mesh, scale);
  }

  private fileOf(filename: string, line: number): TriangleMesh | undefined {
    const { file, readFile, assume } = this;
    if (!readFile) {
      assume(`the mesh ${filename} is left out`);
      return undefined;
    }
    if (/^https?:/i.test(filename)) {
      assume(`${file}:${line}: the mesh ${filename} is on the web, where nothing is fetched from: left out`);
      return undefined;
    }
    const bytes = withPlace(`${file}:${line}`, () => readFile(filename));
    if (!bytes) {
      assume(
        `${file}:${line}: the mesh ${filename} is not found: left out; say where it is by ${optionText("meshPath")}`,
      );
      return undefined;
    }
    const mesh = this.meshIn(bytes, filename, line);
    if (mesh?.triangles.length === 0) {
      assume(`${file}:${line}: the mesh ${filename} has no triangles: left out`);
      return undefined;
    }
    this.numTriangles += (mesh?.triangles.length ?? 0) / 3;
    if (this.numTriangles <= MAX_TRIANGLES_IN_ALL) return mesh;
    throw new UsageError(
      `${file}:${line}: the meshes have more than ${MAX_TRIANGLES_IN_ALL.toLocaleString("en")} triangles in all. ` +
        `Give coarser ones, or leave them out: ${optionText("meshes", "false")}.`,
    );
  }

  private meshIn(bytes: Uint8Array, filename: string, line: number): TriangleMesh | undefined {
    try {
      return readMesh(bytes, `${this.file}:${line}: the mesh ${filename}`, this.readFile);
    } catch (error) {
      if (!(error instanceof NoMeshError)) throw error;
      this.assume(`${error.message.replace(/\.$/, "")}: left out`);
      return undefined;
    }
  }
}

/** Name the place in the description that led to a complaint about another file. */
function withPlace<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}
