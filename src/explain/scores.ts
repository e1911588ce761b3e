// Scores of rows that are changed, for methods that only ask a model for outputs.
import type { Arrays } from "../compile/engines/engine.js";
import { sizeOf } from "../math/shape.js";
import {
  type ExplainedModel,
  type ExplainedNumber,
  explainedValues,
  outputWeights,
} from "./explained-model.js";

/** What is asked of a model: a number of its output. */
export interface ScoredNumber extends ExplainedNumber {
  /** Take the softmax of the output's last axis first, as for the probability of a class from its logits. Default false. */
  readonly softmax?: boolean;
}

/** Return the scored number of each row. [rows] */
export async function scoreRows(
  explained: ExplainedModel,
  inputs: Arrays,
  target: ScoredNumber,
): Promise<Float32Array> {
  outputWeights(explained, target);
  const outputs = await explained.runner.peek(inputs);
  if (!target.softmax) return explainedValues(explained, target, outputs);
  const { shape } = explained.model.outputs[target.output]!;
  const probabilities = softmaxRows(outputs[target.output] as Float32Array, shape.at(-1) ?? sizeOf(shape));
  return explainedValues(explained, target, { ...outputs, [target.output]: probabilities });
}

/** Softmax of every `width` numbers. */
export function softmaxRows(logits: Float32Array, width: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    const row = logits.subarray(start, start + width);
    const greatest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = row.reduce((total, value) => total + Math.exp(value - greatest), 0);
    for (const [k, value] of row.entries()) result[start + k] = Math.exp(value - greatest) / sum;
  }
  return result;
}
