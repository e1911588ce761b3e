// TensorFlow.js's own runtimes of GraphModels and LayersModels: to check what was written for them.
import * as tf from "@tensorflow/tfjs-core";
import type { TfjsModel } from "../emit/tfjs/tfjs-model.js";
import type { TensorSpecs } from "../trace/trace.js";
import type { Arrays, CompiledFunction } from "./engine.js";
import { causeOf, isNotInstalled } from "./not-installed.js";
import { checkInput } from "./onnx-engine.js";

/** Loads models as `tf.loadGraphModel` and `tf.loadLayersModel` do, and runs them on TensorFlow.js's `cpu` backend. */
export interface TfjsRuntime {
  /** Load a GraphModel; `inputs` are what `run` takes. */
  loadGraphModel(model: TfjsModel, inputs: TensorSpecs): Promise<CompiledFunction>;
  /** Load a LayersModel of one input and one output, which get the names given. */
  loadLayersModel(model: TfjsModel, inputs: TensorSpecs, output: string): Promise<CompiledFunction>;
}

/** Why there is no runtime here, and the way out, as a sentence without its period. */
export interface NoRuntime {
  readonly none: string;
}

/** A model of either kind. */
interface LoadedModel {
  predict(inputs: unknown): unknown;
  dispose(): void;
}

const WAY = `npm install @tensorflow/tfjs@${tf.version_core}`;

type Load = (handler: tf.io.IOHandler) => Promise<LoadedModel>;

/** Return the runtime, or why there is none: its packages, which come with @tensorflow/tfjs, are nothing that armgym installs. */
export async function tfjsRuntime(): Promise<TfjsRuntime | NoRuntime> {
  const loadGraphModel = await importLoad("converter", "loadGraphModel");
  if ("none" in loadGraphModel) return loadGraphModel;
  const loadLayersModel = await importLoad("layers", "loadLayersModel");
  if ("none" in loadLayersModel) return loadLayersModel;
  tf.enableProdMode();
  await import("@tensorflow/tfjs-backend-cpu");
  return {
    async loadGraphModel(model, inputs) {
      const loaded = await onCpu(() => loadGraphModel(handlerOf(model)));
      return runs(loaded, inputs, (tensors) => tensors, outputNames(model));
    },
    async loadLayersModel(model, inputs, output) {
      const loaded = await onCpu(() => loadLayersModel(handlerOf(model)));
      return runs(loaded, inputs, (tensors) => Object.values(tensors)[0], [output]);
    },
  };
}

async function importLoad(part: "converter" | "layers", load: string): Promise<Load | NoRuntime> {
  // a name that the type checker cannot follow: the packages need not be there
  const name: string = `@tensorflow/tfjs-${part}`;
  try {
    const imported = (await import(name)) as Readonly<Record<string, unknown>>;
    const version = imported[`version_${part}`];
    if (version === tf.version_core) return imported[load] as Load;
    return { none: `${name} is of version ${version}, expected ${tf.version_core} (${WAY})` };
  } catch (error) {
    if (isNotInstalled(error, name)) return { none: `${name} is not installed (${WAY})` };
    return { none: `${name} cannot be loaded (${causeOf(error)})` };
  }
}

/** The files as they are written, read as a page reads them. */
function handlerOf({ modelJson, weights }: TfjsModel): tf.io.IOHandler {
  const { weightsManifest, ...artifacts } = JSON.parse(modelJson) as tf.io.ModelJSON;
  const weightSpecs = weightsManifest[0]!.weights;
  return { load: async () => ({ ...artifacts, weightSpecs, weightData: weights.slice().buffer }) };
}

function outputNames({ modelJson }: TfjsModel): string[] {
  const { signature } = JSON.parse(modelJson) as { signature: { outputs: object } };
  return Object.keys(signature.outputs);
}

function runs(
  model: LoadedModel,
  inputs: TensorSpecs,
  given: (tensors: tf.NamedTensorMap) => unknown,
  names: readonly string[],
): CompiledFunction {
  return {
    inputs,
    async run(arrays) {
      return onCpu(async () =>
        tf.tidy(() => {
          const said = model.predict(given(tensorsOf(inputs, arrays)));
          const outputs: Arrays = {};
          for (const name of names) {
            const tensor = said instanceof tf.Tensor ? said : (said as tf.NamedTensorMap)[name]!;
            outputs[name] = tensor.dataSync<"float32">().slice();
          }
          return outputs;
        }),
      );
    },
    async dispose() {
      model.dispose();
    },
  };
}

function tensorsOf(inputs: TensorSpecs, arrays: Arrays): tf.NamedTensorMap {
  const tensors: tf.NamedTensorMap = {};
  for (const [name, spec] of Object.entries(inputs)) {
    checkInput(name, spec, arrays[name]);
    const isFloat = (spec.dtype ?? "float32") === "float32";
    const values = isFloat ? Float32Array.from(arrays[name]!) : Int32Array.from(arrays[name]!);
    tensors[name] = tf.tensor(values, [...spec.shape], isFloat ? "float32" : "int32");
  }
  return tensors;
}

/** Do something on the `cpu` backend, and go back to the one before. */
async function onCpu<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tf.engine().backendName;
  if (before !== "cpu") await tf.setBackend("cpu");
  try {
    return await work();
  } finally {
    if (before && before !== "cpu") await tf.setBackend(before);
  }
}
