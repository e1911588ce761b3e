// Operations that move, join, cut, repeat and make numbers.
import * as tf from "@tensorflow/tfjs-core";
import { kernel, mapKernels } from "./kernel.js";
import { castFromBytes, transpose } from "./layout.js";
import type { TraceBackend } from "./trace-backend.js";

/** Register the mappings. */
export function mapShapeKernels(): void {
  mapKernels({
    Reshape: kernel({ shape: "any" }, (graph, { x }, { shape }) => {
      const size = tf.util.sizeFromShape(x!.shape);
      return reshape(graph, x!, tf.util.inferFromImplicitShape(shape, size));
    }),
    ExpandDims: kernel({ dim: "any" }, (graph, { input }, { dim }) => {
      const shape = [...input!.shape];
      shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
      return reshape(graph, input!, shape);
    }),
    Transpose: kernel({ perm: "any" }, (graph, { x }, { perm }) => graph.alias(transpose(graph, x!, perm))),
    Tile: kernel({ reps: "any" }, (graph, { x }, { reps }) =>
      graph.node(
        "Tile",
        [x!, graph.integers(reps)],
        x!.shape.map((length, axis) => length * reps[axis]),
        x!.dtype,
      ),
    ),
    Fill: kernel(
      { shape: "any", value: "any", dtype: ["float32", "int32", "bool"] },
      (graph, _, { shape, value, dtype }) => constant(graph, shape, value, dtype ?? "float32"),
    ),
    ZerosLike: kernel({}, (graph, { x }) => constant(graph, x!.shape, 0, x!.dtype)),
    OnesLike: kernel({}, (graph, { x }) => constant(graph, x!.shape, 1, x!.dtype)),
    Concat: kernel({ axis: "any" }, (graph, inputs, { axis }) => {
      const tensors = Object.values(inputs);
      const first = tensors[0]!;
      const along = tf.util.parseAxisParam(axis, first.shape)[0]!;
      const shape = [...first.shape];
      shape[along] = tensors.reduce((sum, tensor) => sum + tensor.shape[along]!, 0);
      return graph.node("Concat", tensors, shape, first.dtype, { axis: along });
    }),
    Slice: kernel({ begin: "any", size: "any" }, (graph, { x }, { begin, size }) => {
      const [from, lengths] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [
        number[],
        number[],
      ];
      const to = from.map((start, axis) => start + lengths[axis]!);
      const axes = from.map((_, axis) => axis);
      const inputs = [x!, graph.integers(from), graph.integers(to), graph.integers(axes)];
      return graph.node("Slice", inputs, lengths, x!.dtype);
    }),
    PadV2: kernel({ paddings: "any", constantValue: "any" }, (graph, { x }, { paddings, constantValue }) => {
      const pads = paddings as [number, number][];
      const amounts = graph.integers([...pads.map(([before]) => before), ...pads.map(([, after]) => after)]);
      const shape = x!.shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
      const filling =
        x!.dtype === "float32"
          ? graph.scalar(constantValue)
          : constant(graph, [], Number(constantValue), x!.dtype);
      return graph.node("Pad", [x!, amounts, filling], shape, x!.dtype);
    }),
    SplitV: kernel({ numOrSizeSplits: "any", axis: "any" }, (graph, { x }, { numOrSizeSplits, axis }) => {
      const along = tf.util.parseAxisParam(axis, x!.shape)[0]!;
      const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
      if (sizes.length === 1) return [graph.alias(x!)];
      const shapes = sizes.map((length) => x!.shape.map((old, index) => (index === along ? length : old)));
      return graph.split("Split", [x!, graph.integers(sizes)], shapes, x!.dtype, { axis: along });
    }),
    Unpack: kernel({ axis: "any" }, (graph, { value }, { axis }) => {
      const along = tf.util.parseAxisParam(axis, value!.shape)[0]!;
      const shape = value!.shape.filter((_, index) => index !== along);
      const count = value!.shape[along]!;
      if (count === 1) return [reshape(graph, value!, shape)];
      const slab = value!.shape.map((length, index) => (index === along ? 1 : length));
      const slabs = graph.split(
        "Split",
        [value!],
        Array.from({ length: count }, () => slab),
        value!.dtype,
        { axis: along },
      );
      return slabs.map((part) => graph.node("Squeeze", [part, graph.integers([along])], shape, value!.dtype));
    }),
    Pack: kernel({ axis: "any" }, (graph, inputs, { axis }) => {
      const tensors = Object.values(inputs);
      const inner = tensors[0]!.shape;
      const along = axis < 0 ? axis + inner.length + 1 : axis;
      const slab = [...inner.slice(0, along), 1, ...inner.slice(along)];
      const slabs = tensors.map((tensor) => reshape(graph, tensor, slab));
      const shape = slab.map((length, index) => (index === along ? tensors.length : length));
      return graph.node("Concat", slabs, shape, tensors[0]!.dtype, { axis: along });
    }),
  });
}

/** Append a Reshape to `shape`, where `x` is not of that shape already: gradients ask for many that change nothing. */
export function reshape(graph: TraceBackend, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  if (tf.util.arraysEqual([...shape], x.shape)) return graph.alias(x);
  const bytes = graph.castOf(x);
  if (bytes) return castFromBytes(graph, reshape(graph, bytes, shape));
  return graph.node("Reshape", [x, graph.integers(shape)], shape, x.dtype);
}

function constant(
  graph: TraceBackend,
  shape: readonly number[],
  value: number,
  dtype: tf.DataType,
): tf.TensorInfo {
  const size = tf.util.sizeFromShape([...shape]);
  const values = (
    dtype === "int32"
      ? new Int32Array(size)
      : dtype === "bool"
        ? new Uint8Array(size)
        : new Float32Array(size)
  ).fill(value);
  return { dataId: graph.write(values, [...shape], dtype), shape: [...shape], dtype };
}
