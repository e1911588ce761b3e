// Convolution of each channel by itself, and its gradients, which are operations of their own so that they can be differentiated as well.
import type * as tf from "@tensorflow/tfjs-core";
import { reshape, transpose, view } from "../emit/onnx/layout.js";
import { convInfo, run, windowsOver } from "./convolution.js";
import { dilate, dilatedShape, type FilterShape, undilate } from "./dilation.js";
import { type Operations, operation } from "./operation.js";
import {
  cutEnds,
  exactPads,
  forwardPads,
  type Pair,
  TO_CNHW,
  TO_NCHW,
  TO_NHWC,
  transposedConvolution,
  type WindowAttributes,
  windowAttributes,
  windowSettings,
  withoutEnds,
} from "./windows.js";

/** Order of axes that brings a filter [rows, columns, C, outputs of each] into the layout of ONNX, channels first. */
const FILTER_TO_ONNX = [2, 3, 0, 1];

const GEOMETRY = {
  strides: "any",
  pad: "any",
  dimRoundingMode: ["floor", "round", "ceil"],
} as const;

const GRADIENT = {
  none: "TensorFlow.js's GraphModels have no gradient of a convolution of single channels",
} as const;

/** Pictures [N, H, W, C], filters [rows, columns, C, outputs of each channel]. */
export const DEPTHWISE_CONVOLUTIONS: Operations = {
  DepthwiseConv2dNative: operation<WindowAttributes & { readonly dilations: Pair; readonly count: Pair }>({
    inputs: ["x", "filter"],
    accepts: { ...GEOMETRY, dataFormat: ["NHWC"], dilations: "any" },
    attributes: ([x, filter], given) => {
      const info = convInfo(x!.shape, filter!.shape, given, true);
      return {
        ...windowAttributes(info),
        dilations: [info.dilationHeight, info.dilationWidth],
        count: [info.outHeight, info.outWidth],
      };
    },
    shape: ([x, filter], { count }) => ({
      dtype: "float32",
      shape: [x!.shape[0]!, ...count, filter!.shape[2]! * filter!.shape[3]!],
    }),
    onnx: (onnx, [x, filter], { dilations, ...attributes }, [output]) => {
      const [n, height, width, outputs] = output!.shape as FilterShape;
      const [rows, columns, channels] = filter!.shape as FilterShape;
      const span = dilatedShape(filter!.shape, dilations);
      const { pads, cut } = forwardPads(windowsOver(x!.shape, span, output!.shape, attributes));
      const weights = reshape(onnx, transpose(onnx, filter!, FILTER_TO_ONNX), [outputs, 1, rows, columns]);
      const y = onnx.node(
        "Conv",
        [cutEnds(onnx, transpose(onnx, x!, TO_NCHW), cut), weights],
        [n, outputs, height, width],
        "float32",
        { strides: attributes.strides, pads, dilations, group: channels },
      );
      return view(y, TO_NHWC);
    },
    graphModel: (model, [x, filter], { dilations, ...attributes }, [output]) => {
      const span = dilatedShape(filter!.shape, dilations);
      const { pads, cut } = forwardPads(windowsOver(x!.shape, span, output!.shape, attributes));
      return model.node("DepthwiseConv2dNative", [withoutEnds(model, x!, cut), filter!], output!, {
        ...windowSettings(attributes.strides, pads),
        dilations: [1, ...dilations, 1],
      });
    },
    gradient: {
      saves: { inputsToSave: ["x", "filter"] },
      rule: (dy, saved, { dilations = 1, dataFormat: _, ...attributes }) => {
        const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
        return {
          // a dilated filter is a larger one with zeros between: the kernels of gradients know no dilation
          x: () =>
            run(
              "DepthwiseConv2dNativeBackpropInput",
              { dy, filter: dilate(filter, dilations) },
              { ...attributes, dilations: 1, inputShape: x.shape },
            ),
          filter: () =>
            undilate(
              run(
                "DepthwiseConv2dNativeBackpropFilter",
                { x, dy },
                { ...attributes, dilations: 1, filterShape: dilatedShape(filter.shape, dilations) },
              ),
              filter.shape,
              dilations,
            ),
        };
      },
    },
  }),
  DepthwiseConv2dNativeBackpropInput: operation<
    WindowAttributes & { readonly inputShape: readonly number[] }
  >({
    inputs: ["dy", "filter"],
    accepts: { ...GEOMETRY, dilations: [1], inputShape: "any" },
    attributes: ([, filter], { inputShape, ...given }) => ({
      ...windowAttributes(convInfo(inputShape, filter!.shape, given, true)),
      inputShape,
    }),
    shape: (_, { inputShape }) => ({ dtype: "float32", shape: inputShape }),
    onnx: (onnx, [dy, filter], { inputShape, ...attributes }) => {
      const [rows, columns, channels, each] = filter!.shape as FilterShape;
      const windows = windowsOver(inputShape, filter!.shape, dy!.shape, attributes);
      const weights = transpose(onnx, filter!, FILTER_TO_ONNX);
      const operands = [
        transpose(onnx, dy!, TO_NCHW),
        reshape(onnx, weights, [channels * each, 1, rows, columns]),
      ] as const;
      return view(transposedConvolution(onnx, operands, channels, windows, channels), TO_NHWC);
    },
    graphModel: GRADIENT,
    gradient: {
      saves: { inputsToSave: ["dy", "filter"] },
      rule: (ddx, saved, { inputShape: _, ...attributes }) => {
        const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
        return {
          dy: () => run("DepthwiseConv2dNative", { x: ddx, filter }, { ...attributes, dataFormat: "NHWC" }),
          filter: () =>
            run(
              "DepthwiseConv2dNativeBackpropFilter",
              { x: ddx, dy },
              { ...attributes, filterShape: filter.shape },
            ),
        };
      },
    },
  }),
  DepthwiseConv2dNativeBackpropFilter: operation<
    WindowAttributes & { readonly filterShape: readonly number[] }
  >({
    inputs: ["x", "dy"],
    accepts: { ...GEOMETRY, dilations: [1], filterShape: "any" },
    attributes: ([x], { filterShape, ...given }) => ({
      ...windowAttributes(convInfo(x!.shape, filterShape, given, true)),
      filterShape,
    }),
    shape: (_, { filterShape }) => ({ dtype: "float32", shape: filterShape }),
    onnx: (onnx, [x, dy], { filterShape, ...attributes }) => {
      const [rows, columns, channels, each] = filterShape as FilterShape;
      const { pads, unreached } = exactPads(windowsOver(x!.shape, filterShape, dy!.shape, attributes));
      // as a convolution's, pictures in the place of channels: each channel is a group of them
      const pictures = cutEnds(onnx, transpose(onnx, x!, TO_CNHW), unreached);
      const [, n, height, width] = pictures.shape as FilterShape;
      const gradient = onnx.node(
        "Conv",
        [reshape(onnx, pictures, [1, channels * n, height, width]), transpose(onnx, dy!, TO_CNHW)],
        [1, channels * each, rows, columns],
        "float32",
        { dilations: attributes.strides, pads, group: channels },
      );
      return view(reshape(onnx, gradient, [channels, each, rows, columns]), [2, 3, 0, 1]);
    },
    graphModel: GRADIENT,
    gradient: {
      saves: { inputsToSave: ["x", "dy"] },
      rule: (ddfilter, saved, { filterShape: _, ...attributes }) => {
        const [x, dy] = saved as [tf.Tensor, tf.Tensor];
        return {
          x: () =>
            run(
              "DepthwiseConv2dNativeBackpropInput",
              { dy, filter: ddfilter },
              { ...attributes, inputShape: x.shape },
            ),
          dy: () =>
            run("DepthwiseConv2dNative", { x, filter: ddfilter }, { ...attributes, dataFormat: "NHWC" }),
        };
      },
    },
  }),
};
