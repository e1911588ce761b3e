// Runs a model: holds its weights and what it remembers, step after step.
import type { Arrays, CompiledFunction } from "../compile/engines/engine.js";
import { ARRAY_TYPES } from "../compile/graph/graph.js";
import type { TensorSpec } from "../compile/trace/trace.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { Normalizer } from "./normalizer.js";

/** All numbers that a model is run by, frozen. */
export interface ModelWeights {
  /** All parameters, as the layout says. [layout.total] */
  readonly parameters: Float32Array;
  /** By the input that each standardises. */
  readonly normalizers: Readonly<Record<string, Normalizer>>;
}

/**
 * Runs a compiled model over a fixed number of rows; `compileModel` makes one, `load` gives it weights.
 *
 * With memory, each row remembers from one `predict` to the next until it is reset.
 *
 * @example
 * const runner = await compileModel(model, engine);
 * runner.load(weights);
 */
export class ModelRunner {
  /** Rows that are computed at once. */
  readonly rows: number;
  private readonly compiled: CompiledFunction;
  private readonly differentiated: CompiledFunction | undefined;
  private readonly specs: readonly (readonly [string, TensorSpec])[];
  private prepared: Arrays | undefined;
  private constants: Readonly<Arrays> = {};
  private remembered: Float32Array | undefined;

  /** `compiled` is `modelFunction` of a model, compiled or loaded, `differentiated` its `gradientFunction`. */
  constructor(compiled: CompiledFunction, differentiated?: CompiledFunction) {
    this.compiled = compiled;
    this.differentiated = differentiated;
    const { memory, ...specs } = compiled.inputs;
    const given = Object.entries(specs).filter(([name]) => !isConstant(name));
    this.rows = given[0]![1].shape[0]!;
    this.specs = given;
    this.remembered = memory && new Float32Array(sizeOf(memory.shape));
  }

  /** Arrays of the inputs' sizes, [rows, ...shape] each, for whoever gives rows one by one; they stay the same. */
  get inputs(): Arrays {
    this.prepared ??= Object.fromEntries(
      this.specs.map(([name, { shape, dtype = "float32" }]) => [name, new ARRAY_TYPES[dtype](sizeOf(shape))]),
    );
    return this.prepared;
  }

  /** Count the numbers of one row of an input. */
  widthOf(input: string): number {
    return sizeOf(this.compiled.inputs[input]!.shape) / this.rows;
  }

  /** What is remembered now, the parts side by side, undefined for a model without memory; not a copy. [rows * memory size] */
  get memory(): Float32Array | undefined {
    return this.remembered;
  }

  /** Another runner of the same compiled model, with the same weights and a memory of its own, empty. */
  fork(): ModelRunner {
    const fork = new ModelRunner(this.compiled, this.differentiated);
    fork.constants = this.constants;
    return fork;
  }

  /** Take the weights to run by from now on; they are not copied. */
  load(weights: ModelWeights): void {
    this.constants = weightArrays(weights);
  }

  /** Forget: everything, or what one row remembers. */
  reset(row?: number): void {
    const { remembered, rows } = this;
    if (!remembered) return;
    const size = remembered.length / rows;
    if (row === undefined) this.remembered = new Float32Array(remembered.length);
    else remembered.fill(0, row * size, (row + 1) * size);
  }

  /** Remember a copy of `memory` [rows * memory size], or nothing; throws a UsageError where it is of another size. */
  remember(memory: Float32Array | undefined): void {
    const size = this.remembered?.length ?? 0;
    if (memory && memory.length !== size)
      throw new UsageError(
        `The memory to go on from has ${memory.length} numbers, the model remembers ${size} (${this.rows} rows).`,
      );
    if (memory) this.remembered = memory.slice();
    else this.reset();
  }

  /** Compute the outputs for `inputs` (default: `this.inputs`), and remember. The arrays returned belong to the caller. */
  async predict(inputs: Arrays = this.inputs): Promise<Arrays> {
    const outputs = await this.peek(inputs);
    if (this.remembered) this.remembered = outputs["memory.next"] as Float32Array;
    return outputs;
  }

  /** Compute the outputs as `predict` does, but go on remembering what was remembered before. */
  peek(inputs: Arrays = this.inputs): Promise<Arrays> {
    return this.compiled.run(this.given(inputs));
  }

  /**
   * Compute `output` [rows], the sum of the outputs times `weights` (by output, as large as it), `<input>.gradient`, its
   * gradient with respect to each input, and the taps. Bytes are given as float32; what is remembered is held fixed and stays.
   *
   * Throws an Error where the runner was made without gradients.
   */
  gradients(inputs: Arrays, weights: Arrays): Promise<Arrays> {
    if (!this.differentiated) throw new Error("this runner was made without gradients");
    const named = Object.entries(weights).map(([name, values]) => [`${name}.weight`, values] as const);
    return this.differentiated.run({ ...this.given(inputs), ...Object.fromEntries(named) });
  }

  /** Let the compiled model go, that of all forks, too. */
  async dispose(): Promise<void> {
    await this.compiled.dispose();
    await this.differentiated?.dispose();
  }

  private given(inputs: Arrays): Arrays {
    const { constants, remembered } = this;
    return remembered ? { ...constants, ...inputs, memory: remembered } : { ...constants, ...inputs };
  }
}

/** Return weights as the arrays that a compiled model takes: `parameters`, and of each normaliser `<input>.mean` and `<input>.scale`. */
export function weightArrays({ parameters, normalizers }: ModelWeights): Record<string, Float32Array> {
  const arrays: Record<string, Float32Array> = { parameters };
  for (const [name, { mean, scale }] of Object.entries(normalizers)) {
    arrays[`${name}.mean`] = mean;
    arrays[`${name}.scale`] = scale;
  }
  return arrays;
}

/** Whether an input is the same for all rows: parameters, and statistics of another input. */
function isConstant(name: string): boolean {
  return name === "parameters" || name.endsWith(".mean") || name.endsWith(".scale");
}
