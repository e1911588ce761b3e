// A fitted predictor as a function from fields as the data have them to its outputs, parameters and statistics inside.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../compile/trace/trace.js";
import { memorySize } from "../model/model.js";
import type { ModelWeights } from "../model/model-runner.js";
import { normalizeTensor } from "../model/normalizer.js";
import { isOfClasses } from "./losses.js";
import type { PredictorNetwork } from "./predictor.js";

/** What an exported predictor remembers is called, before and after a step. */
export const MEMORY_PORTS = { input: "memory_in", output: "memory_out" } as const;

/** Return the name of the output with the probabilities of an output that has a logit for each class. */
export function probabilitiesOf(output: string): string {
  return `${output}_probabilities`;
}

/** List what `exportedPredictor` takes: a row of each input, and what is remembered. */
export function exportedInputs({ model }: PredictorNetwork): TensorSpecs {
  const inputs = Object.entries(model.inputs).map(([name, { shape, dtype = "float32" }]) => {
    return [name, { shape: [1, ...shape], dtype }] as const;
  });
  const memory = model.memory ? { [MEMORY_PORTS.input]: { shape: [1, memorySize(model)] } } : {};
  return { ...Object.fromEntries(inputs), ...memory };
}

/**
 * Return the function of a row's inputs, as the data have them, to all outputs of the model, and of those with a logit for each class the
 * probabilities (softmax) as well. Parameters and statistics become constants when it is traced.
 */
export function exportedPredictor(
  { model, objectives }: PredictorNetwork,
  { parameters, normalizers }: ModelWeights,
): TensorFunction {
  return (given) => {
    const inputs = Object.keys(model.inputs).map((name) => {
      const normalizer = normalizers[name];
      const value = given[name]!;
      return [
        name,
        normalizer
          ? normalizeTensor(value, tf.tensor1d(normalizer.mean), tf.tensor1d(normalizer.scale))
          : value,
      ] as const;
    });
    const memory = model.memory ? { memory: given[MEMORY_PORTS.input]! } : {};
    const results = model.apply(tf.tensor1d(parameters), {
      ...Object.fromEntries<tf.Tensor>(inputs),
      ...memory,
    });
    const outputs = Object.keys(model.outputs).map((name) => [name, results[name]!] as const);
    const probabilities = objectives
      .filter(({ loss }) => isOfClasses(loss))
      .map(({ output }) => [probabilitiesOf(output), tf.softmax(results[output]!)] as const);
    return {
      ...Object.fromEntries<tf.Tensor>([...outputs, ...probabilities]),
      ...(model.memory ? { [MEMORY_PORTS.output]: results.memory! } : {}),
    };
  };
}
