// Transposes that wait: what works number by number runs on the tensor as it lies, and two transposes become one.
import * as tf from "@tensorflow/tfjs-core";
import { ELEMENT_TYPE } from "../emit/onnx-model.js";
import type { TraceBackend } from "./trace-backend.js";

/** Return `x` with its axes in the order `perm`. */
export function transpose(graph: TraceBackend, x: tf.TensorInfo, perm: readonly number[]): tf.TensorInfo {
  const bytes = graph.castOf(x);
  // bytes are moved faster than the floats that they become
  if (bytes) return castFromBytes(graph, transpose(graph, bytes, perm));
  const view = graph.viewOf(x);
  if (view)
    return transpose(
      graph,
      view.source,
      perm.map((axis) => view.perm[axis]!),
    );
  if (perm.every((axis, index) => axis === index)) return x;
  const shape = perm.map((axis) => x.shape[axis]!);
  return graph.node("Transpose", [x], shape, x.dtype, { perm });
}

/** Return bytes as floats, which remember that they were bytes. */
export function castFromBytes(graph: TraceBackend, bytes: tf.TensorInfo): tf.TensorInfo {
  const cast = graph.node("Cast", [bytes], bytes.shape, "float32", { to: ELEMENT_TYPE.float32 });
  graph.setCastOf(cast, bytes);
  return cast;
}

/** Append a node that works number by number, on tensors as they lie where all of them are views of one order. */
export function elementwise(
  graph: TraceBackend,
  opType: string,
  inputs: readonly tf.TensorInfo[],
  dtype: tf.DataType,
  attributes: Readonly<Record<string, number>> = {},
): tf.TensorInfo {
  const perm = inputs.map((input) => graph.viewOf(input)?.perm).find((found) => found);
  const lying = perm && inputs.map((input) => lay(graph, input, perm));
  if (perm && lying?.every((input) => input)) {
    const result = graph.node(
      opType,
      lying as tf.TensorInfo[],
      shapeOf(lying as tf.TensorInfo[]),
      dtype,
      attributes,
    );
    return graph.view(result, perm);
  }
  return graph.node(opType, inputs, shapeOf(inputs), dtype, attributes);
}

/** Return what lies so that its view by `perm` is `x`, where that costs nothing: numbers along the last axis, or one alone. */
function lay(graph: TraceBackend, x: tf.TensorInfo, perm: readonly number[]): tf.TensorInfo | undefined {
  const view = graph.viewOf(x);
  if (view) return tf.util.arraysEqual([...view.perm], [...perm]) ? view.source : undefined;
  // with more axes than the view has, the result has more as well
  if (x.shape.length > perm.length) return undefined;
  const size = tf.util.sizeFromShape(x.shape);
  if (size === 1 && x.shape.length === 0) return x;
  if (size !== x.shape.at(-1)) return undefined;
  const shape = perm.map(() => 1);
  shape[perm.at(-1)!] = size;
  return graph.node("Reshape", [x, graph.integers(shape)], shape, x.dtype);
}

function shapeOf(inputs: readonly tf.TensorInfo[]): number[] {
  return inputs.reduce<number[]>(
    (shape, { shape: other }) => tf.backend_util.assertAndGetBroadcastShape(shape, other),
    [],
  );
}
