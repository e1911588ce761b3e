// Masses and inertias of the shapes that geoms are.
import { rotateVector } from "../../../../math/quaternion.js";
import { add, scale, type Vec3 } from "../../../../math/vector.js";
import type { Pose } from "../../description.js";
import { turnedInertia } from "../../inertia.js";

/** Shapes whose volume is known. */
export type SolidType = "sphere" | "capsule" | "cylinder" | "box" | "ellipsoid";

/** xx, yy, zz, xy, xz, yz, kg m² */
export type Inertia = readonly [number, number, number, number, number, number];

/** How something resists, about its centre of mass and along the axes of the frame it is given in. */
export interface MassProperties {
  /** kg */
  readonly mass: number;
  readonly center: Vec3;
  readonly inertia: Inertia;
}

/** A shape of even density. */
interface Solid {
  /** m³, of a shell its surface, m² */
  readonly amount: number;
  /** Moments about the axes for a mass of 1 kg, m². */
  readonly moments: Vec3;
}

/** Return the mass properties of a shape of `mass`, or else of `density`, in the frame that `pose` places it in. */
export function massOfShape(
  type: SolidType,
  size: Vec3,
  weight: { readonly mass?: number; readonly density: number; readonly shell: boolean },
  pose: Pose,
): MassProperties {
  const { amount, moments } = (weight.shell ? SHELLS : SOLIDS)[type](size);
  const mass = weight.mass ?? amount * weight.density;
  const [xx, yy, zz] = scale(mass, moments);
  return { mass, center: pose.position, inertia: turnedInertia([xx, yy, zz, 0, 0, 0], pose.quaternion) };
}

/**
 * Return the mass properties of a body with a surface of triangles, or undefined where they enclose no volume.
 *
 * As MuJoCo has it: tetrahedra from the surface's middle give the centre of mass, tetrahedra from there volume and inertia; each
 * counts as positive unless `signed`. Exact for what is convex, and where `signed` for every closed surface.
 */
export function massOfTriangles(
  points: readonly Vec3[],
  triangles: ArrayLike<number>,
  weight: { readonly mass?: number; readonly density: number; readonly signed: boolean },
  pose: Pose,
): MassProperties | undefined {
  const middle = surfaceCentre(points, triangles);
  const rough = integrate(points, triangles, middle, weight.signed);
  if (!(rough.volume > 0)) return undefined;
  const center = add(middle, scale(1 / rough.volume, rough.first));
  const { volume, second } = integrate(points, triangles, center, weight.signed);
  if (!(volume > 0)) return undefined;
  const mass = weight.mass ?? volume * weight.density;
  const [xx, yy, zz, xy, xz, yz] = second.map((entry) => (mass / volume) * entry) as [...Inertia];
  return {
    mass,
    center: add(pose.position, rotateVector(pose.quaternion, center)),
    inertia: turnedInertia([yy + zz, xx + zz, xx + yy, 0 - xy, 0 - xz, 0 - yz], pose.quaternion),
  };
}

/** Integrals 1, x and x xᵀ over the tetrahedra between the triangles and `origin`, relative to it. */
function integrate(
  points: readonly Vec3[],
  triangles: ArrayLike<number>,
  origin: Vec3,
  signed: boolean,
): { readonly volume: number; readonly first: Vec3; readonly second: readonly number[] } {
  let volume = 0;
  let first: Vec3 = [0, 0, 0];
  const second = [0, 0, 0, 0, 0, 0];
  const away = scale(-1, origin);
  for (let k = 0; k < triangles.length; k += 3) {
    const a = add(points[triangles[k]!]!, away);
    const b = add(points[triangles[k + 1]!]!, away);
    const c = add(points[triangles[k + 2]!]!, away);
    const six = determinant(a, b, c);
    const part = (signed ? six : Math.abs(six)) / 6;
    volume += part;
    const sum = add(add(a, b), c);
    first = add(first, scale(part / 4, sum));
    for (const [entry, [i, j]] of PAIRS.entries()) {
      // ∫ x_i x_j over a tetrahedron with one corner at the origin (Blow and Binstock, 2004)
      second[entry]! += (part * (a[i] * a[j] + b[i] * b[j] + c[i] * c[j] + sum[i] * sum[j])) / 20;
    }
  }
  return { volume, first, second };
}

/** Return the properties of several parts together. */
export function combined(parts: readonly MassProperties[]): MassProperties {
  const mass = parts.reduce((sum, part) => sum + part.mass, 0);
  if (mass === 0) return { mass: 0, center: [0, 0, 0], inertia: [0, 0, 0, 0, 0, 0] };
  let center: Vec3 = [0, 0, 0];
  for (const part of parts) center = add(center, scale(part.mass / mass, part.center));
  const total = [0, 0, 0, 0, 0, 0];
  for (const part of parts) {
    const [x, y, z] = add(part.center, scale(-1, center));
    const shift = [y * y + z * z, x * x + z * z, x * x + y * y, 0 - x * y, 0 - x * z, 0 - y * z];
    for (let k = 0; k < 6; k++) total[k]! += part.inertia[k]! + part.mass * shift[k]!;
  }
  return { mass, center, inertia: total as unknown as Inertia };
}

const PAIRS = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

const SOLIDS: Readonly<Record<SolidType, (size: Vec3) => Solid>> = {
  sphere: ([r]) => ({ amount: (4 / 3) * Math.PI * r ** 3, moments: even((2 / 5) * r * r) }),
  box: ([a, b, c]) => ({ amount: 8 * a * b * c, moments: spread([a * a, b * b, c * c], 1 / 3) }),
  ellipsoid: ([a, b, c]) => ({
    amount: (4 / 3) * Math.PI * a * b * c,
    moments: spread([a * a, b * b, c * c], 1 / 5),
  }),
  cylinder: ([r, half]) => ({ amount: 2 * Math.PI * r * r * half, moments: ofCylinder(r, half) }),
  capsule: ([r, half]) => {
    const [ends, middle] = [(4 / 3) * Math.PI * r ** 3, 2 * Math.PI * r * r * half];
    const amount = ends + middle;
    const share = ends / amount;
    const [across, , along] = ofCylinder(r, half);
    // two half balls, their centres of mass 3/8 of the radius out of the ends
    const far = (2 / 5) * r * r + half * half + (3 / 4) * r * half;
    const x = (1 - share) * across + share * far;
    return { amount, moments: [x, x, (1 - share) * along + share * (2 / 5) * r * r] };
  },
};

const SHELLS: Readonly<Record<SolidType, (size: Vec3) => Solid>> = {
  sphere: ([r]) => ({ amount: 4 * Math.PI * r * r, moments: even((2 / 3) * r * r) }),
  box: ([a, b, c]) => {
    const faces = [8 * b * c, 8 * a * c, 8 * a * b] as const;
    const amount = faces[0] + faces[1] + faces[2];
    // mean square of each coordinate: 1 on the faces across it, 1/3 on the others
    const square = (half: number, across: number) =>
      (half * half * (across + (amount - across) / 3)) / amount;
    return { amount, moments: spread([square(a, faces[0]), square(b, faces[1]), square(c, faces[2])], 1) };
  },
  ellipsoid: ([a, b, c]) => {
    // as in MuJoCo: Thomsen's formula for the surface, moments of a layer of even thickness, here a vanishing one
    const p = 1.6075;
    const mean = ((a * b) ** p + (a * c) ** p + (b * c) ** p) / 3;
    const ratio = (a * b * c) / (a * b + a * c + b * c);
    const moment = (u: number, v: number) => (u * u + v * v + 2 * ratio * (u + v)) / 5;
    return { amount: 4 * Math.PI * mean ** (1 / p), moments: [moment(b, c), moment(a, c), moment(a, b)] };
  },
  cylinder: ([r, half]) => {
    const [caps, side] = [2 * Math.PI * r * r, 4 * Math.PI * r * half];
    const share = caps / (caps + side);
    const x = share * ((r * r) / 4 + half * half) + (1 - share) * ((r * r) / 2 + (half * half) / 3);
    return { amount: caps + side, moments: [x, x, share * ((r * r) / 2) + (1 - share) * r * r] };
  },
  capsule: ([r, half]) => {
    const [ends, side] = [4 * Math.PI * r * r, 4 * Math.PI * r * half];
    const share = ends / (ends + side);
    const far = (2 / 3) * r * r + half * half + half * r;
    const x = share * far + (1 - share) * ((r * r) / 2 + (half * half) / 3);
    return { amount: ends + side, moments: [x, x, share * (2 / 3) * r * r + (1 - share) * r * r] };
  },
};

function ofCylinder(r: number, half: number): Vec3 {
  const across = (r * r) / 4 + (half * half) / 3;
  return [across, across, (r * r) / 2];
}

function even(moment: number): Vec3 {
  return [moment, moment, moment];
}

/** Moments from the mean squares of the coordinates, times `factor`. */
function spread([xx, yy, zz]: Vec3, factor: number): Vec3 {
  return [factor * (yy + zz), factor * (xx + zz), factor * (xx + yy)];
}

function determinant(a: Vec3, b: Vec3, c: Vec3): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

/** Mean of the triangles' middles, weighted by their areas. */
function surfaceCentre(points: readonly Vec3[], triangles: ArrayLike<number>): Vec3 {
  let area = 0;
  let sum: Vec3 = [0, 0, 0];
  for (let k = 0; k < triangles.length; k += 3) {
    const [a, b, c] = [0, 1, 2].map((i) => points[triangles[k + i]!]!) as [Vec3, Vec3, Vec3];
    const [u, v] = [add(b, scale(-1, a)), add(c, scale(-1, a))];
    const size = Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
    area += size;
    sum = add(sum, scale(size / 3, add(add(a, b), c)));
  }
  return area > 0 ? scale(1 / area, sum) : sum;
}
