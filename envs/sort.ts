// Sort-v1: bring two red cubes and a blue one each to the tray of its colour.
import { type Area, assertReachable, type Color, type RobotModel, tableArea } from "../src/index.js";
import { arrangementEnv, HALF } from "./arranging.js";

const RED: Color = [0.85, 0.25, 0.2, 1];
const BLUE: Color = [0.25, 0.45, 0.9, 1];
/** Width of a tray across the table (along y), m; cubes start in what the trays leave of the robot's task region. */
const TRAY_WIDTH = 0.08;
/** Length of a tray for one cube (along x), m. */
const TRAY_LENGTH = 0.09;
/** A cube lies on the table where its centre is at most this far from its height at rest, m. */
const UPWARDS = 0.004;
const APART = 0.09;
/** Trays stand this far into the region's y range at its two sides, as shares of the tray's width. */
const OUTWARDS = 0.5;

/** Where cube `index` is wanted: the red ones (0, 1) side by side at +y, the blue one (2) at -y. */
function tray(name: string, { taskRegion: { low, high } }: RobotModel, side: 1 | -1, cubes: 1 | 2): Area {
  const [middle, length] = [(low[0] + high[0]) / 2, cubes * TRAY_LENGTH];
  const inner = side > 0 ? high[1] - (1 - OUTWARDS) * TRAY_WIDTH : low[1] - OUTWARDS * TRAY_WIDTH;
  const [r, g, b] = side > 0 ? RED : BLUE;
  return {
    name,
    low: [middle - length / 2, inner, HALF],
    high: [middle + length / 2, inner + TRAY_WIDTH, HALF],
    color: [r, g, b, 0.3],
  };
}

/** Three 4 cm cubes: two in the red tray, the one nearer to it first, one in the blue, each let go and at rest; 8 s. */
export const sort = arrangementEnv({
  id: "Sort-v1",
  description: "Bring two red cubes and a blue one each to the tray of its colour.",
  maxEpisodeSteps: 160,
  colors: [RED, RED, BLUE],
  apart: APART,
  firstMoved: 0,
  // red cubes look alike: which one goes first must be seen from where they lie
  order([one, other, ...rest]) {
    return one![1] > other![1] ? [one!, other!, ...rest] : [other!, one!, ...rest];
  },
  areas(robot) {
    const all = tableArea("spawn area", robot.taskRegion, HALF);
    // open fingers shall fit between a cube and those in the trays
    const margin = OUTWARDS * TRAY_WIDTH + 2 * HALF;
    const spawn: Area = {
      ...all,
      low: [all.low[0], all.low[1] + margin, HALF],
      high: [all.high[0], all.high[1] - margin, HALF],
    };
    const trays = [tray("red tray", robot, 1, 2), tray("blue tray", robot, -1, 1)] as const;
    for (const { low, high } of trays)
      assertReachable(robot, { low, high: [high[0], high[1], 0.08] }, "Sort-v1");
    return [spawn, ...trays];
  },
  place({ areas }, index) {
    const { low, high } = areas[index < 2 ? 1 : 2]!;
    const along = index === 0 ? 0.25 : index === 1 ? 0.75 : 0.5;
    return [low[0] + along * (high[0] - low[0]), (low[1] + high[1]) / 2, HALF];
  },
  lies({ areas, cubes }, index) {
    const { low, high } = areas[index < 2 ? 1 : 2]!;
    const [x, y, z] = cubes[index]!.position;
    return x > low[0] && x < high[0] && y > low[1] && y < high[1] && Math.abs(z - HALF) < UPWARDS;
  },
});
