// Small models whose attributions are worked by hand.
import * as tf from "@tensorflow/tfjs-core";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import type { ExplainedModel } from "../../src/explain/explained-model.js";
import { type CompileOptions, compileModel } from "../../src/model/compile-model.js";
import type { Model } from "../../src/model/model.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const zeros = { kind: "constant", value: 0 } as const;
const vectorLayout = parameterLayout([{ name: "w", shape: [3, 1], initialization: zeros }]);

/** `y` = [x w, x₀ x₁], `shared` is one for all rows. */
export const vectorModel: Model = {
  layout: vectorLayout,
  inputs: { x: { shape: [3] } },
  outputs: { y: { shape: [2] }, shared: { shape: [1], isShared: true } },
  apply(parameters, { x }) {
    const { w } = splitParameters(parameters, vectorLayout);
    const [x0, x1] = tf.split(x as tf.Tensor2D, 3, 1) as [tf.Tensor2D, tf.Tensor2D];
    return {
      y: tf.concat([tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), tf.mul(x0, x1)], 1),
      shared: tf.slice(parameters, [0], [1]),
    };
  },
};
export const VECTOR_PARAMETERS = Float32Array.of(2, 3, -1);

const pictureLayout = parameterLayout([
  { name: "u", shape: [12, 2], initialization: { kind: "orthogonal", gain: 1 } },
]);

/**
 * Pictures of 4 x 6 bytes. `parts` [2, 3, 2] are the mean of each block of 2 x 2 and its square; `y` = parts u; `flat` is of another
 * shape.
 */
export const pictureModel: Model = {
  layout: pictureLayout,
  inputs: { picture: { shape: [4, 6, 1], dtype: "uint8" } },
  outputs: { y: { shape: [2] } },
  taps: { parts: { shape: [2, 3, 2] }, flat: { shape: [12] } },
  apply(parameters, { picture }) {
    const { u } = splitParameters(parameters, pictureLayout);
    const blocks = tf.mean(tf.reshape(picture!, [-1, 2, 2, 3, 2]), [2, 4]);
    const parts = tf.stack([blocks, tf.square(blocks)], 3);
    const flat = tf.reshape(parts, [-1, 12]) as tf.Tensor2D;
    return { y: tf.matMul(flat, u as tf.Tensor2D), parts, flat };
  },
};

/** Compile `model` on the native engine and load `parameters`. */
export async function explainedModel(
  model: Model,
  parameters: Float32Array,
  options: CompileOptions = {},
): Promise<ExplainedModel> {
  const runner = await compileModel(model, await loadEngine("native"), { gradients: true, ...options });
  runner.load({ parameters, normalizers: {} });
  return { model, runner };
}
