// When an environment of a batch begins the episode after one that ended.

/**
 * When an environment whose episode ended begins the next, by Gymnasium's names: in the step after, whose action then moves nothing; in
 * the same step; or when it is told to.
 */
export const AUTORESET_MODES = ["NextStep", "SameStep", "Disabled"] as const;

/** One of `AUTORESET_MODES`. */
export type AutoresetMode = (typeof AUTORESET_MODES)[number];
