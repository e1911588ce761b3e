// Sums, means and extremes along axes, and softmax.
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../math/shape.js";
import type { TensorType } from "../graph/graph.js";
import { reducedShape } from "../graph/shapes.js";
import { fromInput, outputOf } from "./gradient.js";
import { type Gradient, graphModelNode, type Operation, type Operations, operation } from "./operation.js";

type Reduction = { readonly axes: readonly number[]; readonly keepDims: boolean };

/** Operations that leave fewer numbers, and softmax. */
export const REDUCTIONS: Operations = {
  Sum: operation<Reduction>({
    ...reduction("axis", "Sum"),
    onnx: (onnx, [x], { axes, keepDims }, [output]) => {
      const { shape, dtype } = output!;
      // one axis that is left lies the same in every order
      const view = shape.length === 1 && !keepDims ? x!.view : undefined;
      const [source, along] = view ? [view.source, axes.map((axis) => view.perm[axis]!)] : [x!, axes];
      return onnx.node("ReduceSum", [source, onnx.integers(along)], shape, dtype, {
        keepdims: keepDims ? 1 : 0,
      });
    },
    gradient: fromInput((dy, x, { axis }) => spread(dy, x, axis).values),
  }),
  Mean: reduced(
    "ReduceMean",
    "Mean",
    "axis",
    fromInput((dy, x, { axis }) => {
      const { axes, values } = spread(dy, x, axis);
      return tf.div(values, sizeOf(axes.map((k) => x.shape[k]!)));
    }),
  ),
  Max: reduced("ReduceMax", "Max", "reductionIndices", ofExtreme("reductionIndices")),
  Min: reduced("ReduceMin", "Min", "axis", ofExtreme("axis")),
  Softmax: operation<{ axis: number }>({
    inputs: ["logits"],
    // TensorFlow.js refuses any axis but the last
    accepts: { dim: "any" },
    attributes: ([logits]) => ({ axis: logits!.shape.length - 1 }),
    shape: ([logits]) => logits!,
    onnx: (onnx, [logits], { axis }) => onnx.node("Softmax", [logits!], logits!.shape, "float32", { axis }),
    graphModel: graphModelNode("Softmax"),
    gradient: {
      saves: { inputsToSave: ["logits"], outputsToSave: [true] },
      rule: (dy, saved, { dim }) => ({
        logits: () => {
          const y = outputOf((logits) => tf.softmax(logits, dim), saved);
          const weighted = tf.mul(dy, y);
          return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
        },
      }),
    },
  }),
};

/** A reduction that is one node of ONNX, in which TensorFlow.js names the axes by the attribute `axisName`. */
export function reduced(
  opType: string,
  graphModelOp: string,
  axisName: string,
  gradient: Gradient,
): Operation {
  return operation<Reduction>({
    ...reduction(axisName, graphModelOp),
    onnx: (onnx, [x], { axes, keepDims }, [output]) =>
      onnx.node(opType, [x!], output!.shape, output!.dtype, { axes, keepdims: keepDims ? 1 : 0 }),
    gradient,
  });
}

/** What reductions have in common; `axisName` is the attribute in which TensorFlow.js names the axes, `graphModelOp` TensorFlow's node. */
function reduction(axisName: string, graphModelOp: string) {
  return {
    inputs: ["x"],
    accepts: { [axisName]: "any", keepDims: "any" },
    attributes: ([x], given) => ({
      axes: tf.util.parseAxisParam(given[axisName], [...x!.shape]),
      keepDims: given.keepDims ?? false,
    }),
    shape: ([x], { axes, keepDims }) => ({
      dtype: x!.dtype,
      shape: reducedShape(x!.shape, axes, keepDims),
    }),
    isCopy: (_: readonly TensorType[], { axes }) => axes.length === 0,
    graphModel: (model, [x], { axes, keepDims }, [output]) =>
      model.node(graphModelOp, [x!, model.integers(axes)], output!, { keep_dims: keepDims }),
  } satisfies Omit<Operation<Reduction>, "onnx" | "gradient">;
}

/** Repeat a gradient along the axes that were reduced. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: number | number[]) {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  return { axes, values: tf.mul(tf.reshape(dy, reducedShape(x.shape, axes, true)), tf.onesLike(x)) };
}

function ofExtreme(axisName: string): Gradient {
  return {
    saves: { inputsToSave: ["x"], outputsToSave: [true] },
    rule: (dy, [x, y], attributes) => ({
      x: () => {
        const axis = attributes[axisName] as number | number[];
        const { axes, values: extreme } = spread(y!, x!, axis);
        const ties = tf.cast(tf.equal(x!, extreme), "float32");
        // shared evenly among ties, as in TensorFlow and PyTorch: a gradient sums to that of the extreme
        return tf.mul(spread(dy, x!, axis).values, tf.div(ties, tf.sum(ties, axes, true)));
      },
    }),
  };
}
