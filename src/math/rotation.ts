// Rotation matrices as flat row-major arrays of nine numbers, turned by rotation vectors (axis times angle, rad).

/** Write the rotation by `(x, y, z)` (rad) times `rotation` into `out`, which may be the same array; returns `out`. */
export function turnRotation(
  rotation: ArrayLike<number>,
  x: number,
  y: number,
  z: number,
  out: Float64Array,
): Float64Array {
  const angle = Math.sqrt(x * x + y * y + z * z);
  const sine = angle < 1e-9 ? 1 : Math.sin(angle) / angle;
  const versine = angle < 1e-9 ? 0.5 : (1 - Math.cos(angle)) / (angle * angle);
  // Rodrigues: v cos + (w x v) sin / angle + w (w · v) (1 - cos) / angle², column by column
  const cosine = Math.cos(angle);
  for (let column = 0; column < 3; column++) {
    const a = rotation[column]!;
    const b = rotation[3 + column]!;
    const c = rotation[6 + column]!;
    const along = versine * (x * a + y * b + z * c);
    out[column] = cosine * a + sine * (y * c - z * b) + along * x;
    out[3 + column] = cosine * b + sine * (z * a - x * c) + along * y;
    out[6 + column] = cosine * c + sine * (x * b - y * a) + along * z;
  }
  return out;
}

/** Write the rotation vector (rad, at most π long) that turns `from` into `to` into `out` [3]; returns `out`. */
export function rotationVectorBetween(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  // entry (i, j) of to * fromᵀ
  const entry = (i: number, j: number) =>
    to[3 * i]! * from[3 * j]! + to[3 * i + 1]! * from[3 * j + 1]! + to[3 * i + 2]! * from[3 * j + 2]!;
  const x = (entry(2, 1) - entry(1, 2)) / 2;
  const y = (entry(0, 2) - entry(2, 0)) / 2;
  const z = (entry(1, 0) - entry(0, 1)) / 2;
  const diagonal = [entry(0, 0), entry(1, 1), entry(2, 2)] as const;
  const sine = Math.sqrt(x * x + y * y + z * z);
  const angle = Math.atan2(sine, (diagonal[0] + diagonal[1] + diagonal[2] - 1) / 2);
  if (sine > 1e-6 || angle < 1) {
    const scale = sine > 1e-9 ? angle / sine : 1;
    out[0] = scale * x;
    out[1] = scale * y;
    out[2] = scale * z;
    return out;
  }
  // half a turn: the axis is the direction of the longest column of the symmetric part
  const longest = diagonal.indexOf(Math.max(...diagonal));
  const axis = [0, 1, 2].map((k) => (entry(k, longest) + (k === longest ? 1 : 0)) / 2);
  const length = Math.hypot(...axis);
  for (let k = 0; k < 3; k++) out[k] = (angle * axis[k]!) / length;
  return out;
}

/** Write the rotation of a hand that points straight down, its x axis turned by `yaw` (rad) about the vertical. */
export function pointDown(yaw: number, out: Float64Array): Float64Array {
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  out.fill(0);
  out[0] = c;
  out[1] = s;
  out[3] = s;
  out[4] = -c;
  out[8] = -1;
  return out;
}
