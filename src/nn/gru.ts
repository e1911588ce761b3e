// The cell of a gated recurrent unit.
import * as tf from "@tensorflow/tfjs-core";
import type { MemoryCell } from "./memory-cell.js";

/**
 * Gated recurrent unit (Cho et al., 2014), with the reset gate after the recurrent product, as in cuDNN and PyTorch.
 *
 * State: hidden. Gates stand in the order reset, update, candidate; update near 1 keeps what is remembered. Its bias starts
 * at 1, or by chrono initialisation.
 */
export const gruCell: MemoryCell = {
  parts: ["h"],
  numGates: 3,
  biases: (span) =>
    span > 0 ? { kind: "chrono", signs: [0, 1, 0], span } : { kind: "gates", values: [0, 1, 0] },
  step(projected, [hidden], recurrent) {
    const [resetIn, updateIn, candidateIn] = tf.split(projected, 3, 1) as tf.Tensor2D[];
    const [resetBack, updateBack, candidateBack] = tf.split(
      tf.matMul(hidden!, recurrent),
      3,
      1,
    ) as tf.Tensor2D[];
    const reset = tf.sigmoid(tf.add(resetIn!, resetBack!));
    const update = tf.sigmoid(tf.add(updateIn!, updateBack!));
    const candidate = tf.tanh(tf.add(candidateIn!, tf.mul(reset, candidateBack!)));
    return [tf.add(candidate, tf.mul(update, tf.sub(hidden!, candidate)))];
  },
};
