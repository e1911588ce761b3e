// Convolution and pooling with their gradients. TensorFlow.js is NHWC, ONNX is NCHW: each kernel transposes around.
import * as tf from "@tensorflow/tfjs-core";
import { type KernelAttributes, mapKernels } from "./kernel.js";
import { transpose } from "./layout.js";
import type { TraceBackend } from "./trace-backend.js";

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];
const TO_CNHW = [3, 0, 1, 2];

type ConvInfo = tf.backend_util.Conv2DInfo;

/** Register the mappings. */
export function mapConvolutionKernels(): void {
  mapKernels({
    Conv2D: (graph, { x, filter }, attributes) => {
      const info = convInfo(x!.shape, filter!.shape, attributes);
      const y = graph.node(
        "Conv",
        [transpose(graph, x!, TO_NCHW), transpose(graph, filter!, [3, 2, 0, 1])],
        [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
        "float32",
        { strides: strides(info), pads: pads(info), dilations: [info.dilationHeight, info.dilationWidth] },
      );
      return graph.view(y, TO_NHWC);
    },
    Conv2DBackpropInput: (graph, { dy, filter }, attributes) => {
      const shape = attributes.inputShape as [number, number, number, number];
      const info = convInfo(shape, filter!.shape, attributes);
      const { top, bottom, left, right } = info.padInfo;
      const covered = (out: number, stride: number, size: number) => (out - 1) * stride + size;
      const extra = [
        shape[1] - (covered(info.outHeight, info.strideHeight, info.filterHeight) - top - bottom),
        shape[2] - (covered(info.outWidth, info.strideWidth, info.filterWidth) - left - right),
      ];
      const dx = graph.node(
        "ConvTranspose",
        [transpose(graph, dy!, TO_NCHW), transpose(graph, filter!, [3, 2, 0, 1])],
        [shape[0], shape[3], shape[1], shape[2]],
        "float32",
        { strides: strides(info), pads: pads(info), output_padding: extra },
      );
      return graph.view(dx, TO_NHWC);
    },
    Conv2DBackpropFilter: (graph, { x, dy }, attributes) => {
      const filterShape = attributes.filterShape as [number, number, number, number];
      const info = convInfo(x!.shape, filterShape, attributes);
      const { top, bottom, left, right } = info.padInfo;
      // a convolution of x with dy, dilated by the stride; rows and columns that the stride never reached are cut off first
      const unused = [
        x!.shape[1]! + top + bottom - (info.outHeight - 1) * info.strideHeight - info.filterHeight,
        x!.shape[2]! + left + right - (info.outWidth - 1) * info.strideWidth - info.filterWidth,
      ] as const;
      const cut = [Math.max(0, unused[0] - bottom), Math.max(0, unused[1] - right)] as const;
      const gradient = graph.node(
        "Conv",
        [cutEnds(graph, transpose(graph, x!, TO_CNHW), cut), transpose(graph, dy!, TO_CNHW)],
        [filterShape[2], filterShape[3], filterShape[0], filterShape[1]],
        "float32",
        {
          dilations: strides(info),
          pads: [top, left, bottom - unused[0] + cut[0], right - unused[1] + cut[1]],
        },
      );
      return graph.view(gradient, [2, 3, 0, 1]);
    },
    MaxPool: (graph, { x }, attributes) => {
      const info = poolInfo(x!.shape, attributes);
      const y = graph.node(
        "MaxPool",
        [transpose(graph, x!, TO_NCHW)],
        channelsFirst(info.outShape),
        "float32",
        pooling(info),
      );
      return graph.view(y, TO_NHWC);
    },
    MaxPoolGrad: (graph, { dy, input }, attributes) => {
      const info = poolInfo(input!.shape, attributes);
      const [values, indices] = [graph.freshName(), graph.freshName()];
      graph.rawNode("MaxPool", [transpose(graph, input!, TO_NCHW)], [values, indices], pooling(info));
      const flat = graph.integers([-1]);
      const places = graph.freshName();
      graph.rawNode("Reshape", [indices, flat], [places]);
      const gradient = graph.freshName();
      graph.rawNode("Reshape", [transpose(graph, dy!, TO_NCHW), flat], [gradient]);
      const shape = channelsFirst(input!.shape);
      const size = tf.util.sizeFromShape(shape);
      const dataId = graph.write(new Float32Array(size), [size], "float32");
      const zeros: tf.TensorInfo = { dataId, shape: [size], dtype: "float32" };
      const spread = graph.node("ScatterElements", [zeros, places, gradient], [size], "float32", {
        axis: 0,
        reduction: "add",
      });
      const dx = graph.node("Reshape", [spread, graph.integers(shape)], shape);
      return graph.view(dx, TO_NHWC);
    },
  });
}

function convInfo(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
): ConvInfo {
  return tf.backend_util.computeConv2DInfo(
    xShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    false,
    "channelsLast",
  );
}

/** Leave out the last rows and columns of a picture [., ., H, W]. */
function cutEnds(
  graph: TraceBackend,
  x: tf.TensorInfo,
  [rows, columns]: readonly [number, number],
): tf.TensorInfo {
  if (rows === 0 && columns === 0) return x;
  const shape = [x.shape[0]!, x.shape[1]!, x.shape[2]! - rows, x.shape[3]! - columns];
  const ends = graph.integers(shape.slice(2));
  return graph.node("Slice", [x, graph.integers([0, 0]), ends, graph.integers([2, 3])], shape);
}

function poolInfo(
  shape: readonly number[],
  { filterSize, strides: step, pad, dimRoundingMode }: KernelAttributes,
): ConvInfo {
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    step,
    1,
    pad,
    dimRoundingMode,
  );
}

function pooling(info: ConvInfo) {
  return { kernel_shape: [info.filterHeight, info.filterWidth], strides: strides(info), pads: pads(info) };
}

function strides(info: ConvInfo): number[] {
  return [info.strideHeight, info.strideWidth];
}

function pads({ padInfo: { top, left, bottom, right } }: ConvInfo): number[] {
  return [top, left, bottom, right];
}

function channelsFirst([n, h, w, c]: readonly number[]): number[] {
  return [n!, c!, h!, w!];
}
