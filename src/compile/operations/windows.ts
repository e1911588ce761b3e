// Windows that move over pictures: what convolution and pooling have in common. TensorFlow.js is NHWC, ONNX is NCHW.
import type * as tf from "@tensorflow/tfjs-core";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import type { GraphModelBuilder } from "../emit/tfjs/graph-model-builder.js";
import type { Value } from "../graph/graph.js";

/** Rows and columns. */
export type Pair = readonly [number, number];

/** How windows lie over a picture, as attributes of a node. */
export type WindowAttributes = {
  readonly strides: Pair;
  /** Rows and columns of zeros that are thought around the picture: top, bottom, left, right. */
  readonly padding: readonly [number, number, number, number];
};

/** How windows lie over a picture. */
export interface Windows extends WindowAttributes {
  /** Rows and columns of the picture. */
  readonly inside: Pair;
  /** Rows and columns that a window spans, holes of a dilated filter included. */
  readonly span: Pair;
  /** Windows below and beside each other. */
  readonly count: Pair;
}

/** Order of axes that brings [N, H, W, C] into the layout of ONNX, [N, C, H, W]. */
export const TO_NCHW = [0, 3, 1, 2];
/** Order of axes that brings the layout of ONNX, [N, C, H, W], into that of TensorFlow.js. */
export const TO_NHWC = [0, 2, 3, 1];
/** Order of axes that puts the channels of [N, H, W, C] in the place of a batch: [C, N, H, W]. */
export const TO_CNHW = [3, 0, 1, 2];

/** Return what TensorFlow.js worked out of strides, paddings and rounding. */
export function windowAttributes({
  strideHeight,
  strideWidth,
  padInfo,
}: tf.backend_util.Conv2DInfo): WindowAttributes {
  const { top, bottom, left, right } = padInfo;
  return { strides: [strideHeight, strideWidth], padding: [top, bottom, left, right] };
}

/** Rows and columns of a tensor [N, H, W, C]. */
export function pictureOf([, height, width]: readonly number[]): Pair {
  return [height!, width!];
}

/**
 * Return pads by which ONNX makes as many windows as TensorFlow.js does.
 *
 * TensorFlow.js counts those of both axes by the filter's height where `pad` is a number, and rounds up where it is told
 * to; it reads zeros outside the picture. `cut` rows and columns are left out first where it makes fewer windows than fit.
 */
export function forwardPads(windows: Windows): { pads: readonly number[]; cut: Pair } {
  const [top, bottom, left, right] = windows.padding;
  const [rows, columns] = reach(windows);
  const [lower, cutRows] = endPad(rows, bottom, windows.strides[0]);
  const [after, cutColumns] = endPad(columns, right, windows.strides[1]);
  return { pads: [top, left, lower, after], cut: [cutRows, cutColumns] };
}

/** Return the pad at an axis's end, and how much is to be cut off there. */
function endPad(beyond: number, pad: number, stride: number): Pair {
  // windows end `beyond`: the pad asked for holds just as many
  if (pad - beyond >= 0 && pad - beyond < stride) return [pad, 0];
  return [Math.max(0, beyond), Math.max(0, -beyond)];
}

/** Return pads by which the windows end where the padded picture does; `unreached` rows and columns at its ends lie in no window. */
export function exactPads(windows: Windows): { pads: readonly number[]; unreached: Pair } {
  const [top, , left] = windows.padding;
  const [rows, columns] = reach(windows);
  return {
    pads: [top, left, Math.max(0, rows), Math.max(0, columns)],
    unreached: [Math.max(0, -rows), Math.max(0, -columns)],
  };
}

/** Rows and columns that the last window reaches beyond the picture; negative: that no window reaches. */
function reach({ strides, padding, inside, span, count }: Windows): Pair {
  return [
    (count[0] - 1) * strides[0] + span[0] - inside[0] - padding[0],
    (count[1] - 1) * strides[1] + span[1] - inside[1] - padding[2],
  ];
}

/** Leave out the last rows and columns of a picture [., ., H, W]. */
export function cutEnds(onnx: OnnxBuilder, x: OnnxTensor, [rows, columns]: Pair): OnnxTensor {
  if (rows === 0 && columns === 0) return x;
  const shape = [x.shape[0]!, x.shape[1]!, x.shape[2]! - rows, x.shape[3]! - columns];
  const ends = onnx.integers(shape.slice(2));
  return onnx.node("Slice", [x, onnx.integers([0, 0]), ends, onnx.integers([2, 3])], shape);
}

/**
 * Append the transpose of a convolution: to pictures [N, channels, H, W] that `windows` lie over, from gradients of what
 * they gave and a filter, both in the layout of ONNX. `groups` of channels have filters of their own.
 */
export function transposedConvolution(
  onnx: OnnxBuilder,
  operands: readonly [OnnxTensor, OnnxTensor],
  channels: number,
  windows: Windows,
  groups = 1,
): OnnxTensor {
  const { strides, inside } = windows;
  const { pads, unreached } = exactPads(windows);
  // of rows and columns that no window reached ONNX makes fewer than a stride has
  const beside = unreached.every((count, axis) => count < strides[axis]!) ? ([0, 0] as const) : unreached;
  const shape = [operands[0].shape[0]!, channels, inside[0] - beside[0], inside[1] - beside[1]];
  const dx = onnx.node("ConvTranspose", operands, shape, "float32", {
    strides,
    pads,
    output_padding: [unreached[0] - beside[0], unreached[1] - beside[1]],
    ...(groups > 1 ? { group: groups } : {}),
  });
  return withEnds(onnx, dx, beside);
}

/** Put rows and columns of zeros after those of a picture [., ., H, W]. */
export function withEnds(onnx: OnnxBuilder, x: OnnxTensor, [rows, columns]: Pair): OnnxTensor {
  if (rows === 0 && columns === 0) return x;
  const shape = [x.shape[0]!, x.shape[1]!, x.shape[2]! + rows, x.shape[3]! + columns];
  return onnx.node("Pad", [x, onnx.integers([0, 0, 0, 0, 0, 0, rows, columns])], shape);
}

/** Return what nodes of a GraphModel with windows have in common; `pads`: top, left, bottom, right. */
export function windowSettings(strides: Pair, pads: readonly number[]) {
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const padding = pads.every((pad) => pad === 0)
    ? { padding: "VALID" }
    : { padding: "EXPLICIT", explicit_paddings: [0, 0, top, bottom, left, right, 0, 0] };
  return { strides: [1, ...strides, 1], data_format: "NHWC", ...padding };
}

/** Leave out the last rows and columns of a picture [N, H, W, C] of a GraphModel. */
export function withoutEnds(model: GraphModelBuilder, x: Value, [rows, columns]: Pair): Value {
  if (rows === 0 && columns === 0) return x;
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  const shape = [n, height - rows, width - columns, channels];
  const output = { dtype: x.dtype, shape };
  return model.node("Slice", [x, model.integers([0, 0, 0, 0]), model.integers(shape)], output);
}

/** Put rows and columns of `value` around a picture [N, H, W, C] of a GraphModel; `pads`: top, left, bottom, right. */
export function padded(model: GraphModelBuilder, x: Value, pads: readonly number[], value: number): Value {
  if (pads.every((pad) => pad === 0)) return x;
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  const amounts = model.integers([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  const output = { dtype: x.dtype, shape: [n, top + height + bottom, left + width + right, channels] };
  return model.node("PadV2", [x, amounts, model.number(value)], output);
}
