// One episode of an environment, step by step.
import { blaming } from "./blaming.js";
import type { Env, StepInfo } from "./env.js";
import type { Observation } from "./observation.js";

/**
 * Plays an episode: the observation now, the last step, and the return so far.
 *
 * The caller reads the observation, computes an action and calls `step` until `done`. What an environment throws becomes a
 * UsageError that names the environment and the place.
 *
 * @example
 * const episode = new Episode(env, 7);
 * while (!episode.done) episode.step(policy(episode.observation));
 */
export class Episode {
  /** The environment that is played. */
  readonly env: Env;
  /** What is observed now. */
  observation: Observation;
  /** What the last step, or the reset, said besides. */
  info: StepInfo;
  /** Of the last step; 0 at the start. */
  reward = 0;
  /** Whether the task ended the episode. */
  terminated = false;
  /** Whether the time limit ended it. */
  truncated = false;
  /** Steps taken. */
  length = 0;
  /** Sum of the rewards. */
  return = 0;

  /** Start the episode of `seed`; default: the one that follows the episode before. */
  constructor(env: Env, seed?: number | string) {
    this.env = env;
    const start = blaming(env.id, "reset()", () => env.reset(seed === undefined ? {} : { seed }));
    this.observation = start.observation;
    this.info = start.info;
  }

  /** Whether it has ended, by the task or by the time limit. */
  get done(): boolean {
    return this.terminated || this.truncated;
  }

  /** Time since the start, s. */
  get time(): number {
    return this.length / this.env.spec.controlRate;
  }

  /** Act for one control step with the entries from `action[offset]` on. */
  step(action: ArrayLike<number>, offset = 0): void {
    const { env } = this;
    const result = blaming(env.id, "step()", () => env.step(action, offset));
    this.observation = result.observation;
    this.info = result.info;
    this.reward = result.reward;
    this.terminated = result.terminated;
    this.truncated = result.truncated;
    this.length++;
    this.return += result.reward;
  }
}
