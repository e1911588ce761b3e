// Causal smoothing of series: what a sensor says, without most of its noise, and nothing of what comes later.

/**
 * Return the exponentially weighted mean of each series up to each row.
 *
 * Weights fall by 1 - `share` with each row back and add up to 1, so that the first rows of a series are no weaker than later ones
 * (as Adam's bias correction does it). `series` [rows, width], rows of the same number in `groups` are a series.
 */
export function smoothedSeries(
  series: Float32Array,
  groups: Int32Array,
  width: number,
  share: number,
): Float32Array {
  const smooth = new Float32Array(series.length);
  const states = new Map<number, { weight: number; readonly sums: Float64Array }>();
  for (const [row, group] of groups.entries()) {
    const state = states.get(group) ?? { weight: 0, sums: new Float64Array(width) };
    states.set(group, state);
    state.weight = state.weight * (1 - share) + 1;
    for (let k = 0; k < width; k++) {
      state.sums[k] = state.sums[k]! * (1 - share) + series[row * width + k]!;
      smooth[row * width + k] = state.sums[k]! / state.weight;
    }
  }
  return smooth;
}
