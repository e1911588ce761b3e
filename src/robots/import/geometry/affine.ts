// Affine maps of space as 3 x 4 matrices: where the nodes of a mesh file's scene are.

/** Row-major [3, 4]. */
export type Affine = readonly number[];

/** The map that leaves everything where it is. */
export const IDENTITY_AFFINE: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** The map that applies `b` first, then `a`. */
export function multiplyAffine(a: Affine, b: Affine): Affine {
  return Array.from({ length: 12 }, (_, index) => {
    const row = 4 * Math.floor(index / 4);
    const column = index % 4;
    const shift = column === 3 ? a[row + 3]! : 0;
    return a[row]! * b[column]! + a[row + 1]! * b[4 + column]! + a[row + 2]! * b[8 + column]! + shift;
  });
}

/** Return the map that is a shift by `t` after a turn by the quaternion `q` after scaling by `s`. */
export function affineOf(t: readonly number[], q: readonly number[], s: readonly number[]): Affine {
  const [x, y, z, w] = q as [number, number, number, number];
  const turn = [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    ...[2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    ...[2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
  return [0, 1, 2].flatMap((row) => [...[0, 1, 2].map((k) => turn[3 * row + k]! * s[k]!), t[row]!]);
}

/** Return the map of a point (x, y, z) as a new array. */
export function mapped(m: Affine, x: number, y: number, z: number): [number, number, number] {
  return [
    m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
    m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
    m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
  ];
}

/** Tell whether the map turns things inside out. */
export function isMirror(m: Affine): boolean {
  const [a, b, c, , d, e, f, , g, h, i] = m as number[] as [
    ...[number, number, number, number, number, number, number, number, number, number, number, number],
  ];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0;
}
