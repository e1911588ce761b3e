// Collects the nodes and constants of an ONNX graph while the operations of a graph are written into it.
import { sizeOf } from "../../../math/shape.js";
import { bytesOf, type ElementType, filledValues, OWN_NAME, type TensorValues } from "../../graph/graph.js";
import { ELEMENT_TYPE, type OnnxAttribute, type OnnxConstant, type OnnxNode } from "./onnx-model.js";

/** Values an ONNX attribute may take; numbers become integers where they are whole, unless they are said to be a `float`. */
export type OnnxAttributeValue = number | string | readonly number[] | { readonly float: number };

/** A tensor seen with its axes in another order: axis i is axis `perm[i]` of the source. */
export interface View {
  readonly source: OnnxTensor;
  readonly perm: readonly number[];
}

/** A tensor of the ONNX graph. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** Missing for a view, which gets one when something needs it as it is. */
  readonly name?: string;
  /** Of a transposed tensor that no node makes yet. */
  readonly view?: View;
  /** The bytes that it was made of. */
  readonly castOf?: OnnxTensor;
  /** The values of a constant that is moved as it is written. */
  readonly values?: TensorValues;
}

/** Gives names to tensors and keeps what is appended, in its order. */
export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  private readonly viewNames = new Map<OnnxTensor, string>();
  private readonly shared = new Map<string, string>();
  private readonly movesConstants: boolean;
  private numNames = 0;

  /** `movesConstants`: what only moves a constant gives another constant, in place of a node. */
  constructor(movesConstants: boolean) {
    this.movesConstants = movesConstants;
  }

  /** Return an unused name, one that no input or output has. */
  freshName(): string {
    // OpenVINO calls a tensor of two names by the one that sorts first: an output's
    return `${OWN_NAME}${this.numNames++}`;
  }

  /** Return the name of a tensor; a view is transposed for it, once. */
  nameOf(tensor: OnnxTensor): string {
    if (tensor.name !== undefined) return tensor.name;
    const known = this.viewNames.get(tensor);
    if (known !== undefined) return known;
    const { source, perm } = tensor.view!;
    const name = this.freshName();
    this.viewNames.set(tensor, name);
    this.rawNode("Transpose", [source], [name], { perm });
    return name;
  }

  /** Append a node with one output, of float32 where nothing is said. */
  node(
    opType: string,
    inputs: readonly (OnnxTensor | string)[],
    shape: readonly number[],
    dtype: ElementType = "float32",
    attributes: Readonly<Record<string, OnnxAttributeValue>> = {},
  ): OnnxTensor {
    const name = this.freshName();
    this.rawNode(opType, inputs, [name], attributes);
    return { name, shape, dtype };
  }

  /** Append a node with an output per shape. */
  split(
    opType: string,
    inputs: readonly (OnnxTensor | string)[],
    shapes: readonly (readonly number[])[],
    dtype: ElementType,
    attributes: Readonly<Record<string, OnnxAttributeValue>>,
  ): OnnxTensor[] {
    const names = shapes.map(() => this.freshName());
    this.rawNode(opType, inputs, names, attributes);
    return names.map((name, index) => ({ name, shape: shapes[index]!, dtype }));
  }

  /** Append a node whose outputs are named by the caller. */
  rawNode(
    opType: string,
    inputs: readonly (OnnxTensor | string)[],
    output: readonly string[],
    attributes: Readonly<Record<string, OnnxAttributeValue>> = {},
  ): void {
    const input = inputs.map((value) => (typeof value === "string" ? value : this.nameOf(value)));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.nodes.push({ opType, input, output, attribute });
  }

  /** Add a constant. */
  constant(values: TensorValues, shape: readonly number[], dtype: ElementType): OnnxTensor {
    const name = this.freshName();
    this.constants.push({ name, dims: shape, dataType: ELEMENT_TYPE[dtype], rawData: bytesOf(values) });
    return { name, shape, dtype, ...(this.movesConstants ? { values } : {}) };
  }

  /** Add a constant whose entries are all the same. */
  filled(value: number, shape: readonly number[], dtype: ElementType): OnnxTensor {
    return this.constant(filledValues(value, sizeOf(shape), dtype), shape, dtype);
  }

  /** Return the name of a constant list of int64, as shapes and axes are. */
  integers(values: readonly number[]): string {
    return this.share(`i${values.join(",")}`, () => {
      const { buffer } = BigInt64Array.from(values, BigInt);
      return { dims: [values.length], dataType: ELEMENT_TYPE.int64, rawData: new Uint8Array(buffer) };
    });
  }

  /** Return the name of a float constant without dimensions. */
  scalar(value: number): string {
    return this.share(`f${Object.is(value, -0) ? "-0" : value}`, () => {
      const rawData = bytesOf(Float32Array.of(value));
      return { dims: [], dataType: ELEMENT_TYPE.float32, rawData };
    });
  }

  /** Return a float constant without dimensions, for what works number by number. */
  number(value: number): OnnxTensor {
    return { name: this.scalar(value), shape: [], dtype: "float32" };
  }

  private share(key: string, make: () => Omit<OnnxConstant, "name">): string {
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    this.constants.push({ name, ...make() });
    this.shared.set(key, name);
    return name;
  }
}

function attributeOf(name: string, value: OnnxAttributeValue): OnnxAttribute {
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { name, type: 2, i: value } : { name, type: 1, f: value };
  }
  if ("float" in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}
