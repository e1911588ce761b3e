// The principal moments and axes of an inertia (Jacobi's method), and inertias that no body has mended.

/** xx, yy, zz, xy, xz, yz, kg m². */
export type Inertia = readonly [number, number, number, number, number, number];

/** Moments, and the axes as columns of a row-major rotation [3, 3]. */
interface Principal {
  readonly moments: readonly [number, number, number];
  readonly axes: readonly number[];
}

/** A body of this radius of gyration is as slim as any in a robot, m. */
const LEAST_GYRATION = 1e-3;
/** Files round: the largest moment may pass the sum of the others by this share. */
const ROUNDING = 0.01;

/** An inertia that a body can have, and what was mended; nothing where it was one. */
export interface MendedInertia {
  readonly inertia: Inertia;
  readonly mended?: string;
}

/**
 * Return the inertia nearest to `inertia` that a body of `mass` (kg) can have.
 *
 * Moments below those of a radius of gyration of 1 mm, also negative ones, are raised to it; where the largest still passes the sum
 * of the others by more than a hundredth, all become their mean, as MuJoCo's balanceinertia does.
 */
export function mendedInertia(inertia: Inertia, mass: number): MendedInertia {
  const { moments, axes } = principal(inertia);
  const least = mass * LEAST_GYRATION ** 2;
  const raised = moments.map((moment) => Math.max(least, moment)) as [number, number, number];
  const sum = raised[0] + raised[1] + raised[2];
  const largest = Math.max(...raised);
  if (largest > (1 + ROUNDING) * (sum - largest)) {
    const mean = sum / 3;
    return {
      inertia: [mean, mean, mean, 0, 0, 0],
      mended: `its largest moment of inertia is more than the sum of the others, which no body has: all ${short(mean)} kg m², their mean`,
    };
  }
  const lowest = Math.min(...moments);
  if (lowest >= least) return { inertia };
  const entry = (a: number, b: number) =>
    [0, 1, 2].reduce((total, k) => total + axes[3 * a + k]! * raised[k]! * axes[3 * b + k]!, 0);
  return {
    inertia: [entry(0, 0), entry(1, 1), entry(2, 2), entry(0, 1), entry(0, 2), entry(1, 2)],
    mended: `its least moment of inertia is ${short(lowest)} kg m²: raised to ${short(least)}, a radius of gyration of 1 mm`,
  };
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}

function principal([xx, yy, zz, xy, xz, yz]: Inertia): Principal {
  const m = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
  const axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (let sweep = 0; sweep < 20; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      rotate(m, axes, p, q);
  }
  return { moments: [m[0]!, m[4]!, m[8]!], axes };
}

/** Turn about the third axis so that entry (p, q) of the symmetric `m` vanishes. */
function rotate(m: number[], axes: number[], p: number, q: number): void {
  const off = m[3 * p + q]!;
  if (off === 0) return;
  const theta = (m[4 * q]! - m[4 * p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(t, 1);
  const sine = t * cosine;
  const mix = (list: number[], a: number, b: number) => {
    const [first, second] = [list[a]!, list[b]!];
    list[a] = cosine * first - sine * second;
    list[b] = sine * first + cosine * second;
  };
  for (let k = 0; k < 3; k++) mix(m, 3 * k + p, 3 * k + q);
  for (let k = 0; k < 3; k++) mix(m, 3 * p + k, 3 * q + k);
  for (let k = 0; k < 3; k++) mix(axes, 3 * k + p, 3 * k + q);
  m[3 * p + q] = 0;
  m[3 * q + p] = 0;
}
