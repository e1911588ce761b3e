// Trace a TensorFlow.js function once into a static ONNX graph.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../math/usage-error.js";
import { registerGradients } from "./gradients.js";
import { mapConvolutionKernels } from "./kernels-convolution.js";
import { mapElementwiseKernels } from "./kernels-elementwise.js";
import { mapLinearKernels } from "./kernels-linear.js";
import { mapShapeKernels } from "./kernels-shape.js";
import { castFromBytes } from "./layout.js";
import { ELEMENT_TYPE, encodeOnnx, type OnnxNode, type OnnxValue } from "./onnx-model.js";
import { TRACE_BACKEND, TraceBackend, ValueReadError } from "./trace-backend.js";

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

let backend: TraceBackend | undefined;

/**
 * Return the ONNX file of `fn` for inputs of the shapes given.
 *
 * Gradients inside `fn` (`tf.grad`, `tf.valueAndGrads`) are traced like everything else; tensors that `fn` captures
 * become constants. `metadata` is stored in the file.
 * Throws a UsageError for an operation without mapping, naming it, the line that called it and what is supported, and
 * where `fn` reads a tensor's value.
 */
export function traceToOnnx(
  fn: TensorFunction,
  inputs: TensorSpecs,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = prepareBackend();
  const before = tf.engine().backendName;
  graph.start();
  void tf.setBackend(TRACE_BACKEND);
  try {
    const outputs: OnnxValue[] = [];
    tf.tidy(() => {
      for (const [name, tensor] of Object.entries(runTraced(fn, placeholders(graph, inputs)))) {
        if (name in inputs)
          throw new UsageError(`The traced function has an input and an output named "${name}".`);
        graph.rawNode("Identity", [tensor], [name]);
        const elementType = ELEMENT_TYPE[tensor.dtype as keyof typeof ELEMENT_TYPE];
        outputs.push({ name, elementType, shape: tensor.shape });
      }
    });
    const values = Object.entries(inputs).map(([name, { shape, dtype = "float32" }]) => {
      return { name, elementType: ELEMENT_TYPE[dtype], shape };
    });
    return encodeOnnx({
      nodes: needed(graph.nodes, outputs),
      constants: graph.constants,
      inputs: values,
      outputs,
      metadata,
    });
  } finally {
    graph.start();
    if (before) void tf.setBackend(before);
  }
}

/** Leave out nodes that no output needs; nodes stand after those that they need. */
function needed(nodes: readonly OnnxNode[], outputs: readonly OnnxValue[]): OnnxNode[] {
  const names = new Set(outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => names.has(name))) continue;
    for (const name of node.input) names.add(name);
    kept.push(node);
  }
  return kept.reverse();
}

/** List the TensorFlow.js kernels that can be traced. */
export function supportedKernels(): string[] {
  prepareBackend();
  return tf
    .getKernelsForBackend(TRACE_BACKEND)
    .map(({ kernelName }) => kernelName)
    .sort();
}

function prepareBackend(): TraceBackend {
  if (backend) return backend;
  const made = new TraceBackend();
  tf.registerBackend(TRACE_BACKEND, () => made, 0);
  registerGradients();
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
      if (dtype !== "uint8") return [name, asTensor(graph.tensor(name, shape, dtype))];
      return [name, asTensor(castFromBytes(graph, graph.tensor(name, shape, "int32")))];
    }),
  );
}

function asTensor(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

function runTraced(
  fn: TensorFunction,
  inputs: Record<string, tf.Tensor>,
): Readonly<Record<string, tf.Tensor>> {
  try {
    return fn(inputs);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const caller = callerIn(error.stack ?? "");
    if (error instanceof ValueReadError) {
      throw new UsageError(
        `The traced function reads a tensor's value (dataSync, data or arraySync)${caller}. While it is traced there ` +
          "are no values yet: compute with tensor operations only, for example tf.where instead of if.",
      );
    }
    const kernel = /kernel '(\w+)'/i.exec(error.message)?.[1];
    if (kernel === undefined) throw error;
    throw new UsageError(
      `The TensorFlow.js operation "${kernel}"${caller} cannot be compiled. Supported are: ${supportedKernels().join(", ")}.`,
    );
  }
}

/** Name the first line of a stack that is neither TensorFlow.js nor the tracer. */
function callerIn(stack: string): string {
  const line = stack
    .split("\n")
    .slice(1)
    .find((candidate) => !/node_modules|[\\/]compile[\\/](trace|kernel)|node:internal/.test(candidate));
  const place = line && /\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(line.trim())?.[1];
  return place ? `, called at ${place},` : "";
}
