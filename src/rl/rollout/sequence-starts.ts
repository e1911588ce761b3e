// Where the sequences begin that a rollout is cut into.
import type { PpoSettings } from "../ppo/ppo-settings.js";

/** Return the steps at which sequences start: each goes back by `burnIn` into the one before. */
export function sequenceStarts(
  settings: Pick<PpoSettings, "numSteps" | "sequenceLength" | "burnIn">,
): number[] {
  const { numSteps, sequenceLength: length = numSteps, burnIn = 0 } = settings;
  const starts: number[] = [];
  for (let start = 0; start + length <= numSteps; start += length - burnIn) starts.push(start);
  return starts;
}
