// Shapes of tensors: the lengths of their axes.

/** Count the entries of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
