// A TensorFlow.js backend that computes nothing: each operation becomes a node of an ONNX graph.
import * as tf from "@tensorflow/tfjs-core";
import {
  ELEMENT_TYPE,
  type OnnxAttribute,
  type OnnxConstant,
  type OnnxNode,
  type OnnxType,
} from "../emit/onnx-model.js";
import { refuseRandomNumbers, TraceRefusal, variableOf } from "./trace-refusals.js";

/** Values a node's attribute may take; numbers become integers where they are whole. */
export type AttributeValue = number | string | readonly number[];

/** What is known of a tensor while tracing. */
interface Traced {
  /** Of a view: only when something needs it as it is. */
  name: string | undefined;
  /** Graph that knows the name. */
  readonly graph: number;
  /** Known for constants only. */
  readonly values?: tf.backend_util.BackendValues;
  /** Of a transposed tensor that no node makes yet. */
  readonly view?: View;
  /** The bytes that it was made of. */
  castOf?: tf.TensorInfo;
  references: number;
}

/** A tensor seen with its axes in another order: axis i is axis `perm[i]` of the source. */
export interface View {
  readonly source: tf.TensorInfo;
  readonly perm: readonly number[];
}

/** Name under which the backend is registered with TensorFlow.js. */
export const TRACE_BACKEND = "armgym-trace";

/** What names inside the graph begin with, those of inputs and outputs never; OpenVINO prefers names that sort before others. */
export const OWN_NAME = "~";

/** Collects the nodes and constants of the graph being traced. */
export class TraceBackend extends tf.KernelBackend {
  nodes: OnnxNode[] = [];
  constants: OnnxConstant[] = [];
  /** Shape and type of what nodes give, by name. */
  readonly types = new Map<string, OnnxType>();
  /** Why the function cannot be traced although it did not stop: it asked for a value and did not wait for it. */
  refusal: TraceRefusal | undefined;
  /** A name, and afterwards the stack of where the function asked for it. */
  watched: { readonly name: string; stack?: string } | undefined;
  private readonly tensors = new WeakMap<object, Traced>();
  private readonly shared = new Map<string, string>();
  private numNames = 0;
  private numData = 0;
  private graph = 0;

  /** Forget the last graph. */
  start(): void {
    this.nodes = [];
    this.constants = [];
    this.types.clear();
    this.refusal = undefined;
    this.shared.clear();
    this.numNames = 0;
    this.graph++;
  }

  /** Return an unused name, one that no input or output has. */
  freshName(): string {
    const name = `${OWN_NAME}${this.numNames++}`;
    if (this.watched?.name === name) this.watched.stack = new Error(name).stack ?? "";
    return name;
  }

  /** Return the name of a tensor in the graph, taking its values in as a constant if it comes from elsewhere. */
  nameOf(tensor: tf.TensorInfo): string {
    const variable = variableOf(tensor.dataId);
    if (variable !== undefined) throw new TraceRefusal("variable", variable);
    if (!this.tensors.has(tensor.dataId)) (tf.engine() as unknown as DataMover).moveData(this, tensor.dataId);
    const traced = this.tensors.get(tensor.dataId)!;
    if (traced.view && traced.name === undefined) {
      const { source, perm } = traced.view;
      traced.name = this.freshName();
      this.rawNode("Transpose", [source], [traced.name], { perm });
      this.types.set(traced.name, typeOf(tensor.shape, tensor.dtype));
    }
    if (traced.graph === this.graph || !traced.values) return traced.name!;
    // a constant captured by an earlier graph as well
    this.numData--;
    this.hold(tensor.dataId, traced.values, tensor.shape, tensor.dtype, traced.references);
    return this.tensors.get(tensor.dataId)!.name!;
  }

  /** Register a tensor that the graph knows as `name`. */
  tensor(name: string, shape: readonly number[], dtype: tf.DataType = "float32"): tf.TensorInfo {
    const dataId = {};
    this.tensors.set(dataId, { name, graph: this.graph, references: 1 });
    this.types.set(name, typeOf(shape, dtype));
    this.numData++;
    return { dataId, shape: [...shape], dtype };
  }

  /** Register `source` with its axes in the order `perm`; a node is made for it when something needs it so. */
  view(source: tf.TensorInfo, perm: readonly number[]): tf.TensorInfo {
    const dataId = {};
    const view = { source, perm };
    this.tensors.set(dataId, { name: undefined, graph: this.graph, view, references: 1 });
    this.numData++;
    return { dataId, shape: perm.map((axis) => source.shape[axis]!), dtype: source.dtype };
  }

  /** Return what a tensor is a view of, where it is one. */
  viewOf({ dataId }: tf.TensorInfo): View | undefined {
    return this.tensors.get(dataId)?.view;
  }

  /** Return the bytes that a tensor was made of, where they are known. */
  castOf({ dataId }: tf.TensorInfo): tf.TensorInfo | undefined {
    return this.tensors.get(dataId)?.castOf;
  }

  /** Remember the bytes that a tensor was made of. */
  setCastOf({ dataId }: tf.TensorInfo, bytes: tf.TensorInfo): void {
    this.tensors.get(dataId)!.castOf = bytes;
  }

  /** Append a node with one output. */
  node(
    opType: string,
    inputs: readonly (tf.TensorInfo | string)[],
    shape: readonly number[],
    dtype: tf.DataType = "float32",
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): tf.TensorInfo {
    const name = this.freshName();
    this.rawNode(opType, inputs, [name], attributes);
    return this.tensor(name, shape, dtype);
  }

  /** Append a node with an output per shape. */
  split(
    opType: string,
    inputs: readonly (tf.TensorInfo | string)[],
    shapes: readonly (readonly number[])[],
    dtype: tf.DataType,
    attributes: Readonly<Record<string, AttributeValue>>,
  ): tf.TensorInfo[] {
    const names = shapes.map(() => this.freshName());
    this.rawNode(opType, inputs, names, attributes);
    return names.map((name, index) => this.tensor(name, shapes[index]!, dtype));
  }

  /** Append a node whose outputs are named by the caller. */
  rawNode(
    opType: string,
    inputs: readonly (tf.TensorInfo | string)[],
    output: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): void {
    const input = inputs.map((value) => (typeof value === "string" ? value : this.nameOf(value)));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.nodes.push({ opType, input, output, attribute });
  }

  /** Return the name of a constant list of int64, as shapes and axes are. */
  integers(values: readonly number[]): string {
    return this.share(`i${values.join(",")}`, [values.length], ELEMENT_TYPE.int64, () =>
      bytesOf(BigInt64Array.from(values, BigInt)),
    );
  }

  /** Return the name of a float constant without dimensions. */
  scalar(value: number): string {
    return this.share(`f${Object.is(value, -0) ? "-0" : value}`, [], ELEMENT_TYPE.float32, () =>
      bytesOf(Float32Array.of(value)),
    );
  }

  /** Reference the same graph value once more, under another shape-compatible tensor. */
  alias(tensor: tf.TensorInfo): tf.TensorInfo {
    const view = this.viewOf(tensor);
    if (view) return this.view(view.source, view.perm);
    const same = this.tensor(this.nameOf(tensor), tensor.shape, tensor.dtype);
    const bytes = this.castOf(tensor);
    if (bytes) this.setCastOf(same, bytes);
    return same;
  }

  override refCount(dataId: object): number {
    return this.tensors.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: object): void {
    const traced = this.tensors.get(dataId);
    if (traced) traced.references++;
  }

  override disposeData(dataId: object, force = false): boolean {
    const traced = this.tensors.get(dataId);
    if (!traced) return true;
    traced.references--;
    if (!force && traced.references > 0) return false;
    this.tensors.delete(dataId);
    this.numData--;
    return true;
  }

  override numDataIds(): number {
    return this.numData;
  }

  override dispose(): void {}

  override memory() {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    refuseRandomNumbers();
    const dataId = {};
    this.hold(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.hold(dataId, values, shape, dtype, references);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const values = this.tensors.get(dataId)?.values;
    if (values) return values;
    throw new TraceRefusal("value");
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    const values = this.tensors.get(dataId)?.values;
    if (values) return values;
    this.refusal ??= new TraceRefusal("value");
    // nobody may be waiting for it, and a rejection that nobody hears of would end the process
    return new Promise(() => {});
  }

  private hold(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: readonly number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") throw new TraceRefusal("type", dtype);
    const name = this.freshName();
    const numbers = values as unknown as ArrayLike<number>;
    const rawData =
      dtype === "int32"
        ? bytesOf(Int32Array.from(numbers))
        : dtype === "bool"
          ? Uint8Array.from(numbers)
          : bytesOf(Float32Array.from(numbers));
    this.constants.push({ name, dims: shape, dataType: ELEMENT_TYPE[dtype], rawData });
    this.tensors.set(dataId, { name, graph: this.graph, values, references });
    this.numData++;
  }

  private share(key: string, dims: readonly number[], dataType: number, bytes: () => Uint8Array): string {
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    this.constants.push({ name, dims, dataType, rawData: bytes() });
    this.shared.set(key, name);
    return name;
  }
}

/** TensorFlow.js moves data between backends by this method of its engine, which its types leave out. */
interface DataMover {
  moveData(backend: tf.KernelBackend, dataId: object): void;
}

function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { name, type: 2, i: value } : { name, type: 1, f: value };
  }
  return { name, type: 7, ints: value };
}

function typeOf(shape: readonly number[], dtype: tf.DataType): OnnxType {
  return { shape: [...shape], elementType: ELEMENT_TYPE[dtype as "float32" | "int32" | "bool"] };
}

function bytesOf(array: Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
