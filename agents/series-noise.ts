// Noise on series while they are learned from.
import type { Random } from "../src/index.js";

/** Add normal noise to each number in place, `share` of its entry's deviation; nothing is drawn where `share` is 0. */
export function addSeriesNoise(
  values: Float32Array,
  share: number,
  deviations: Float32Array,
  random: Random,
): void {
  if (share === 0) return;
  for (let k = 0; k < values.length; k++)
    values[k]! += share * deviations[k % deviations.length]! * random.normal();
}
