// Operations that give the same numbers in another shape or order, or more or fewer of them.
import * as tf from "@tensorflow/tfjs-core";
import { isSameShape, sizeOf } from "../../math/shape.js";
import { reshape, transpose } from "../emit/onnx/layout.js";
import { fromInput } from "./gradient.js";
import { type Operations, operation } from "./operation.js";

type Shape = { readonly shape: readonly number[] };

/** Reshapes, transposes, repetitions, cuts and paddings of one tensor. */
export const MOVEMENTS: Operations = {
  Reshape: operation<Shape>({
    inputs: ["x"],
    accepts: { shape: "any" },
    attributes: ([x], { shape }) => ({ shape: tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape)) }),
    shape: ([x], { shape }) => ({ dtype: x!.dtype, shape }),
    isCopy: ([x], { shape }) => isSameShape(x!.shape, shape),
    onnx: (onnx, [x], { shape }) => reshape(onnx, x!, shape),
    graphModel: (model, [x], { shape }, [output]) =>
      model.node("Reshape", [x!, model.integers(shape)], output!),
    gradient: fromInput((dy, x) => tf.reshape(dy, x.shape)),
  }),
  ExpandDims: operation<{ axis: number }>({
    inputs: ["input"],
    accepts: { dim: "any" },
    attributes: ([x], { dim }) => ({ axis: dim < 0 ? dim + x!.shape.length + 1 : dim }),
    shape: ([x], { axis }) => ({ dtype: x!.dtype, shape: x!.shape.toSpliced(axis, 0, 1) }),
    onnx: (onnx, [x], _, [output]) => reshape(onnx, x!, output!.shape),
    graphModel: (model, [x], { axis }, [output]) =>
      model.node("ExpandDims", [x!, model.integer(axis)], output!),
    gradient: fromInput((dy, x) => tf.reshape(dy, x.shape), "input"),
  }),
  Transpose: operation<{ perm: readonly number[] }>({
    inputs: ["x"],
    accepts: { perm: "any" },
    attributes: (_, { perm }) => ({ perm }),
    shape: ([x], { perm }) => ({ dtype: x!.dtype, shape: perm.map((axis) => x!.shape[axis]!) }),
    isCopy: (_, { perm }) => perm.every((from, to) => from === to),
    onnx: (onnx, [x], { perm }) => transpose(onnx, x!, perm),
    graphModel: (model, [x], { perm }, [output]) =>
      model.node("Transpose", [x!, model.integers(perm)], output!),
    gradient: fromInput((dy, _, { perm }) => tf.transpose(dy, inverse(perm))),
  }),
  Tile: operation<{ repetitions: readonly number[] }>({
    inputs: ["x"],
    accepts: { reps: "any" },
    attributes: (_, { reps }) => ({ repetitions: reps }),
    shape: ([x], { repetitions }) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((length, axis) => length * repetitions[axis]!),
    }),
    onnx: (onnx, [x], { repetitions }, [output]) =>
      onnx.node("Tile", [x!, onnx.integers(repetitions)], output!.shape, output!.dtype),
    graphModel: (model, [x], { repetitions }, [output]) =>
      model.node("Tile", [x!, model.integers(repetitions)], output!),
    gradient: fromInput((dy, x, { reps }) => {
      // split each axis into repetitions and the rest, then sum the repetitions
      const shape = x.shape.flatMap((length, axis) => [(reps as number[])[axis]!, length]);
      const repetitions = x.shape.map((_, axis) => 2 * axis);
      return tf.sum(tf.reshape(dy, shape), repetitions);
    }),
  }),
  Slice: operation<{ begin: readonly number[]; size: readonly number[] }>({
    inputs: ["x"],
    accepts: { begin: "any", size: "any" },
    attributes: ([x], { begin, size }) => {
      const [from, lengths] = sliceOf(x!.shape, begin, size);
      return { begin: from, size: lengths };
    },
    shape: ([x], { size }) => ({ dtype: x!.dtype, shape: size }),
    onnx: (onnx, [x], { begin, size }) => {
      const to = begin.map((start, axis) => start + size[axis]!);
      const axes = begin.map((_, axis) => axis);
      const inputs = [x!, onnx.integers(begin), onnx.integers(to), onnx.integers(axes)];
      return onnx.node("Slice", inputs, size, x!.dtype);
    },
    graphModel: (model, [x], { begin, size }, [output]) =>
      model.node("Slice", [x!, model.integers(begin), model.integers(size)], output!),
    gradient: fromInput((dy, x, { begin, size }) => {
      const [from, lengths] = sliceOf(x.shape, begin, size);
      return tf.pad(
        dy,
        from.map((start, axis) => [start, x.shape[axis]! - start - lengths[axis]!] as [number, number]),
      );
    }),
  }),
  PadV2: operation<{ before: readonly number[]; after: readonly number[]; value: number }>({
    inputs: ["x"],
    accepts: { paddings: "any", constantValue: "any" },
    attributes: (_, { paddings, constantValue }) => ({
      before: (paddings as [number, number][]).map(([before]) => before),
      after: (paddings as [number, number][]).map(([, after]) => after),
      value: Number(constantValue),
    }),
    shape: ([x], { before, after }) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((length, axis) => length + before[axis]! + after[axis]!),
    }),
    onnx: (onnx, [x], { before, after, value }, [output]) => {
      const { shape, dtype } = output!;
      const amounts = onnx.integers([...before, ...after]);
      const filling = dtype === "float32" ? onnx.scalar(value) : onnx.filled(value, [], dtype);
      return onnx.node("Pad", [x!, amounts, filling], shape, dtype);
    },
    graphModel: (model, [x], { before, after, value }, [output]) => {
      const amounts = before.flatMap((start, axis) => [start, after[axis]!]);
      const filling = output!.dtype === "float32" ? model.number(value) : model.integer(value);
      return model.node("PadV2", [x!, model.integers(amounts, [before.length, 2]), filling], output!);
    },
    gradient: fromInput((dy, x, { paddings }) =>
      tf.slice(
        dy,
        (paddings as [number, number][]).map(([start]) => start),
        x.shape,
      ),
    ),
  }),
};

/** Work out where a cut begins and how long it is, on each axis. */
function sliceOf(
  shape: readonly number[],
  begin: number | number[],
  size: number | number[],
): [number[], number[]] {
  // it reads the shape alone
  const x = { shape: [...shape] } as unknown as tf.Tensor;
  return tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
}

function inverse(permutation: readonly number[]): number[] {
  const result: number[] = [];
  for (const [to, from] of permutation.entries()) result[from] = to;
  return result;
}
