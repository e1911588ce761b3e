// A convolutional network that tells what class a picture is of.
import * as tf from "@tensorflow/tfjs-core";
import { FIT_DEFAULTS, type PredictorDefinition, type PredictorNetwork, UsageError } from "../src/index.js";
import { dense, denseSpecs, type ParameterSpec, parameterLayout, splitParameters } from "../src/nn.js";
import { fieldOf, LABELS, PICTURES } from "./data-fields.js";

/** Filters of the two convolutions, 3 x 3 each. */
const FILTERS = [32, 64] as const;
const SIZE = 3;
/** Side that leaves one pixel after both convolutions and poolings. */
const LEAST = 10;

/**
 * Two convolutions of 3 x 3 (32 and 64 filters, ReLU), each followed by max pooling of 2 x 2, and a dense layer to one logit
 * per class: 34,826 parameters for 28 x 28 pixels and 10 classes. Its taps are the convolutions before the ReLU.
 *
 * The loss is the softmax cross-entropy of the logits: Keras's tutorial that this network is known from puts a softmax into
 * the network, and copies of it forget it and train raw logits as if they were probabilities.
 */
export const classifierCnn: PredictorDefinition = {
  id: "classifier-cnn",
  description: "Classes of pictures: two convolutions with max pooling and a dense layer.",
  data: "digits",
  settings: { ...FIT_DEFAULTS, epochs: 5, schedule: "cosine" },
  createNetwork(fields): PredictorNetwork {
    const [image, { shape, dtype = "float32" }] = fieldOf("classifier-cnn", fields, PICTURES);
    const [label, { classes }] = fieldOf("classifier-cnn", fields, LABELS);
    const [height, width, channels] = shape as [number, number, number];
    if (Math.min(height, width) < LEAST)
      throw new UsageError(
        `The field "${image}" has pictures of ${width} x ${height} pixels, classifier-cnn takes at least ${LEAST} x ${LEAST}. Enlarge them.`,
      );
    const [first, second] = [pooled(height, width), pooled(...pooled(height, width))];
    const layout = parameterLayout([
      ...convolutionSpecs("conv/0", channels, FILTERS[0]),
      ...convolutionSpecs("conv/1", FILTERS[0], FILTERS[1]),
      ...denseSpecs("output", [second[0] * second[1] * FILTERS[1], classes!.length]),
    ]);
    return {
      model: {
        layout,
        inputs: { [image]: { shape, dtype } },
        outputs: {
          logits: { shape: [classes!.length], entries: classes!.map((name) => ({ name, unit: "1" })) },
        },
        taps: {
          conv0: { shape: [height - 2, width - 2, FILTERS[0]] },
          conv1: { shape: [first[0] - 2, first[1] - 2, FILTERS[1]] },
        },
        apply(parameters, inputs) {
          const parts = splitParameters(parameters, layout);
          const pictures = inputs[image] as tf.Tensor4D;
          // scaling the few weights instead of the many pixels
          const conv0 = convolve(pictures, parts, "conv/0", dtype === "uint8" ? 1 / 255 : 1);
          const conv1 = convolve(rectifiedPool(conv0), parts, "conv/1");
          const flat = tf.reshape(rectifiedPool(conv1), [pictures.shape[0], -1]) as tf.Tensor2D;
          return { logits: dense(flat, parts, "output/0"), conv0, conv1 };
        },
      },
      objectives: [{ output: "logits", target: label, loss: "cross-entropy" }],
    };
  },
};

/** Height and width after a convolution without padding and a pooling of 2 x 2. */
function pooled(height: number, width: number): [number, number] {
  return [Math.floor((height - SIZE + 1) / 2), Math.floor((width - SIZE + 1) / 2)];
}

function convolutionSpecs(name: string, channels: number, filters: number): ParameterSpec[] {
  const gain = Math.SQRT2;
  return [
    {
      name: `${name}/weight`,
      shape: [SIZE, SIZE, channels, filters],
      initialization: { kind: "orthogonal", gain },
    },
    { name: `${name}/bias`, shape: [filters], initialization: { kind: "constant", value: 0 } },
  ];
}

/** ReLU and max pooling of 2 x 2; pooled first, which gives the same by a quarter of the work. */
function rectifiedPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.relu(tf.maxPool(x, 2, 2, "valid"));
}

/** A convolution without padding, [N, H - 2, W - 2, filters]; pictures count times `scale`. */
function convolve(
  pictures: tf.Tensor4D,
  parts: Readonly<Record<string, tf.Tensor>>,
  name: string,
  scale = 1,
): tf.Tensor4D {
  const weight = parts[`${name}/weight`] as tf.Tensor4D;
  const filters: tf.Tensor4D = scale === 1 ? weight : tf.mul(weight, scale);
  return tf.add(tf.conv2d(pictures, filters, 1, "valid"), parts[`${name}/bias`]!);
}
