// While a function is traced, each operation that it runs becomes a node of the graph.
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../math/shape.js";
import { filledValues, type TensorType } from "../graph/graph.js";
import type { KernelAttributes, Operation } from "../operations/operation.js";
import { OPERATIONS } from "../operations/table.js";
import { TRACE_BACKEND, type TraceBackend } from "./trace-backend.js";
import { NotCompilableError } from "./trace-refusals.js";

/** Make TensorFlow.js record each operation of the table while the trace backend is active. */
export function registerKernels(): void {
  for (const [kernelName, operation] of Object.entries(OPERATIONS)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const named = inputs as unknown as Readonly<Record<string, tf.TensorInfo>>;
        const given =
          operation.inputs === "list"
            ? Object.values(named)
            : operation.inputs.map((name) => inputNamed(kernelName, named, name));
        const attributes = (attrs ?? {}) as unknown as KernelAttributes;
        requireAttributes(kernelName, operation, attributes);
        return record(backend as TraceBackend, kernelName, given, attributes);
      },
    });
  }
}

function inputNamed(
  kernelName: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  name: string,
): tf.TensorInfo {
  const input = inputs[name];
  // TensorFlow.js leaves some out, and then fails where it differentiates
  if (!input) throw new NotCompilableError(kernelName, `without its input "${name}": hand one in`);
  return input;
}

/** Append a node to the graph, or a constant, or nothing where the output is the input; returns the outputs. */
function record(
  graph: TraceBackend,
  operationName: string,
  inputs: readonly tf.TensorInfo[],
  given: KernelAttributes,
): tf.TensorInfo | tf.TensorInfo[] {
  const entry = OPERATIONS[operationName]!;
  const types = inputs.map(typeOf);
  const attributes = entry.attributes?.(types, given) ?? {};
  const refused = entry.refuse?.(types, attributes);
  if (refused !== undefined) throw new NotCompilableError(operationName, refused);
  const ruled = entry.shape(types, attributes);
  const outputTypes = "dtype" in ruled ? [ruled] : ruled;
  let outputs: tf.TensorInfo[];
  if (entry.isCopy?.(types, attributes)) outputs = [graph.alias(inputs[0]!)];
  else if (entry.fill) {
    const value = entry.fill(attributes);
    outputs = outputTypes.map((type) =>
      graph.constant(filledValues(value, sizeOf(type.shape), type.dtype), type),
    );
  } else if (entry.values) {
    const values = entry.values(attributes);
    outputs = outputTypes.map((type) => graph.constant(values, type));
  } else outputs = graph.append(operationName, inputs, attributes, outputTypes);
  return "dtype" in ruled ? outputs[0]! : outputs;
}

function typeOf({ shape, dtype }: tf.TensorInfo): TensorType {
  return { shape, dtype: dtype as TensorType["dtype"] };
}

function requireAttributes(kernelName: string, { accepts }: Operation, given: KernelAttributes): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const range = accepts[name];
    if (range === "any" || range?.includes(value)) continue;
    const right = range ? `; it can with ${range.map(written).join(" or ")}` : "";
    throw new NotCompilableError(kernelName, `with ${name} ${written(value)}${right}`);
  }
}

function written(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
