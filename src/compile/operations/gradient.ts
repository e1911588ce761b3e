// Forms that the gradients of many operations have.
import * as tf from "@tensorflow/tfjs-core";
import type { Gradient, KernelAttributes } from "./operation.js";

/** Gradient of an operation of two inputs, by default a and b, that are broadcast against each other. */
export function ofBroadcast(
  slopes: (dy: () => tf.Tensor, a: tf.Tensor, b: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor],
  names: readonly [string, string] = ["a", "b"],
): Gradient {
  return {
    saves: { inputsToSave: [...names] },
    rule: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const [forA, forB] = slopes(() => dy, a, b);
      return {
        [names[0]]: () => unbroadcast(forA(), a.shape),
        [names[1]]: () => unbroadcast(forB(), b.shape),
      };
    },
  };
}

/** Gradient of an operation of one input that follows from that. */
export function fromInput(
  slope: (dy: tf.Tensor, x: tf.Tensor, attributes: KernelAttributes) => tf.Tensor,
  name = "x",
): Gradient {
  return {
    saves: { inputsToSave: [name] },
    rule: (dy, [x], attributes) => ({ [name]: () => slope(dy, x!, attributes) }),
  };
}

/** Gradient of `operation`, of one input x, that follows from its output. */
export function fromOutput(
  operation: (x: tf.Tensor) => tf.Tensor,
  slope: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): Gradient {
  return {
    saves: { inputsToSave: ["x"], outputsToSave: [true] },
    rule: (dy, saved) => ({ x: () => slope(dy, outputOf(operation, saved)) }),
  };
}

/**
 * Return an operation's output for its gradient, from the input and the output that were saved.
 *
 * Inside another gradient it is computed again: TensorFlow.js notes a saved output before the operation that gave it, so
 * that a second derivative misses what comes by it.
 */
export function outputOf(operation: (x: tf.Tensor) => tf.Tensor, [x, y]: readonly tf.Tensor[]): tf.Tensor {
  return tf.engine().state.gradientDepth > 0 ? operation(x!) : y!;
}

/** Where `condition` holds the gradient is `dy`, elsewhere 0. */
export function masked(dy: () => tf.Tensor, condition: () => tf.Tensor): () => tf.Tensor {
  return () => tf.mul(dy(), tf.cast(condition(), "float32"));
}

/** Sum a gradient over the axes along which its input was repeated. */
function unbroadcast(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}
