// A policy as a model, and how it is run: its inputs and outputs, and its weights.
import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "../compile/engines/engine.js";
import type { EnvInfo } from "../env/env.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import { compileModel, modelGraphs } from "../model/compile-model.js";
import type { Model, ModelEntry, Tensors } from "../model/model.js";
import type { ModelRunner, ModelWeights } from "../model/model-runner.js";
import { modelWeights } from "../model/trained-model.js";
import type { Policy } from "./policy.js";

/** Inputs of a policy's model that are standardised. */
const NORMALIZED = ["observation"] as const;

/**
 * Return `policy` as a model: from `observation` [N, O] and, where it reads images, `image` [N, height, width, channels] as it is
 * drawn, to `mean` [N, A], `logStd` [A] and `value` [N]; what it predicts besides is the tap `predicted` [N, P].
 *
 * `spec` names the entries, where it is known.
 */
export function policyModel(policy: Policy, spec?: EnvInfo): Model {
  const { layout, observationSize, actionSize, predicts, image, memory } = policy;
  const read =
    spec && [...spec.observation, ...(spec.privileged ?? [])].map(entryOf).slice(0, observationSize);
  const acted = spec?.action.map(({ name }) => ({ name, unit: "1" }));
  return {
    layout,
    inputs: {
      observation: { shape: [observationSize], ...(read ? { entries: read } : {}) },
      ...(image ? { image: { shape: image.shape, dtype: "uint8" as const } } : {}),
    },
    outputs: {
      mean: { shape: [actionSize], ...(acted ? { entries: acted } : {}) },
      logStd: { shape: [actionSize], isShared: true },
      value: { shape: [] },
    },
    ...(predicts
      ? {
          taps: {
            predicted: {
              shape: [predicts.length],
              ...(read ? { entries: predicts.map((k) => read[k]!) } : {}),
            },
          },
        }
      : {}),
    ...(memory ? { memory } : {}),
    apply(parameters, inputs) {
      const { mean, logStd, value, predicted, memory: next } = applyPolicy(policy, parameters, inputs);
      return { mean, logStd, value, ...(predicted ? { predicted } : {}), ...(next ? { memory: next } : {}) };
    },
  };
}

function applyPolicy(policy: Policy, parameters: tf.Tensor1D, { observation, image, memory }: Tensors) {
  return policy.apply(
    parameters,
    observation as tf.Tensor2D,
    memory && { memory: memory as tf.Tensor2D },
    image && arrangeImages(policy, image),
  );
}

/** Bring drawn images [N, height, width, channels] into the order that the policy takes them in. [N, bytes] */
export function arrangeImages({ image }: Policy, images: tf.Tensor): tf.Tensor2D {
  const rows: tf.Tensor2D = tf.reshape(images, [images.shape[0]!, -1]);
  return image?.arrange?.(rows) ?? rows;
}

/** Compile `policy` to act in `rows` environments at once (default 1); give the runner weights before it predicts. */
export function policyRunner(policy: Policy, engine: Engine, rows = 1): Promise<ModelRunner> {
  return compileModel(policyModel(policy), engine, { rows, normalized: NORMALIZED });
}

/** Trace `policy` for one environment; `modelGraphs` says into what. */
export function policyGraphs(policy: Policy): ReturnType<typeof modelGraphs> {
  return modelGraphs(policyModel(policy), { normalized: NORMALIZED });
}

/** Freeze what was trained, as it is kept. */
export function policyWeights(trained: {
  readonly parameters: Float32Array;
  readonly statistics: RunningStatisticsState;
}): ModelWeights {
  const { parameters, statistics } = trained;
  return modelWeights({ parameters, normalizers: { observation: statistics } });
}

function entryOf({ name, unit }: ModelEntry): ModelEntry {
  return { name, unit };
}
