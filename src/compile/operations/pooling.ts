// The greatest number and the mean of each window of a picture, and their gradients.
import * as tf from "@tensorflow/tfjs-core";
import { reshape, transpose, view } from "../emit/onnx/layout.js";
import { maxPoolGradient } from "./max-pool-gradient.js";
import { type KernelAttributes, type Operation, type Operations, operation } from "./operation.js";
import {
  cutEnds,
  forwardPads,
  type Pair,
  padded,
  pictureOf,
  TO_NCHW,
  TO_NHWC,
  transposedConvolution,
  type WindowAttributes,
  type Windows,
  windowAttributes,
  windowSettings,
  withoutEnds,
} from "./windows.js";

/** The least float32. */
const LEAST = -3.4028234663852886e38;

type Pooling = WindowAttributes & { readonly window: Pair; readonly count: Pair };

/** Pictures [N, H, W, C]. */
export const POOLINGS: Operations = {
  MaxPool: operation<Pooling>({
    ...pooling(["x"], "x"),
    refuse: ([x], attributes) =>
      fits(windowsOver(x!.shape, attributes)) ? undefined : oddWindow(attributes),
    shape: ([x], { count }) => ({ dtype: "float32", shape: [x!.shape[0]!, ...count, x!.shape[3]!] }),
    onnx: (onnx, [x], attributes, [output]) => {
      const { pads, cut } = forwardPads(windowsOver(x!.shape, attributes));
      const { window, strides } = attributes;
      const y = onnx.node(
        "MaxPool",
        [cutEnds(onnx, transpose(onnx, x!, TO_NCHW), cut)],
        channelsFirst(output!.shape),
        "float32",
        { kernel_shape: window, strides, pads },
      );
      return view(y, TO_NHWC);
    },
    graphModel: (model, [x], attributes, [output]) => {
      const { pads, cut } = forwardPads(windowsOver(x!.shape, attributes));
      const { window, strides } = attributes;
      // its MaxPool knows no explicit pads; the least number is never the greatest of a window
      const whole = padded(model, withoutEnds(model, x!, cut), pads, LEAST);
      return model.node("MaxPool", [whole], output!, {
        ...windowSettings(strides, [0, 0, 0, 0]),
        ksize: [1, ...window, 1],
      });
    },
    gradient: {
      saves: { inputsToSave: ["x"], outputsToSave: [true] },
      rule: (dy, [input, output], attributes) => ({
        x: () =>
          tf
            .engine()
            .runKernel(
              "MaxPoolGrad",
              { dy, input: input!, output: output! },
              attributes as unknown as tf.NamedAttrMap,
            ),
      }),
    },
  }),
  MaxPoolGrad: operation<Pooling>({
    ...pooling(["dy", "input", "output"], "input"),
    refuse: ([, input], attributes) => {
      const windows = windowsOver(input!.shape, attributes);
      const { cut } = forwardPads(windows);
      return fits(windows) && cut[0] === 0 && cut[1] === 0 ? undefined : oddWindow(attributes);
    },
    shape: ([, input]) => ({ dtype: "float32", shape: input!.shape }),
    onnx: (onnx, [dy, input, output], attributes) => {
      const { pads } = forwardPads(windowsOver(input!.shape, attributes));
      return maxPoolGradient(onnx, [dy!, input!, output!], { ...attributes, pads });
    },
    graphModel: { none: "TensorFlow.js's GraphModels have no gradient of pooling" },
    gradient: { none: "pooling is not differentiated twice" },
  }),
  AvgPool: operation<Pooling>({
    ...averaging(["x"], "x"),
    shape: ([x], { count }) => ({ dtype: "float32", shape: [x!.shape[0]!, ...count, x!.shape[3]!] }),
    onnx: (onnx, [x], attributes, [output]) => {
      const { pads, cut } = forwardPads(windowsOver(x!.shape, attributes));
      const { window, strides } = attributes;
      const y = onnx.node(
        "AveragePool",
        [cutEnds(onnx, transpose(onnx, x!, TO_NCHW), cut)],
        channelsFirst(output!.shape),
        "float32",
        { kernel_shape: window, strides, pads },
      );
      return view(y, TO_NHWC);
    },
    graphModel: (model, [x], { window, strides, padding }, [output]) =>
      model.node("AvgPool", [x!], output!, {
        ...windowSettings(strides, [0, 0, 0, 0]),
        padding: padding.some((pad) => pad > 0) ? "SAME" : "VALID",
        ksize: [1, ...window, 1],
      }),
    gradient: {
      saves: { inputsToSave: ["x"] },
      // TensorFlow.js's AvgPoolGrad shares by the whole window, where the mean was of what lies inside the picture
      rule: (dy, [x], attributes) => ({
        x: () => run("AvgPoolGrad", { dy: wholeWindows(dy, x!, attributes), input: x! }, attributes),
      }),
    },
  }),
  AvgPoolGrad: operation<Pooling>({
    ...averaging(["dy", "input"], "input"),
    shape: ([, input]) => ({ dtype: "float32", shape: input!.shape }),
    onnx: (onnx, [dy, input], attributes) => {
      const [n, channels, height, width] = channelsFirst(dy!.shape) as [number, number, number, number];
      const [rows, columns] = attributes.window;
      // every channel by itself
      const pictures = reshape(onnx, transpose(onnx, dy!, TO_NCHW), [n * channels, 1, height, width]);
      const share = onnx.filled(1 / (rows * columns), [1, 1, rows, columns], "float32");
      const windows = windowsOver(input!.shape, attributes);
      const dx = transposedConvolution(onnx, [pictures, share], 1, windows);
      return view(reshape(onnx, dx, channelsFirst(input!.shape)), TO_NHWC);
    },
    graphModel: { none: "TensorFlow.js's GraphModels have no gradient of pooling" },
    gradient: {
      saves: { inputsToSave: ["input"] },
      rule: (ddx, [input], attributes) => ({
        dy: () => {
          const mean = run("AvgPool", { x: ddx }, attributes);
          const shares = sharesInside(input!.shape, attributes);
          return shares ? tf.div(mean, shares) : mean;
        },
        input: () => tf.zerosLike(input!),
      }),
    },
  }),
};

/** What means and their gradients have in common. */
function averaging(inputs: readonly string[], picture: string) {
  // with other pads the GraphModels of TensorFlow.js cannot leave out what lies beside the picture
  return {
    ...pooling(inputs, picture),
    accepts: { filterSize: "any", strides: "any", pad: ["same", "valid"], dimRoundingMode: [] },
  } satisfies Partial<Operation<Pooling>>;
}

function run(kernel: string, inputs: Readonly<Record<string, tf.Tensor>>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}

/** Scale gradients of means up to what they would be if each window lay inside the picture. */
function wholeWindows(dy: tf.Tensor, x: tf.Tensor, given: KernelAttributes): tf.Tensor {
  const shares = sharesInside(x.shape, given);
  return shares ? tf.mul(dy, shares) : dy;
}

/** Return the size of a window by how much of it lies inside the picture, [1, rows, columns, 1]; undefined where all of each does. */
function sharesInside(x: readonly number[], given: KernelAttributes): tf.Tensor | undefined {
  const { window, strides, padding, count } = poolingOf(x, given);
  const [top, bottom, left, right] = padding;
  if (top + bottom + left + right === 0) return undefined;
  const inside = [top, left].map((before, axis) =>
    Array.from({ length: count[axis]! }, (_, k) => {
      const start = k * strides[axis]! - before;
      const end = Math.min(start + window[axis]!, x[axis + 1]!);
      return window[axis]! / (end - Math.max(start, 0));
    }),
  ) as [number[], number[]];
  const shares = inside[0].flatMap((row) => inside[1].map((column) => row * column));
  return tf.tensor4d(shares, [1, count[0], count[1], 1]);
}

/** What all have in common; `picture` is the input that windows lie over. */
function pooling(inputs: readonly string[], picture: string) {
  return {
    inputs,
    accepts: {
      filterSize: "any",
      strides: "any",
      pad: "any",
      dimRoundingMode: ["floor", "round", "ceil"],
    },
    attributes: (types, given: KernelAttributes): Pooling =>
      poolingOf(types[inputs.indexOf(picture)]!.shape, given),
  } satisfies Pick<Operation<Pooling>, "inputs" | "accepts" | "attributes">;
}

function poolingOf(x: readonly number[], given: KernelAttributes): Pooling {
  const info = tf.backend_util.computePool2DInfo(
    x as [number, number, number, number],
    given.filterSize,
    given.strides,
    1,
    given.pad,
    given.dimRoundingMode,
  );
  return {
    window: [info.filterHeight, info.filterWidth],
    ...windowAttributes(info),
    count: [info.outHeight, info.outWidth],
  };
}

function windowsOver(x: readonly number[], { window, ...attributes }: Pooling): Windows {
  return { ...attributes, inside: pictureOf(x), span: window };
}

/** Tell whether each window meets the picture: onnxruntime takes no others; TensorFlow.js gives -Infinity there. */
function fits(windows: Windows): boolean {
  return forwardPads(windows).pads.every((pad, k) => pad < windows.span[k % 2]!);
}

function oddWindow({ window, padding }: Pooling): string {
  return `with windows of ${window[0]} x ${window[1]} and padding ${padding.join(", ")} (top, bottom, left, right): pad less than a window with tf.pad, or take pad "same" or "valid"`;
}

function channelsFirst([n, h, w, c]: readonly number[]): number[] {
  return [n!, c!, h!, w!];
}
