// Rules of shapes that many operations share.

/** Return the shape of two tensors broadcast against each other; throws an Error where they do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const [longer, shorter] = a.length < b.length ? [b, a] : [a, b];
  const shape = [...longer];
  const offset = longer.length - shorter.length;
  for (const [axis, length] of shorter.entries()) {
    const other = shape[offset + axis]!;
    if (other === 1) shape[offset + axis] = length;
    else if (length !== 1 && length !== other)
      throw new Error(`Operands could not be broadcast together with shapes ${a} and ${b}.`);
  }
  return shape;
}

/** Return the shape that is left when axes are summed up. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}
