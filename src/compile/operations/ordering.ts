// The places of the greatest and least numbers.
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../math/shape.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import { fromInput } from "./gradient.js";
import { type Operation, type Operations, operation } from "./operation.js";

/** Of equal numbers the first one counts; places are int32. */
export const ORDERINGS: Operations = {
  ArgMax: place("ArgMax"),
  ArgMin: place("ArgMin"),
  /** The `count` greatest numbers along the last axis, the greatest first, and their places. */
  TopK: operation<{ count: number }>({
    inputs: ["x"],
    accepts: { k: "any", sorted: [true] },
    attributes: (_, { k }) => ({ count: k }),
    shape: ([x], { count }) => {
      const shape = x!.shape.with(-1, count);
      return [
        { dtype: x!.dtype, shape },
        { dtype: "int32", shape },
      ];
    },
    onnx: (onnx, [x], { count }, [values, places]) => {
      const [greatest, indices] = [onnx.freshName(), onnx.freshName()];
      onnx.rawNode("TopK", [x!, onnx.integers([count])], [greatest, indices]);
      const cast = onnx.node("Cast", [indices], places!.shape, "int32", { to: ELEMENT_TYPE.int32 });
      return [{ ...values!, name: greatest }, cast];
    },
    graphModel: (model, [x], { count }, outputs) =>
      model.split("TopKV2", [x!, model.integer(count)], outputs, { sorted: true }),
    gradient: {
      saves: { inputsToSave: ["x"], outputsToSave: [false, true] },
      rule: (dy, [x, indices], { k }) => ({
        x: () => {
          const length = x!.shape.at(-1)!;
          const numRows = sizeOf(x!.shape.slice(0, -1));
          const starts = tf.mul(tf.range(0, numRows, 1, "int32"), tf.scalar(length, "int32"));
          const places = tf.add(tf.reshape(indices!, [numRows, k]), tf.reshape(starts, [numRows, 1]));
          const [slopes] = dy as unknown as [tf.Tensor, tf.Tensor];
          const flat = tf.scatterND(tf.reshape(places, [-1, 1]), tf.reshape(slopes, [-1]), [x!.size]);
          return tf.reshape(flat, x!.shape);
        },
      }),
    },
  }),
};

function place(op: "ArgMax" | "ArgMin"): Operation {
  return operation<{ axis: number }>({
    inputs: ["x"],
    accepts: { axis: "any" },
    attributes: ([x], { axis }) => ({ axis: tf.util.parseAxisParam(axis, [...x!.shape])[0]! }),
    shape: ([x], { axis }) => ({ dtype: "int32", shape: x!.shape.toSpliced(axis, 1) }),
    onnx: (onnx, [x], { axis }, [output]) => {
      const index = onnx.freshName();
      onnx.rawNode(op, [x!], [index], { axis, keepdims: 0 });
      return onnx.node("Cast", [index], output!.shape, "int32", { to: ELEMENT_TYPE.int32 });
    },
    graphModel: (model, [x], { axis }, [output]) => model.node(op, [x!, model.integer(axis)], output!),
    gradient: fromInput((_, x) => tf.zeros(x.shape)),
  });
}
