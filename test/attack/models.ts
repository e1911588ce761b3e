// Small models whose worst inputs are worked by hand.
import * as tf from "@tensorflow/tfjs-core";
import {
  type AttackedModel,
  type AttackedModelOptions,
  compileAttackedModel,
} from "../../src/attack/attacked-model.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import type { Model } from "../../src/model/model.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const zeros = { kind: "constant", value: 0 } as const;
const layout = parameterLayout([{ name: "w", shape: [4, 1], initialization: zeros }]);

/** Pictures of 2 x 2 bytes; `logits` = [s, -s] with s = (picture w) / 255. */
export const pictureModel: Model = {
  layout,
  inputs: { picture: { shape: [2, 2, 1], dtype: "uint8" } },
  outputs: { logits: { shape: [2] } },
  apply(parameters, { picture }) {
    const { w } = splitParameters(parameters, layout);
    const s = tf.div(tf.matMul(tf.reshape(picture!, [-1, 4]) as tf.Tensor2D, w as tf.Tensor2D), 255);
    return { logits: tf.concat([s, tf.neg(s)], 1) };
  },
};
export const PICTURE_WEIGHTS = { parameters: Float32Array.of(1, -1, 2, 0), normalizers: {} };
export const CLASSES = { output: "logits", target: "label", loss: "cross-entropy" } as const;

const vectorLayout = parameterLayout([{ name: "w", shape: [3, 1], initialization: zeros }]);

/** `y` = (reading - mean) scale w, [1]. */
export const vectorModel: Model = {
  layout: vectorLayout,
  inputs: { reading: { shape: [3] }, step: { shape: [], dtype: "int32" } },
  outputs: { y: { shape: [1] } },
  apply(parameters, { reading }) {
    const { w } = splitParameters(parameters, vectorLayout);
    return { y: tf.matMul(reading as tf.Tensor2D, w as tf.Tensor2D) };
  },
};
export const VECTOR_WEIGHTS = {
  parameters: Float32Array.of(1, -2, 3),
  normalizers: { reading: { mean: Float32Array.of(1, 1, 1), scale: Float32Array.of(1, 2, 0.5) } },
};

/** Compile a model on the native engine for its attacks. */
export async function attackedModel(options: Omit<AttackedModelOptions, "engine">): Promise<AttackedModel> {
  return compileAttackedModel({ ...options, engine: await loadEngine("native") });
}
