// TensorFlow.js's own runtimes of models, as the tests beside this file use them.
import { type TfjsRuntime, tfjsRuntime } from "../../../../src/compile/engines/tfjs-runtime.js";

/** Return the runtime; throws where the development dependencies are not installed. */
export async function installedRuntime(): Promise<TfjsRuntime> {
  const runtime = await tfjsRuntime();
  if ("none" in runtime) throw new Error(`${runtime.none}: in a checkout, run npm install`);
  return runtime;
}
