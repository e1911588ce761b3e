// Running ONNX graphs, the same for the native and the WebAssembly onnxruntime.
import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-common";
import { sizeOf } from "../../math/shape.js";
import { UsageError } from "../../math/usage-error.js";
import { ARRAY_TYPES } from "../graph/graph.js";
import type { TensorSpec, TensorSpecs } from "../trace/trace.js";
import { traceToOnnx } from "../trace-to-onnx.js";
import type { Arrays, CompiledFunction, Engine } from "./engine.js";

/** What both packages export. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: "float32" | "uint8" | "int32", data: never, dims: readonly number[]) => Tensor;
}

/** Make an engine of a loaded onnxruntime. */
export function onnxEngine(name: "native" | "wasm", runtime: OnnxRuntime): Engine {
  return {
    name,
    async compile(fn, inputs) {
      const onnx = traceToOnnx(fn, inputs);
      const refuse = (cause: string) =>
        new Error(
          `${name} cannot run the compiled function: ${cause}. Cast what is not float32, or try the engine "reference".`,
        );
      return open(runtime, onnx, refuse, inputs);
    },
    load: (onnx) => open(runtime, onnx, damaged),
  };
}

function damaged(cause: string): UsageError {
  return new UsageError(`The ONNX model cannot be opened: ${cause}. It may be damaged; export it again.`);
}

async function open(
  runtime: OnnxRuntime,
  onnx: Uint8Array,
  refuse: (cause: string) => Error,
  specs?: TensorSpecs,
): Promise<CompiledFunction> {
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(onnx, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  const inputs = specs ?? specsOf(session);
  return {
    inputs,
    async run(arrays) {
      const feeds: Record<string, Tensor> = {};
      for (const name in inputs) feeds[name] = toTensor(runtime, name, inputs[name]!, arrays[name]);
      const results = await session.run(feeds);
      const outputs: Arrays = {};
      for (const name in results) outputs[name] = (results[name] as TypedTensor<"float32">).data;
      return outputs;
    },
    dispose: () => session.release(),
  };
}

function toTensor(
  runtime: OnnxRuntime,
  name: string,
  spec: TensorSpec,
  data: Arrays[string] | undefined,
): Tensor {
  checkInput(name, spec, data);
  return new runtime.Tensor(spec.dtype ?? "float32", data as never, spec.shape);
}

/** Throw a UsageError unless `data` has the size and type that `spec` asks for. */
export function checkInput(name: string, spec: TensorSpec, data: Arrays[string] | undefined): void {
  const size = sizeOf(spec.shape);
  const type = ARRAY_TYPES[spec.dtype ?? "float32"];
  if (data instanceof type && data.length === size) return;
  const got = data ? `${data.constructor.name} of ${data.length}` : "missing";
  throw new UsageError(
    `Input "${name}" is ${got}, expected ${type.name} of ${size} ([${spec.shape.join(", ")}]).`,
  );
}

function specsOf(session: InferenceSession): TensorSpecs {
  return Object.fromEntries(
    session.inputMetadata.map((input) => {
      if (!input.isTensor || input.shape.some((length) => typeof length !== "number")) {
        throw new UsageError(`Input "${input.name}" of the ONNX model has no fixed shape.`);
      }
      return [input.name, { shape: input.shape as number[], dtype: input.type as "float32" }];
    }),
  );
}
