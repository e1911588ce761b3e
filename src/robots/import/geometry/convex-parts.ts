// A mesh as a few convex parts: its hull, or the hulls of what planes cut it into where that errs.
import { countInside, type HullSolid, hullSolid } from "./hull-solid.js";
import { coarsenedMesh, meshBounds, type TriangleMesh } from "./triangle-mesh.js";
import { clippedSoup, soupOf } from "./triangle-soup.js";
import { voxelSpace } from "./voxel-space.js";

/** Convex parts, and by how much they are larger than the mesh. */
export interface ConvexParts {
  readonly hulls: readonly HullSolid[];
  /** What the hull of the whole mesh holds beside the mesh, as a share of the hull. */
  readonly hullError: number;
  /** What the parts hold beside the mesh, as a share of the parts. */
  readonly error: number;
}

/** Hulls that hold more beside the mesh than this share of theirs are cut. */
export const MAX_HULL_ERROR = 0.1;
/** Most parts of a mesh: each is tested against all others of a robot. */
export const MAX_PARTS = 8;
/** Places along each axis where a plane is tried. */
const PLACES = [1, 2, 3, 4, 5, 6, 7].map((k) => k / 8);
/** A part more is worth it where it takes off this share of the hull. */
const LEAST_GAIN = 0.015;
/** Corners of hulls while cuts are compared, and of the final ones before they are simplified. */
const ROUGH = { maxVertices: 24 };
const FINE = { maxVertices: 128 };

/** Meshes of more triangles than this are made coarser, to cubes of this share of their size. */
const MOST_TRIANGLES = 50_000;
const COARSE = 200;
/** Points that cuts are compared by. */
const MOST_SAMPLES = 1500;
/** Triangles of a part up to which cuts are compared by what they leave of them. */
const MOST_CLIPPED = 5000;

/** A part while it is cut. */
interface Part {
  /** Points of the surface, one for each small cube. */
  readonly samples: Float64Array;
  /** The triangles in it, [n, 9]. */
  readonly soup: Float64Array;
  readonly hull: HullSolid;
  /** Volume that the hull holds beside the mesh, m³. */
  readonly excess: number;
}

/**
 * Cut `mesh` (m) into convex parts until they err by no more than a tenth of their volume, or are eight; undefined for a flat mesh.
 *
 * How far a hull errs is counted in cubes, 32 along the mesh: those in the hull that can be reached from outside. What a mesh
 * encloses counts as solid, and holes of a surface smaller than a cube as closed. The part that errs most is cut next, by the
 * plane across one of the mesh's axes that leaves the least volume, if that leaves less at all: a shell that is open, or a ring,
 * which a cut makes no smaller, stays one hull.
 */
export function convexParts(fine: TriangleMesh): ConvexParts | undefined {
  const mesh = workable(fine);
  const space = voxelSpace(mesh);
  if (!space) {
    const hull = hullSolid(mesh.vertices, FINE);
    return hull && { hulls: [hull], hullError: 0, error: 0 };
  }
  const cube = space.edge ** 3;
  const makePart = (samples: Float64Array, soup: Float64Array, corners = soup): Part | undefined => {
    const hull = hullSolid(corners, FINE);
    return hull && { samples, soup, hull, excess: cube * countInside(hull, space.outside) };
  };
  const whole = makePart(space.surface, soupOf(mesh), mesh.vertices);
  if (!whole) return undefined;
  const parts = cutUp(whole, (part) => {
    const cut = bestCut(part);
    if (!cut) return [];
    const halves = ([-1, 1] as const).map((side) =>
      makePart(samplesOn(part.samples, cut, side), clippedSoup(part.soup, cut.axis, cut.at, side)),
    );
    return halves.flatMap((half) => half ?? []);
  });
  const share = (part: number, of: number) => Math.min(1, part / of);
  return {
    hulls: parts.map(({ hull }) => hull),
    hullError: share(whole.excess, whole.hull.volume),
    error: share(sum(parts, excessOf), sum(parts, volumeOf)),
  };
}

/** Most triangles are too small to matter to a hull: a mesh of many is made of fewer. */
function workable(mesh: TriangleMesh): TriangleMesh {
  if (mesh.triangles.length <= 3 * MOST_TRIANGLES) return mesh;
  const { low, high } = meshBounds(mesh);
  return coarsenedMesh(mesh, Math.max(...high.map((value, k) => value - low[k]!)) / COARSE);
}

/** Cut the part that errs most, as long as that gains something, until all err little or there are enough. */
function cutUp(whole: Part, halve: (part: Part) => readonly Part[]): readonly Part[] {
  const least = LEAST_GAIN * whole.hull.volume;
  const uncut = new Set<Part>();
  let parts: readonly Part[] = [whole];
  while (parts.length < MAX_PARTS && sum(parts, excessOf) > MAX_HULL_ERROR * sum(parts, volumeOf)) {
    const [worst] = parts.filter((part) => !uncut.has(part)).sort((a, b) => b.excess - a.excess);
    if (!worst || worst.excess < least) break;
    const halves = halve(worst);
    if (halves.length === 2 && worst.excess - sum(halves, excessOf) > least)
      parts = parts.flatMap((part) => (part === worst ? halves : [part]));
    else uncut.add(worst);
  }
  return parts;
}

function sum(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}

function excessOf({ excess }: Part): number {
  return excess;
}

function volumeOf({ hull }: Part): number {
  return hull.volume;
}

/** A plane across an axis. */
interface Cut {
  readonly axis: 0 | 1 | 2;
  /** m */
  readonly at: number;
}

/** The plane that leaves the least volume in the hulls of both sides: the best of all places, then the best near it. */
function bestCut({ samples, soup }: Part): Cut | undefined {
  const points = thinned(samples);
  const rough = leastVolume(
    ([0, 1, 2] as const).flatMap((axis) => {
      const [low, high] = rangeOf(points, axis);
      return PLACES.map((share): Cut => ({ axis, at: low + share * (high - low) }));
    }),
    (cut, side) => samplesOn(points, cut, side),
  );
  if (!rough || soup.length > 9 * MOST_CLIPPED) return rough;
  const { axis, at } = rough;
  const [low, high] = rangeOf(soup, axis);
  // somewhat more than to the next places on both sides
  const near = (high - low) / 7;
  const places = [at - near / 2, at, at + near / 2, ...usualPlaces(soup, axis, at - near, at + near)];
  return leastVolume(
    places.map((place): Cut => ({ axis, at: place })),
    (cut, side) => clippedSoup(soup, cut.axis, cut.at, side),
  );
}

function leastVolume(
  cuts: readonly Cut[],
  pointsOn: (cut: Cut, side: -1 | 1) => Float64Array,
): Cut | undefined {
  let best: (Cut & { readonly volume: number }) | undefined;
  for (const cut of cuts) {
    const one = hullSolid(pointsOn(cut, -1), ROUGH)?.volume;
    const other = hullSolid(pointsOn(cut, 1), ROUGH)?.volume;
    if (one === undefined || other === undefined) continue;
    if (!best || one + other < best.volume) best = { ...cut, volume: one + other };
  }
  return best;
}

/** The coordinates that the most corners have between two others: faces stand there. */
function usualPlaces(soup: Float64Array, axis: number, from: number, to: number): number[] {
  const counts = new Map<number, number>();
  for (let p = axis; p < soup.length; p += 3) {
    const place = soup[p]!;
    if (place > from && place < to) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, 4)
    .map(([place]) => place);
}

/** Every so many of the points, at most so many. */
function thinned(points: Float64Array): Float64Array {
  const step = Math.ceil(points.length / 3 / MOST_SAMPLES);
  if (step <= 1) return points;
  const kept: number[] = [];
  for (let p = 0; p < points.length; p += 3 * step) kept.push(points[p]!, points[p + 1]!, points[p + 2]!);
  return Float64Array.from(kept);
}

function samplesOn(samples: Float64Array, { axis, at }: Cut, side: number): Float64Array {
  const kept: number[] = [];
  for (let p = 0; p < samples.length; p += 3)
    if (side * (samples[p + axis]! - at) >= 0) kept.push(samples[p]!, samples[p + 1]!, samples[p + 2]!);
  return Float64Array.from(kept);
}

function rangeOf(points: Float64Array, axis: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let p = axis; p < points.length; p += 3) {
    low = Math.min(low, points[p]!);
    high = Math.max(high, points[p]!);
  }
  return [low, high];
}
