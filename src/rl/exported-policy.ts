// A trained policy as a function of raw observations, its parameters and statistics inside.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction } from "../compile/trace.js";
import { normalizeTensor } from "./inference.js";
import type { Policy } from "./policy.js";
import type { ActingState } from "./rollout-group.js";

/** Return the function obs [1, O] -> actions [1, A], clipped to [-1, 1]; parameters become constants when it is traced. */
export function exportedPolicy(policy: Policy, acting: ActingState): TensorFunction {
  return ({ obs }) => {
    const [mean, scale] = [tf.tensor1d(acting.observationMean), tf.tensor1d(acting.observationScale)];
    const normalized = normalizeTensor(obs!, mean, scale);
    return { actions: tf.clipByValue(policy.apply(tf.tensor1d(acting.parameters), normalized).mean, -1, 1) };
  };
}
