// The terms of a reward: one for each weight, no more and no fewer.
import { UsageError } from "../math/usage-error.js";

type Numbers = Readonly<Record<string, number>>;

/**
 * Return what `reward` of environment `id` gave where it is one number for each of `weights`.
 *
 * Throws a UsageError for a term that is missing, has no weight, or is no number at all; NaN is one, and left to the NaN guard.
 */
export function requireTerms(id: string, terms: unknown, weights: Numbers): Numbers {
  if (typeof terms !== "object" || terms === null) {
    throw new UsageError(
      `${id}: reward() returned ${String(terms)}, expected one number for each weight: ${Object.keys(weights).join(", ")}.`,
    );
  }
  for (const name in weights) {
    const term = (terms as Readonly<Record<string, unknown>>)[name];
    if (typeof term === "number") continue;
    throw new UsageError(
      term === undefined
        ? `${id}: reward() returned no term "${name}", which has a weight. Return it, or take it out of rewardWeights.`
        : `${id}: reward() returned ${JSON.stringify(term)} as the term "${name}", expected a number.`,
    );
  }
  for (const name in terms) {
    if (Object.hasOwn(weights, name)) continue;
    throw new UsageError(
      `${id}: reward() returned the term "${name}", which has no weight, so that it counts for nothing. Give it one in rewardWeights (0 to watch it only), or leave it out.`,
    );
  }
  return terms as Numbers;
}
