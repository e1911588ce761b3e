// The network that an image encoder is pre-trained in: it regresses the positions of objects.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../compile/trace/trace.js";
import type { ImageSpec } from "../../env/camera-observation.js";
import { adamInputs, adamUpdate, clipByNorm } from "../../nn/adam.js";
import { dense, denseSpecs } from "../../nn/dense.js";
import { type EncoderName, IMAGE_FEATURES, imageEncoder } from "../../nn/image-encoder.js";
import { parameterLayout, splitParameters } from "../../nn/parameters.js";

const STATE_FEATURES = 32;
const MAX_GRAD_NORM = 1;

/**
 * Make the encoder `kind`, a layer for the robot's own state and a linear layer from both to `numTargets` numbers.
 *
 * `update` takes images [N, bytes] in the encoder's `order`, normalised states and targets, and learns by their squared
 * error; `predict` gives `predicted` [N, numTargets].
 */
export function positionNetwork(
  kind: EncoderName,
  { height, width, channels }: ImageSpec,
  stateSize: number,
  numTargets: number,
) {
  const encoder = imageEncoder(kind, "encoder", [height, width, channels], IMAGE_FEATURES);
  const layout = parameterLayout([
    ...encoder.specs,
    ...denseSpecs("state", [stateSize, STATE_FEATURES], { output: Math.SQRT2 }),
    ...denseSpecs("where", [IMAGE_FEATURES + STATE_FEATURES, numTargets], { output: 0.3 }),
  ]);
  const bytes = height * width * channels;
  const apply = (flat: tf.Tensor, images: tf.Tensor, states: tf.Tensor): tf.Tensor2D => {
    const parameters = splitParameters(flat as tf.Tensor1D, layout);
    const state = tf.tanh(dense(states as tf.Tensor2D, parameters, "state/0"));
    return dense(
      tf.concat([encoder.apply(images as tf.Tensor2D, parameters), state], 1),
      parameters,
      "where/0",
    );
  };
  const update: TensorFunction = (inputs) => {
    const { images, states, targets } = inputs;
    const loss = (flat: tf.Tensor): tf.Scalar =>
      tf.mean(tf.square(tf.sub(apply(flat, images!, states!), targets!)));
    const raw = tf.grad(loss)(inputs.parameters!) as tf.Tensor1D;
    return adamUpdate(inputs, clipByNorm(raw, MAX_GRAD_NORM).gradient);
  };
  const predict: TensorFunction = ({ parameters, images, states }) => ({
    predicted: apply(parameters!, images!, states!),
  });
  const inputs = (rows: number): TensorSpecs => ({
    images: { shape: [rows, bytes], dtype: "uint8" },
    states: { shape: [rows, stateSize] },
  });
  return {
    layout,
    bytes,
    order: encoder.order,
    update,
    updateInputs: (rows: number): TensorSpecs => ({
      ...adamInputs(layout.total),
      ...inputs(rows),
      targets: { shape: [rows, numTargets] },
    }),
    predict,
    predictInputs: (rows: number): TensorSpecs => ({
      parameters: { shape: [layout.total] },
      ...inputs(rows),
    }),
  };
}
