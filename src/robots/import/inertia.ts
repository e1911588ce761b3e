// Inertias: about axes that they were not given in, and whether a body can have them.
import { type Quat, rotateVector } from "../../math/quaternion.js";
import { UsageError } from "../../math/usage-error.js";
import type { DescribedInertial } from "./description.js";

/** The inertia about the link's axes: R I Rᵀ. */
export function turnedInertia(
  [xx, yy, zz, xy, xz, yz]: readonly [number, number, number, number, number, number],
  turn: Quat,
): [number, number, number, number, number, number] {
  if (turn[3] === 1) return [xx, yy, zz, xy, xz, yz];
  const columns = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => rotateVector(turn, axis));
  const I = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const entry = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) sum += columns[i]![a]! * I[i]![j]! * columns[j]![b]!;
    return sum;
  };
  return [entry(0, 0), entry(1, 1), entry(2, 2), entry(0, 1), entry(0, 2), entry(1, 2)];
}

/** Return the inertial of the link called `link`; throws a UsageError with file and line where no body has it. */
export function requireInertial(inertial: DescribedInertial, link: string, file: string): DescribedInertial {
  const { mass, line } = inertial;
  if (!(mass > 0)) {
    throw new UsageError(`${file}:${line}: link "${link}" has a mass of ${mass} kg, expected more than 0.`);
  }
  const [xx, yy, zz, xy, xz, yz] = inertial.inertia;
  // Sylvester: all leading minors of a positive definite matrix are positive
  const determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
  if (xx > 0 && xx * yy - xy * xy > 0 && determinant > 0) return inertial;
  throw new UsageError(
    `${file}:${line}: the inertia of link "${link}" is not positive definite: no body has it.`,
  );
}
