// Rules of shapes that many operations share.

/** Return the shape of two tensors broadcast against each other; throws an Error where they do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[a.length - rank + axis] ?? 1, b[b.length - rank + axis] ?? 1];
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`Operands could not be broadcast together with shapes ${a} and ${b}.`);
    return left === 1 ? right : left;
  });
}

/** Return the shape that is left when axes are summed up. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}
