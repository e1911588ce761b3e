// How a TensorFlow.js kernel is mapped to ONNX nodes.
import * as tf from "@tensorflow/tfjs-core";
import { TRACE_BACKEND, type TraceBackend } from "./trace-backend.js";

/** Inputs of a kernel by their TensorFlow.js names; lists come with numbers as names. */
export type KernelInputs = Readonly<Record<string, tf.TensorInfo>>;

/** Attributes of a kernel; their types are as the kernel's documentation in TensorFlow.js says. */
// biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types attributes per kernel only by convention
export type KernelAttributes = Readonly<Record<string, any>>;

/** Appends the nodes of one kernel and returns its output. */
export type KernelMapping = (
  graph: TraceBackend,
  inputs: KernelInputs,
  attributes: KernelAttributes,
) => tf.TensorInfo | tf.TensorInfo[];

/** Make TensorFlow.js call `mapping` for each kernel named while the trace backend is active. */
export function mapKernels(mappings: Readonly<Record<string, KernelMapping>>): void {
  for (const [kernelName, mapping] of Object.entries(mappings)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs, backend }) =>
        mapping(
          backend as TraceBackend,
          inputs as unknown as KernelInputs,
          attrs as unknown as KernelAttributes,
        ),
    });
  }
}
