// Hand the gradients of our operations to TensorFlow.js. It has some too, but in modules that Node cannot import.
import * as tf from "@tensorflow/tfjs-core";
import { OPERATIONS } from "../operations/table.js";

const ours = new Map<string, tf.GradConfig>();

/**
 * Register the gradients, in place of others that are there: every engine then gives the same ones.
 *
 * TensorFlow.js's own, which `@tensorflow/tfjs-node` brings, count ties of max several times and know no dilation.
 */
export function registerGradients(): void {
  if (ours.size === 0) collectGradients();
  for (const [kernelName, config] of ours) {
    const present = tf.getGradient(kernelName);
    if (present === config) continue;
    if (present) tf.unregisterGradient(kernelName);
    tf.registerGradient(config);
  }
}

function collectGradients(): void {
  for (const [kernelName, { gradient }] of Object.entries(OPERATIONS)) {
    if ("none" in gradient) continue;
    const gradFunc = gradient.rule as unknown as tf.GradFunc;
    ours.set(kernelName, { kernelName, ...gradient.saves, gradFunc });
  }
}
