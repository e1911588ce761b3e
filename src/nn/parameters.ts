// All parameters of a network in one flat vector: what is where, and what it starts from.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../math/random.js";
import { sizeOf } from "../math/shape.js";

/** How a parameter starts. */
export type Initialization =
  | {
      /** Orthogonal rows or columns times `gain` (Saxe et al., 2014). */
      readonly kind: "orthogonal";
      readonly gain: number;
      /** The columns are this many matrices side by side, each orthogonal by itself; default 1. */
      readonly blocks?: number;
    }
  | { readonly kind: "constant"; readonly value: number }
  | {
      /** Normal numbers with mean 0. */
      readonly kind: "normal";
      readonly deviation: number;
    }
  | {
      /** One value per gate, the gates side by side. */
      readonly kind: "gates";
      readonly values: readonly number[];
    }
  | {
      /**
       * log U(1, span - 1) times the sign of each gate, the same draw in all of them, so that a memory starts with time
       * constants of up to `span` steps (Tallec & Ollivier, "Can recurrent neural networks warp time?", 2018).
       */
      readonly kind: "chrono";
      readonly signs: readonly number[];
      readonly span: number;
    };

/** A named part of the parameters. */
export interface ParameterSpec {
  /** Unique, for example "actor/0/weight". */
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  /** How it starts. */
  readonly initialization: Initialization;
}

/** Where each part lies. */
export interface ParameterLayout {
  /** The parts in their order. */
  readonly specs: readonly ParameterSpec[];
  /** Numbers of each part. */
  readonly sizes: readonly number[];
  /** Length of the whole vector. */
  readonly total: number;
}

/** Lay `specs` out one after another. */
export function parameterLayout(specs: readonly ParameterSpec[]): ParameterLayout {
  const sizes = specs.map(({ shape }) => sizeOf(shape));
  return { specs, sizes, total: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Return the part of the flat vector that is called `name`, a view of it; undefined where there is none. */
export function partNamed(
  flat: Float32Array,
  { specs, sizes }: ParameterLayout,
  name: string,
): Float32Array | undefined {
  const index = specs.findIndex((spec) => spec.name === name);
  if (index < 0) return undefined;
  const offset = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  return flat.subarray(offset, offset + sizes[index]!);
}

/** Draw the first parameters. [layout.total] */
export function initializeParameters(layout: ParameterLayout, random: Random): Float32Array {
  const result = new Float32Array(layout.total);
  let offset = 0;
  for (const [index, { shape, initialization }] of layout.specs.entries()) {
    const size = layout.sizes[index]!;
    result.set(initialValues(initialization, size, shape.at(-1) ?? 1, random), offset);
    offset += size;
  }
  return result;
}

function initialValues(
  initialization: Initialization,
  size: number,
  columns: number,
  random: Random,
): Float32Array {
  if (initialization.kind === "constant") return new Float32Array(size).fill(initialization.value);
  if (initialization.kind === "normal")
    return Float32Array.from({ length: size }, () => initialization.deviation * random.normal());
  if (initialization.kind === "orthogonal") {
    const { gain, blocks = 1 } = initialization;
    return sideBySide(
      Array.from({ length: blocks }, () => orthogonal(size / columns, columns / blocks, gain, random)),
      columns / blocks,
    );
  }
  const factors = initialization.kind === "gates" ? initialization.values : initialization.signs;
  const units = size / factors.length;
  const draws =
    initialization.kind === "gates"
      ? new Array<number>(units).fill(1)
      : Array.from({ length: units }, () => Math.log(random.uniform(1, initialization.span - 1)));
  return Float32Array.from({ length: size }, (_, k) => factors[Math.floor(k / units)]! * draws[k % units]!);
}

/** Join row-major matrices of `width` columns side by side. */
function sideBySide(blocks: readonly Float32Array[], width: number): Float32Array {
  if (blocks.length === 1) return blocks[0]!;
  const columns = width * blocks.length;
  return Float32Array.from({ length: blocks[0]!.length * blocks.length }, (_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    return blocks[Math.floor(column / width)]![row * width + (column % width)]!;
  });
}

/** Cut the flat vector into its parts by name. */
export function splitParameters(flat: tf.Tensor1D, layout: ParameterLayout): Record<string, tf.Tensor> {
  const parts = tf.split(flat, [...layout.sizes]);
  return Object.fromEntries(
    layout.specs.map(({ name, shape }, index) => [name, tf.reshape(parts[index]!, [...shape])]),
  );
}

/** Orthonormalise normal vectors by modified Gram-Schmidt; [rows, columns] row-major. */
function orthogonal(rows: number, columns: number, gain: number, random: Random): Float32Array {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
  for (const [i, vector] of vectors.entries()) {
    for (const other of vectors.slice(0, i)) {
      const overlap = other.reduce((sum, value, k) => sum + value * vector[k]!, 0);
      for (let k = 0; k < length; k++) vector[k]! -= overlap * other[k]!;
    }
    const norm = Math.hypot(...vector);
    for (let k = 0; k < length; k++) vector[k]! /= norm;
  }
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = rows < columns ? vectors[row]![column]! : vectors[column]![row]!;
      result[row * columns + column] = gain * value;
    }
  }
  return result;
}
