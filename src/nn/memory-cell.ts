// What remembers inside a network: a cell and how it runs along sequences.
import * as tf from "@tensorflow/tfjs-core";
import type { Initialization, ParameterSpec } from "./parameters.js";

/** A recurrent cell: pure, its state goes in and out. */
export interface MemoryCell {
  /** Names of the parts of its state; the first is also its output. All have the same number of units. */
  readonly parts: readonly string[];
  /** Blocks of its weights, side by side. */
  readonly numGates: number;
  /** How the bias [numGates * units] starts; `span` as in `memorySpecs`. */
  biases(span: number): Initialization;
  /**
   * Advance the state, one [E, units] per part; `projected` [E, numGates * units] is the input times its weights plus
   * bias, `recurrent` is [units, numGates * units].
   */
  step(projected: tf.Tensor2D, state: readonly tf.Tensor2D[], recurrent: tf.Tensor2D): readonly tf.Tensor2D[];
}

/**
 * List the parameters of a memory with `inputs` numbers coming in and `units` going out.
 *
 * Every gate's matrix starts orthogonal. `span` (steps) starts it with time constants of up to that length; 0: as the
 * cell usually starts.
 */
export function memorySpecs(
  prefix: string,
  cell: MemoryCell,
  inputs: number,
  units: number,
  span = 0,
): ParameterSpec[] {
  const blocks = cell.numGates;
  return [
    {
      name: `${prefix}/input`,
      shape: [inputs, blocks * units],
      initialization: { kind: "orthogonal", gain: 1, blocks },
    },
    {
      name: `${prefix}/recurrent`,
      shape: [units, blocks * units],
      initialization: { kind: "orthogonal", gain: 1, blocks },
    },
    { name: `${prefix}/bias`, shape: [blocks * units], initialization: cell.biases(span) },
  ];
}

/** What a memory says at each step, and what it holds after the last. */
export interface MemoryRun {
  /** [T * E, units] */
  readonly outputs: tf.Tensor2D;
  /** The parts of the state side by side. [E, parts * units] */
  readonly memory: tf.Tensor2D;
}

/**
 * Run a cell along E sequences of T steps.
 *
 * `x` is [T * E, inputs], row `t * E + e`; `memory` [E, parts * units] is the state before the first step, which
 * is emptied before every row where `starts` [T * E] is 1.
 */
export function runMemory(
  cell: MemoryCell,
  x: tf.Tensor2D,
  { memory, starts }: { readonly memory: tf.Tensor2D; readonly starts?: tf.Tensor1D },
  parameters: Readonly<Record<string, tf.Tensor>>,
  prefix: string,
): MemoryRun {
  const count = memory.shape[0];
  const steps = x.shape[0] / count;
  const recurrent = parameters[`${prefix}/recurrent`] as tf.Tensor2D;
  // the inputs of all steps in one product: only the recurrent one must wait for the step before
  const projected = tf.add(
    tf.matMul(x, parameters[`${prefix}/input`] as tf.Tensor2D),
    parameters[`${prefix}/bias`]!,
  );
  const inputs = tf.unstack(tf.reshape(projected, [steps, count, -1])) as tf.Tensor2D[];
  const kept = starts && tf.unstack(tf.reshape(tf.sub(1, starts), [steps, count, 1]));
  let state = tf.split(memory, cell.parts.length, 1) as readonly tf.Tensor2D[];
  const outputs = inputs.map((input, t) => {
    if (kept) state = state.map((part) => tf.mul(part, kept[t]!));
    state = cell.step(input, state, recurrent);
    return state[0]!;
  });
  return { outputs: tf.concat(outputs, 0), memory: tf.concat([...state], 1) };
}
