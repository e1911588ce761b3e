// A cube for the robot that takes it: fingers that open less take a smaller one.
import { findRobot, largestCube } from "../src/index.js";

/** Smallest edge of a cube, m. */
export const LEAST_EDGE = 0.01;

/**
 * Return the edge that a cube of `cubeSize` m becomes for `robot` as a share of it, and its edge and mass, of the same material;
 * undefined where the robot takes it as it is, or takes none.
 */
export function fittedCube({
  robot,
  cubeSize,
  cubeMass,
}: {
  readonly robot: string;
  readonly cubeSize: number;
  readonly cubeMass: number;
}) {
  const edge = largestCube(findRobot(robot));
  if (edge < LEAST_EDGE || edge >= cubeSize) return undefined;
  const share = edge / cubeSize;
  return { share, cube: { cubeSize: edge, cubeMass: share ** 3 * cubeMass } };
}
