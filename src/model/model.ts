// What a model is: a pure function of parameters, named inputs and memory, whatever trained it.
import type * as tf from "@tensorflow/tfjs-core";
import type { ParameterLayout } from "../nn/parameters.js";

/** A number of a vector. */
export interface ModelEntry {
  /** For example "cube_from_tcp_x". */
  readonly name: string;
  /** SI, or "1" for what has none. */
  readonly unit: string;
}

/** An input by its rows. */
export interface ModelInput {
  /** Of one row: `[]` a number, `[O]` a vector, `[height, width, channels]` an image. */
  readonly shape: readonly number[];
  /** Default "float32"; "uint8" reaches `apply` as float32, not scaled. */
  readonly dtype?: "float32" | "uint8" | "int32";
  /** What each number of a vector is; absent: not known, or pixels. */
  readonly entries?: readonly ModelEntry[];
}

/** An output, or an inner activation, by its rows. */
export interface ModelOutput {
  /** Of one row, float32. */
  readonly shape: readonly number[];
  /** There is one for all rows, and no first dimension for them; default false. */
  readonly isShared?: boolean;
  /** What each number of a vector is. */
  readonly entries?: readonly ModelEntry[];
}

/** A named part of what a model remembers from step to step, for each row. */
export interface MemoryPart {
  /** For example "h". */
  readonly name: string;
  /** Numbers it holds; all are 0 at the start. */
  readonly size: number;
}

/** Tensors by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * A pure function from parameters and inputs to outputs: nothing hides state, no other thing is read or changed.
 *
 * Rows are computed side by side and do not depend on each other.
 */
export interface Model {
  /** Where each parameter lies in the flat vector. */
  readonly layout: ParameterLayout;
  /** By name. */
  readonly inputs: Readonly<Record<string, ModelInput>>;
  /** By name. */
  readonly outputs: Readonly<Record<string, ModelOutput>>;
  /** Inner activations that may be asked for besides the outputs; default none. */
  readonly taps?: Readonly<Record<string, ModelOutput>>;
  /** What it remembers from step to step; absent: nothing. */
  readonly memory?: readonly MemoryPart[];
  /**
   * Return all outputs and taps by name, `[N, ...shape]` each, for the inputs `[N, ...shape]`.
   *
   * With memory, `inputs.memory` is what is remembered before the step, the parts side by side, and the result has
   * `memory`, what is remembered after it. [N, memory size]
   */
  apply(parameters: tf.Tensor1D, inputs: Tensors): Tensors;
}

/** Count the numbers that a model remembers for each row; 0 for one without memory. */
export function memorySize({ memory = [] }: { readonly memory?: readonly MemoryPart[] }): number {
  return memory.reduce((sum, { size }) => sum + size, 0);
}
