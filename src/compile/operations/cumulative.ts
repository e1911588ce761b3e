// Sums of all numbers before each one, and products.
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../math/shape.js";
import { reducedShape } from "../graph/shapes.js";
import { fromInput } from "./gradient.js";
import { type Operations, operation } from "./operation.js";
import { reduced } from "./reduction.js";

type Cumulative = { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };

/** Running sums along an axis, and products along any. */
export const CUMULATIONS: Operations = {
  Cumsum: operation<Cumulative>({
    inputs: ["x"],
    accepts: { axis: "any", exclusive: [false, true], reverse: [false, true] },
    attributes: ([x], { axis, exclusive, reverse }) => ({
      axis: tf.util.parseAxisParam(axis, [...x!.shape])[0]!,
      exclusive,
      reverse,
    }),
    refuse: ([x]) => (x!.dtype === "bool" ? "for bool: cast to int32 first" : undefined),
    shape: ([x]) => x!,
    onnx: (onnx, [x], { axis, exclusive, reverse }) =>
      onnx.node("CumSum", [x!, onnx.filled(axis, [], "int32")], x!.shape, x!.dtype, {
        exclusive: exclusive ? 1 : 0,
        reverse: reverse ? 1 : 0,
      }),
    graphModel: (model, [x], { axis, exclusive, reverse }, [output]) =>
      model.node("Cumsum", [x!, model.integer(axis)], output!, { exclusive, reverse }),
    gradient: fromInput((dy, _, { axis, exclusive, reverse }) => tf.cumsum(dy, axis, exclusive, !reverse)),
  }),
  Prod: reduced(
    "ReduceProd",
    "Prod",
    "axis",
    fromInput((dy, x, { axis }) => {
      const axes = tf.util.parseAxisParam(axis, x.shape);
      const others = x.shape.map((_, k) => k).filter((k) => !axes.includes(k));
      const order = [...others, ...axes];
      const moved = tf.transpose(x, order);
      const length = sizeOf(axes.map((k) => x.shape[k]!));
      const rest = productsOfOthers(tf.reshape(moved, [moved.size / length, length]));
      const undo = tf.backend_util.getUndoAxesPermutation(order);
      const slope = tf.transpose(tf.reshape(rest, moved.shape), undo);
      return tf.mul(slope, tf.reshape(dy, reducedShape(x.shape, axes, true)));
    }),
  ),
};

/**
 * Return, for each number of x [N, K], the product of the others in its row.
 *
 * Nothing is divided by, so that rows with zeros are right as well: the products of all before and of all after it double
 * their reach from step to step (Hillis & Steele, "Data parallel algorithms", 1986).
 */
function productsOfOthers(x: tf.Tensor2D): tf.Tensor2D {
  const length = x.shape[1];
  let [before, after] = [shifted(x, 1), shifted(x, -1)];
  for (let reach = 1; reach < length; reach *= 2) {
    before = tf.mul(before, shifted(before, reach));
    after = tf.mul(after, shifted(after, -reach));
  }
  return tf.mul(before, after);
}

/** Move the rows' numbers `by` places to the right, or to the left below 0; what comes in is 1. */
function shifted(x: tf.Tensor2D, by: number): tf.Tensor2D {
  const [numRows, length] = x.shape;
  const [left, right] = [Math.max(by, 0), Math.max(-by, 0)];
  const kept = tf.slice(x, [0, right], [numRows, length - left - right]);
  return tf.pad(
    kept,
    [
      [0, 0],
      [left, right],
    ],
    1,
  );
}
