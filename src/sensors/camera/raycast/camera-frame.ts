// Where a camera stands and how wide it sees, by basic arithmetic only: every engine computes the same bits.
import type { Quat } from "../../../math/quaternion.js";
import { cross, type Vec3 } from "../../../math/vector.js";

const UP: Vec3 = [0, 0, 1];
/** Up in the picture of a camera that looks along the world's z axis. */
const UP_LOOKING_DOWN: Vec3 = [1, 0, 0];
/** Sine of the least angle between the direction of view and "up". */
const LEAST_SINE = 1e-6;

/** Return tan(fovDeg / 2); the series converges to the last bits below 180 degrees. */
export function tangentOfHalf(fovDeg: number): number {
  const x = (fovDeg * Math.PI) / 360;
  let [sine, cosine, term] = [0, 0, 1];
  for (let n = 1; n < 32; n += 2) {
    cosine += term;
    term = (term * x) / n;
    sine += term;
    term = (-term * x) / (n + 1);
  }
  return sine / cosine;
}

/**
 * Return the turn of a camera at `eye` that looks at `target`; undefined where the two are the same, or `up` lies along
 * the direction of view. Without `up`, z is up, or x where the camera looks along z.
 */
export function lookAt(eye: Vec3, target: Vec3, up?: Vec3): Quat | undefined {
  const back = unit([eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]]);
  if (!back) return undefined;
  const right = aside(up ?? UP, back) ?? (up ? undefined : aside(UP_LOOKING_DOWN, back));
  if (!right) return undefined;
  return quaternionFromAxes(right, cross(back, right), back);
}

function aside(up: Vec3, back: Vec3): Vec3 | undefined {
  const direction = unit(up);
  const across = direction && cross(direction, back);
  return across && lengthOf(across) > LEAST_SINE ? unit(across) : undefined;
}

/** Write the rotation matrix of a quaternion at `q[offset]` into `out`, row by row. */
export function rotationMatrix(q: ArrayLike<number>, offset: number, out: Float64Array): void {
  const x = q[offset]!;
  const y = q[offset + 1]!;
  const z = q[offset + 2]!;
  const w = q[offset + 3]!;
  out[0] = 1 - 2 * (y * y + z * z);
  out[1] = 2 * (x * y - w * z);
  out[2] = 2 * (x * z + w * y);
  out[3] = 2 * (x * y + w * z);
  out[4] = 1 - 2 * (x * x + z * z);
  out[5] = 2 * (y * z - w * x);
  out[6] = 2 * (x * z - w * y);
  out[7] = 2 * (y * z + w * x);
  out[8] = 1 - 2 * (x * x + y * y);
}

/** Return the unit quaternion `q`, turned about its own axes by the half-angle tangents `turn`. */
export function turnedQuaternion([x, y, z, w]: Quat, [a, b, c]: Vec3): Quat {
  const scale = 1 / Math.sqrt(1 + a * a + b * b + c * c);
  return [
    scale * (w * a + x + y * c - z * b),
    scale * (w * b - x * c + y + z * a),
    scale * (w * c + x * b - y * a + z),
    scale * (w - x * a - y * b - z * c),
  ];
}

/** Return the quaternion of the rotation with these columns (Shepperd's method). */
function quaternionFromAxes(x: Vec3, y: Vec3, z: Vec3): Quat {
  const [a, b, c] = [x[0], y[1], z[2]];
  const squares = [1 + a - b - c, 1 - a + b - c, 1 - a - b + c, 1 + a + b + c];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  if (largest === 3) return [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4];
  if (largest === 0) return [s / 4, (x[1] + y[0]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s];
  if (largest === 1) return [(x[1] + y[0]) / s, s / 4, (y[2] + z[1]) / s, (z[0] - x[2]) / s];
  return [(z[0] + x[2]) / s, (y[2] + z[1]) / s, s / 4, (x[1] - y[0]) / s];
}

function unit(v: Vec3): Vec3 | undefined {
  const length = lengthOf(v);
  return length > 1e-9 ? [v[0] / length, v[1] / length, v[2] / length] : undefined;
}

/** Return the length of a vector; Math.hypot may differ between engines. */
export function lengthOf([x, y, z]: Vec3): number {
  return Math.sqrt(x * x + y * y + z * z);
}
