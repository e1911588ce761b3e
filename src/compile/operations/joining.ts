// Operations that put tensors together or take one apart.
import * as tf from "@tensorflow/tfjs-core";
import { reshape } from "../emit/onnx/layout.js";
import { graphModelNode, type Operations, operation } from "./operation.js";

type Axis = { readonly axis: number };

/** Concat, stack, split and unstack. */
export const JOININGS: Operations = {
  Concat: operation<Axis>({
    inputs: "list",
    accepts: { axis: "any" },
    attributes: ([first], { axis }) => ({ axis: axisOf(axis, first!.shape) }),
    shape: (tensors, { axis }) => {
      const { dtype, shape } = tensors[0]!;
      const length = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
      return { dtype, shape: shape.with(axis, length) };
    },
    onnx: (onnx, tensors, { axis }, [output]) =>
      onnx.node("Concat", tensors, output!.shape, output!.dtype, { axis }),
    graphModel: (model, tensors, { axis }, [output]) =>
      model.node("ConcatV2", [...tensors, model.integer(axis)], output!, { N: tensors.length }),
    gradient: {
      saves: { saveAllInputs: true },
      // those with several inputs return a list
      rule: (dy, inputs, { axis }) => {
        const along = axisOf(axis, inputs[0]!.shape);
        const parts = tf.split(
          dy,
          inputs.map(({ shape }) => shape[along]!),
          along,
        );
        return Object.fromEntries(parts.map((part, index) => [index, () => part]));
      },
    },
  }),
  Pack: operation<Axis>({
    inputs: "list",
    accepts: { axis: "any" },
    attributes: ([first], { axis }) => ({ axis: axis < 0 ? axis + first!.shape.length + 1 : axis }),
    shape: (tensors, { axis }) => {
      const { dtype, shape } = tensors[0]!;
      return { dtype, shape: shape.toSpliced(axis, 0, tensors.length) };
    },
    onnx: (onnx, tensors, { axis }, [output]) => {
      const { shape, dtype } = output!;
      const slabs = tensors.map((tensor) => reshape(onnx, tensor, shape.with(axis, 1)));
      return onnx.node("Concat", slabs, shape, dtype, { axis });
    },
    graphModel: graphModelNode("Pack", ({ axis }, tensors) => ({ axis, N: tensors.length })),
    gradient: {
      saves: { saveAllInputs: true },
      rule: (dy, _, { axis }) =>
        Object.fromEntries(tf.unstack(dy, axis).map((part, index) => [index, () => part])),
    },
  }),
  SplitV: operation<Axis & { readonly sizes: readonly number[] }>({
    inputs: ["x"],
    accepts: { numOrSizeSplits: "any", axis: "any" },
    attributes: ([x], { numOrSizeSplits, axis }) => {
      const along = axisOf(axis, x!.shape);
      // it reads the shape alone
      const whole = { shape: [...x!.shape] } as unknown as tf.Tensor;
      return { axis: along, sizes: tf.backend_util.prepareSplitSize(whole, numOrSizeSplits, along) };
    },
    shape: ([x], { axis, sizes }) =>
      sizes.map((length) => ({ dtype: x!.dtype, shape: x!.shape.with(axis, length) })),
    isCopy: (_, { sizes }) => sizes.length === 1,
    onnx: (onnx, [x], { axis, sizes }, outputs) => {
      const shapes = outputs.map(({ shape }) => shape);
      return onnx.split("Split", [x!, onnx.integers(sizes)], shapes, x!.dtype, { axis });
    },
    graphModel: (model, [x], { axis, sizes }, outputs) =>
      model.split("SplitV", [x!, model.integers(sizes), model.integer(axis)], outputs, {
        num_split: sizes.length,
      }),
    gradient: { saves: {}, rule: (dy, _, { axis }) => ({ x: () => tf.concat(listed(dy), axis) }) },
  }),
  Unpack: operation<Axis>({
    inputs: ["value"],
    accepts: { axis: "any" },
    attributes: ([x], { axis }) => ({ axis: axisOf(axis, x!.shape) }),
    shape: ([x], { axis }) => {
      const slice = { dtype: x!.dtype, shape: x!.shape.toSpliced(axis, 1) };
      return Array.from({ length: x!.shape[axis]! }, () => slice);
    },
    onnx: (onnx, [x], { axis }, outputs) => {
      if (outputs.length === 1) return [reshape(onnx, x!, outputs[0]!.shape)];
      const slabs = onnx.split(
        "Split",
        [x!],
        outputs.map(() => x!.shape.with(axis, 1)),
        x!.dtype,
        { axis },
      );
      return slabs.map((slab, k) =>
        onnx.node("Squeeze", [slab, onnx.integers([axis])], outputs[k]!.shape, x!.dtype),
      );
    },
    graphModel: (model, [x], { axis }, outputs) =>
      model.split("Unpack", [x!], outputs, { axis, num: outputs.length }),
    gradient: { saves: {}, rule: (dy, _, { axis }) => ({ value: () => tf.stack(listed(dy), axis) }) },
  }),
};

function axisOf(axis: number, shape: readonly number[]): number {
  return tf.util.parseAxisParam(axis, [...shape])[0]!;
}

/** Operations with several outputs get a list of gradients, or a bare one for a list of one output. */
function listed(dy: unknown): tf.Tensor[] {
  return (Array.isArray(dy) ? dy : [dy]) as tf.Tensor[];
}
