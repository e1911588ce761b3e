// Which episodes choose checkpoints and which measure results: no seed is in both, or in training.

/** First seed of the episodes that choose checkpoints. */
export const VALIDATION_SEED = 2_000_000;
/** First seed of the episodes that results are measured on; nothing is ever chosen by them. */
export const TEST_SEED = 1_000_000;
/** Episodes that results are measured on, unless another number is asked for. */
export const TEST_EPISODES = 200;
