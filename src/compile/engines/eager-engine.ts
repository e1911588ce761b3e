// TensorFlow.js itself, operation by operation: the reference that compiled graphs are held against.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../../math/usage-error.js";
import { registerGradients } from "../trace/gradients.js";
import { requireTensors, type TensorFunction, type TensorSpecs } from "../trace/trace.js";
import type { Arrays, CompiledFunction, Engine } from "./engine.js";
import { checkInput } from "./onnx-engine.js";
import { loadTensorFlow } from "./tensorflow-package.js";

/** Make the engine on tfjs `cpu` ("reference") or on `@tensorflow/tfjs-node` ("tensorflow"). */
export async function eagerEngine(name: "reference" | "tensorflow"): Promise<Engine> {
  // without it TensorFlow.js greets every run with advice to install tfjs-node
  tf.enableProdMode();
  const backend = name === "reference" ? "cpu" : "tensorflow";
  if (name === "reference") await import("@tensorflow/tfjs-backend-cpu");
  else await loadTensorFlow();
  registerGradients();
  return {
    name,
    compile: async (fn, inputs) => eagerFunction(backend, fn, inputs),
    load: () => {
      const way = 'Use the engine "native" or "wasm".';
      throw new UsageError(`The engine "${name}" runs functions, not ONNX files. ${way}`);
    },
  };
}

function eagerFunction(backend: string, fn: TensorFunction, inputs: TensorSpecs): CompiledFunction {
  return {
    inputs,
    async run(arrays) {
      if (tf.engine().backendName !== backend) await tf.setBackend(backend);
      const outputs: Arrays = {};
      tf.tidy(() => {
        const tensors: Record<string, tf.Tensor> = {};
        for (const name in inputs) {
          const spec = inputs[name]!;
          checkInput(name, spec, arrays[name]);
          const dtype = spec.dtype === "int32" ? "int32" : "float32";
          const values = spec.dtype === "uint8" ? Float32Array.from(arrays[name]!) : arrays[name]!.slice();
          tensors[name] = tf.tensor(values, [...spec.shape], dtype);
        }
        const results = fn(tensors);
        requireTensors(results);
        for (const name in results) outputs[name] = results[name]!.dataSync<"float32">().slice();
      });
      return outputs;
    },
    dispose: async () => {},
  };
}
