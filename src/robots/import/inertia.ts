// The inertia of a body about axes that it was not given in.
import { type Quat, rotateVector } from "../../math/quaternion.js";

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
