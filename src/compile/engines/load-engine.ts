// Engines by name, and what stands in where one cannot be loaded.
import { UsageError } from "../../math/usage-error.js";
import { eagerEngine } from "./eager-engine.js";
import { type Engine, requireEngineName } from "./engine.js";
import { nativeEngine } from "./native-engine.js";
import { causeOf, isNotInstalled } from "./not-installed.js";
import { wasmEngine } from "./wasm-engine.js";

/**
 * Load an engine; the default is "native".
 *
 * Where the native library is not installed, or cannot be loaded, "wasm" is taken instead, and `say` gets one line about it. Throws a
 * UsageError for an unknown name, for "tensorflow" where `@tensorflow/tfjs-node` is not installed or does not run, and for
 * "wasm" where `onnxruntime-web` cannot be loaded.
 */
export async function loadEngine(
  name: string = "native",
  say: (line: string) => void = console.warn,
): Promise<Engine> {
  if (name === "reference" || name === "tensorflow") return eagerEngine(name);
  if (name === "wasm") return wasmEngine();
  requireEngineName(name);
  try {
    return await nativeEngine();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    say(`${whyNotNative(error)} Using "wasm", which trains about 10 times slower.`);
    return wasmEngine();
  }
}

/** Tell a package that is not there from one that may not, or cannot, be loaded. */
function whyNotNative(error: unknown): string {
  if ((error as { readonly code?: string }).code === "ERR_DLOPEN_DISABLED")
    return "Node's permission model keeps the native engine (onnxruntime-node) out: start node with --allow-addons to have it.";
  if (isNotInstalled(error, "onnxruntime-node"))
    return "The native engine (onnxruntime-node) is not installed.";
  return `The native engine (onnxruntime-node) is installed, but cannot be loaded (${causeOf(error)}).`;
}
