// Convolution and pooling with their gradients. TensorFlow.js is NHWC, ONNX is NCHW: each kernel transposes around.
import * as tf from "@tensorflow/tfjs-core";
import { type KernelAttributes, kernel, mapKernels } from "./kernel.js";
import { transpose } from "./layout.js";
import type { TraceBackend } from "./trace-backend.js";
import { NotCompilableError } from "./trace-refusals.js";

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];
const TO_CNHW = [3, 0, 1, 2];

type ConvInfo = tf.backend_util.Conv2DInfo;

const GEOMETRY = {
  strides: "any",
  pad: "any",
  dataFormat: ["NHWC"],
  dimRoundingMode: ["floor", "round", "ceil"],
} as const;
const POOLING = {
  filterSize: "any",
  strides: "any",
  pad: "any",
  dimRoundingMode: ["floor", "round", "ceil"],
} as const;

/** Register the mappings. */
export function mapConvolutionKernels(): void {
  mapKernels({
    Conv2D: kernel({ ...GEOMETRY, dilations: "any" }, (graph, { x, filter }, attributes) => {
      const info = convInfo(x!.shape, filter!.shape, attributes);
      const { pads, cut } = forwardPads(info);
      const y = graph.node(
        "Conv",
        [cutEnds(graph, transpose(graph, x!, TO_NCHW), cut), transpose(graph, filter!, [3, 2, 0, 1])],
        [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
        "float32",
        { strides: strides(info), pads, dilations: [info.dilationHeight, info.dilationWidth] },
      );
      return graph.view(y, TO_NHWC);
    }),
    Conv2DBackpropInput: kernel({ ...GEOMETRY, inputShape: "any" }, (graph, { dy, filter }, attributes) => {
      const shape = attributes.inputShape as [number, number, number, number];
      const info = convInfo(shape, filter!.shape, attributes);
      const [rows, columns] = reach(info);
      const { top, left } = info.padInfo;
      // rows and columns that no window reached: ONNX makes fewer of them than a stride has
      const unreached = [Math.max(0, -rows), Math.max(0, -columns)] as const;
      const beside = unreached.every((count, axis) => count < strides(info)[axis]!) ? [0, 0] : unreached;
      const within = [unreached[0] - beside[0]!, unreached[1] - beside[1]!];
      const dx = graph.node(
        "ConvTranspose",
        [transpose(graph, dy!, TO_NCHW), transpose(graph, filter!, [3, 2, 0, 1])],
        [shape[0], shape[3], shape[1] - beside[0]!, shape[2] - beside[1]!],
        "float32",
        {
          strides: strides(info),
          pads: [top, left, Math.max(0, rows), Math.max(0, columns)],
          output_padding: within,
        },
      );
      return graph.view(withEnds(graph, dx, [beside[0]!, beside[1]!]), TO_NHWC);
    }),
    Conv2DBackpropFilter: kernel({ ...GEOMETRY, filterShape: "any" }, (graph, { x, dy }, attributes) => {
      const filterShape = attributes.filterShape as [number, number, number, number];
      const info = convInfo(x!.shape, filterShape, attributes);
      const [rows, columns] = reach(info);
      const { top, left } = info.padInfo;
      // a convolution of x with dy, dilated by the stride; rows and columns that the stride never reached are cut off first
      const cut = [Math.max(0, -rows), Math.max(0, -columns)] as const;
      const gradient = graph.node(
        "Conv",
        [cutEnds(graph, transpose(graph, x!, TO_CNHW), cut), transpose(graph, dy!, TO_CNHW)],
        [filterShape[2], filterShape[3], filterShape[0], filterShape[1]],
        "float32",
        { dilations: strides(info), pads: [top, left, Math.max(0, rows), Math.max(0, columns)] },
      );
      return graph.view(gradient, [2, 3, 0, 1]);
    }),
    MaxPool: kernel(POOLING, (graph, { x }, attributes) => {
      const info = poolInfo(x!.shape, attributes);
      const { window, cut } = pooling(info, "MaxPool");
      const y = graph.node(
        "MaxPool",
        [cutEnds(graph, transpose(graph, x!, TO_NCHW), cut)],
        channelsFirst(info.outShape),
        "float32",
        window,
      );
      return graph.view(y, TO_NHWC);
    }),
    MaxPoolGrad: kernel(POOLING, (graph, { dy, input }, attributes) => {
      const info = poolInfo(input!.shape, attributes);
      const { window, cut } = pooling(info, "MaxPoolGrad");
      if (cut[0] > 0 || cut[1] > 0) throw new NotCompilableError("MaxPoolGrad", oddWindow(info));
      const [values, indices] = [graph.freshName(), graph.freshName()];
      graph.rawNode("MaxPool", [transpose(graph, input!, TO_NCHW)], [values, indices], window);
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
    }),
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

/** Rows and columns that the last window reaches beyond the picture; negative: that no window reaches. */
function reach(info: ConvInfo): readonly [number, number] {
  return [
    (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.inHeight - info.padInfo.top,
    (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.inWidth - info.padInfo.left,
  ];
}

/**
 * Return pads by which ONNX makes as many windows as TensorFlow.js does.
 *
 * TensorFlow.js counts those of both axes by the filter's height where `pad` is a number, and rounds up where it is told
 * to; it reads zeros outside the picture. `cut` rows and columns are left out first where it makes fewer windows than fit.
 */
function forwardPads(info: ConvInfo): { pads: number[]; cut: readonly [number, number] } {
  const { top, left, bottom, right } = info.padInfo;
  const [rows, columns] = reach(info);
  const [lower, cutRows] = endPad(rows, bottom, info.strideHeight);
  const [after, cutColumns] = endPad(columns, right, info.strideWidth);
  return { pads: [top, left, lower, after], cut: [cutRows, cutColumns] };
}

/** Return the pad at an axis's end, and how much is to be cut off there. */
function endPad(beyond: number, pad: number, stride: number): readonly [number, number] {
  // windows end `beyond`: the pad asked for holds just as many
  if (pad - beyond >= 0 && pad - beyond < stride) return [pad, 0];
  return [Math.max(0, beyond), Math.max(0, -beyond)];
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

/** Put rows and columns of zeros after those of a picture [., ., H, W]. */
function withEnds(
  graph: TraceBackend,
  x: tf.TensorInfo,
  [rows, columns]: readonly [number, number],
): tf.TensorInfo {
  if (rows === 0 && columns === 0) return x;
  const shape = [x.shape[0]!, x.shape[1]!, x.shape[2]! + rows, x.shape[3]! + columns];
  return graph.node("Pad", [x, graph.integers([0, 0, 0, 0, 0, 0, rows, columns])], shape);
}

function pooling(info: ConvInfo, kernelName: string) {
  const { pads, cut } = forwardPads(info);
  const kernelShape = [info.filterHeight, info.filterWidth];
  // onnxruntime takes no windows that lie outside the picture altogether; TensorFlow.js gives -Infinity there
  if (pads.some((pad, k) => pad >= kernelShape[k % 2]!))
    throw new NotCompilableError(kernelName, oddWindow(info));
  return { window: { kernel_shape: kernelShape, strides: strides(info), pads }, cut };
}

function oddWindow({ filterHeight, filterWidth, padInfo: { top, bottom, left, right } }: ConvInfo): string {
  const padding = [top, bottom, left, right].join(", ");
  return `with windows of ${filterHeight} x ${filterWidth} and padding ${padding} (top, bottom, left, right): pad less than a window with tf.pad, or take pad "same" or "valid"`;
}

function strides(info: ConvInfo): number[] {
  return [info.strideHeight, info.strideWidth];
}

function channelsFirst([n, h, w, c]: readonly number[]): number[] {
  return [n!, c!, h!, w!];
}
