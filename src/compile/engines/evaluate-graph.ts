// Run a graph once, for what passes have to know of it.
import { emitOnnx } from "../emit/onnx/emit-onnx.js";
import type { Evaluate } from "../passes/fold-constants.js";
import type { Engine } from "./engine.js";

/** Return a function that runs graphs without inputs by `engine`, which has to be one that loads ONNX. */
export function evaluateBy(engine: Engine): Evaluate {
  return async (graph) => {
    const compiled = await engine.load(emitOnnx(graph));
    const arrays = await compiled.run({});
    await compiled.dispose();
    // copies: the engine may use its memory again
    return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()]));
  };
}
