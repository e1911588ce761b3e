// What Stack-v1 and StackTower-v1 share: cubes that are to be put one on another, in a fixed order, and let go.
import { assertReachable, type Color, type EnvId, subtract, tableArea } from "../src/index.js";
import { type Arrangement, HALF } from "./arranging.js";

/** Cubes start at least this far apart, m: open fingers fit between two, and the hand beside a tower of two. */
const APART = { 2: 0.09, 3: 0.13 } as const;
/** A cube lies on another where its centre is this close to its place, m: it would stay there alone. */
const SIDEWAYS = 0.02;
const UPWARDS = 0.008;
/** Cubes keep this far from the edge of the robot's task region, m: towers shall stand well within reach. */
const INSET = 0.02;
const COLORS: readonly Color[] = [
  [0.25, 0.5, 0.85, 1],
  [0.9, 0.35, 0.2, 1],
  [0.95, 0.75, 0.2, 1],
];

/** Return the arrangement in which cube 1 goes on cube 0, cube 2 on cube 1, and so on. */
export function tower(id: EnvId, numCubes: 2 | 3): Omit<Arrangement, "description" | "maxEpisodeSteps"> {
  return {
    id,
    colors: COLORS.slice(0, numCubes),
    apart: APART[numCubes],
    firstMoved: 1,
    areas(robot) {
      const area = tableArea("spawn area", robot.taskRegion, HALF, INSET);
      assertReachable(robot, { low: area.low, high: [area.high[0], area.high[1], 2 * numCubes * HALF] }, id);
      return [area];
    },
    place({ cubes }, index) {
      const [x, y, z] = cubes[index - 1]!.position;
      return [x, y, z + 2 * HALF];
    },
    lies({ cubes }, index) {
      const [x, y, z] = subtract(cubes[index]!.position, cubes[index - 1]!.position);
      return Math.hypot(x, y) < SIDEWAYS && Math.abs(z - 2 * HALF) < UPWARDS;
    },
  };
}
