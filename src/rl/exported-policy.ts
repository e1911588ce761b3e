// A trained policy as a function from raw observations to physical commands, its parameters and statistics inside.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../compile/trace/trace.js";
import type { ModelWeights } from "../model/model-runner.js";
import { normalizeTensor } from "../model/normalizer.js";
import type { Policy } from "./policy.js";
import { arrangeImages } from "./policy-model.js";

/** What an action entry means: physical value = scale * entry + offset. */
export interface ActionScaling {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Return the function obs [1, O] -> actions [1, A]: normalise, act by the mean, clip to [-1, 1], scale to physical units.
 *
 * A policy that sees takes `image` [1, H, W, C] as the cameras draw it as well; what only its critic reads is left out.
 * A policy with memory takes each part of it as well, named "h_in", and gives what it is after the step, "h_out" [1, size].
 * Parameters, statistics and scaling become constants when it is traced.
 */
export function exportedPolicy(
  policy: Policy,
  { parameters, normalizers }: ModelWeights,
  actionEntries: readonly ActionScaling[],
): TensorFunction {
  const { observationSize, privilegedSize = 0 } = policy;
  const own = observationSize - privilegedSize;
  return ({ obs, image, ...rest }) => {
    const { observation } = normalizers;
    const mean = tf.tensor1d(observation!.mean.slice(0, own));
    const scale = tf.tensor1d(observation!.scale.slice(0, own));
    const state = normalizeTensor(obs!, mean, scale);
    const normalized: tf.Tensor2D =
      privilegedSize > 0 ? tf.concat([state, tf.zeros([1, privilegedSize])], 1) : state;
    const parts = policy.memory ?? [];
    const memory = policy.memory && {
      memory: tf.concat(
        parts.map(({ name }) => rest[`${name}_in`] as tf.Tensor2D),
        1,
      ),
    };
    const said = policy.apply(
      tf.tensor1d(parameters),
      normalized,
      memory,
      image && arrangeImages(policy, image),
    );
    const action = tf.clipByValue(said.mean, -1, 1);
    const next = said.memory ? tf.split(said.memory, [...parts.map(({ size }) => size)], 1) : [];
    const scales = tf.tensor1d(actionEntries.map((entry) => entry.scale));
    const offsets = tf.tensor1d(actionEntries.map((entry) => entry.offset));
    return {
      actions: tf.add(tf.mul(action, scales), offsets),
      ...Object.fromEntries(parts.map(({ name }, k) => [`${name}_out`, next[k]!])),
    };
  };
}
