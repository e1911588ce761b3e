// The positions of a linkage's passive joints as straight lines of the driven one's.
import type { MjcfJoint } from "./bodies.js";

/** A joint whose position is `offset` plus `ratio` times the driven one's, up to `deviation`. */
export interface LinkageFollower {
  readonly joint: MjcfJoint;
  readonly ratio: number;
  readonly offset: number;
  readonly deviation: number;
}

/** How a linkage moves. */
export interface LinkageMotion {
  readonly followers: readonly LinkageFollower[];
  /** Joints that rest at a limit, as a spring holds them there. */
  readonly held: readonly MjcfJoint[];
}

/** What a linkage is off by at joint positions. */
type Residual = (positions: ReadonlyMap<string, number>) => readonly number[];

/** Steps from the reference to each end of the driven joint's range. */
const STEPS = 16;
/** Range of a driven joint that nothing limits, rad or m. */
const FREE_RANGE = 1;
const ITERATIONS = 60;
/** A linkage is closed within this, m. */
const CLOSED = 1e-10;
/** A column of the Jacobian is spanned by others where less than this is left of it. */
const INDEPENDENT = 1e-4;
/** A joint nearer to its limit, rad or m, rests there. */
const AT_LIMIT = 1e-6;

/** Solve the linkage over the range of `input`; returns the reason where that cannot be done. */
export function solveLinkage(
  input: MjcfJoint,
  passive: readonly MjcfJoint[],
  residual: Residual,
): LinkageMotion | string {
  const start = new Map([input, ...passive].map(({ name, reference }) => [name, reference]));
  const held: MjcfJoint[] = [];
  let free = [...passive];
  for (const joint of passive) {
    if (free.length === rankOf(free, start, residual)) break;
    const without = free.filter((other) => other !== joint);
    if (!restsAtLimit(joint) || rankOf(without, start, residual) < rankOf(free, start, residual)) continue;
    held.push(joint);
    free = without;
  }
  if (free.length > rankOf(free, start, residual)) return "it has more freedom than one driven joint takes";
  if (!close(free, start, residual)) return "it does not close where the file places it";
  const samples = [new Map(start), ...walk(input, free, start, residual)];
  if (samples.length < 3) return "it does not stay closed when it moves";
  return { followers: free.map((joint) => fit(joint, input, samples)), held };
}

function restsAtLimit({ range, reference }: MjcfJoint): boolean {
  return range?.some((limit) => Math.abs(limit - reference) < AT_LIMIT) ?? false;
}

/** Closed positions on the way to both ends of the driven joint's range. */
function walk(
  input: MjcfJoint,
  free: readonly MjcfJoint[],
  start: ReadonlyMap<string, number>,
  residual: Residual,
): ReadonlyMap<string, number>[] {
  const { reference, range = [reference - FREE_RANGE, reference + FREE_RANGE] } = input;
  const samples: ReadonlyMap<string, number>[] = [];
  for (const end of range) {
    if (Math.abs(end - reference) < AT_LIMIT) continue;
    const positions = new Map(start);
    for (let step = 1; step <= STEPS; step++) {
      positions.set(input.name, reference + ((end - reference) * step) / STEPS);
      // beyond a dead centre it does not close
      if (!close(free, positions, residual)) break;
      samples.push(new Map(positions));
    }
  }
  return samples;
}

/** Move the free joints until the linkage is closed (Gauss and Newton); false where it cannot be. */
function close(free: readonly MjcfJoint[], positions: Map<string, number>, residual: Residual): boolean {
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const error = residual(positions);
    if (Math.hypot(...error) < CLOSED) return true;
    const columns = jacobian(free, positions, residual);
    const step = leastSquares(columns, error);
    for (const [k, { name }] of free.entries()) {
      positions.set(name, positions.get(name)! - Math.max(-0.3, Math.min(0.3, step[k]!)));
    }
  }
  return false;
}

/** Columns of derivatives, by central differences. */
function jacobian(
  free: readonly MjcfJoint[],
  positions: ReadonlyMap<string, number>,
  residual: Residual,
): number[][] {
  const width = 1e-6;
  return free.map(({ name }) => {
    const [after, before] = [width, -width].map((shift) =>
      residual(new Map(positions).set(name, positions.get(name)! + shift)),
    ) as [readonly number[], readonly number[]];
    return after.map((value, k) => (value - before[k]!) / (2 * width));
  });
}

/** Number of columns that no others span (Gram and Schmidt). */
function rankOf(
  free: readonly MjcfJoint[],
  positions: ReadonlyMap<string, number>,
  residual: Residual,
): number {
  const basis: number[][] = [];
  const columns = jacobian(free, positions, residual);
  const longest = Math.max(...columns.map((column) => Math.hypot(...column)));
  for (let column of columns) {
    for (const direction of basis) {
      const along = dot(column, direction);
      column = column.map((value, k) => value - along * direction[k]!);
    }
    const length = Math.hypot(...column);
    if (length > INDEPENDENT * longest) basis.push(column.map((value) => value / length));
  }
  return basis.length;
}

/** x of the least |A x - b|, A given by its columns, slightly damped. */
function leastSquares(columns: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = columns.length;
  const rows = columns.map((column, i) => [
    ...columns.map((other, j) => dot(column, other) + (i === j ? 1e-12 : 0)),
    dot(column, b),
  ]);
  for (let pivot = 0; pivot < n; pivot++) {
    const best = rows
      .slice(pivot)
      .reduce((a, row) => (Math.abs(row[pivot]!) > Math.abs(a[pivot]!) ? row : a));
    rows.splice(rows.indexOf(best), 1);
    rows.splice(pivot, 0, best);
    for (const row of rows) {
      if (row === best) continue;
      const factor = row[pivot]! / best[pivot]!;
      for (let k = pivot; k <= n; k++) row[k]! -= factor * best[k]!;
    }
  }
  return rows.map((row, k) => row[n]! / row[k]!);
}

/** The straight line through the samples, in the sense of least squares. */
function fit(
  joint: MjcfJoint,
  input: MjcfJoint,
  samples: readonly ReadonlyMap<string, number>[],
): LinkageFollower {
  const points = samples.map((sample) => [sample.get(input.name)!, sample.get(joint.name)!] as const);
  const mean = (k: 0 | 1) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const xx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const xy = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  // what an iteration leaves in the last digits is not the linkage's
  const ratio = rounded(xy / xx);
  const offset = rounded(my - ratio * mx);
  const deviation = Math.max(...points.map(([x, y]) => Math.abs(y - offset - ratio * x)));
  return { joint, ratio, offset, deviation };
}

function rounded(value: number): number {
  return Number(value.toFixed(6)) + 0;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}
