// onnxruntime-web: the portable engine, in the browser and in Node.
import type { Engine } from "./engine.js";
import { onnxEngine } from "./onnx-engine.js";

/** Load onnxruntime-web with one thread; `binary` is its WebAssembly where it cannot be fetched from beside the code. */
export async function wasmEngine(binary?: Uint8Array<ArrayBuffer>): Promise<Engine> {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.numThreads = 1;
  if (binary) runtime.env.wasm.wasmBinary = binary;
  return onnxEngine("wasm", runtime);
}
