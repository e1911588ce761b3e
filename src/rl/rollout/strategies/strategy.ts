// How the steps of a rollout are acted: the part of collecting that differs between a policy's own steps and a teacher's.
import type { Arrays } from "../../../compile/engines/engine.js";
import type { EpisodeResult } from "../../../env/vec-env.js";
import type { RolloutBuffer } from "../rollout-buffer.js";

/** By which strategy an iteration is collected: plain data, which threads pass. */
export type Collection = PolicyCollection | TeacherCollection;

/** The policy acts, by samples of its distribution. */
export interface PolicyCollection {
  readonly by: "policy";
}

/** The teacher says what to do, and it or the policy acts, disturbed (DAgger). */
export interface TeacherCollection {
  readonly by: "teacher";
  /** Share of the episodes starting now in which the teacher acts itself. */
  readonly share: number;
  /** Standard deviation of the noise on what is executed; none on the gripper. */
  readonly noise: number;
}

/** Acts for a group of environments through one rollout, and writes into its data what is to be learned from. */
export interface CollectionStrategy {
  /**
   * Write the rows of step `t` of `data.actions`, and return the actions that are executed, [N * A], from what the policy
   * says: its mean [N * A] and log std [A].
   */
  act(data: RolloutBuffer, t: number, said: Arrays): Float32Array | Promise<Float32Array>;
  /** Called after each step, before what is remembered of the episodes that ended with it is emptied. */
  stepped(data: RolloutBuffer, t: number): void | Promise<void>;
  /** Called after the last step. */
  finish(data: RolloutBuffer): void | Promise<void>;
  /** Whether an episode that ended is the policy's. */
  counts(episode: EpisodeResult): boolean;
}
