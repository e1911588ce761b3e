// A predictor as functions to be compiled: one minibatch's update, and what a validation computes.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpec, TensorSpecs } from "../compile/trace/trace.js";
import type { DataField } from "../data/dataset.js";
import { sizeOf } from "../math/shape.js";
import { type Model, memorySize, type Tensors } from "../model/model.js";
import { normalizeTensor } from "../model/normalizer.js";
import { adamInputs, adamUpdate, clipByNorm } from "../nn/adam.js";
import { moveStatistics } from "../nn/normalization.js";
import type { ParameterLayout } from "../nn/parameters.js";
import { rowLosses } from "./losses.js";
import type { FitSettings, PredictorNetwork } from "./predictor.js";

/** What is compiled for rows of which fields. */
export interface PredictorPlan {
  readonly network: PredictorNetwork;
  /** Those that the network reads or learns. */
  readonly fields: Readonly<Record<string, DataField>>;
}

/** What may be done to inputs and parameters amid an update. */
export interface FitHooks {
  /** Numbers that `harden` is given, uniform on [0, 1) and drawn anew for each minibatch: their shape for a row, by name. */
  readonly noise?: Readonly<Record<string, readonly number[]>>;
  /**
   * Return the inputs to learn from in place of `inputs` (fields, not standardised), for example with an attack upon them; `lossOf` is
   * the loss of a minibatch by its inputs, at the present parameters. No gradient passes through what is returned. `at` has `step`, the
   * updates done before, and `scale.<input>`, the reciprocals of the standard deviations of standardised inputs, of an entry each.
   */
  harden?(inputs: Tensors, lossOf: (inputs: Tensors) => tf.Scalar, noise: Tensors, at: Tensors): Tensors;
  /** Return the parameters that the model runs by in place of `parameters`, in validation, too: pruned or rounded ones, for example. */
  transformParameters?(parameters: tf.Tensor1D): tf.Tensor1D;
}

/** Of Adam, as in PyTorch. */
const EPSILON = 1e-8;

/** List the fields that a network reads or learns, each once. */
export function fieldsUsed({ model, objectives }: PredictorNetwork): readonly string[] {
  return [...new Set([...Object.keys(model.inputs), ...objectives.map(({ target }) => target)])];
}

/**
 * List the inputs of `updateFunction` for minibatches of `rows` rows: those of Adam, `field.<name>`, of each standardised field
 * `mean.<name>` and `scale.<name>`, `mask.<name>` of dropout, `noise.<name>`, and `memory`.
 */
export function updateInputs(plan: PredictorPlan, rows: number, { noise = {} }: FitHooks): TensorSpecs {
  const { dropout = {}, model } = plan.network;
  const drawn = [
    ...Object.entries(dropout).map(([name, { shape }]) => [`mask.${name}`, shape] as const),
    ...Object.entries(noise).map(([name, shape]) => [`noise.${name}`, shape] as const),
  ].map(([name, shape]): [string, TensorSpec] => [name, { shape: [rows, ...shape] }]);
  return { ...adamInputs(model.layout.total), ...dataInputs(plan, rows), ...Object.fromEntries(drawn) };
}

/** Return the function of one minibatch: what `adamUpdate` gives, `loss`, `gradNorm` where it is clipped, and `memory.next`. */
export function updateFunction(
  { network }: PredictorPlan,
  { maxGradNorm, weightDecay }: FitSettings,
  hooks: FitHooks,
): TensorFunction {
  const { layout, inputs: modelInputs } = network.model;
  return (given) => {
    const clean = Object.fromEntries(Object.keys(modelInputs).map((name) => [name, given[`field.${name}`]!]));
    const results = (flat: tf.Tensor1D, inputs: Tensors) =>
      applied(network, transformed(flat, hooks), inputs, given, true);
    const lossOf = (run: Tensors) =>
      tf.mean(weightedSum(network, objectiveLosses(network, run, given))) as tf.Scalar;
    const parameters = given.parameters as tf.Tensor1D;
    const lossAt = (changed: Tensors) => lossOf(results(parameters, changed));
    const inputs = hooks.harden?.(clean, lossAt, named(given, "noise."), placeOf(given)) ?? clean;
    let aside: Tensors = {};
    const { value: loss, grad: raw } = tf.valueAndGrad((flat) => {
      const run = results(flat as tf.Tensor1D, inputs);
      aside = keptBesides(run, network.model);
      return lossOf(run);
    })(parameters);
    const { memory, ...seen } = released(aside);
    const clipped = maxGradNorm > 0 ? clipByNorm(raw as tf.Tensor1D, maxGradNorm) : undefined;
    const next = adamUpdate(given, clipped?.gradient ?? (raw as tf.Tensor1D), EPSILON);
    const nextParameters =
      weightDecay > 0 ? decayed(next.nextParameters!, given, weightDecay, layout) : next.nextParameters!;
    return {
      ...next,
      nextParameters: moveStatistics(nextParameters as tf.Tensor1D, seen, layout),
      loss,
      ...(clipped ? { gradNorm: clipped.norm } : {}),
      ...(memory ? { "memory.next": memory } : {}),
    };
  };
}

/**
 * Keep what a forward pass gave besides outputs and taps, memory and statistics, beyond the gradient that it is part of: a second pass to
 * have them would cost as much again.
 */
function keptBesides(run: Tensors, { outputs, taps = {} }: Model): Tensors {
  const others = Object.entries(run).filter(([name]) => !(name in outputs) && !(name in taps));
  return Object.fromEntries(others.map(([name, value]) => [name, tf.keep(value)]));
}

/** Let go what was kept; the copies end with the function under way. */
function released(kept: Tensors): Tensors {
  const copies = Object.entries(kept).map(([name, value]) => [name, tf.clone(value)] as const);
  tf.dispose(kept);
  return Object.fromEntries(copies);
}

/** List the inputs of `evaluationFunction`: as for an update, without what only training needs. */
export function evaluationInputs(plan: PredictorPlan, rows: number): TensorSpecs {
  return { parameters: { shape: [plan.network.model.layout.total] }, ...dataInputs(plan, rows) };
}

/** Return the function to `output.<name>` of each objective, `loss.<k>` of the k-th objective, row by row, and `memory.next`. */
export function evaluationFunction(
  { network }: PredictorPlan,
  hooks: Pick<FitHooks, "transformParameters">,
): TensorFunction {
  return (given) => {
    const inputs = Object.keys(network.model.inputs).map((name) => [name, given[`field.${name}`]!] as const);
    const parameters = transformed(given.parameters as tf.Tensor1D, hooks);
    const results = applied(network, parameters, Object.fromEntries(inputs), given, false);
    const outputs = network.objectives.map(({ output }) => [`output.${output}`, results[output]!] as const);
    const losses = objectiveLosses(network, results, given).map((rows, k) => [`loss.${k}`, rows] as const);
    return {
      ...Object.fromEntries<tf.Tensor>([...outputs, ...losses]),
      ...(network.model.memory ? { "memory.next": results.memory! } : {}),
    };
  };
}

function dataInputs({ network, fields }: PredictorPlan, rows: number): TensorSpecs {
  const { model, normalized = [] } = network;
  const data = fieldsUsed(network).map((name): [string, TensorSpec] => {
    const { shape, dtype = "float32" } = fields[name]!;
    return [`field.${name}`, { shape: [rows, ...shape], dtype }];
  });
  const statistics = normalized.flatMap((name): [string, TensorSpec][] => {
    const shape = model.inputs[name]!.shape.slice(-1);
    return [
      [`mean.${name}`, { shape }],
      [`scale.${name}`, { shape }],
    ];
  });
  const memory: TensorSpecs = model.memory ? { memory: { shape: [rows, memorySize(model)] } } : {};
  return { ...Object.fromEntries([...data, ...statistics]), ...memory };
}

function applied(
  network: PredictorNetwork,
  parameters: tf.Tensor1D,
  inputs: Tensors,
  given: Tensors,
  isTraining: boolean,
): Tensors {
  const { model, normalized = [] } = network;
  const ready: Record<string, tf.Tensor> = { ...inputs };
  for (const name of normalized)
    ready[name] = normalizeTensor(inputs[name]!, given[`mean.${name}`]!, given[`scale.${name}`]!);
  if (model.memory) ready.memory = given.memory!;
  return isTraining && network.applyTraining
    ? network.applyTraining(parameters, { ...ready, ...named(given, "mask.") })
    : model.apply(parameters, ready);
}

function transformed(parameters: tf.Tensor1D, hooks: Pick<FitHooks, "transformParameters">): tf.Tensor1D {
  return hooks.transformParameters?.(parameters) ?? parameters;
}

/** The loss of each row by each objective. */
function objectiveLosses({ objectives }: PredictorNetwork, results: Tensors, given: Tensors): tf.Tensor1D[] {
  return objectives.map((objective) =>
    rowLosses(objective, results[objective.output]!, given[`field.${objective.target}`]!),
  );
}

function weightedSum({ objectives }: PredictorNetwork, losses: readonly tf.Tensor1D[]): tf.Tensor1D {
  return losses
    .map((rows, k) => (objectives[k]!.weight === undefined ? rows : tf.mul(rows, objectives[k]!.weight)))
    .reduce((sum, rows) => tf.add(sum, rows)) as tf.Tensor1D;
}

/** Decay as Loshchilov and Hutter do ("Decoupled weight decay regularization", 2019), biases and gains left out. */
function decayed(next: tf.Tensor, given: Tensors, weightDecay: number, layout: ParameterLayout): tf.Tensor {
  const shares = new Float32Array(layout.total);
  let offset = 0;
  for (const { shape } of layout.specs) {
    const end = offset + sizeOf(shape);
    if (shape.length >= 2) shares.fill(weightDecay, offset, end);
    offset = end;
  }
  const decay = tf.mul(tf.mul(given.parameters!, tf.tensor1d(shares)), given.learningRate!);
  return tf.sub(next, decay);
}

/** What `harden` is told of where training stands. */
function placeOf(given: Tensors): Tensors {
  const scales = Object.entries(given).filter(([name]) => name.startsWith("scale."));
  return { step: given.step!, ...Object.fromEntries(scales) };
}

/** What is called `<prefix><name>`, by its name. */
function named(given: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    ),
  );
}
