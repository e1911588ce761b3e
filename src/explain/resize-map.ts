// Maps in another size.

/** Resize a map by bilinear interpolation between the middles of its pixels; beyond the outermost it stays even. */
export function resizeMap(
  map: Float32Array,
  [height, width]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
): Float32Array {
  if (height === outHeight && width === outWidth) return map.slice();
  const rows = positions(height, outHeight);
  const columns = positions(width, outWidth);
  const result = new Float32Array(outHeight * outWidth);
  for (const [y, [top, down]] of rows.entries()) {
    const below = Math.min(top + 1, height - 1);
    for (const [x, [left, along]] of columns.entries()) {
      const right = Math.min(left + 1, width - 1);
      const upper = map[top * width + left]! * (1 - along) + map[top * width + right]! * along;
      const lower = map[below * width + left]! * (1 - along) + map[below * width + right]! * along;
      result[y * outWidth + x] = upper * (1 - down) + lower * down;
    }
  }
  return result;
}

/** For each pixel of the result, the pixel before it and how far it is from there to the next, 0 to 1. */
function positions(size: number, outSize: number): [number, number][] {
  return Array.from({ length: outSize }, (_, k) => {
    const at = Math.min(Math.max(((k + 0.5) * size) / outSize - 0.5, 0), size - 1);
    return [Math.floor(at), at - Math.floor(at)];
  });
}
