// Operations that move, join, cut, repeat and make numbers.
import * as tf from "@tensorflow/tfjs-core";
import { mapKernels } from "./kernel.js";
import { castFromBytes, transpose } from "./layout.js";
import type { TraceBackend } from "./trace-backend.js";

/** Register the mappings. */
export function mapShapeKernels(): void {
  mapKernels({
    Reshape: (graph, { x }, { shape }) => {
      const size = tf.util.sizeFromShape(x!.shape);
      return reshape(graph, x!, tf.util.inferFromImplicitShape(shape, size));
    },
    ExpandDims: (graph, { input }, { dim }) => {
      const shape = [...input!.shape];
      shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
      return reshape(graph, input!, shape);
    },
    Transpose: (graph, { x }, { perm }) => graph.alias(transpose(graph, x!, perm)),
    Tile: (graph, { x }, { reps }) =>
      graph.node(
        "Tile",
        [x!, graph.integers(reps)],
        x!.shape.map((length, axis) => length * reps[axis]),
        x!.dtype,
      ),
    Fill: (graph, _, { shape, value, dtype }) => constant(graph, shape, value, dtype ?? "float32"),
    ZerosLike: (graph, { x }) => constant(graph, x!.shape, 0, x!.dtype),
    OnesLike: (graph, { x }) => constant(graph, x!.shape, 1, x!.dtype),
    Concat: (graph, inputs, { axis }) => {
      const tensors = Object.values(inputs);
      const first = tensors[0]!;
      const along = tf.util.parseAxisParam(axis, first.shape)[0]!;
      const shape = [...first.shape];
      shape[along] = tensors.reduce((sum, tensor) => sum + tensor.shape[along]!, 0);
      return graph.node("Concat", tensors, shape, first.dtype, { axis: along });
    },
    Slice: (graph, { x }, { begin, size }) => {
      const [from, lengths] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [
        number[],
        number[],
      ];
      const to = from.map((start, axis) => start + lengths[axis]!);
      const axes = from.map((_, axis) => axis);
      const inputs = [x!, graph.integers(from), graph.integers(to), graph.integers(axes)];
      return graph.node("Slice", inputs, lengths, x!.dtype);
    },
    PadV2: (graph, { x }, { paddings, constantValue }) => {
      const pads = paddings as [number, number][];
      const amounts = graph.integers([...pads.map(([before]) => before), ...pads.map(([, after]) => after)]);
      const shape = x!.shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
      return graph.node("Pad", [x!, amounts, graph.scalar(constantValue)], shape, x!.dtype);
    },
    SplitV: (graph, { x }, { numOrSizeSplits, axis }) => {
      const along = tf.util.parseAxisParam(axis, x!.shape)[0]!;
      const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along);
      const names = sizes.map(() => graph.freshName());
      graph.rawNode("Split", [x!, graph.integers(sizes)], names, { axis: along });
      return sizes.map((length, index) => {
        const shape = [...x!.shape];
        shape[along] = length;
        return graph.tensor(names[index]!, shape, x!.dtype);
      });
    },
    Unpack: (graph, { value }, { axis }) => {
      const along = tf.util.parseAxisParam(axis, value!.shape)[0]!;
      const shape = value!.shape.filter((_, index) => index !== along);
      const names = Array.from({ length: value!.shape[along]! }, () => graph.freshName());
      graph.rawNode("Split", [value!], names, { axis: along });
      return names.map((name) => graph.node("Squeeze", [name, graph.integers([along])], shape, value!.dtype));
    },
    Pack: (graph, inputs, { axis }) => {
      const tensors = Object.values(inputs);
      const inner = tensors[0]!.shape;
      const along = axis < 0 ? axis + inner.length + 1 : axis;
      const slab = [...inner.slice(0, along), 1, ...inner.slice(along)];
      const slabs = tensors.map((tensor) => reshape(graph, tensor, slab));
      const shape = slab.map((length, index) => (index === along ? tensors.length : length));
      return graph.node("Concat", slabs, shape, tensors[0]!.dtype, { axis: along });
    },
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
  const values = new Float32Array(tf.util.sizeFromShape([...shape])).fill(value);
  return { dataId: graph.write(values, [...shape], dtype), shape: [...shape], dtype };
}
