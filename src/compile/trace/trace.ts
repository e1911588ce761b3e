// Trace a TensorFlow.js function once into a graph.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../../math/usage-error.js";
import {
  type AttributeValue,
  type Constant,
  type Graph,
  type GraphNode,
  type GraphOutput,
  OWN_NAME,
  sameConstant,
  type Value,
} from "../graph/graph.js";
import { OPERATION_NAMES } from "../operations/table.js";
import { removeDeadCode } from "../passes/remove-dead-code.js";
import { registerGradients } from "./gradients.js";
import { registerKernels } from "./record.js";
import { TRACE_BACKEND, TraceBackend } from "./trace-backend.js";
import { explainChange, explainRefusal, TraceRefusal } from "./trace-refusals.js";

/** Shape and type of an input; "uint8" reaches the function as float32, cast inside the graph. */
export interface TensorSpec {
  /** Lengths of its dimensions. */
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
 * Return the graph of `fn` for inputs of the shapes given, without what none of its outputs needs.
 *
 * Gradients inside `fn` (`tf.grad`, `tf.valueAndGrads`) are traced like everything else; tensors that `fn` captures
 * become constants. Throws a UsageError for an operation, attribute or type that is not in the table of operations, naming
 * it and the line that called it, and where `fn` would not give what it gives eagerly: where it reads a tensor's value,
 * draws random numbers, uses a variable, or is not the same each time it is called.
 */
export function traceGraph(fn: TensorFunction, inputs: TensorSpecs): Graph {
  const traced = traceOnce(fn, inputs);
  const difference = firstDifference(traced, traceOnce(fn, inputs));
  if (difference !== undefined) {
    const watched: NonNullable<TraceBackend["watched"]> = { name: difference };
    traceOnce(fn, inputs, watched);
    throw new UsageError(explainChange(watched.stack ?? ""));
  }
  return removeDeadCode(traced);
}

function traceOnce(fn: TensorFunction, inputs: TensorSpecs, watched?: TraceBackend["watched"]): Graph {
  const graph = prepareBackend();
  const before = tf.engine().backendName;
  graph.start();
  graph.watched = watched;
  void tf.setBackend(TRACE_BACKEND);
  try {
    const outputs: Graph["outputs"][number][] = [];
    tf.tidy(() => {
      const results = runTraced(graph, fn, placeholders(graph, inputs));
      for (const [name, tensor] of Object.entries(results)) {
        if (name in inputs)
          throw new UsageError(`The traced function has an input and an output named "${name}".`);
        requireName(name);
        outputs.push({ name, value: graph.nameOf(tensor) });
      }
    });
    const values = Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      return { name, dtype, shape: [...shape] };
    });
    return { inputs: values, constants: graph.constants, nodes: graph.nodes, outputs };
  } finally {
    graph.start();
    graph.watched = undefined;
    if (before) void tf.setBackend(before);
    // what somebody else computes next is not to be traced
    else tf.removeBackend(TRACE_BACKEND);
  }
}

function prepareBackend(): TraceBackend {
  registerGradients();
  const made = backend ?? new TraceBackend();
  if (!tf.findBackendFactory(TRACE_BACKEND)) tf.registerBackend(TRACE_BACKEND, () => made, 0);
  if (backend) return backend;
  registerKernels();
  backend = made;
  return made;
}

function placeholders(graph: TraceBackend, inputs: TensorSpecs): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      requireName(name);
      if (dtype !== "uint8") return [name, asTensor(graph.tensor(name, shape, dtype))];
      // TensorFlow.js has no type for bytes: to the function they are float32 from the start
      const bytes = graph.tensor(name, shape, "int32");
      const attributes = { dtype: "float32" } as const;
      return [name, asTensor(graph.append("Cast", [bytes], attributes, [{ dtype: "float32", shape }])[0]!)];
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
    const explained = explainRefusal(error, OPERATION_NAMES);
    if (explained === undefined) throw error;
    throw new UsageError(explained);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Return the name at which two traces of one function differ for the first time. */
function firstDifference(first: Graph, second: Graph): string | undefined {
  const names: string[] = [];
  const other = second.constants;
  const constant = first.constants.find((one, k) => !(other[k] && sameValue(one, other[k])));
  if (constant) names.push(constant.name);
  const node = first.nodes.find((one, k) => !(second.nodes[k] && sameNode(one, second.nodes[k])));
  if (node) names.push(node.outputs[0]!.name);
  if (first.nodes.length < second.nodes.length)
    names.push(second.nodes[first.nodes.length]!.outputs[0]!.name);
  const output = first.outputs.find((one, k) => !isSameOutput(one, second.outputs[k]));
  if (output) names.push(output.name);
  if (first.outputs.length < second.outputs.length) names.push(second.outputs[first.outputs.length]!.name);
  const order = (name: string) =>
    name.startsWith(OWN_NAME) ? Number(name.slice(OWN_NAME.length)) : Infinity;
  return names.sort((a, b) => order(a) - order(b))[0];
}

function isSameOutput(a: GraphOutput, b: GraphOutput | undefined): boolean {
  return a.name === b?.name && a.value === b.value;
}

function sameValue(a: Constant, b: Constant): boolean {
  return a.name === b.name && sameConstant(a, b);
}

/** Compare without writing texts of them: there are thousands of nodes, twice. */
function sameNode(a: GraphNode, b: GraphNode): boolean {
  return (
    a.operation === b.operation &&
    sameList(a.inputs, b.inputs) &&
    a.outputs.length === b.outputs.length &&
    a.outputs.every((output, k) => sameOutput(output, b.outputs[k]!)) &&
    Object.keys(a.attributes).every((name) => sameAttribute(a.attributes[name]!, b.attributes[name]!))
  );
}

function sameOutput(a: Value, b: Value): boolean {
  return a.name === b.name && a.dtype === b.dtype && sameList(a.shape, b.shape);
}

function sameAttribute(a: AttributeValue, b: AttributeValue): boolean {
  return typeof a === "object" && typeof b === "object" ? sameList(a, b) : Object.is(a, b);
}

function sameList(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  return a.length === b.length && a.every((value, k) => Object.is(value, b[k]));
}
