// Several fits of one network as one model: its outputs are the members' mean.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../math/usage-error.js";
import { type Model, memorySize, type Tensors } from "../model/model.js";
import { parameterLayout } from "../nn/parameters.js";
import type { FitWeights } from "./fit-state.js";
import { isOfClasses } from "./losses.js";
import type { PredictorNetwork } from "./predictor.js";

/** A network that is several, and what it runs by. */
export interface Ensemble {
  /** Named as its members: it can be evaluated, exported, explained as each of them. */
  readonly network: PredictorNetwork;
  /** Parameters of all members, one after another. */
  readonly weights: FitWeights;
}

/**
 * Join fits of one network, for example of several seeds: numbers and quantiles are the members' mean, classes the logarithm of the mean
 * of their probabilities.
 *
 * Parameters and parts of the memory are named `<member>/<name>`. Inner activations cannot be asked for.
 *
 * @throws UsageError where there are no members, one has another number of parameters, or their inputs are standardised differently.
 * @example
 * const { network, weights } = ensembleOf(first.network, [first.best, second.best, third.best]);
 * const { metrics } = await evaluatePredictor({ network, weights, dataset, engine });
 */
export function ensembleOf(network: PredictorNetwork, members: readonly FitWeights[]): Ensemble {
  const { model, objectives, normalized, select, order } = network;
  requireAlike(model, members);
  const layout = parameterLayout(
    members.flatMap((_, k) => model.layout.specs.map((spec) => ({ ...spec, name: `${k}/${spec.name}` }))),
  );
  const memory = members.flatMap((_, k) =>
    (model.memory ?? []).map(({ name, size }) => ({ name: `${k}/${name}`, size })),
  );
  const parameters = new Float32Array(layout.total);
  for (const [k, member] of members.entries()) parameters.set(member.parameters, k * model.layout.total);
  const joined: Model = {
    layout,
    inputs: model.inputs,
    outputs: model.outputs,
    ...(model.memory ? { memory } : {}),
    apply: (flat, inputs) => meanOfMembers(network, members.length, flat, inputs),
  };
  return {
    network: {
      model: joined,
      objectives,
      ...(normalized ? { normalized } : {}),
      ...(select === undefined ? {} : { select }),
      ...(order === undefined ? {} : { order }),
    },
    weights: { parameters, normalizers: members[0]!.normalizers },
  };
}

function requireAlike({ layout }: Model, members: readonly FitWeights[]): void {
  const [first] = members;
  if (!first) throw new UsageError("An ensemble has no members, expected one at least.");
  for (const [k, { parameters, normalizers }] of members.entries()) {
    if (parameters.length !== layout.total)
      throw new UsageError(
        `Member ${k} of the ensemble has ${parameters.length} parameters, the network ${layout.total}. Join fits of the same network.`,
      );
    if (JSON.stringify(normalizers) !== JSON.stringify(first.normalizers))
      throw new UsageError(
        `Member ${k} of the ensemble standardises its inputs by other statistics than member 0. Join fits to the same rows.`,
      );
  }
}

function meanOfMembers(
  { model, objectives }: PredictorNetwork,
  count: number,
  flat: tf.Tensor1D,
  inputs: Tensors,
): Tensors {
  const parts = tf.split(flat, count) as tf.Tensor1D[];
  const size = memorySize(model);
  const memories = size > 0 ? tf.split(inputs.memory!, new Array<number>(count).fill(size), 1) : [];
  const said = parts.map((part, k) =>
    model.apply(part, { ...inputs, ...(size > 0 ? { memory: memories[k]! } : {}) }),
  );
  const outputs = Object.keys(model.outputs).map((name) => {
    const each = said.map((outputsOfOne) => outputsOfOne[name]!);
    const isClasses = objectives.some(({ output, loss }) => output === name && isOfClasses(loss));
    return [name, isClasses ? logOfMean(each) : meanOf(each)] as const;
  });
  return {
    ...Object.fromEntries<tf.Tensor>(outputs),
    ...(size > 0
      ? {
          memory: tf.concat(
            said.map(({ memory }) => memory!),
            1,
          ),
        }
      : {}),
  };
}

function meanOf(values: readonly tf.Tensor[]): tf.Tensor {
  return tf.div(
    values.reduce((sum, value) => tf.add(sum, value)),
    values.length,
  );
}

/** The logarithm of the mean probability of each class, which may be less than a float32 can hold. */
function logOfMean(logits: readonly tf.Tensor[]): tf.Tensor {
  const logs = logits.map((value) => tf.logSoftmax(value));
  const greatest = logs.reduce((most, log) => tf.maximum(most, log));
  return tf.add(greatest, tf.log(meanOf(logs.map((log) => tf.exp(tf.sub(log, greatest))))));
}
