// A TensorFlow.js function as an ONNX file.
import { emitOnnx } from "./emit/onnx/emit-onnx.js";
import { mergeEqualNodes } from "./passes/merge-equal-nodes.js";
import { type TensorFunction, type TensorSpecs, traceGraph } from "./trace/trace.js";

/**
 * Return the ONNX file of `fn` for inputs of the shapes given; `metadata` is stored in the file.
 *
 * Throws a UsageError for what `traceGraph` refuses. Where a value is not a number two operations differ from
 * TensorFlow.js's `cpu`: `tf.sign` gives NaN there (eagerly 0), `tf.step` 0 (eagerly NaN); and casting to int32 what no
 * int32 can hold gives any number.
 */
export function traceToOnnx(
  fn: TensorFunction,
  inputs: TensorSpecs,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // a loss that is asked for beside its gradient is computed once: onnxruntime, too, joins equal nodes, but not where they read
  // constants that are only equal
  return emitOnnx(mergeEqualNodes(traceGraph(fn, inputs)), { metadata });
}
