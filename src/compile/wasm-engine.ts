// onnxruntime-web: the portable engine, in the browser and in Node.
import type { Engine } from "./engine.js";
import { onnxEngine } from "./onnx-engine.js";

/** Load onnxruntime-web with one thread. */
export async function wasmEngine(): Promise<Engine> {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.numThreads = 1;
  return onnxEngine("wasm", runtime);
}
