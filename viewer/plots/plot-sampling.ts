// Which points of a long line are drawn: those that decide how it looks.

/** Buckets that a plot is cut into; a bucket is about a pixel wide. */
const BUCKETS = 600;
/** Shorter lines are drawn point by point. */
const FEW = 4000;

/**
 * Return the indices from `first` to `last` to draw, ascending: all where they are few, else the ends and, of each bucket,
 * where any of `lines` is least and greatest, so that no peak is lost. What lies outside is left out but for one on each side.
 */
export function sampledIndices(
  lines: readonly (readonly (number | null)[])[],
  first: number,
  last: number,
  numPoints: number,
): number[] {
  const count = last - first + 1;
  const inside = count <= FEW ? Array.from({ length: count }, (_, k) => first + k) : [];
  if (count > FEW) {
    const kept = new Set<number>([first, last]);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const from = first + Math.floor((bucket * count) / BUCKETS);
      const end = first + Math.floor(((bucket + 1) * count) / BUCKETS);
      for (const values of lines) for (const index of extremes(values, from, end)) kept.add(index);
    }
    inside.push(...[...kept].sort((a, b) => a - b));
  }
  // so that lines go on to the edges
  if (first > 0) inside.unshift(first - 1);
  if (last < numPoints - 1) inside.push(last + 1);
  return inside;
}

/** Where `values` are least and greatest from `from` to before `end`; nowhere where none is finite. */
function extremes(values: readonly (number | null)[], from: number, end: number): number[] {
  let [least, most] = [-1, -1];
  for (let index = from; index < end; index++) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    if (least < 0 || value! < values[least]!) least = index;
    if (most < 0 || value! > values[most]!) most = index;
  }
  return least < 0 ? [] : [least, most];
}

/** Return the index of the number in ascending `xs` that is nearest to `x`. */
export function nearestIndex(xs: readonly number[], x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  return high > low && xs[high]! - x < x - xs[low]! ? high : Math.max(0, low);
}
