// The seed of the episode after one that had a seed.
import { createRandom } from "../math/random.js";

/** Return the seed that follows in environment `id` after an episode of `seed`, whatever was done in it. */
export function followingSeed(id: string, seed: string): string {
  return String(createRandom(`${id}/${seed}/next`).integer(2 ** 32));
}
