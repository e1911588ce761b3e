// Transposes that wait: what works number by number runs on the tensor as it lies, and two transposes become one.
import { isSameShape, sizeOf } from "../../../math/shape.js";
import type { ElementType, TensorValues } from "../../graph/graph.js";
import { broadcastShape } from "../../graph/shapes.js";
import type { OnnxAttributeValue, OnnxBuilder, OnnxTensor } from "./onnx-builder.js";
import { ELEMENT_TYPE } from "./onnx-model.js";

/** See `source` with its axes in the order `perm`; a node is made for it when something needs it so. */
export function view(source: OnnxTensor, perm: readonly number[]): OnnxTensor {
  return { shape: perm.map((axis) => source.shape[axis]!), dtype: source.dtype, view: { source, perm } };
}

/** Return `x` with its axes in the order `perm`. */
export function transpose(onnx: OnnxBuilder, x: OnnxTensor, perm: readonly number[]): OnnxTensor {
  // bytes are moved faster than the floats that they become
  if (x.castOf) return castFromBytes(onnx, transpose(onnx, x.castOf, perm));
  if (x.view) {
    const { source, perm: first } = x.view;
    return transpose(
      onnx,
      source,
      perm.map((axis) => first[axis]!),
    );
  }
  if (perm.every((axis, index) => axis === index)) return x;
  const shape = perm.map((axis) => x.shape[axis]!);
  if (x.values) return onnx.constant(transposed(x.values, x.shape, perm), shape, x.dtype);
  return onnx.node("Transpose", [x], shape, x.dtype, { perm });
}

/** Return the values of a tensor in the order that they have where its axes are in the order `perm`. */
function transposed(values: TensorValues, shape: readonly number[], perm: readonly number[]): TensorValues {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const result = values.slice();
  const index = perm.map(() => 0);
  for (let to = 0; to < values.length; to++) {
    result[to] = values[perm.reduce((from, axis, k) => from + index[k]! * strides[axis]!, 0)]!;
    for (let k = perm.length - 1; k >= 0; k--) {
      index[k]!++;
      if (index[k]! < shape[perm[k]!]!) break;
      index[k] = 0;
    }
  }
  return result;
}

/** Return `x` in another shape of as many numbers; where it has that shape already, `x`: gradients ask for many that change nothing. */
export function reshape(onnx: OnnxBuilder, x: OnnxTensor, shape: readonly number[]): OnnxTensor {
  if (isSameShape(shape, x.shape)) return x;
  if (x.castOf) return castFromBytes(onnx, reshape(onnx, x.castOf, shape));
  if (x.values) return onnx.constant(x.values, shape, x.dtype);
  return onnx.node("Reshape", [x, onnx.integers(shape)], shape, x.dtype);
}

/** Return bytes as floats, which remember that they were bytes. */
export function castFromBytes(onnx: OnnxBuilder, bytes: OnnxTensor): OnnxTensor {
  const cast = onnx.node("Cast", [bytes], bytes.shape, "float32", { to: ELEMENT_TYPE.float32 });
  return { ...cast, castOf: bytes };
}

/** Append a node that works number by number, on tensors as they lie where all of them are views of one order. */
export function elementwise(
  onnx: OnnxBuilder,
  opType: string,
  inputs: readonly OnnxTensor[],
  dtype: ElementType,
  attributes: Readonly<Record<string, OnnxAttributeValue>> = {},
): OnnxTensor {
  const perm = inputs.map((input) => input.view?.perm).find((found) => found);
  const lying = perm && inputs.map((input) => lay(onnx, input, perm));
  if (perm && lying?.every((input) => input !== undefined)) {
    return view(onnx.node(opType, lying, shapeOf(lying), dtype, attributes), perm);
  }
  return onnx.node(opType, inputs, shapeOf(inputs), dtype, attributes);
}

/** Return what lies so that its view by `perm` is `x`, where that costs nothing: numbers along the last axis, or one alone. */
function lay(onnx: OnnxBuilder, x: OnnxTensor, perm: readonly number[]): OnnxTensor | undefined {
  if (x.view) return x.view.perm.join() === perm.join() ? x.view.source : undefined;
  // with more axes than the view has, the result has more as well
  if (x.shape.length > perm.length) return undefined;
  const size = sizeOf(x.shape);
  if (size === 1 && x.shape.length === 0) return x;
  if (size !== x.shape.at(-1)) return undefined;
  const shape = perm.map(() => 1);
  shape[perm.at(-1)!] = size;
  if (x.values) return onnx.constant(x.values, shape, x.dtype);
  return onnx.node("Reshape", [x, onnx.integers(shape)], shape, x.dtype);
}

function shapeOf(inputs: readonly OnnxTensor[]): number[] {
  return inputs.reduce<number[]>((shape, { shape: other }) => broadcastShape(shape, other), []);
}
