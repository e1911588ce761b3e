// Convolution and its gradients, which are operations of their own so that they can be differentiated as well.
import * as tf from "@tensorflow/tfjs-core";
import { reshape, transpose, view } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { dilate, dilatedShape, type FilterShape, undilate } from "./dilation.js";
import { type KernelAttributes, type Operations, operation } from "./operation.js";
import {
  cutEnds,
  exactPads,
  forwardPads,
  type Pair,
  padded,
  pictureOf,
  TO_CNHW,
  TO_NCHW,
  TO_NHWC,
  transposedConvolution,
  type WindowAttributes,
  type Windows,
  windowAttributes,
  windowSettings,
  withoutEnds,
} from "./windows.js";

/** Order of axes that brings a filter into the layout of ONNX, [outputs, C, rows, columns]. */
const FILTER_TO_ONNX = [3, 2, 0, 1];

/** From how many windows along a side and channels on products of matrices give a filter's gradient, and of how many entries at most. */
const [LEAST_WINDOWS, LEAST_CHANNELS, MOST_ENTRIES] = [10, 8, 25];

const GEOMETRY = {
  strides: "any",
  pad: "any",
  dataFormat: ["NHWC"],
  dimRoundingMode: ["floor", "round", "ceil"],
} as const;

/** Pictures [N, H, W, C], filters [rows, columns, C, outputs]. */
export const CONVOLUTIONS: Operations = {
  Conv2D: operation<WindowAttributes & { readonly dilations: Pair; readonly count: Pair }>({
    inputs: ["x", "filter"],
    accepts: { ...GEOMETRY, dilations: "any" },
    attributes: ([x, filter], given) => {
      const info = convInfo(x!.shape, filter!.shape, given);
      return {
        ...windowAttributes(info),
        dilations: [info.dilationHeight, info.dilationWidth],
        count: [info.outHeight, info.outWidth],
      };
    },
    shape: ([x, filter], { count }) => ({
      dtype: "float32",
      shape: [x!.shape[0]!, ...count, filter!.shape[3]!],
    }),
    onnx: (onnx, [x, filter], { dilations, ...attributes }, [output]) => {
      const [n, height, width, channels] = output!.shape;
      const span = dilatedShape(filter!.shape, dilations);
      const { pads, cut } = forwardPads(windowsOver(x!.shape, span, output!.shape, attributes));
      const y = onnx.node(
        "Conv",
        [cutEnds(onnx, transpose(onnx, x!, TO_NCHW), cut), transpose(onnx, filter!, FILTER_TO_ONNX)],
        [n!, channels!, height!, width!],
        "float32",
        { strides: attributes.strides, pads, dilations },
      );
      return view(y, TO_NHWC);
    },
    graphModel: (model, [x, filter], { dilations, ...attributes }, [output]) => {
      const span = dilatedShape(filter!.shape, dilations);
      const { pads, cut } = forwardPads(windowsOver(x!.shape, span, output!.shape, attributes));
      return model.node("Conv2D", [withoutEnds(model, x!, cut), filter!], output!, {
        ...windowSettings(attributes.strides, pads),
        dilations: [1, ...dilations, 1],
      });
    },
    gradient: {
      saves: { inputsToSave: ["x", "filter"] },
      rule: (dy, saved, { dilations = 1, ...attributes }) => {
        const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
        return {
          // a dilated filter is a larger one with zeros between: the kernels of gradients know no dilation
          x: () =>
            run(
              "Conv2DBackpropInput",
              { dy, filter: dilate(filter, dilations) },
              { ...attributes, inputShape: x.shape },
            ),
          filter: () => {
            const filterShape = dilatedShape(filter.shape, dilations);
            return undilate(
              run("Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape }),
              filter.shape,
              dilations,
            );
          },
        };
      },
    },
  }),
  Conv2DBackpropInput: operation<WindowAttributes & { readonly inputShape: readonly number[] }>({
    inputs: ["dy", "filter"],
    accepts: { ...GEOMETRY, inputShape: "any" },
    attributes: ([, filter], { inputShape, ...given }) => ({
      ...windowAttributes(convInfo(inputShape, filter!.shape, given)),
      inputShape,
    }),
    shape: (_, { inputShape }) => ({ dtype: "float32", shape: inputShape }),
    onnx: (onnx, [dy, filter], { inputShape, ...attributes }) => {
      const windows = windowsOver(inputShape, filter!.shape, dy!.shape, attributes);
      const operands = [transpose(onnx, dy!, TO_NCHW), transpose(onnx, filter!, FILTER_TO_ONNX)] as const;
      return view(transposedConvolution(onnx, operands, inputShape[3]!, windows), TO_NHWC);
    },
    graphModel: (model, [dy, filter], { inputShape, ...attributes }) => {
      const [n, height, width, channels] = inputShape as FilterShape;
      const { pads, unreached } = exactPads(windowsOver(inputShape, filter!.shape, dy!.shape, attributes));
      const shape = [n, height - unreached[0], width - unreached[1], channels];
      const reached = model.node(
        "Conv2DBackpropInput",
        [model.integers(shape), filter!, dy!],
        { dtype: "float32", shape },
        { ...windowSettings(attributes.strides, pads), T: { type: "float32" } },
      );
      return padded(model, reached, [0, 0, ...unreached], 0);
    },
    gradient: {
      saves: { inputsToSave: ["dy", "filter"] },
      rule: (ddx, saved, { inputShape: _, ...attributes }) => {
        const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
        return {
          dy: () => run("Conv2D", { x: ddx, filter }, { ...attributes, dilations: 1 }),
          filter: () =>
            run("Conv2DBackpropFilter", { x: ddx, dy }, { ...attributes, filterShape: filter.shape }),
        };
      },
    },
  }),
  Conv2DBackpropFilter: operation<WindowAttributes & { readonly filterShape: readonly number[] }>({
    inputs: ["x", "dy"],
    accepts: { ...GEOMETRY, filterShape: "any" },
    attributes: ([x], { filterShape, ...given }) => ({
      ...windowAttributes(convInfo(x!.shape, filterShape, given)),
      filterShape,
    }),
    shape: (_, { filterShape }) => ({ dtype: "float32", shape: filterShape }),
    onnx: (onnx, [x, dy], { filterShape, ...attributes }) => {
      const [height, width, channels, outputs] = filterShape as FilterShape;
      const { pads, unreached } = exactPads(windowsOver(x!.shape, filterShape, dy!.shape, attributes));
      const operands = [
        cutEnds(onnx, transpose(onnx, x!, TO_CNHW), unreached),
        transpose(onnx, dy!, TO_CNHW),
      ] as const;
      if (isFasterByEntries(filterShape, dy!.shape, attributes))
        return filterGradientByEntries(onnx, operands, filterShape as FilterShape, pads);
      // a convolution of x with dy, dilated by the stride; rows and columns that the stride never reached are cut off first
      const gradient = onnx.node("Conv", operands, [channels, outputs, height, width], "float32", {
        dilations: attributes.strides,
        pads,
      });
      return view(gradient, [2, 3, 0, 1]);
    },
    graphModel: { none: "TensorFlow.js's GraphModels have no gradient of a convolution's filter" },
    gradient: {
      saves: { inputsToSave: ["x", "dy"] },
      rule: (ddfilter, saved, { filterShape: _, ...attributes }) => {
        const [x, dy] = saved as [tf.Tensor, tf.Tensor];
        return {
          x: () =>
            run("Conv2DBackpropInput", { dy, filter: ddfilter }, { ...attributes, inputShape: x.shape }),
          dy: () => run("Conv2D", { x, filter: ddfilter }, { ...attributes, dilations: 1 }),
        };
      },
    },
  }),
};

/** Tell whether products of matrices are faster than a convolution by dy, which reads all of dy anew for each channel of x. */
function isFasterByEntries(
  [height, width, channels]: readonly number[],
  dy: readonly number[],
  { strides }: WindowAttributes,
): boolean {
  const many = Math.min(...pictureOf(dy)) >= LEAST_WINDOWS && channels! >= LEAST_CHANNELS;
  return many && strides[0] === 1 && strides[1] === 1 && height! * width! <= MOST_ENTRIES;
}

/** Append the gradient of a filter as one product of matrices for each of its entries; x and dy with pictures in the place of channels. */
function filterGradientByEntries(
  onnx: OnnxBuilder,
  [x, dy]: readonly [OnnxTensor, OnnxTensor],
  [height, width, channels, outputs]: FilterShape,
  pads: readonly number[],
): OnnxTensor {
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const [, n, rows, columns] = dy.shape as FilterShape;
  const wholeShape = [channels, n, rows + height - 1, columns + width - 1];
  const amounts = onnx.integers([0, 0, top, left, 0, 0, bottom, right]);
  const whole = pads.some((pad) => pad > 0) ? onnx.node("Pad", [x, amounts], wholeShape) : x;
  const count = n * rows * columns;
  const gradients = reshape(onnx, dy, [outputs, count]);
  const entries = Array.from({ length: height * width }, (_, entry) => {
    const [row, column] = [Math.floor(entry / width), entry % width];
    const ends = onnx.integers([row + rows, column + columns]);
    const inputs = [whole, onnx.integers([row, column]), ends, onnx.integers([2, 3])];
    const under = onnx.node("Slice", inputs, [channels, n, rows, columns]);
    const product = onnx.node(
      "Gemm",
      [reshape(onnx, under, [channels, count]), gradients],
      [channels, outputs],
      "float32",
      { transB: 1 },
    );
    return reshape(onnx, product, [1, channels, outputs]);
  });
  const joined = onnx.node("Concat", entries, [height * width, channels, outputs], "float32", { axis: 0 });
  return reshape(onnx, joined, [height, width, channels, outputs]);
}

/** Return how TensorFlow.js lays a filter over pictures; `depthwise`: the filter's last axis counts outputs of each channel. */
export function convInfo(
  xShape: readonly number[],
  filterShape: readonly number[],
  given: KernelAttributes,
  depthwise = false,
) {
  return tf.backend_util.computeConv2DInfo(
    xShape as FilterShape,
    filterShape as FilterShape,
    given.strides,
    given.dilations ?? 1,
    given.pad,
    given.dimRoundingMode,
    depthwise,
    "channelsLast",
  );
}

/** Return how windows of a filter's size lie over x, so that they are as many as y has. */
export function windowsOver(
  x: readonly number[],
  filter: readonly number[],
  y: readonly number[],
  attributes: WindowAttributes,
): Windows {
  return { ...attributes, inside: pictureOf(x), span: [filter[0]!, filter[1]!], count: pictureOf(y) };
}

/** Run a kernel of TensorFlow.js, so that it is traced and differentiated. */
export function run(
  kernel: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: object,
): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}
