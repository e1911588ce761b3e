// The part of the ONNX file format that we write (subset of onnx.proto3, field numbers as there).
import { protobufEncoder, repeated, single } from "../../../math/protobuf.js";

/** ONNX element types. */
export const ELEMENT_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

/** An attribute of a node. */
export interface OnnxAttribute {
  readonly name: string;
  /** 1 float, 2 integer, 3 text, 7 integers. */
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

/** An operation of the graph. */
export interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

/** A constant of the graph. */
export interface OnnxConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** Shape and element type of a tensor. */
export interface OnnxType {
  readonly elementType: number;
  readonly shape: readonly number[];
}

/** An input or output of the graph. */
export interface OnnxValue extends OnnxType {
  readonly name: string;
}

/** A whole model. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

const OPSET = 17;
const IR_VERSION = 8;

const encode = protobufEncoder(
  {
    Tensor: {
      dims: repeated("int64", 1),
      dataType: single("int32", 2),
      name: single("string", 8),
      rawData: single("bytes", 9),
    },
    Attribute: {
      name: single("string", 1),
      f: single("float", 2),
      i: single("int64", 3),
      s: single("bytes", 4),
      ints: repeated("int64", 8),
      type: single("int32", 20),
    },
    Node: {
      input: repeated("string", 1),
      output: repeated("string", 2),
      opType: single("string", 4),
      attribute: repeated("Attribute", 5),
    },
    Dimension: { dimValue: single("int64", 1) },
    Shape: { dim: repeated("Dimension", 1) },
    TensorType: { elemType: single("int32", 1), shape: single("Shape", 2) },
    ValueType: { tensorType: single("TensorType", 1) },
    ValueInfo: { name: single("string", 1), type: single("ValueType", 2) },
    Graph: {
      node: repeated("Node", 1),
      name: single("string", 2),
      initializer: repeated("Tensor", 5),
      input: repeated("ValueInfo", 11),
      output: repeated("ValueInfo", 12),
    },
    Property: { key: single("string", 1), value: single("string", 2) },
    OperatorSet: { domain: single("string", 1), version: single("int64", 2) },
    Model: {
      irVersion: single("int64", 1),
      producerName: single("string", 2),
      graph: single("Graph", 7),
      opsetImport: repeated("OperatorSet", 8),
      metadataProps: repeated("Property", 14),
    },
  },
  "Model",
);

/** Return the bytes of an ONNX file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const value = ({ name, elementType, shape }: OnnxValue) => ({
    name,
    type: { tensorType: { elemType: elementType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  const graph = {
    name: "armgym",
    node: model.nodes,
    initializer: model.constants,
    input: model.inputs.map(value),
    output: model.outputs.map(value),
  };
  return encode({
    irVersion: IR_VERSION,
    producerName: "armgym",
    graph,
    opsetImport: [{ domain: "", version: OPSET }],
    metadataProps: Object.entries(model.metadata).map(([key, text]) => ({ key, value: text })),
  });
}
