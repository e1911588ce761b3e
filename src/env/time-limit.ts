// The time limit of an episode: so many seconds at any control rate, counted in control steps.

/** What a time limit is computed from. */
interface TimedTask {
  /** Control steps of the longest episode at the default control rate. */
  readonly maxEpisodeSteps: number;
  readonly defaults: { readonly controlRate?: number };
}

/** Return the control steps of the longest episode at `controlRate` (steps/s): as many as last as long as at the default rate. */
export function stepLimit(
  { maxEpisodeSteps, defaults }: TimedTask,
  { controlRate }: TimedTask["defaults"],
): number {
  if (!controlRate || !defaults.controlRate) return maxEpisodeSteps;
  return Math.max(1, Math.round((maxEpisodeSteps * controlRate) / defaults.controlRate));
}

/** Tell whether the time limit ends an episode after `steps` control steps: truncated, unless the task itself ended there. */
export function isTruncated(steps: number, maxEpisodeSteps: number, terminated: boolean): boolean {
  return !terminated && steps >= maxEpisodeSteps;
}
