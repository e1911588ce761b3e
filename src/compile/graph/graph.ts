// A computation as data: operations on tensors of fixed shapes and types, in an order in which they can be computed.
import { isSameShape } from "../../math/shape.js";

/** Element types of tensors; "bool" has one byte each, 0 or 1. */
export type ElementType = "float32" | "int32" | "bool" | "uint8";

/** What is known of a tensor before it is computed. */
export interface TensorType {
  /** Type of its entries. */
  readonly dtype: ElementType;
  /** Lengths of its axes, none of them open; [] for a single number. */
  readonly shape: readonly number[];
}

/** A tensor of a graph, which others read by its name. */
export interface Value extends TensorType {
  /** Unique in its graph. */
  readonly name: string;
}

/** What holds the numbers of a tensor, by its element type. */
export const ARRAY_TYPES = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const;

/** Numbers of a tensor, the last axis fastest: of "bool" and "uint8" a Uint8Array. */
export type TensorValues = Float32Array | Int32Array | Uint8Array;

/** A tensor that is the same in every run. */
export interface Constant extends Value {
  /** As many as the shape has entries. */
  readonly values: TensorValues;
}

/** A setting of an operation. */
export type AttributeValue = number | boolean | string | readonly number[];

/** Settings of an operation, in the form that its entry in src/compile/operations gives them: axes counted from 0, paddings in numbers. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One operation at work. */
export interface GraphNode {
  /** Its name in the table of operations, src/compile/operations/table.ts. */
  readonly operation: string;
  /** Names of inputs, constants, or outputs of nodes before this one. */
  readonly inputs: readonly string[];
  /** As its entry in that table describes them. */
  readonly attributes: Attributes;
  /** What it gives, for others to read by name. */
  readonly outputs: readonly Value[];
}

/** What a graph is computed for. */
export interface GraphOutput {
  /** As the caller knows it. */
  readonly name: string;
  /** Name of the input, the constant or the node's output that it is. */
  readonly value: string;
}

/** A function of named tensors, its operations written out. Knows neither TensorFlow.js nor any file format. */
export interface Graph {
  /** What the caller hands in, by the caller's names. */
  readonly inputs: readonly Value[];
  /** What the function captured, and what passes have computed. */
  readonly constants: readonly Constant[];
  /** Each stands after those that it needs. */
  readonly nodes: readonly GraphNode[];
  /** What the caller gets. */
  readonly outputs: readonly GraphOutput[];
}

/** What names of constants and of nodes' outputs begin with, those of inputs and outputs never. */
export const OWN_NAME = "~";

/** Return the shape and type of every tensor of a graph by its name. */
export function typesOf({ inputs, constants, nodes }: Graph): ReadonlyMap<string, TensorType> {
  const values = [...inputs, ...constants, ...nodes.flatMap(({ outputs }) => outputs)];
  return new Map(values.map((value) => [value.name, value]));
}

/** Tell whether two constants have the same type and, bit by bit, the same values. */
export function sameConstant(a: Constant, b: Constant): boolean {
  if (a.dtype !== b.dtype || !isSameShape(a.shape, b.shape)) return false;
  const [left, right] = [bytesOf(a.values), bytesOf(b.values)];
  return left.every((byte, index) => byte === right[index]);
}

/** Return the bytes of a tensor's values, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: TensorValues): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Make the values of a tensor whose entries are all the same. */
export function filledValues(value: number, size: number, dtype: ElementType): TensorValues {
  return new ARRAY_TYPES[dtype](size).fill(value);
}
