// Sums, means, extremes, softmax and matrix products.
import * as tf from "@tensorflow/tfjs-core";
import { kernel, mapKernels } from "./kernel.js";
import { reshape } from "./kernels-shape.js";
import type { TraceBackend } from "./trace-backend.js";

const REDUCTION = { axis: "any", keepDims: "any" } as const;

/** Register the mappings. */
export function mapLinearKernels(): void {
  mapKernels({
    Sum: kernel(REDUCTION, (graph, { x }, { axis, keepDims }) => {
      const axes = tf.util.parseAxisParam(axis, x!.shape);
      if (axes.length === 0) return graph.alias(x!);
      const shape = reducedShape(x!, axes, keepDims);
      // one axis that is left lies the same in every order
      const view = shape.length === 1 && !keepDims ? graph.viewOf(x!) : undefined;
      const [source, along] = view ? [view.source, axes.map((index) => view.perm[index]!)] : [x!, axes];
      return graph.node("ReduceSum", [source, graph.integers(along)], shape, x!.dtype, {
        keepdims: keepDims ? 1 : 0,
      });
    }),
    Mean: kernel(REDUCTION, (graph, { x }, { axis, keepDims }) =>
      reduce(graph, "ReduceMean", x!, axis, keepDims),
    ),
    Max: kernel(
      { reductionIndices: "any", keepDims: "any" },
      (graph, { x }, { reductionIndices, keepDims }) =>
        reduce(graph, "ReduceMax", x!, reductionIndices, keepDims),
    ),
    Min: kernel(REDUCTION, (graph, { x }, { axis, keepDims }) =>
      reduce(graph, "ReduceMin", x!, axis, keepDims),
    ),
    // TensorFlow.js refuses any axis but the last
    Softmax: kernel({ dim: "any" }, (graph, { logits }) =>
      graph.node("Softmax", [logits!], logits!.shape, "float32", { axis: logits!.shape.length - 1 }),
    ),
    BatchMatMul: kernel(
      { transposeA: "any", transposeB: "any" },
      (graph, { a, b }, { transposeA, transposeB }) => matMul(graph, a!, b!, transposeA, transposeB),
    ),
  });
}

function reduce(
  graph: TraceBackend,
  opType: string,
  x: tf.TensorInfo,
  axis: number | number[],
  keepDims: boolean,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  // to ONNX no axes mean all of them
  if (axes.length === 0) return graph.alias(x);
  return graph.node(opType, [x], reducedShape(x, axes, keepDims), x.dtype, {
    axes,
    keepdims: keepDims ? 1 : 0,
  });
}

function reducedShape(x: tf.TensorInfo, axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return x.shape.filter((_, axis) => !axes.includes(axis));
}

/** A single product is a Gemm, which takes transposed operands; batches are transposed first. */
function matMul(
  graph: TraceBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if ([...batchA, ...batchB].every((length) => length === 1)) {
    const product = graph.node(
      "Gemm",
      [reshape(graph, a, a.shape.slice(-2)), reshape(graph, b, b.shape.slice(-2))],
      [rows, columns],
      "float32",
      { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
    );
    return reshape(graph, product, [...batchA, rows, columns]);
  }
  const left = transposeA ? swapLast(graph, a) : a;
  const right = transposeB ? swapLast(graph, b) : b;
  const batch = tf.backend_util.assertAndGetBroadcastShape(batchA, batchB);
  return graph.node("MatMul", [left, right], [...batch, rows, columns]);
}

function swapLast(graph: TraceBackend, x: tf.TensorInfo): tf.TensorInfo {
  const perm = x.shape.map((_, axis) => axis);
  const last = perm.length - 1;
  [perm[last], perm[last - 1]] = [last - 1, last];
  return graph.node(
    "Transpose",
    [x],
    perm.map((axis) => x.shape[axis]!),
    "float32",
    { perm },
  );
}
