// A model as functions to be compiled: its outputs, and how a weighted sum of them changes with each input.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpec, TensorSpecs } from "../compile/trace/trace.js";
import { type Model, type ModelOutput, memorySize, type Tensors } from "./model.js";
import { normalizeTensor } from "./normalizer.js";

/** What is compiled of a model. */
export interface CompiledPart {
  /** Rows that are computed at once. */
  readonly rows: number;
  /** Inputs that are standardised first, by statistics that are inputs themselves. */
  readonly normalized: readonly string[];
}

/**
 * List what `modelFunction` takes: `parameters`; each input [rows, ...shape]; of each standardised one `<name>.mean` and
 * `<name>.scale` [last axis]; and, with memory, `memory` [rows, memory size].
 *
 * Throws an Error where an input or output has a name that these need themselves.
 */
export function modelInputs(model: Model, { rows, normalized }: CompiledPart): TensorSpecs {
  requireFreeNames(model);
  const specs: Record<string, TensorSpec> = { parameters: { shape: [model.layout.total] } };
  for (const name of normalized) {
    // one for each entry of the last axis, whatever stands before it: steps of a window, pixels
    const shape = model.inputs[name]!.shape.slice(-1);
    specs[`${name}.mean`] = { shape };
    specs[`${name}.scale`] = { shape };
  }
  for (const [name, { shape, dtype = "float32" }] of Object.entries(model.inputs))
    specs[name] = { shape: [rows, ...shape], ...(dtype === "float32" ? {} : { dtype }) };
  if (model.memory) specs.memory = { shape: [rows, memorySize(model)] };
  return specs;
}

/** Return the function to the outputs, the taps named, and, with memory, `memory.next` [rows, memory size]. */
export function modelFunction(
  model: Model,
  { normalized }: Pick<CompiledPart, "normalized">,
  taps: readonly string[] = [],
): TensorFunction {
  return (inputs) => {
    const { memory, ...results } = applied(model, normalized, inputs);
    const named = [...Object.keys(model.outputs), ...taps].map((name) => [name, results[name]!]);
    return { ...Object.fromEntries(named), ...(memory ? { "memory.next": memory } : {}) };
  };
}

/**
 * List what `gradientFunction` takes: what `modelFunction` does, bytes as float32, since gradients are asked for between
 * two of them as well, and of each output with rows its weights `<name>.weight` [rows, ...shape].
 */
export function gradientInputs(model: Model, part: CompiledPart): TensorSpecs {
  const inputs = Object.entries(modelInputs(model, part)).map(([name, { shape, dtype }]) => {
    return [name, dtype === "int32" ? { shape, dtype } : { shape }] as const;
  });
  const weights = weighted(model).map(([name, { shape }]) => {
    return [`${name}.weight`, { shape: [part.rows, ...shape] }] as const;
  });
  return Object.fromEntries<TensorSpec>([...inputs, ...weights]);
}

/**
 * Return the function to `output` [rows], the sum of all outputs times their weights; its gradient with respect to each
 * input that is no int32, not standardised, and to each tap of `tapGradients`, `<name>.gradient` [rows, ...shape]; and all
 * taps. What is remembered is held fixed.
 *
 * Tracing it throws an Error where an output does not depend on one of `tapGradients`.
 */
export function gradientFunction(
  model: Model,
  { normalized }: Pick<CompiledPart, "normalized">,
  tapGradients: readonly string[] = [],
): TensorFunction {
  const differentiated = Object.keys(model.inputs).filter((name) => model.inputs[name]!.dtype !== "int32");
  return (inputs) => {
    const outputOf = (...values: readonly tf.Tensor[]): tf.Tensor => {
      const given = Object.fromEntries(differentiated.map((name, k) => [name, values[k]!]));
      return weightedSum(model, applied(model, normalized, { ...inputs, ...given }), inputs);
    };
    const values = differentiated.map((name) => inputs[name]!);
    const gradients = values.length > 0 ? tf.grads(outputOf)(values) : [];
    const apply = () => applied(model, normalized, inputs);
    const ofTaps = tapGradients.length > 0 ? gradientsOfTaps(model, tapGradients, apply, inputs) : {};
    const results = apply();
    return {
      output: outputOf(...values),
      ...Object.fromEntries(differentiated.map((name, k) => [`${name}.gradient`, gradients[k]!])),
      ...ofTaps,
      ...Object.fromEntries(Object.keys(model.taps ?? {}).map((name) => [name, results[name]!])),
    };
  };
}

/** Sum the outputs of each row times their weights. [rows] */
function weightedSum(model: Model, results: Tensors, inputs: Tensors): tf.Tensor {
  const names = weighted(model).map(([name]) => name);
  const outputs = sideBySide(names.map((name) => results[name]!));
  return tf.sum(tf.mul(outputs, sideBySide(names.map((name) => inputs[`${name}.weight`]!))), 1);
}

function gradientsOfTaps(
  model: Model,
  names: readonly string[],
  apply: () => Tensors,
  inputs: Tensors,
): Record<string, tf.Tensor> {
  // taps are made while the model is applied, and the tape asks for them only afterwards: until then others stand in the list
  const taps: tf.Tensor[] = names.map(() => inputs.parameters!);
  const outputOf = () => {
    const results = apply();
    for (const [k, name] of names.entries()) taps[k] = results[name]!;
    return weightedSum(model, results, inputs);
  };
  const { grads } = tf.engine().gradients(outputOf, taps, undefined, true);
  return Object.fromEntries(
    names.map((name, k) => {
      if (grads[k]) return [`${name}.gradient`, grads[k]];
      throw new Error(`no output of the model depends on the tap "${name}"`);
    }),
  );
}

function applied(model: Model, normalized: readonly string[], inputs: Tensors): Tensors {
  const names = [...Object.keys(model.inputs), ...(model.memory ? ["memory"] : [])];
  const given = names.map((name) => {
    const value = inputs[name]!;
    if (!normalized.includes(name)) return [name, value] as const;
    return [name, normalizeTensor(value, inputs[`${name}.mean`]!, inputs[`${name}.scale`]!)] as const;
  });
  return model.apply(inputs.parameters as tf.Tensor1D, Object.fromEntries<tf.Tensor>(given));
}

/** The outputs that are one per row. */
function weighted({ outputs }: Model): [string, ModelOutput][] {
  return Object.entries(outputs).filter(([, { isShared }]) => !isShared);
}

function requireFreeNames({ inputs, outputs, taps = {} }: Model): void {
  for (const name of [inputs, outputs, taps].flatMap(Object.keys))
    if (name.includes(".") || name === "parameters" || name === "memory")
      throw new Error(`a model's inputs and outputs cannot be called "${name}"`);
}

/** Join the numbers of each row. [N, all of them] */
function sideBySide(tensors: readonly tf.Tensor[]): tf.Tensor2D {
  return tf.concat(
    tensors.map((tensor): tf.Tensor2D => tf.reshape(tensor, [tensor.shape[0]!, -1])),
    1,
  );
}
