// Operations that choose between tensors, change their type, or make numbers.
import * as tf from "@tensorflow/tfjs-core";
import { castFromBytes } from "../emit/onnx/layout.js";
import { ELEMENT_TYPE } from "../emit/onnx/onnx-model.js";
import { ARRAY_TYPES, type ElementType } from "../graph/graph.js";
import { broadcastShape } from "../graph/shapes.js";
import { fromInput } from "./gradient.js";
import { graphModelNode, type Operations, operation } from "./operation.js";

const TYPES = ["float32", "int32", "bool"] as const;
const COPY = { none: "a copy needs no node" } as const;
const CONSTANT = { none: "the tracer makes it a constant" } as const;

type Range = {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly dtype: "float32" | "int32";
};

/** Select, copies, casts, and tensors that are known beforehand. */
export const CONVERSIONS: Operations = {
  Select: operation({
    inputs: ["condition", "t", "e"],
    accepts: {},
    shape: ([, t, e]) => ({ dtype: t!.dtype, shape: broadcastShape(t!.shape, e!.shape) }),
    onnx: (onnx, inputs, _, [output]) => onnx.node("Where", inputs, output!.shape, output!.dtype),
    graphModel: graphModelNode("SelectV2", (_, [, t]) => ({ T: { type: t!.dtype } })),
    gradient: {
      saves: { inputsToSave: ["condition"] },
      rule: (dy, [condition]) => ({
        condition: () => tf.zerosLike(tf.cast(condition!, "float32")),
        t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
        e: () => tf.where(condition!, tf.zerosLike(dy), dy),
      }),
    },
  }),
  Identity: operation({
    inputs: ["x"],
    accepts: {},
    shape: ([x]) => x!,
    isCopy: () => true,
    onnx: COPY,
    graphModel: COPY,
    gradient: fromInput((dy) => tf.cast(dy, "float32")),
  }),
  Cast: operation<{ dtype: (typeof TYPES)[number] }>({
    inputs: ["x"],
    accepts: { dtype: TYPES },
    attributes: (_, { dtype }) => ({ dtype }),
    shape: ([x], { dtype }) => ({ dtype, shape: x!.shape }),
    isCopy: ([x], { dtype }) => x!.dtype === dtype,
    onnx: (onnx, [x], { dtype }) =>
      x!.dtype === "uint8"
        ? castFromBytes(onnx, x!)
        : onnx.node("Cast", [x!], x!.shape, dtype, { to: ELEMENT_TYPE[dtype] }),
    graphModel: graphModelNode("Cast", ({ dtype }, [x]) => ({
      SrcT: { type: x!.dtype },
      DstT: { type: dtype },
    })),
    gradient: fromInput((dy) => tf.cast(dy, "float32")),
  }),
  Fill: operation<{ shape: readonly number[]; value: number; dtype: ElementType }>({
    inputs: [],
    accepts: { shape: "any", value: "any", dtype: TYPES },
    attributes: (_, { shape, value, dtype }) => ({ shape, value: Number(value), dtype: dtype ?? "float32" }),
    shape: (_, { shape, dtype }) => ({ shape, dtype }),
    fill: ({ value }) => value,
    onnx: CONSTANT,
    graphModel: CONSTANT,
    gradient: { none: "it has no inputs" },
  }),
  Range: operation<Range>({
    inputs: [],
    accepts: { start: "any", stop: "any", step: "any", dtype: ["float32", "int32"] },
    attributes: (_, { start, stop, step, dtype }) => ({ start, stop, step, dtype }),
    shape: (_, attributes) => ({ shape: [rangeLength(attributes)], dtype: attributes.dtype }),
    values: (attributes) => {
      const values = new ARRAY_TYPES[attributes.dtype](rangeLength(attributes));
      const { start, stop, step } = attributes;
      const towards = stop < start && step === 1 ? -1 : step;
      values[0] = start;
      // step by step in the tensor's own type, as TensorFlow.js does
      for (let k = 1; k < values.length; k++) values[k] = values[k - 1]! + towards;
      return values;
    },
    onnx: CONSTANT,
    graphModel: CONSTANT,
    gradient: { none: "it has no inputs" },
  }),
  ZerosLike: operation({
    inputs: ["x"],
    accepts: {},
    shape: ([x]) => x!,
    fill: () => 0,
    onnx: CONSTANT,
    graphModel: CONSTANT,
    gradient: fromInput((dy) => tf.zerosLike(dy)),
  }),
  OnesLike: operation({
    inputs: ["x"],
    accepts: {},
    shape: ([x]) => x!,
    fill: () => 1,
    onnx: CONSTANT,
    graphModel: CONSTANT,
    gradient: fromInput((dy) => tf.zerosLike(dy)),
  }),
};

/** A step of 1 goes downwards where the end lies below the start; any other step that leads away gives nothing. */
function rangeLength({ start, stop, step }: Range): number {
  const away = (start < stop && step < 0) || (stop < start && step > 1);
  return start === stop || away ? 0 : Math.abs(Math.ceil((stop - start) / step));
}
