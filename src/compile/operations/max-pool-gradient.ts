// The gradient of the greatest number of each window, in ONNX: it goes to the first of equal ones, as in TensorFlow.js.
import { sizeOf } from "../../math/shape.js";
import { transpose, view } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import { type Pair, TO_NCHW, TO_NHWC, withEnds } from "./windows.js";

/** Windows, with rows and columns of padding: top, left, bottom, right. */
export interface PooledWindows {
  readonly window: Pair;
  readonly strides: Pair;
  readonly pads: readonly number[];
}

/** Entries of a window up to which they are compared one by one. */
const MOST_COMPARED = 9;

/** Append what gives dy [N, H, W, C] back to the picture x that y is the pooled one of. */
export function maxPoolGradient(
  onnx: OnnxBuilder,
  [dy, x, y]: readonly [OnnxTensor, OnnxTensor, OnnxTensor],
  windows: PooledWindows,
): OnnxTensor {
  const { window, strides, pads } = windows;
  const apart = strides[0] === window[0] && strides[1] === window[1] && pads.every((pad) => pad === 0);
  const tensors = [dy, x, y].map((tensor) => transpose(onnx, tensor, TO_NCHW)) as [
    OnnxTensor,
    OnnxTensor,
    OnnxTensor,
  ];
  const form = apart && sizeOf(window) <= MOST_COMPARED ? compared : scattered;
  return view(form(onnx, tensors, windows), TO_NHWC);
}

/** Windows side by side: onnxruntime compares and repeats whole tensors in half the time that its search for places takes. */
function compared(
  onnx: OnnxBuilder,
  [dy, x, y]: readonly [OnnxTensor, OnnxTensor, OnnxTensor],
  { window: [rows, columns] }: PooledWindows,
): OnnxTensor {
  const [n, channels, height, width] = y.shape as [number, number, number, number];
  const whole = [n, channels, height * rows, width * columns];
  let place: OnnxTensor | string = onnx.scalar(rows * columns - 1);
  for (let entry = rows * columns - 2; entry >= 0; entry--) {
    const [row, column] = [Math.floor(entry / columns), entry % columns];
    const ends = onnx.integers([height * rows, width * columns]);
    const steps = onnx.integers([rows, columns]);
    const inputs = [x, onnx.integers([row, column]), ends, onnx.integers([2, 3]), steps];
    const isGreatest = onnx.node("Equal", [onnx.node("Slice", inputs, y.shape), y], y.shape, "bool");
    place = onnx.node("Where", [isGreatest, onnx.scalar(entry), place], y.shape);
  }
  const entries = Float32Array.from({ length: whole[2]! * whole[3]! }, (_, k) => {
    const [row, column] = [Math.floor(k / whole[3]!), k % whole[3]!];
    return (row % rows) * columns + (column % columns);
  });
  const pattern = onnx.constant(entries, whole.slice(2), "float32");
  const places = typeof place === "string" ? pattern : repeated(onnx, place, whole);
  const isPlace = onnx.node("Equal", [places, pattern], whole, "bool");
  // faster than a choice between dy and 0
  const share = onnx.node("Cast", [isPlace], whole, "float32", { to: ELEMENT_TYPE.float32 });
  const dx = onnx.node("Mul", [repeated(onnx, dy, whole), share], whole);
  return withEnds(onnx, dx, [x.shape[2]! - whole[2]!, x.shape[3]! - whole[3]!]);
}

/** Make as many pixels of each as `shape` has. */
function repeated(onnx: OnnxBuilder, x: OnnxTensor, shape: readonly number[]): OnnxTensor {
  return onnx.node("Resize", [x, "", "", onnx.integers(shape)], shape, "float32", {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
}

/** Windows that overlap or lie beside the picture: add up what each place gets. */
function scattered(
  onnx: OnnxBuilder,
  [dy, x]: readonly [OnnxTensor, OnnxTensor, OnnxTensor],
  { window, strides, pads }: PooledWindows,
): OnnxTensor {
  const [values, indices] = [onnx.freshName(), onnx.freshName()];
  onnx.rawNode("MaxPool", [x], [values, indices], { kernel_shape: window, strides, pads });
  const flat = onnx.integers([-1]);
  const places = onnx.freshName();
  onnx.rawNode("Reshape", [indices, flat], [places]);
  const gradient = onnx.freshName();
  onnx.rawNode("Reshape", [dy, flat], [gradient]);
  const zeros = onnx.filled(0, [sizeOf(x.shape)], "float32");
  const spread = onnx.node("ScatterElements", [zeros, places, gradient], zeros.shape, "float32", {
    axis: 0,
    reduction: "add",
  });
  return onnx.node("Reshape", [spread, onnx.integers(x.shape)], x.shape);
}
