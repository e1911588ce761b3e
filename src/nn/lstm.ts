// One step of a long short-term memory.
import * as tf from "@tensorflow/tfjs-core";

/** Memory of the cell. */
export interface LstmState {
  /** [N, hidden] */
  readonly hidden: tf.Tensor2D;
  /** [N, hidden] */
  readonly cell: tf.Tensor2D;
}

/**
 * Advance the memory (Hochreiter & Schmidhuber, 1997; with forget gate, Gers et al., 2000).
 *
 * `projected` [N, 4 * hidden] is the input times its weights plus bias, made for all time steps at once; gates stand in
 * the order input, forget, cell, output; `recurrent` is [hidden, 4 * hidden].
 */
export function lstmCell(projected: tf.Tensor2D, state: LstmState, recurrent: tf.Tensor2D): LstmState {
  const gates = tf.add(projected, tf.matMul(state.hidden, recurrent));
  const [input, forget, candidate, output] = tf.split(gates, 4, 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const kept = tf.mul(tf.sigmoid(forget), state.cell);
  const cell: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
  return { cell, hidden: tf.mul(tf.sigmoid(output), tf.tanh(cell)) };
}
