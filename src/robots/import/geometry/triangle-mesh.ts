// A surface of triangles, whatever file it came from: what collision shapes, inertias and looks are made of.

import { rotateVector } from "../../../math/quaternion.js";
import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { Color } from "../../../scene/scene.js";
import type { Pose } from "../description.js";

/** Triangles that share corners, in the file's own units unless its format says which (glTF and COLLADA: m). */
export interface TriangleMesh {
  /** [numVertices, 3] */
  readonly vertices: Float64Array;
  /** Indices of the corners, counter-clockwise as seen from outside. [numTriangles, 3] */
  readonly triangles: Uint32Array;
  /** How the triangles are coloured, in their order; together they are all triangles. */
  readonly parts: readonly MeshPart[];
}

/** Triangles of one colour. */
export interface MeshPart {
  readonly numTriangles: number;
  /** Missing where the file gives none. */
  readonly color?: Color;
}

/** Corner points of the axis-aligned box around a mesh, in its units. */
export interface MeshBounds {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Reads a file by the name that another file gives it; undefined where there is none. */
export type ReadFile = (filename: string) => Uint8Array | undefined;

/** Most triangles that are read of one mesh. */
export const MAX_TRIANGLES = 1_000_000;

/** Collects the triangles of a mesh; `name` names its file in errors. */
export class MeshBuilder {
  readonly vertices: number[] = [];
  private readonly triangles: number[] = [];
  private readonly parts: { numTriangles: number; color: Color | undefined }[] = [];
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  get numVertices(): number {
    return this.vertices.length / 3;
  }

  /** Give the triangles that are added from now on this colour. */
  startPart(color: Color | undefined): void {
    this.parts.push({ numTriangles: 0, color });
  }

  /** Add a triangle of vertices that are there; one with a corner twice is left out. */
  addTriangle(a: number, b: number, c: number): void {
    if (a === b || b === c || a === c) return;
    if (this.triangles.length >= 3 * MAX_TRIANGLES) {
      throw new UsageError(
        `${this.name} has more than ${MAX_TRIANGLES.toLocaleString("en")} triangles. Give a coarser mesh.`,
      );
    }
    if (this.parts.length === 0) this.startPart(undefined);
    this.triangles.push(a, b, c);
    this.parts.at(-1)!.numTriangles++;
  }

  /** Return what was added. */
  build(): TriangleMesh {
    return {
      vertices: Float64Array.from(this.vertices),
      triangles: Uint32Array.from(this.triangles),
      parts: this.parts
        .filter(({ numTriangles }) => numTriangles > 0)
        .map(({ numTriangles, color }) => ({ numTriangles, ...(color ? { color } : {}) })),
    };
  }
}

/** Return the mesh of triangles that stand one after the other, `corners` being [numTriangles, 3, 3]; equal corners become one. */
export function weldedMesh(corners: Float64Array): TriangleMesh {
  const numCorners = corners.length / 3;
  const tableSize = 2 ** Math.ceil(Math.log2(2 * numCorners + 1));
  // open addressing: entry is 1 + index of a vertex, 0 is empty
  const table = new Uint32Array(tableSize);
  const vertices = new Float64Array(corners.length);
  const triangles = new Uint32Array(numCorners);
  let numVertices = 0;
  const indexOf = (corner: number): number => {
    // adding 0 makes -0 and 0 the same
    const x = corners[3 * corner]! + 0;
    const y = corners[3 * corner + 1]! + 0;
    const z = corners[3 * corner + 2]! + 0;
    for (let slot = hash(x, y, z) & (tableSize - 1); ; slot = (slot + 1) & (tableSize - 1)) {
      const v = 3 * (table[slot]! - 1);
      if (v < 0) {
        vertices[3 * numVertices] = x;
        vertices[3 * numVertices + 1] = y;
        vertices[3 * numVertices + 2] = z;
        table[slot] = ++numVertices;
        return numVertices - 1;
      }
      if (vertices[v] === x && vertices[v + 1] === y && vertices[v + 2] === z) return v / 3;
    }
  };
  let written = 0;
  for (let corner = 0; corner < numCorners; corner += 3) {
    const a = indexOf(corner);
    const b = indexOf(corner + 1);
    const c = indexOf(corner + 2);
    if (a === b || b === c || a === c) continue;
    triangles[written] = a;
    triangles[written + 1] = b;
    triangles[written + 2] = c;
    written += 3;
  }
  return {
    vertices: vertices.slice(0, 3 * numVertices),
    triangles: triangles.slice(0, written),
    parts: [{ numTriangles: written / 3 }],
  };
}

const bits = new DataView(new ArrayBuffer(24));

function hash(x: number, y: number, z: number): number {
  bits.setFloat64(0, x);
  bits.setFloat64(8, y);
  bits.setFloat64(16, z);
  let value = 0;
  for (let o = 0; o < 24; o += 4) value = Math.imul(value ^ bits.getInt32(o), 0x9e3779b1) ^ (value >>> 15);
  return value ^ (value >>> 13);
}

/** Return the box around all vertices. */
export function meshBounds({ vertices }: Pick<TriangleMesh, "vertices">): MeshBounds {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let v = 0; v < vertices.length; v += 3) {
    for (const k of [0, 1, 2] as const) {
      low[k] = Math.min(low[k], vertices[v + k]!);
      high[k] = Math.max(high[k], vertices[v + k]!);
    }
  }
  return { low, high };
}

/** Return `mesh` with its coordinates times `scale`, turned inside out again where that mirrors it. */
export function scaledMesh(mesh: TriangleMesh, scale: Vec3): TriangleMesh {
  const vertices = mesh.vertices.map((value, index) => value * scale[(index % 3) as 0 | 1 | 2]);
  if (scale[0] * scale[1] * scale[2] > 0) return { ...mesh, vertices };
  const triangles = mesh.triangles.slice();
  for (let t = 0; t < triangles.length; t += 3) {
    triangles[t + 1] = mesh.triangles[t + 2]!;
    triangles[t + 2] = mesh.triangles[t + 1]!;
  }
  return { ...mesh, vertices, triangles };
}

/** Return `mesh` with the vertices in each cube of this `edge` as the first of them; triangles that vanish are left out. */
export function coarsenedMesh({ vertices, triangles }: TriangleMesh, edge: number): TriangleMesh {
  const { low, high } = meshBounds({ vertices });
  const [nx, ny] = [0, 1].map((k) => 1 + Math.floor((high[k]! - low[k]!) / edge)) as [number, number];
  const firstIn = new Map<number, number>();
  const chosen = Uint32Array.from({ length: vertices.length / 3 }, (_, index) => {
    const [i, j, k] = [0, 1, 2].map((axis) => Math.floor((vertices[3 * index + axis]! - low[axis]!) / edge));
    const cell = i! + nx * (j! + ny * k!);
    const first = firstIn.get(cell) ?? index;
    firstIn.set(cell, first);
    return first;
  });
  const kept: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [chosen[triangles[t]!]!, chosen[triangles[t + 1]!]!, chosen[triangles[t + 2]!]!];
    if (a !== b && b !== c && a !== c) kept.push(a, b, c);
  }
  return { vertices, triangles: Uint32Array.from(kept), parts: [{ numTriangles: kept.length / 3 }] };
}

/** Return `mesh` where `pose` puts it. */
export function placedMesh(mesh: TriangleMesh, { position, quaternion }: Pose): TriangleMesh {
  const vertices = new Float64Array(mesh.vertices.length);
  for (let v = 0; v < vertices.length; v += 3) {
    const turned = rotateVector(quaternion, [
      mesh.vertices[v]!,
      mesh.vertices[v + 1]!,
      mesh.vertices[v + 2]!,
    ]);
    for (const k of [0, 1, 2] as const) vertices[v + k] = turned[k] + position[k];
  }
  return { ...mesh, vertices };
}

/** Return all triangles of `meshes` as one mesh. */
export function joinedMeshes(meshes: readonly TriangleMesh[]): TriangleMesh {
  let first = 0;
  const triangles = meshes.map((mesh) => {
    const shifted = mesh.triangles.map((index) => index + first);
    first += mesh.vertices.length / 3;
    return shifted;
  });
  return {
    vertices: Float64Array.from(meshes.flatMap(({ vertices }) => [...vertices])),
    triangles: Uint32Array.from(triangles.flatMap((list) => [...list])),
    parts: meshes.flatMap(({ parts }) => parts),
  };
}
