// Operations that read and write where whole numbers say: gather, scatter, sums of segments, one-hot codes.
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../math/shape.js";
import { elementwise, reshape } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import { fromInput } from "./gradient.js";
import { graphModelNode, type Operations, operation } from "./operation.js";
import { floatOnly } from "./unary.js";

type OneHot = {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype: "float32" | "int32";
};

/** Indices are int32, from 0. Those out of range stop a run, but for one-hot codes and segments, which leave them out. */
export const INDEXINGS: Operations = {
  OneHot: operation<OneHot>({
    inputs: ["indices"],
    accepts: { depth: "any", onValue: "any", offValue: "any", dtype: ["float32", "int32"] },
    attributes: (_, { depth, onValue, offValue, dtype }) => ({ depth, onValue, offValue, dtype }),
    shape: ([indices], { depth, dtype }) => ({ dtype, shape: [...indices!.shape, depth] }),
    onnx: (onnx, [indices], { depth, onValue, offValue, dtype }, [output]) => {
      // ONNX's OneHot counts negative indices from the end
      const places = onnx.constant(
        Int32Array.from({ length: depth }, (_, k) => k),
        [depth],
        "int32",
      );
      const column = reshape(onnx, indices!, [...indices!.shape, 1]);
      const hot = onnx.node("Equal", [column, places], output!.shape, "bool");
      const values = [onnx.filled(onValue, [], dtype), onnx.filled(offValue, [], dtype)];
      return onnx.node("Where", [hot, ...values], output!.shape, dtype);
    },
    graphModel: (model, [indices], { depth, onValue, offValue, dtype }, [output]) => {
      const settings = [model.integer(depth), model.number(onValue), model.number(offValue)];
      return model.node("OneHot", [indices!, ...settings], output!, { T: { type: dtype } });
    },
    gradient: fromInput((_, indices) => tf.zeros(indices.shape), "indices"),
  }),
  GatherV2: operation<{ axis: number }>({
    inputs: ["x", "indices"],
    accepts: { axis: "any", batchDims: [0] },
    attributes: ([x], { axis }) => ({ axis: axisOf(axis, x!.shape) }),
    shape: ([x, indices], { axis }) => ({
      dtype: x!.dtype,
      shape: x!.shape.toSpliced(axis, 1, ...indices!.shape),
    }),
    onnx: (onnx, inputs, { axis }, [output]) =>
      onnx.node("Gather", inputs, output!.shape, output!.dtype, { axis }),
    graphModel: (model, inputs, { axis }, [output]) =>
      model.node("GatherV2", [...inputs, model.integer(axis)], output!, { batch_dims: 0 }),
    gradient: {
      saves: { inputsToSave: ["x", "indices"] },
      rule: (dy, saved, { axis }) => {
        const [x, indices] = saved as [tf.Tensor, tf.Tensor];
        return {
          x: () => {
            const along = axisOf(axis, x.shape);
            const rows = tf.reshape(dy, x.shape.with(along, indices.size));
            const order = [along, ...x.shape.map((_, other) => other).filter((other) => other !== along)];
            const ids = tf.reshape(indices, [-1]) as tf.Tensor1D;
            const sums = tf.unsortedSegmentSum(tf.transpose(rows, order), ids, x.shape[along]!);
            return tf.transpose(sums, tf.backend_util.getUndoAxesPermutation(order));
          },
          indices: () => tf.zeros(indices.shape),
        };
      },
    },
  }),
  GatherNd: operation({
    inputs: ["params", "indices"],
    accepts: {},
    refuse: ([, indices]) =>
      indices!.shape.at(-1) ? undefined : "with indices of no axis: the last axis of indices holds them",
    shape: ([params, indices]) => ({
      dtype: params!.dtype,
      shape: [...indices!.shape.slice(0, -1), ...params!.shape.slice(indices!.shape.at(-1)!)],
    }),
    onnx: (onnx, [params, indices], _, [output]) =>
      onnx.node("GatherND", [params!, int64(onnx, indices!)], output!.shape, output!.dtype),
    graphModel: graphModelNode("GatherNd", (_, [params]) => ({ Tparams: { type: params!.dtype } })),
    gradient: {
      saves: { inputsToSave: ["params", "indices"] },
      rule: (dy, saved) => {
        const [params, indices] = saved as [tf.Tensor, tf.Tensor];
        return {
          params: () => {
            const depth = indices.shape.at(-1)!;
            const rows = tf.reshape(indices, [-1, depth]);
            const updates = tf.reshape(dy, [rows.shape[0]!, ...params.shape.slice(depth)]);
            return tf.scatterND(rows, updates, params.shape);
          },
          indices: () => tf.zeros(indices.shape),
        };
      },
    },
  }),
  /** What goes to the same place is added up. */
  ScatterNd: operation<{ shape: readonly number[] }>({
    inputs: ["indices", "updates"],
    accepts: { shape: "any" },
    attributes: (_, { shape }) => ({ shape }),
    shape: ([, updates], { shape }) => ({ dtype: updates!.dtype, shape }),
    onnx: (onnx, [indices, updates], { shape }) => {
      const depth = depthOf(indices!.shape);
      const count = sizeOf(indices!.shape) / depth;
      const rows = reshape(onnx, indices!, [count, depth]);
      return scatterSum(onnx, rows, reshape(onnx, updates!, [count, ...shape.slice(depth)]), shape);
    },
    graphModel: (model, inputs, { shape }, [output]) =>
      model.node("ScatterNd", [...inputs, model.integers(shape)], output!),
    gradient: {
      saves: { inputsToSave: ["indices", "updates"] },
      rule: (dy, saved) => {
        const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
        return {
          indices: () => tf.zeros(indices.shape),
          updates: () => {
            const rows = tf.reshape(indices, [-1, depthOf(indices.shape)]);
            return tf.reshape(tf.gatherND(dy, rows), updates.shape);
          },
        };
      },
    },
  }),
  /** Sums of the rows of x that have the same number; of other numbers than 0 to numSegments - 1, none. */
  UnsortedSegmentSum: operation<{ numSegments: number }>({
    inputs: ["x", "segmentIds"],
    accepts: { numSegments: "any" },
    attributes: (_, { numSegments }) => ({ numSegments }),
    refuse: ([x, ids]) =>
      ids!.shape.length === 1
        ? floatOnly([x!])
        : `with segment ids of ${ids!.shape.length} axes: reshape them to one, and x alike`,
    shape: ([x], { numSegments }) => ({ dtype: "float32", shape: x!.shape.with(0, numSegments) }),
    // Gradients of embeddings are such sums. Of 4096 rows of 64 into 65, ScatterND takes 0.09 ms in onnxruntime on one core;
    // the product with one-hot codes 0.45 ms, and more for each further segment; ScatterElements 1.3 ms. Rows are added in
    // their order, as long as the engines give onnxruntime one thread.
    onnx: (onnx, [x, ids], { numSegments }, [output]) => {
      const number = (value: number) => onnx.filled(value, [], "int32");
      const whole = (opType: string, other: OnnxTensor) => elementwise(onnx, opType, [ids!, other], "bool");
      const inside = [whole("GreaterOrEqual", number(0)), whole("Less", number(numSegments))];
      // others go to a row that is cut off again
      const known = elementwise(onnx, "And", inside, "bool");
      const places = elementwise(onnx, "Where", [known, ids!, number(numSegments)], "int32");
      const rows = reshape(onnx, places, [ids!.shape[0]!, 1]);
      const sums = scatterSum(onnx, rows, x!, x!.shape.with(0, numSegments + 1));
      const cut = [[0], [numSegments], [0]].map((list) => onnx.integers(list));
      return onnx.node("Slice", [sums, ...cut], output!.shape, "float32");
    },
    graphModel: { none: "TensorFlow.js's GraphModels have no sums of segments" },
    gradient: {
      saves: { inputsToSave: ["segmentIds"] },
      rule: (dy, [segmentIds], { numSegments }) => {
        const ids = segmentIds as tf.Tensor1D;
        const whole = (value: number) => tf.scalar(value, "int32");
        return {
          x: () => {
            const known = tf.logicalAnd(tf.greaterEqual(ids, whole(0)), tf.less(ids, whole(numSegments)));
            const rows = tf.gather(dy, tf.minimum(tf.maximum(ids, whole(0)), whole(numSegments - 1)));
            const column = [ids.size, ...dy.shape.slice(1).map(() => 1)];
            return tf.mul(rows, tf.reshape(tf.cast(known, "float32"), column));
          },
          segmentIds: () => tf.zeros(ids.shape),
        };
      },
    },
  }),
};

/** Return the index numbers of ONNX, which are longer. */
function int64(onnx: OnnxBuilder, indices: OnnxTensor): string {
  const name = onnx.freshName();
  onnx.rawNode("Cast", [indices], [name], { to: ELEMENT_TYPE.int64 });
  return name;
}

/** Add `updates` [N, ...] to zeros of the shape given, at the places `rows` [N, depth]. */
function scatterSum(
  onnx: OnnxBuilder,
  rows: OnnxTensor,
  updates: OnnxTensor,
  shape: readonly number[],
): OnnxTensor {
  const zeros = onnx.filled(0, shape, updates.dtype);
  const inputs = [zeros, int64(onnx, rows), updates];
  return onnx.node("ScatterND", inputs, shape, updates.dtype, { reduction: "add" });
}

/** How many axes an index goes through; a list of numbers is one of indices into the first axis. */
function depthOf(indices: readonly number[]): number {
  return indices.length > 1 ? indices.at(-1)! : 1;
}

function axisOf(axis: number, shape: readonly number[]): number {
  return tf.util.parseAxisParam(axis, [...shape])[0]!;
}
