// A TensorFlow.js backend that computes nothing: it names tensors and keeps what is recorded of them.
import * as tf from "@tensorflow/tfjs-core";
import {
  ARRAY_TYPES,
  type Attributes,
  type Constant,
  type ElementType,
  type GraphNode,
  OWN_NAME,
  type TensorType,
  type TensorValues,
} from "../graph/graph.js";
import { refuseRandomNumbers, TraceRefusal, variableOf } from "./trace-refusals.js";

/** What is known of a tensor while tracing. */
interface Traced {
  readonly name: string;
  /** Trace that knows the name. */
  readonly trace: number;
  /** Known for constants only. */
  readonly values?: tf.backend_util.BackendValues;
  references: number;
}

/** Name under which the backend is registered with TensorFlow.js. */
export const TRACE_BACKEND = "armgym-trace";

/** Collects the nodes and constants of the graph being traced. */
export class TraceBackend extends tf.KernelBackend {
  nodes: GraphNode[] = [];
  constants: Constant[] = [];
  /** Why the function cannot be traced although it did not stop: it asked for a value and did not wait for it. */
  refusal: TraceRefusal | undefined;
  /** A name, and afterwards the stack of where the function asked for it. */
  watched: { readonly name: string; stack?: string } | undefined;
  private readonly tensors = new WeakMap<object, Traced>();
  private numNames = 0;
  private numData = 0;
  private trace = 0;

  /** Forget the last graph. */
  start(): void {
    this.nodes = [];
    this.constants = [];
    this.refusal = undefined;
    this.numNames = 0;
    this.trace++;
  }

  /** Return the name of a tensor in the graph, taking its values in as a constant if it comes from elsewhere. */
  nameOf(tensor: tf.TensorInfo): string {
    const variable = variableOf(tensor.dataId);
    if (variable !== undefined) throw new TraceRefusal("variable", variable);
    if (!this.tensors.has(tensor.dataId)) (tf.engine() as unknown as DataMover).moveData(this, tensor.dataId);
    const traced = this.tensors.get(tensor.dataId)!;
    if (traced.trace === this.trace || !traced.values) return traced.name;
    // a constant captured by an earlier graph as well
    this.numData--;
    this.hold(tensor.dataId, traced.values, tensor.shape, tensor.dtype, traced.references);
    return this.tensors.get(tensor.dataId)!.name;
  }

  /** Register a tensor that the graph knows as `name`. */
  tensor(name: string, shape: readonly number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.tensors.set(dataId, { name, trace: this.trace, references: 1 });
    this.numData++;
    return { dataId, shape: [...shape], dtype };
  }

  /** Append a node; returns its outputs, of the types given. */
  append(
    operation: string,
    inputs: readonly tf.TensorInfo[],
    attributes: Attributes,
    types: readonly TensorType[],
  ): tf.TensorInfo[] {
    const outputs = types.map(({ dtype, shape }) => ({ name: this.freshName(), dtype, shape: [...shape] }));
    this.nodes.push({ operation, inputs: inputs.map((input) => this.nameOf(input)), attributes, outputs });
    return outputs.map(({ name, shape, dtype }) => this.tensor(name, shape, dtype as tf.DataType));
  }

  /** Append a constant. */
  constant(values: TensorValues, { shape, dtype }: TensorType): tf.TensorInfo {
    const type = dtype as tf.DataType;
    return { dataId: this.write(values, [...shape], type), shape: [...shape], dtype: type };
  }

  /** Reference the same tensor of the graph once more. */
  alias(tensor: tf.TensorInfo): tf.TensorInfo {
    return this.tensor(this.nameOf(tensor), tensor.shape, tensor.dtype);
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

  /** Return an unused name, one that no input or output has. */
  private freshName(): string {
    const name = `${OWN_NAME}${this.numNames++}`;
    if (this.watched?.name === name) this.watched.stack = new Error(name).stack ?? "";
    return name;
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
    this.constants.push({ name, dtype, shape: [...shape], values: copyOf(values, dtype) });
    this.tensors.set(dataId, { name, trace: this.trace, values, references });
    this.numData++;
  }
}

/** TensorFlow.js moves data between backends by this method of its engine, which its types leave out. */
interface DataMover {
  moveData(backend: tf.KernelBackend, dataId: object): void;
}

function copyOf(values: tf.backend_util.BackendValues, dtype: ElementType): TensorValues {
  const numbers = values as unknown as ArrayLike<number>;
  return ARRAY_TYPES[dtype].from(numbers);
}
