// What is explained: a number of each row's output, by a model that gives gradients.
import type { Arrays } from "../compile/engines/engine.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { Model } from "../model/model.js";
import type { ModelRunner } from "../model/model-runner.js";

/** A model and what runs it: `compileModel(model, engine, { rows, gradients: true })` with its weights loaded. */
export interface ExplainedModel {
  /** What is run. */
  readonly model: Model;
  /** Computes `runner.rows` rows at once; what it remembers is held fixed. */
  readonly runner: ModelRunner;
}

/** The number that is explained. */
export interface ExplainedNumber {
  /** Of the model's outputs: "logits". */
  readonly output: string;
  /** Which of its numbers, counted through its shape: one for all rows, or one for each. */
  readonly index: number | ArrayLike<number>;
}

/** A number for each number of an input, by the input's name; [rows * size] each. */
export type Attributions = Readonly<Record<string, Float32Array>>;

/**
 * Return the weights that `runner.gradients` takes to explain that number: 1 at it, 0 elsewhere.
 *
 * Throws a UsageError for an output that the model does not have, or that is one for all rows, and for an index out of range.
 */
export function outputWeights({ model, runner }: ExplainedModel, target: ExplainedNumber): Arrays {
  const outputs = Object.entries(model.outputs).filter(([, { isShared }]) => !isShared);
  const names = outputs.map(([name]) => name);
  if (!names.includes(target.output))
    throw new UsageError(
      `The model has no output "${target.output}" to explain. Its outputs are: ${names.join(", ")}.`,
    );
  return Object.fromEntries(
    outputs.map(([name, { shape }]) => {
      const size = sizeOf(shape);
      const weights = new Float32Array(runner.rows * size);
      if (name === target.output)
        for (let row = 0; row < runner.rows; row++) weights[row * size + indexOf(target, row, size)] = 1;
      return [name, weights];
    }),
  );
}

/** Return the inputs that have a gradient, as the numbers that `runner.gradients` takes: all but those of whole numbers. */
export function differentiableInputs(
  { model }: ExplainedModel,
  inputs: Arrays,
): Record<string, Float32Array> {
  const named = Object.entries(model.inputs).filter(([, { dtype }]) => dtype !== "int32");
  if (named.length === 0) {
    throw new UsageError(
      `The inputs of the model are whole numbers (${Object.keys(model.inputs).join(", ")}), which have no gradient. Explain it by occlusion.`,
    );
  }
  return Object.fromEntries(named.map(([name]) => [name, Float32Array.from(inputs[name]!)]));
}

/** Return the explained number of each row among the outputs that a runner gave. [rows] */
export function explainedValues(
  { model, runner }: ExplainedModel,
  target: ExplainedNumber,
  outputs: Arrays,
): Float32Array {
  const size = sizeOf(model.outputs[target.output]!.shape);
  const values = outputs[target.output]!;
  return Float32Array.from(
    { length: runner.rows },
    (_, row) => values[row * size + indexOf(target, row, size)]!,
  );
}

function indexOf({ output, index }: ExplainedNumber, row: number, size: number): number {
  const chosen = typeof index === "number" ? index : index[row]!;
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < size) return chosen;
  throw new UsageError(
    `Number ${chosen} of the output "${output}" cannot be explained in row ${row}: it has the numbers 0 to ${size - 1}.`,
  );
}
