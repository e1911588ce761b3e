// The cell of a long short-term memory.
import * as tf from "@tensorflow/tfjs-core";
import type { MemoryCell } from "./memory-cell.js";

/**
 * Long short-term memory (Hochreiter & Schmidhuber, 1997; with forget gate, Gers et al., 2000).
 *
 * State: hidden and cell. Gates stand in the order input, forget, candidate, output. The forget gate's bias starts at 1
 * (Jozefowicz et al., 2015), or by chrono initialisation with the input gate's as its opposite.
 */
export const lstmCell: MemoryCell = {
  parts: ["h", "c"],
  numGates: 4,
  biases: (span) =>
    span > 0 ? { kind: "chrono", signs: [-1, 1, 0, 0], span } : { kind: "gates", values: [0, 1, 0, 0] },
  step(projected, [hidden, cell], recurrent) {
    const gates = tf.add(projected, tf.matMul(hidden!, recurrent));
    const [input, forget, candidate, output] = tf.split(gates, 4, 1) as tf.Tensor2D[];
    const kept = tf.mul(tf.sigmoid(forget!), cell!);
    const next: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)));
    return [tf.mul(tf.sigmoid(output!), tf.tanh(next)), next];
  },
};
