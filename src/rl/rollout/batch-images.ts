// The images of a batch: bytes that stay where the rollouts left them until a minibatch takes them.

/** Images by group, and as many values as there are rows in all. */
interface BatchImages {
  readonly images?: readonly Uint8Array[];
  readonly values: Float32Array;
}

/** Copy the image of `row` of the batch into row `r` of the minibatch, where there are any. */
export function takeImage(
  { images, values }: BatchImages,
  row: number,
  minibatch: { readonly images?: Uint8Array },
  r: number,
): void {
  if (!images || !minibatch.images) return;
  const rowsOfGroup = values.length / images.length;
  const group = images[Math.floor(row / rowsOfGroup)]!;
  const size = group.length / rowsOfGroup;
  const from = (row % rowsOfGroup) * size;
  minibatch.images.set(group.subarray(from, from + size), r * size);
}
