// A trained policy as a function from raw observations to physical commands, its parameters and statistics inside.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../compile/trace/trace.js";
import type { Model } from "../model/model.js";
import type { ModelWeights } from "../model/model-runner.js";
import { normalizeTensor } from "../model/normalizer.js";

/** What an action entry means: physical value = scale * entry + offset. */
export interface ActionScaling {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Return the function obs [1, O] -> actions [1, A] of a policy's model: normalise, act by the mean, clip to [-1, 1], scale to
 * physical units.
 *
 * A model that reads images takes `image` [1, H, W, C] as the cameras draw it as well; where `obs` is shorter than the model's
 * observation, the rest, which only its value reads, is 0. A model with memory takes each part of it as well, named "h_in",
 * and returns what it is after the step, "h_out" [1, size]. Parameters, statistics and scaling become constants when it is traced.
 */
export function exportedPolicy(
  model: Model,
  { parameters, normalizers }: ModelWeights,
  actionEntries: readonly ActionScaling[],
): TensorFunction {
  const width = model.inputs.observation!.shape[0]!;
  const parts = model.memory ?? [];
  return ({ obs, image, ...rest }) => {
    const own = obs!.shape[1]!;
    const { mean, scale } = normalizers.observation!;
    const normalized = normalizeTensor(
      obs!,
      tf.tensor1d(mean.slice(0, own)),
      tf.tensor1d(scale.slice(0, own)),
    );
    const observation = own < width ? tf.concat([normalized, tf.zeros([1, width - own])], 1) : normalized;
    const memory = model.memory && {
      memory: tf.concat(
        parts.map(({ name }) => rest[`${name}_in`]!),
        1,
      ),
    };
    const outputs = model.apply(tf.tensor1d(parameters), {
      observation,
      ...memory,
      ...(image ? { image } : {}),
    });
    const action = tf.clipByValue(outputs.mean!, -1, 1);
    const next = outputs.memory ? tf.split(outputs.memory, [...parts.map(({ size }) => size)], 1) : [];
    const scales = tf.tensor1d(actionEntries.map((entry) => entry.scale));
    const offsets = tf.tensor1d(actionEntries.map((entry) => entry.offset));
    return {
      actions: tf.add(tf.mul(action, scales), offsets),
      ...Object.fromEntries(parts.map(({ name }, k) => [`${name}_out`, next[k]!])),
    };
  };
}
