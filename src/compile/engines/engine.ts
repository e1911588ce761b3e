// Engines run TensorFlow.js functions: compiled to ONNX, or eagerly for reference.
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import type { TensorFunction, TensorSpecs } from "../trace/trace.js";

/** All engines. */
export const ENGINE_NAMES = ["native", "wasm", "tensorflow", "reference"] as const;

/**
 * "native" and "wasm" run compiled graphs by onnxruntime; "tensorflow" runs eagerly on `@tensorflow/tfjs-node` where
 * `armgym install-tensorflow` has set it up; "reference" runs eagerly on TensorFlow.js's `cpu` backend.
 */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Return `name` where it is an engine's; throws a UsageError with the near match where it is not. */
export function requireEngineName(name: string): EngineName {
  const engine = ENGINE_NAMES.find((known) => known === name);
  if (engine) return engine;
  const known = ENGINE_NAMES.join(", ");
  throw new UsageError(`Unknown engine "${name}". ${didYouMean(name, ENGINE_NAMES)}Engines are: ${known}.`);
}

/** Named arrays, one per input or output. */
export type Arrays = Record<string, Float32Array | Int32Array | Uint8Array>;

/** A function that is ready to run. */
export interface CompiledFunction {
  /** Shapes and types of what `run` takes, by name. */
  readonly inputs: TensorSpecs;
  /** Run once; the arrays returned belong to the caller. Throws a UsageError for a missing or wrongly sized input. */
  run(inputs: Arrays): Promise<Arrays>;
  dispose(): Promise<void>;
}

/** Compiles functions and loads ONNX files. Single-threaded: the same inputs give the same bits. */
export interface Engine {
  /** What runs: where "native" is not installed, "wasm". */
  readonly name: EngineName;
  compile(fn: TensorFunction, inputs: TensorSpecs): Promise<CompiledFunction>;
  /** Load an ONNX file; throws a UsageError where the bytes are none, or the engine cannot run them. */
  load(onnx: Uint8Array): Promise<CompiledFunction>;
}
