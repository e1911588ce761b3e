// Trace a TensorFlow.js function once into a static ONNX graph.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../../math/usage-error.js";
import {
  ELEMENT_TYPE,
  encodeOnnx,
  type OnnxConstant,
  type OnnxModel,
  type OnnxNode,
  type OnnxType,
  type OnnxValue,
} from "../emit/onnx-model.js";
import { registerGradients } from "./gradients.js";
import { mappedKernels } from "./kernel.js";
import { mapConvolutionKernels } from "./kernels-convolution.js";
import { mapElementwiseKernels } from "./kernels-elementwise.js";
import { mapLinearKernels } from "./kernels-linear.js";
import { mapShapeKernels } from "./kernels-shape.js";
import { castFromBytes } from "./layout.js";
import { OWN_NAME, TRACE_BACKEND, TraceBackend } from "./trace-backend.js";
import { explainChange, explainRefusal, TraceRefusal } from "./trace-refusals.js";

/** Shape and type of an input; "uint8" reaches the function as float32, cast inside the graph. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** Default "float32". */
  readonly dtype?: "float32" | "uint8" | "int32";
}

/** Inputs of a function by name. */
export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** A function of named tensors that depends on nothing else and changes nothing. */
export type TensorFunction = (
  inputs: Readonly<Record<string, tf.Tensor>>,
) => Readonly<Record<string, tf.Tensor>>;

/** Nodes and constants of a traced function, with the shapes and types of everything between them. */
export interface TracedGraph extends Omit<OnnxModel, "metadata"> {
  readonly types: ReadonlyMap<string, OnnxType>;
}

/** Throw a UsageError unless a function gave named tensors. */
export function requireTensors(results: unknown): asserts results is Readonly<Record<string, tf.Tensor>> {
  if (results instanceof Promise)
    throw new UsageError(
      "The function is asynchronous. Compute with tensor operations only, without waiting.",
    );
  const entries = Object.entries(results ?? {});
  if (entries.length === 0)
    throw new UsageError("The function gives no outputs. Return them by name, for example { y: tf.neg(x) }.");
  for (const [name, value] of entries) {
    if (value instanceof tf.Tensor) continue;
    throw new UsageError(`The function's output "${name}" is no tensor but ${typeof value}.`);
  }
}

let backend: TraceBackend | undefined;

/**
 * Return the ONNX file of `fn` for inputs of the shapes given.
 *
 * Gradients inside `fn` (`tf.grad`, `tf.valueAndGrads`) are traced like everything else; tensors that `fn` captures
 * become constants. `metadata` is stored in the file.
 * Throws a UsageError for an operation, attribute or type without mapping, naming it and the line that called it, and
 * where `fn` would not give what it gives eagerly: where it reads a tensor's value, draws random numbers, uses a
 * variable, or is not the same each time it is called. Where a value is not a number two operations differ from
 * TensorFlow.js's `cpu`: `tf.sign` gives NaN there (eagerly 0), `tf.step` 0 (eagerly NaN); and casting to int32 what no
 * int32 can hold gives any number.
 */
export function traceToOnnx(
  fn: TensorFunction,
  inputs: TensorSpecs,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return encodeOnnx({ ...traceGraph(fn, inputs), metadata });
}

/** Trace `fn` as `traceToOnnx` does, into a graph that passes can rewrite. */
export function traceGraph(fn: TensorFunction, inputs: TensorSpecs): TracedGraph {
  const traced = traceOnce(fn, inputs);
  const difference = firstDifference(traced, traceOnce(fn, inputs));
  if (difference !== undefined) {
    const watched: NonNullable<TraceBackend["watched"]> = { name: difference };
    traceOnce(fn, inputs, watched);
    throw new UsageError(explainChange(watched.stack ?? ""));
  }
  return withoutUnused(traced);
}

function traceOnce(fn: TensorFunction, inputs: TensorSpecs, watched?: TraceBackend["watched"]): TracedGraph {
  const graph = prepareBackend();
  const before = tf.engine().backendName;
  graph.start();
  graph.watched = watched;
  void tf.setBackend(TRACE_BACKEND);
  try {
    const outputs: OnnxValue[] = [];
    tf.tidy(() => {
      const results = runTraced(graph, fn, placeholders(graph, inputs));
      for (const [name, tensor] of Object.entries(results)) {
        if (name in inputs)
          throw new UsageError(`The traced function has an input and an output named "${name}".`);
        requireName(name);
        graph.rawNode("Identity", [tensor], [name]);
        const elementType = ELEMENT_TYPE[tensor.dtype as keyof typeof ELEMENT_TYPE];
        outputs.push({ name, elementType, shape: tensor.shape });
      }
    });
    const values = Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      return { name, elementType: ELEMENT_TYPE[dtype], shape };
    });
    return {
      nodes: graph.nodes,
      constants: graph.constants,
      inputs: values,
      outputs,
      types: new Map(graph.types),
    };
  } finally {
    graph.start();
    graph.watched = undefined;
    if (before) void tf.setBackend(before);
    // what somebody else computes next is not to be traced
    else tf.removeBackend(TRACE_BACKEND);
  }
}

/** Leave out nodes and constants that no output needs; nodes stand after those that they need. */
export function withoutUnused<Graph extends Omit<OnnxModel, "metadata">>(graph: Graph): Graph {
  const names = new Set(graph.outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.output.some((name) => names.has(name))) continue;
    for (const name of node.input) names.add(name);
    kept.push(node);
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    constants: graph.constants.filter(({ name }) => names.has(name)),
  };
}

/** List the TensorFlow.js kernels that can be traced, with the attributes that they may have. */
export function supportedKernels(): ReturnType<typeof mappedKernels> {
  prepareBackend();
  return mappedKernels();
}

function prepareBackend(): TraceBackend {
  registerGradients();
  const made = backend ?? new TraceBackend();
  if (!tf.findBackendFactory(TRACE_BACKEND)) tf.registerBackend(TRACE_BACKEND, () => made, 0);
  if (backend) return backend;
  mapElementwiseKernels();
  mapShapeKernels();
  mapLinearKernels();
  mapConvolutionKernels();
  backend = made;
  return made;
}

function placeholders(graph: TraceBackend, inputs: TensorSpecs): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      requireName(name);
      if (dtype !== "uint8") return [name, asTensor(graph.tensor(name, shape, dtype))];
      return [name, asTensor(castFromBytes(graph, graph.tensor(name, shape, "int32")))];
    }),
  );
}

function requireName(name: string): void {
  if (!name.startsWith(OWN_NAME)) return;
  throw new UsageError(
    `Inputs and outputs cannot be named like "${name}": leave out the leading "${OWN_NAME}".`,
  );
}

function asTensor(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

function runTraced(
  graph: TraceBackend,
  fn: TensorFunction,
  inputs: Record<string, tf.Tensor>,
): Readonly<Record<string, tf.Tensor>> {
  const { stackTraceLimit } = Error;
  const variables = tf.engine().registeredVariables;
  const before = Object.values(variables).map((variable) => [variable, variable.dataId] as const);
  // the caller's line stands below many of TensorFlow.js
  Error.stackTraceLimit = 100;
  try {
    const results = fn(inputs);
    if (graph.refusal) throw graph.refusal;
    requireTensors(results);
    const assigned = before.find(([variable, dataId]) => variable.dataId !== dataId);
    if (assigned) throw new TraceRefusal("variable", assigned[0].name);
    return results;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UsageError) throw error;
    const explained = explainRefusal(error, () => supportedKernels().map(([name]) => name));
    if (explained === undefined) throw error;
    throw new UsageError(explained);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Return the name at which two traces of one function differ for the first time. */
function firstDifference(first: TracedGraph, second: TracedGraph): string | undefined {
  const names: string[] = [];
  for (const [index, constant] of first.constants.entries()) {
    if (sameConstant(constant, second.constants[index])) continue;
    names.push(constant.name);
    break;
  }
  for (const [index, node] of first.nodes.entries()) {
    if (JSON.stringify(node) === JSON.stringify(second.nodes[index])) continue;
    names.push(node.output[0]!);
    break;
  }
  if (first.nodes.length < second.nodes.length) names.push(second.nodes[first.nodes.length]!.output[0]!);
  const order = (name: string) => (name.startsWith(OWN_NAME) ? Number(name.slice(1)) : Infinity);
  return names.sort((a, b) => order(a) - order(b))[0];
}

function sameConstant(a: OnnxConstant, b: OnnxConstant | undefined): boolean {
  return (
    b !== undefined &&
    a.name === b.name &&
    a.dataType === b.dataType &&
    tf.util.arraysEqual([...a.dims], [...b.dims]) &&
    a.rawData.every((byte, index) => byte === b.rawData[index])
  );
}
