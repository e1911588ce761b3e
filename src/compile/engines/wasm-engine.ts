// onnxruntime-web: the portable engine, in the browser and in Node.

import { UsageError } from "../../math/usage-error.js";
import type { Engine } from "./engine.js";
import { causeOf, isNotInstalled } from "./not-installed.js";
import { onnxEngine } from "./onnx-engine.js";

/**
 * Load onnxruntime-web with one thread; `binary` is its WebAssembly where it cannot be fetched from beside the code.
 *
 * Throws a UsageError where the package is not installed or cannot be loaded.
 */
export async function wasmEngine(binary?: Uint8Array<ArrayBuffer>): Promise<Engine> {
  const runtime = await import("onnxruntime-web/wasm").catch((error: unknown) => {
    const state = isNotInstalled(error, "onnxruntime-web")
      ? "is not installed"
      : `is installed, but cannot be loaded (${causeOf(error)})`;
    throw new UsageError(
      `The engine "wasm" needs onnxruntime-web, which ${state}. Install armgym's dependencies again.`,
    );
  });
  runtime.env.wasm.numThreads = 1;
  if (binary) runtime.env.wasm.wasmBinary = binary;
  return onnxEngine("wasm", runtime);
}
