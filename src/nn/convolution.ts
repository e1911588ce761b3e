// Convolutions over images, and the network of Mnih et al. (2015) as the reference.
import * as tf from "@tensorflow/tfjs-core";
import { dense } from "./dense.js";
import type { ParameterSpec } from "./parameters.js";

/** Height, width and channels. */
export type ImageShape = readonly [number, number, number];

/** A convolution without padding, square in filter and stride. */
interface ConvolutionShape {
  readonly size: number;
  readonly stride: number;
  readonly channels: number;
}

const NATURE: readonly ConvolutionShape[] = [
  { size: 8, stride: 4, channels: 32 },
  { size: 4, stride: 2, channels: 64 },
  { size: 3, stride: 1, channels: 64 },
];

/** List the parameters of the Nature-CNN for images of `shape`, at least 36 x 36, with `features` numbers out. */
export function natureSpecs(prefix: string, shape: ImageShape, features: number): ParameterSpec[] {
  let [height, width, channels] = shape;
  const specs: ParameterSpec[] = [];
  for (const [layer, { size, stride, channels: out }] of NATURE.entries()) {
    specs.push(
      {
        name: `${prefix}/${layer}/weight`,
        shape: [size, size, channels, out],
        initialization: { kind: "orthogonal", gain: Math.SQRT2 },
      },
      { name: `${prefix}/${layer}/bias`, shape: [out], initialization: { kind: "constant", value: 0 } },
    );
    height = Math.floor((height - size) / stride) + 1;
    width = Math.floor((width - size) / stride) + 1;
    channels = out;
  }
  return [
    ...specs,
    {
      name: `${prefix}/${NATURE.length}/weight`,
      shape: [height * width * channels, features],
      initialization: { kind: "orthogonal", gain: Math.SQRT2 },
    },
    {
      name: `${prefix}/${NATURE.length}/bias`,
      shape: [features],
      initialization: { kind: "constant", value: 0 },
    },
  ];
}

/** Apply the Nature-CNN to images [N, H, W, C] of 0 to 255; [N, features], not negative. */
export function natureEncoder(
  images: tf.Tensor4D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  prefix: string,
): tf.Tensor2D {
  let x = images;
  for (const [layer, { stride }] of NATURE.entries()) {
    const weight = parameters[`${prefix}/${layer}/weight`] as tf.Tensor4D;
    // scaling the few weights instead of the many pixels
    const scaled: tf.Tensor4D = layer === 0 ? tf.mul(weight, 1 / 255) : weight;
    const sum = tf.add(tf.conv2d(x, scaled, stride, "valid"), parameters[`${prefix}/${layer}/bias`]!);
    x = tf.relu(sum) as tf.Tensor4D;
  }
  return tf.relu(dense(tf.reshape(x, [x.shape[0], -1]), parameters, `${prefix}/${NATURE.length}`));
}
