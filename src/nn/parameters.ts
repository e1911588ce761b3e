// All parameters of a network in one flat vector: what is where, and what it starts from.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../math/random.js";

/** How a parameter starts. */
export type Initialization =
  | {
      /** Orthogonal rows or columns times `gain` (Saxe et al., 2014). */
      readonly kind: "orthogonal";
      readonly gain: number;
    }
  | { readonly kind: "constant"; readonly value: number };

/** A named part of the parameters. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialization: Initialization;
}

/** Where each part lies. */
export interface ParameterLayout {
  readonly specs: readonly ParameterSpec[];
  readonly sizes: readonly number[];
  /** Length of the whole vector. */
  readonly total: number;
}

/** Lay `specs` out one after another. */
export function parameterLayout(specs: readonly ParameterSpec[]): ParameterLayout {
  const sizes = specs.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  return { specs, sizes, total: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Draw the first parameters. [layout.total] */
export function initializeParameters(layout: ParameterLayout, random: Random): Float32Array {
  const result = new Float32Array(layout.total);
  let offset = 0;
  for (const [index, { shape, initialization }] of layout.specs.entries()) {
    const size = layout.sizes[index]!;
    if (initialization.kind === "constant") result.fill(initialization.value, offset, offset + size);
    else {
      const columns = shape.at(-1)!;
      result.set(orthogonal(size / columns, columns, initialization.gain, random), offset);
    }
    offset += size;
  }
  return result;
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
