// What validations decide: which policy is the best so far, and when there is nothing left to train.
import { wilsonInterval } from "../learn/metrics/intervals.js";
import type { EvaluationSummary } from "./evaluate.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";

/** Validations that are combined. */
const SETTLED_VALIDATIONS = 3;
/** Validations in a row that must reach `stopAtSuccess`. */
const SOLVED_VALIDATIONS = 2;

/** Return the share of all episodes that succeeded: those that the NaN guard dropped did not. */
export function shareOfAll({ successRate, episodes, dropped }: EvaluationSummary): number {
  return (successRate * episodes) / (episodes + dropped);
}

/** Put a validation's share of success behind those before it; as many are kept as anything is decided by. */
export function withValidation(validated: readonly number[], share: number): readonly number[] {
  return [...validated, share].slice(-SETTLED_VALIDATIONS);
}

/**
 * Say why training is done by the last validations' shares of success, oldest first; undefined where it is not.
 *
 * "solved": the last two reached `stopAtSuccess`. "settled": the last three together show, with 95 % confidence (lower end
 * of Wilson's interval), a success of `settledSuccess` or more, so that more training could gain next to nothing.
 */
export function doneByValidation(
  validated: readonly number[],
  {
    stopAtSuccess,
    settledSuccess,
    validationEpisodes,
  }: Pick<PpoSettings, "stopAtSuccess" | "settledSuccess" | "validationEpisodes">,
): "solved" | "settled" | undefined {
  const last = (count: number) => (validated.length < count ? undefined : validated.slice(-count));
  if (last(SOLVED_VALIDATIONS)?.every((share) => share >= stopAtSuccess)) return "solved";
  const combined = last(SETTLED_VALIDATIONS);
  if (!combined) return undefined;
  const successes = combined.reduce((sum, share) => sum + Math.round(share * validationEpisodes), 0);
  const [least] = wilsonInterval(successes, SETTLED_VALIDATIONS * validationEpisodes);
  return least >= settledSuccess ? "settled" : undefined;
}
