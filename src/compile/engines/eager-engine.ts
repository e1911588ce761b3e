// TensorFlow.js itself, operation by operation: the reference that compiled graphs are held against.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../../math/usage-error.js";
import { registerGradients } from "../trace/gradients.js";
import { requireTensors, type TensorFunction, type TensorSpecs } from "../trace/trace.js";
import type { Arrays, CompiledFunction, Engine } from "./engine.js";
import { causeOf, isNotInstalled } from "./not-installed.js";
import { checkInput } from "./onnx-engine.js";

/** Node 23 took util.isNullOrUndefined away, which @tensorflow/tfjs-node 4.22, its last release, calls in each operation. */
const LAST_NODE_OF_TENSORFLOW = 22;

/** Make the engine on tfjs `cpu` ("reference") or on `@tensorflow/tfjs-node` ("tensorflow"). */
export async function eagerEngine(name: "reference" | "tensorflow"): Promise<Engine> {
  // without it TensorFlow.js greets every run with advice to install tfjs-node
  tf.enableProdMode();
  const backend = name === "reference" ? "cpu" : "tensorflow";
  if (name === "reference") await import("@tensorflow/tfjs-backend-cpu");
  else await importTensorFlow();
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

async function importTensorFlow(): Promise<void> {
  // a name that the type checker cannot follow: the package is an optional peer
  const packageName: string = "@tensorflow/tfjs-node";
  try {
    await import(packageName);
  } catch (error) {
    if (isNotInstalled(error, packageName))
      throw new UsageError(
        `The engine "tensorflow" needs ${packageName}, which is not installed. Run "npm install ` +
          `${packageName}", or use the default engine "native".`,
      );
    throw new UsageError(
      `The engine "tensorflow" cannot be loaded: ${packageName} is installed, but broken (${causeOf(error)}). ` +
        `Install it again, or use the default engine "native".`,
    );
  }
  await requireRunning(packageName);
}

/** Throw a UsageError unless a first operation runs: what is missing in Node or in the binary shows no sooner. */
async function requireRunning(packageName: string): Promise<void> {
  const before = tf.engine().backendName;
  try {
    if (!(await tf.setBackend("tensorflow"))) throw new Error("its backend does not start");
    tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).dataSync());
  } catch (error) {
    const { node } = process.versions;
    const way =
      Number(node.split(".")[0]) > LAST_NODE_OF_TENSORFLOW
        ? `It works on Node ${LAST_NODE_OF_TENSORFLOW} and older: use that`
        : "Install it again";
    throw new UsageError(
      `The engine "tensorflow" does not run: ${packageName} fails on Node ${node} (${causeOf(error)}). ${way}, or the default engine "native".`,
    );
  } finally {
    if (before) await tf.setBackend(before);
  }
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
