// What is attacked: a model with an objective, compiled to say how wrong rows are, and to move their inputs uphill.
import * as tf from "@tensorflow/tfjs-core";
import type { Arrays, CompiledFunction, Engine } from "../compile/engines/engine.js";
import type { TensorFunction, TensorSpec, TensorSpecs } from "../compile/trace/trace.js";
import { isOfClasses, rowLosses, targetShape } from "../learn/losses.js";
import type { Objective } from "../learn/predictor.js";
import { indexOfGreatest } from "../math/index-of-greatest.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { Model } from "../model/model.js";
import { modelFunction, modelInputs } from "../model/model-function.js";
import { type ModelWeights, weightArrays } from "../model/model-runner.js";

/** What is compiled to be attacked. */
export interface AttackedModelOptions {
  /** Attacked through its inputs that are no whole numbers. */
  readonly model: Model;
  /** Its weights and the statistics that standardise its inputs. */
  readonly weights: ModelWeights;
  /** What the attack makes worse. */
  readonly objective: Objective;
  /** Runs it. */
  readonly engine: Engine;
  /** Rows that are attacked at once. Default 100. */
  readonly rows?: number;
  /** Inputs that are attacked. Default: all that are no whole numbers. */
  readonly inputs?: readonly string[];
}

/** What a model makes of rows. */
export interface RowOutcomes {
  /** Loss of each row. [rows] */
  readonly losses: Float32Array;
  /** The objective's output. [rows * size] */
  readonly output: Float32Array;
  /** 1 where the class is right (at every position), of an objective of classes; else absent. [rows] */
  readonly right?: Uint8Array;
}

/** Numbers that an attacked input may have. */
export interface InputRange {
  /** How far a strength of 1 reaches: 255 for bytes, a standard deviation of training for standardised inputs, else 1. [size] */
  readonly reach: Float32Array;
  /** Least number: 0 for bytes, else none. */
  readonly low: number;
  /** Greatest number: 255 for bytes, else none. */
  readonly high: number;
}

/** Rows of a model under attack: inputs [rows * size], bytes as float32, and targets, by name. */
export interface AttackedRows {
  /** By name; `memory` of a model with one, which stays as it is. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  /** Of the objective. */
  readonly target: Float32Array | Int32Array | Uint8Array;
}

/** A model that is ready to be attacked. */
export interface AttackedModel {
  /** Rows that are attacked at once. */
  readonly rows: number;
  /** By attacked input. */
  readonly ranges: Readonly<Record<string, InputRange>>;
  /** Return what the model makes of rows. */
  evaluate(rows: AttackedRows): Promise<RowOutcomes>;
  /**
   * Move the attacked inputs along the signs of their gradients by `step`, then back to within `strength` of the inputs of `clean` and to what
   * the input may be. `free` has 1 where a number may change at all and 0 elsewhere.
   */
  ascend(
    rows: AttackedRows,
    clean: AttackedRows,
    ball: {
      readonly strength: number;
      readonly step: number;
      readonly free: Readonly<Record<string, Float32Array>>;
    },
  ): Promise<Record<string, Float32Array>>;
  /** Let the compiled functions go. */
  dispose(): Promise<void>;
}

/**
 * Compile a model to be attacked.
 *
 * Throws a UsageError where an input is unknown or of whole numbers, and where all are.
 */
export async function compileAttackedModel(options: AttackedModelOptions): Promise<AttackedModel> {
  const { model, weights, objective, engine, rows = 100 } = options;
  const names = attackedInputs(model, options.inputs);
  const normalized = Object.keys(weights.normalizers);
  const specs = floatSpecs(modelInputs(model, { rows, normalized }));
  const targetSpec = specOfTarget(model, objective, rows);
  const constants = weightArrays(weights);
  const ranges = Object.fromEntries(names.map((name) => [name, rangeOf(model, weights, name)]));
  const evaluated: CompiledFunction = await engine.compile(outcomeFunction(model, objective, normalized), {
    ...specs,
    target: targetSpec,
  });
  let ascending: CompiledFunction | undefined;
  const reaches = Object.fromEntries(names.map((name) => [`reach.${name}`, ranges[name]!.reach]));
  return {
    rows,
    ranges,
    async evaluate({ inputs, target }) {
      const said = await evaluated.run({ ...constants, ...inputs, target });
      const [losses, output] = [said.losses as Float32Array, said.output as Float32Array];
      if (!isOfClasses(objective.loss)) return { losses, output };
      const depth = model.outputs[objective.output]!.shape.at(-1)!;
      return { losses, output, right: rightRows(output, target, rows, depth) };
    },
    async ascend({ inputs, target }, clean, { strength, step, free }) {
      ascending ??= await engine.compile(ascentFunction(model, objective, normalized, ranges), {
        ...specs,
        target: targetSpec,
        ...ascentSpecs(model, names, rows),
      });
      const balls: Arrays = { strength: Float32Array.of(strength), stepSize: Float32Array.of(step) };
      for (const name of names) {
        balls[`clean.${name}`] = clean.inputs[name]!;
        balls[`free.${name}`] = free[name]!;
      }
      const said = await ascending.run({ ...constants, ...reaches, ...inputs, target, ...balls });
      return Object.fromEntries(names.map((name) => [name, said[`next.${name}`] as Float32Array]));
    },
    async dispose() {
      await evaluated.dispose();
      await ascending?.dispose();
    },
  };
}

function attackedInputs({ inputs }: Model, chosen?: readonly string[]): readonly string[] {
  for (const name of chosen ?? []) {
    const input = inputs[name];
    const known = Object.keys(inputs).join(", ");
    if (!input) throw new UsageError(`The model has no input "${name}" to attack. Its inputs are: ${known}.`);
    if (input.dtype === "int32")
      throw new UsageError(`The input "${name}" is of whole numbers: it has no gradient to attack it along.`);
  }
  const names = chosen ?? Object.keys(inputs).filter((name) => inputs[name]!.dtype !== "int32");
  if (names.length > 0) return names;
  throw new UsageError(
    `The inputs of the model are whole numbers (${Object.keys(inputs).join(", ")}): they have no gradient to attack them along.`,
  );
}

function rangeOf({ inputs }: Model, { normalizers }: ModelWeights, name: string): InputRange {
  const { shape, dtype } = inputs[name]!;
  const size = sizeOf(shape);
  if (dtype === "uint8") return { reach: new Float32Array(size).fill(255), low: 0, high: 255 };
  const scale = normalizers[name]?.scale;
  const reach = Float32Array.from({ length: size }, (_, k) => (scale ? 1 / scale[k % scale.length]! : 1));
  return { reach, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}

/** The inputs of a model with bytes as float32, since an attack stands between two of them. */
function floatSpecs(specs: TensorSpecs): TensorSpecs {
  const floats = Object.entries(specs).map(([name, { shape, dtype }]): [string, TensorSpec] => {
    return [name, dtype === "int32" ? { shape, dtype } : { shape }];
  });
  return Object.fromEntries(floats);
}

function specOfTarget({ outputs }: Model, objective: Objective, rows: number): TensorSpec {
  const shape = [rows, ...targetShape(objective, outputs[objective.output]!.shape)];
  return isOfClasses(objective.loss) ? { shape, dtype: "int32" } : { shape };
}

function ascentSpecs({ inputs }: Model, names: readonly string[], rows: number): TensorSpecs {
  const specs: Record<string, TensorSpec> = { strength: { shape: [] }, stepSize: { shape: [] } };
  for (const name of names) {
    const { shape } = inputs[name]!;
    specs[`clean.${name}`] = { shape: [rows, ...shape] };
    specs[`free.${name}`] = { shape: [rows, ...shape] };
    specs[`reach.${name}`] = { shape };
  }
  return specs;
}

function outcomeFunction(model: Model, objective: Objective, normalized: readonly string[]): TensorFunction {
  const apply = modelFunction(model, { normalized });
  return (inputs) => {
    const output = apply(inputs)[objective.output]!;
    return { losses: rowLosses(objective, output, inputs.target!), output };
  };
}

function ascentFunction(
  model: Model,
  objective: Objective,
  normalized: readonly string[],
  ranges: Readonly<Record<string, InputRange>>,
): TensorFunction {
  const apply = modelFunction(model, { normalized });
  const names = Object.keys(ranges);
  return (inputs) => {
    // the sum, not the mean: each row has a gradient of its own
    const lossOf = (...values: readonly tf.Tensor[]): tf.Tensor => {
      const given = Object.fromEntries(names.map((name, k) => [name, values[k]!]));
      const output = apply({ ...inputs, ...given })[objective.output]!;
      return tf.sum(rowLosses(objective, output, inputs.target!));
    };
    const gradients = tf.grads(lossOf)(names.map((name) => inputs[name]!));
    return Object.fromEntries(
      names.map((name, k) => {
        const free = tf.mul(inputs[`free.${name}`]!, inputs[`reach.${name}`]!);
        const clean = inputs[`clean.${name}`]!;
        const limit = tf.mul(free, inputs.strength!);
        const step = tf.mul(free, inputs.stepSize!);
        const moved = tf.add(inputs[name]!, tf.mul(step, tf.sign(gradients[k]!)));
        const near = tf.minimum(tf.maximum(moved, tf.sub(clean, limit)), tf.add(clean, limit));
        const { low, high } = ranges[name]!;
        return [`next.${name}`, Number.isFinite(low) ? tf.clipByValue(near, low, high) : near];
      }),
    );
  };
}

function rightRows(output: Float32Array, target: ArrayLike<number>, rows: number, depth: number): Uint8Array {
  const positions = output.length / depth / rows;
  return Uint8Array.from({ length: rows }, (_, row) => {
    for (let k = row * positions; k < (row + 1) * positions; k++) {
      if (indexOfGreatest(output, k * depth, (k + 1) * depth) !== target[k]) return 0;
    }
    return 1;
  });
}
