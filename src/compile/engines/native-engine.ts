// onnxruntime-node: the fast engine, in Node only.
import type { Engine } from "./engine.js";
import { onnxEngine } from "./onnx-engine.js";

/** Load onnxruntime-node; rejects where it is not installed. */
export async function nativeEngine(): Promise<Engine> {
  const runtime = await import("onnxruntime-node");
  return onnxEngine("native", runtime);
}
