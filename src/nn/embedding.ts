// Vectors that stand for whole numbers, such as characters or kinds of parts.
import * as tf from "@tensorflow/tfjs-core";
import type { ParameterSpec } from "./parameters.js";

/** List the parameters of a table of `count` vectors of `size` numbers, whose mean square starts at 1. */
export function embeddingSpecs(prefix: string, count: number, size: number): ParameterSpec[] {
  // rows or columns of an orthogonal matrix have length 1, whichever are fewer
  const gain = Math.sqrt(Math.max(count, size));
  return [{ name: `${prefix}/weight`, shape: [count, size], initialization: { kind: "orthogonal", gain } }];
}

/**
 * Look up the vectors of `ids` (int32, of any shape, 0 to count - 1); [...ids, size].
 *
 * The table is `${name}/weight`. An id that it has no row for stops a run.
 */
export function embedding(
  ids: tf.Tensor,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
): tf.Tensor {
  return tf.gather(parameters[`${name}/weight`]!, ids as tf.Tensor1D);
}
