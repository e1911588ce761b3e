// The numbers that learning from a teacher is set by, besides those that it shares with PPO.
import { UsageError } from "../../math/usage-error.js";

/** Settings of DAgger (Ross, Gordon & Bagnell, 2011): the student acts, the teacher says what it should have done. */
export interface DistillationSettings {
  /** Updates per iteration. */
  readonly numUpdates: number;
  /** Steps of a minibatch; with memory a multiple of `sequenceLength`. */
  readonly batchSize: number;
  /** Steps that are remembered to learn from; the oldest are overwritten. */
  readonly bufferSize: number;
  /** The learning rate falls exponentially from `learningRate` to this. */
  readonly finalLearningRate: number;
  /** Standard deviation of the noise on what is executed, by student and teacher; none on the gripper. */
  readonly noise: number;
  /** Iterations over which the share of new episodes that the teacher acts in falls from 1 to 0. */
  readonly teacherIterations: number;
}

/** Known to be good for the tasks of a robot cell seen by three cameras. */
export const DISTILLATION_DEFAULTS: DistillationSettings = {
  numUpdates: 32,
  batchSize: 256,
  bufferSize: 24_576,
  finalLearningRate: 2e-4,
  noise: 0.2,
  teacherIterations: 4,
};

/** Throw a UsageError where sizes do not fit sequences of this length, which is 1 without memory. */
export function validateDistillation(settings: DistillationSettings, sequenceLength: number): void {
  for (const name of ["batchSize", "bufferSize"] as const) {
    if (settings[name] % sequenceLength === 0) continue;
    throw new UsageError(
      `Setting "distillation.${name}" is ${settings[name]}, expected a multiple of sequenceLength (${sequenceLength}).`,
    );
  }
}
