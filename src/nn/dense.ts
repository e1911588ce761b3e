// Fully connected layers.
import * as tf from "@tensorflow/tfjs-core";
import type { ParameterSpec } from "./parameters.js";

/** Gains of the orthogonal initialisation. */
export interface DenseGains {
  /** Default √2. */
  readonly hidden?: number;
  /** Default 1. */
  readonly output?: number;
}

/** List the parameters of layers of `sizes` (input first); biases start at 0. */
export function denseSpecs(
  prefix: string,
  sizes: readonly number[],
  gains: DenseGains = {},
): ParameterSpec[] {
  const { hidden = Math.SQRT2, output = 1 } = gains;
  return sizes.slice(1).flatMap((size, layer): ParameterSpec[] => {
    const gain = layer === sizes.length - 2 ? output : hidden;
    return [
      {
        name: `${prefix}/${layer}/weight`,
        shape: [sizes[layer]!, size],
        initialization: { kind: "orthogonal", gain },
      },
      { name: `${prefix}/${layer}/bias`, shape: [size], initialization: { kind: "constant", value: 0 } },
    ];
  });
}

/** Apply one layer, without activation, to x [N, inputs]; its parameters are named `${name}/weight` and `${name}/bias`. */
export function dense(
  x: tf.Tensor2D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
): tf.Tensor2D {
  return tf.add(tf.matMul(x, parameters[`${name}/weight`] as tf.Tensor2D), parameters[`${name}/bias`]!);
}

/** Apply `numLayers` layers to x [N, inputs]; tanh after each but the last. */
export function multilayerPerceptron(
  x: tf.Tensor2D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  prefix: string,
  numLayers: number,
): tf.Tensor2D {
  let hidden = x;
  for (let layer = 0; layer < numLayers; layer++) {
    const sum = dense(hidden, parameters, `${prefix}/${layer}`);
    hidden = layer === numLayers - 1 ? sum : tf.tanh(sum);
  }
  return hidden;
}
