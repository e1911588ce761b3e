// Collects the nodes and weights of a TensorFlow.js GraphModel while the operations of a graph are written into it.
import type { ElementType, TensorType, TensorValues, Value } from "../../graph/graph.js";
import { type TfjsWeight, tfjsType, tfjsWeight } from "./tfjs-model.js";

/** A setting of a node; numbers are whole. */
export type NodeAttribute =
  | number
  | boolean
  | string
  | readonly number[]
  | ElementTypeAttribute
  | FractionAttribute;

/** A setting that is an element type. */
interface ElementTypeAttribute {
  readonly type: ElementType;
}

/** A setting that may be a fraction. */
interface FractionAttribute {
  readonly float: number;
}

/** A node of a GraphDef of TensorFlow in its JSON form. */
export interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** What names of nodes and weights begin with that are neither inputs nor outputs. */
const SCOPE = "armgym/";

const TYPE_NAMES = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" } as const;

/** Gives names to tensors and keeps what is appended, in its order. */
export class GraphModelBuilder {
  readonly nodes: GraphDefNode[] = [];
  readonly weights: TfjsWeight[] = [];
  private readonly shared = new Map<string, Value>();

  /** Append a node with one output of the type given; the attribute `T` is the first input's type where none is named. */
  node(
    op: string,
    inputs: readonly Value[],
    output: TensorType,
    attributes: Readonly<Record<string, NodeAttribute>> = {},
  ): Value {
    return this.split(op, inputs, [output], attributes)[0]!;
  }

  /** Append a node with an output per type. */
  split(
    op: string,
    inputs: readonly Value[],
    outputs: readonly TensorType[],
    attributes: Readonly<Record<string, NodeAttribute>> = {},
  ): Value[] {
    const name = `${SCOPE}${op}_${this.nodes.length}`;
    const typed = inputs[0] ? { T: { type: inputs[0].dtype }, ...attributes } : attributes;
    this.rawNode(
      name,
      op,
      inputs.map((input) => input.name),
      typed,
    );
    // the first output goes by the node's own name
    return outputs.map(({ dtype, shape }, k) => ({ name: k === 0 ? name : `${name}:${k}`, dtype, shape }));
  }

  /** Append a node whose name the caller knows it by. */
  rawNode(
    name: string,
    op: string,
    input: readonly string[],
    attributes: Readonly<Record<string, NodeAttribute>>,
    shape?: readonly number[],
  ): void {
    const attr = Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, attributeValue(value)]),
    );
    this.nodes.push({
      name,
      op,
      input,
      attr: shape ? { ...attr, shape: { shape: tensorShape(shape) } } : attr,
    });
  }

  /** Add a constant. */
  constant(values: TensorValues, shape: readonly number[], dtype: ElementType): Value {
    const weight = tfjsWeight(`${SCOPE}constant_${this.weights.length}`, values, shape, dtype);
    this.weights.push(weight);
    const type = { type: typeName(dtype) };
    const value = { tensor: { dtype: type.type, tensorShape: tensorShape(shape) } };
    this.nodes.push({ name: weight.name, op: "Const", input: [], attr: { dtype: type, value } });
    return { name: weight.name, dtype, shape };
  }

  /** Return a constant of whole numbers, as shapes and axes are. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.share(`i${values.join(",")}[${shape.join(",")}]`, () =>
      this.constant(Int32Array.from(values), shape, "int32"),
    );
  }

  /** Return a constant whole number. */
  integer(value: number): Value {
    return this.integers([value], []);
  }

  /** Return a constant number. */
  number(value: number): Value {
    return this.share(`f${Object.is(value, -0) ? "-0" : value}`, () =>
      this.constant(Float32Array.of(value), [], "float32"),
    );
  }

  private share(key: string, make: () => Value): Value {
    const value = this.shared.get(key) ?? make();
    this.shared.set(key, value);
    return value;
  }
}

/** Return the name that TensorFlow has for an element type. */
export function typeName(dtype: ElementType): string {
  return TYPE_NAMES[tfjsType(dtype)];
}

/** Write a shape as TensorFlow does in JSON. */
export function tensorShape(shape: readonly number[]) {
  return { dim: shape.map((length) => ({ size: String(length) })) };
}

function attributeValue(value: NodeAttribute): object {
  if (typeof value === "number") return { i: String(value) };
  if (typeof value === "boolean") return { b: value };
  if (typeof value === "string") return { s: btoa(value) };
  if ("float" in value) return { f: value.float };
  if ("type" in value) return { type: typeName(value.type) };
  return { list: { i: value.map(String) } };
}
