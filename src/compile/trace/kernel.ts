// How a TensorFlow.js kernel is mapped to ONNX nodes.
import * as tf from "@tensorflow/tfjs-core";
import { TRACE_BACKEND, type TraceBackend } from "./trace-backend.js";
import { NotCompilableError } from "./trace-refusals.js";

/** Inputs of a kernel by their TensorFlow.js names; lists come with numbers as names. */
export type KernelInputs = Readonly<Record<string, tf.TensorInfo>>;

/** Attributes of a kernel; their types are as the kernel's documentation in TensorFlow.js says. */
// biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types attributes per kernel only by convention
export type KernelAttributes = Readonly<Record<string, any>>;

/** Appends the nodes of one kernel and returns its output. */
export type KernelEmitter = (
  graph: TraceBackend,
  inputs: KernelInputs,
  attributes: KernelAttributes,
) => tf.TensorInfo | tf.TensorInfo[];

/** How one kernel is compiled, and for which attributes that is right. */
export interface KernelMapping {
  /** Per attribute that the kernel may have: "any" value, or the only values that can be compiled. */
  readonly attributes: Readonly<Record<string, "any" | readonly unknown[]>>;
  readonly emit: KernelEmitter;
}

/** Gradients of a kernel by the names of its inputs, given that of its output and what it saved. */
export type Gradient = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attributes: KernelAttributes,
) => Record<string, () => tf.Tensor>;

/** Notes the gradient of a kernel and which of its tensors that needs. */
export type RegisterGradient = (
  kernelName: string,
  saving: Partial<tf.GradConfig>,
  gradient: Gradient,
) => void;

const mapped = new Map<string, KernelMapping>();

/** List the kernels that can be compiled with their attributes, sorted by name. */
export function mappedKernels(): readonly (readonly [string, KernelMapping])[] {
  return [...mapped].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Describe a mapping; `attributes` lists every attribute that it takes into account. */
export function kernel(attributes: KernelMapping["attributes"], emit: KernelEmitter): KernelMapping {
  return { attributes, emit };
}

/** Make TensorFlow.js call `mapping` for each kernel named while the trace backend is active. */
export function mapKernels(mappings: Readonly<Record<string, KernelMapping>>): void {
  for (const [kernelName, mapping] of Object.entries(mappings)) {
    mapped.set(kernelName, mapping);
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const attributes = (attrs ?? {}) as unknown as KernelAttributes;
        requireAttributes(kernelName, mapping, attributes);
        return mapping.emit(backend as TraceBackend, inputs as unknown as KernelInputs, attributes);
      },
    });
  }
}

function requireAttributes(kernelName: string, { attributes }: KernelMapping, given: KernelAttributes): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const range = attributes[name];
    if (range === "any" || range?.includes(value)) continue;
    const right = range ? `; it can with ${range.map(written).join(" or ")}` : "";
    throw new NotCompilableError(kernelName, `with ${name} ${written(value)}${right}`);
  }
}

function written(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
