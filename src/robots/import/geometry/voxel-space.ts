// The space around a mesh as small cubes: which of them can be reached from outside.
import type { TriangleMesh } from "./triangle-mesh.js";
import { meshBounds } from "./triangle-mesh.js";

/** Cubes along the longest side of a mesh. */
const RESOLUTION = 32;

/** Points of a surface that are looked at: some hundred thousand are usual. */
const MOST_POINTS = 10_000_000;

/** What is seen of a mesh by cubes. */
export interface VoxelSpace {
  /** Edge of a cube, m. */
  readonly edge: number;
  /** Centres of the cubes around the mesh that can be reached from outside without touching the surface, m. [n, 3] */
  readonly outside: Float64Array;
  /** A point of the surface in each cube that it passes through, m. [n, 3] */
  readonly surface: Float64Array;
}

/**
 * Divide the box around `mesh` (m) into cubes, 32 along its longest side, and fill it from outside.
 *
 * Needs no closed surface: what holes smaller than a cube lead to counts as inside, and so do cavities. Returns undefined where
 * the surface fills the box again and again, so that it says nothing about a solid.
 */
export function voxelSpace(mesh: TriangleMesh): VoxelSpace | undefined {
  const { low, high } = meshBounds(mesh);
  const size = [0, 1, 2].map((k) => high[k as 0 | 1 | 2] - low[k as 0 | 1 | 2]) as [number, number, number];
  const edge = Math.max(...size) / RESOLUTION || 1;
  // one cube around all of it stays free, so that the outside hangs together
  const counts = size.map((length) => Math.max(1, Math.ceil(length / edge - 1e-9)) + 2) as [
    number,
    number,
    number,
  ];
  const origin = low.map((value, k) => value + size[k]! / 2 - (counts[k]! * edge) / 2);
  const [nx, ny] = counts;
  const state = new Uint8Array(counts[0] * counts[1] * counts[2]);
  const surface: number[] = [];
  const steps = stepsOf(mesh, edge / 2);
  if (!steps) return undefined;
  forSurfacePoints(mesh, steps, (x, y, z) => {
    const i = cell(x - origin[0]!, edge, counts[0]);
    const j = cell(y - origin[1]!, edge, counts[1]);
    const k = cell(z - origin[2]!, edge, counts[2]);
    const index = i + nx * (j + ny * k);
    if (state[index] === SURFACE) return;
    state[index] = SURFACE;
    surface.push(x, y, z);
  });
  fill(state, counts);
  const outside: number[] = [];
  for (let index = 0; index < state.length; index++) {
    if (state[index] !== OUTSIDE) continue;
    const i = index % nx;
    const j = Math.floor(index / nx) % ny;
    const k = Math.floor(index / (nx * ny));
    outside.push(origin[0]! + (i + 0.5) * edge, origin[1]! + (j + 0.5) * edge, origin[2]! + (k + 0.5) * edge);
  }
  return { edge, outside: Float64Array.from(outside), surface: Float64Array.from(surface) };
}

const SURFACE = 1;
const OUTSIDE = 2;

function cell(along: number, edge: number, count: number): number {
  return Math.max(1, Math.min(count - 2, Math.floor(along / edge)));
}

/** In how many steps each triangle is walked so that points lie no further than `spacing` apart; undefined for too many points. */
function stepsOf({ vertices: V, triangles }: TriangleMesh, spacing: number): Uint16Array | undefined {
  const steps = new Uint16Array(triangles.length / 3);
  let numPoints = 0;
  for (let t = 0; t < steps.length; t++) {
    const [a, b, c] = [3 * triangles[3 * t]!, 3 * triangles[3 * t + 1]!, 3 * triangles[3 * t + 2]!];
    const longest = Math.max(edgeLength(V, a, b), edgeLength(V, b, c), edgeLength(V, c, a));
    steps[t] = Math.max(1, Math.ceil(longest / spacing));
    numPoints += ((steps[t]! + 1) * (steps[t]! + 2)) / 2;
  }
  return numPoints > MOST_POINTS ? undefined : steps;
}

/** Call `visit` with points of all triangles, each walked in its number of steps. */
function forSurfacePoints(
  { vertices: V, triangles }: TriangleMesh,
  stepsOfTriangle: Uint16Array,
  visit: (x: number, y: number, z: number) => void,
): void {
  for (const [t, steps] of stepsOfTriangle.entries()) {
    const [a, b, c] = [3 * triangles[3 * t]!, 3 * triangles[3 * t + 1]!, 3 * triangles[3 * t + 2]!];
    for (let i = 0; i <= steps; i++) {
      for (let j = 0; i + j <= steps; j++) {
        const u = i / steps;
        const v = j / steps;
        visit(
          V[a]! + u * (V[b]! - V[a]!) + v * (V[c]! - V[a]!),
          V[a + 1]! + u * (V[b + 1]! - V[a + 1]!) + v * (V[c + 1]! - V[a + 1]!),
          V[a + 2]! + u * (V[b + 2]! - V[a + 2]!) + v * (V[c + 2]! - V[a + 2]!),
        );
      }
    }
  }
}

function edgeLength(V: Float64Array, a: number, b: number): number {
  return Math.hypot(V[a]! - V[b]!, V[a + 1]! - V[b + 1]!, V[a + 2]! - V[b + 2]!);
}

/** Mark everything that hangs together with the first cube, which is free. */
function fill(state: Uint8Array, [nx, ny, nz]: readonly [number, number, number]): void {
  const waiting = [0];
  state[0] = OUTSIDE;
  const visit = (index: number) => {
    if (state[index] !== 0) return;
    state[index] = OUTSIDE;
    waiting.push(index);
  };
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const i = index % nx;
    const j = Math.floor(index / nx) % ny;
    const k = Math.floor(index / (nx * ny));
    if (i > 0) visit(index - 1);
    if (i < nx - 1) visit(index + 1);
    if (j > 0) visit(index - nx);
    if (j < ny - 1) visit(index + nx);
    if (k > 0) visit(index - nx * ny);
    if (k < nz - 1) visit(index + nx * ny);
  }
}
