// Sort-v1: bring two red cubes and a blue one each to the tray of its colour.
import {
  type Area,
  assertReachable,
  CELL_DEFAULTS,
  type Color,
  defineEnv,
  findRobot,
  LENGTH_RANGE,
  tableArea,
  UsageError,
  type Vec3,
} from "../src/index.js";
import {
  ARRANGING_WEIGHTS,
  type ArrangementScene,
  arranging,
  buildCubes,
  CUBE_DEFAULTS,
  CUBE_RANGES,
  fittedCubes,
  resetCubes,
} from "./arranging.js";

const RED: Color = [0.85, 0.25, 0.2, 1];
const BLUE: Color = [0.25, 0.45, 0.9, 1];
/** Trays stand this far into the region's y range at its two sides, as shares of the tray's width. */
const OUTWARDS = 0.5;
/** Cubes are carried this high over the trays, m. */
const CARRIED = 0.08;

/** Three 4 cm cubes: two in the red tray, the one nearer to it first, one in the blue, each let go and at rest; 8 s. */
export const sort = defineEnv({
  id: "Sort-v1",
  description: "Bring two red cubes and a blue one each to the tray of its colour.",
  maxEpisodeSteps: 160,
  defaults: {
    ...CELL_DEFAULTS,
    ...CUBE_DEFAULTS,
    /** Width of a tray across the table (along y), m; cubes start in what the trays leave of the robot's task region. */
    trayWidth: 0.08,
    /** Length of a tray for one cube (along x), m. */
    trayLength: 0.09,
    rewardWeights: ARRANGING_WEIGHTS,
  },
  ranges: { ...CUBE_RANGES, trayWidth: LENGTH_RANGE, trayLength: LENGTH_RANGE },
  fitted: (config) => fittedCubes(config)?.cubes ?? {},
  build(config): ArrangementScene {
    const { cubeSize, trayWidth, trayLength, heightTolerance } = config;
    for (const [name, value] of Object.entries({ trayWidth, trayLength })) {
      if (value > cubeSize) continue;
      throw new UsageError(
        `Setting "${name}" of Sort-v1 is ${value}, expected more than cubeSize (${cubeSize}), in m.`,
      );
    }
    const robot = findRobot(config.robot);
    const half = cubeSize / 2;
    const all = tableArea("spawn area", robot.taskRegion, half);
    // open fingers shall fit between a cube and those in the trays
    const margin = OUTWARDS * trayWidth + cubeSize;
    const spawn: Area = {
      ...all,
      low: [all.low[0], all.low[1] + margin, half],
      high: [all.high[0], all.high[1] - margin, half],
    };
    const trays = [redTray(all, trayWidth, 2 * trayLength), blueTray(all, trayWidth, trayLength)] as const;
    for (const { low, high } of trays)
      assertReachable(robot, { low, high: [high[0], high[1], CARRIED] }, "Sort-v1");
    const built = buildCubes(config, "Sort-v1", [RED, RED, BLUE], [spawn, ...trays]);
    const trayOf = (index: number) => trays[index < 2 ? 0 : 1];
    return {
      ...built,
      place(index) {
        const { low, high } = trayOf(index);
        const along = index === 0 ? 0.25 : index === 1 ? 0.75 : 0.5;
        return [low[0] + along * (high[0] - low[0]), (low[1] + high[1]) / 2, half];
      },
      lies(index) {
        const { low, high } = trayOf(index);
        const [x, y, z] = built.cubes[index]!.position;
        return x > low[0] && x < high[0] && y > low[1] && y < high[1] && Math.abs(z - half) < heightTolerance;
      },
    };
  },
  reset: (scene, random, _, difficulty) => resetCubes(scene, random, difficulty, nearerRedFirst),
  ...arranging({ numCubes: 3, firstMoved: 0 }),
});

/** Red cubes look alike: which one goes first must be seen from where they lie. */
function nearerRedFirst([one, other, ...rest]: readonly Vec3[]): Vec3[] {
  return one![1] > other![1] ? [one!, other!, ...rest] : [other!, one!, ...rest];
}

/** Where the red cubes (0, 1) are wanted, side by side, at the end of `region` at +y. */
function redTray(region: Area, width: number, length: number): Area {
  return tray("red tray", region, region.high[1] - (1 - OUTWARDS) * width, [width, length]);
}

/** Where the blue cube (2) is wanted, at the end of `region` at -y. */
function blueTray(region: Area, width: number, length: number): Area {
  return tray("blue tray", region, region.low[1] - OUTWARDS * width, [width, length]);
}

/** A tray in the middle of `region` along x whose lower edge along y is at `inner`. */
function tray(
  name: string,
  { low, high }: Area,
  inner: number,
  [width, length]: readonly [width: number, length: number],
): Area {
  const middle = (low[0] + high[0]) / 2;
  const [r, g, b] = name === "red tray" ? RED : BLUE;
  return {
    name,
    low: [middle - length / 2, inner, low[2]],
    high: [middle + length / 2, inner + width, low[2]],
    color: [r, g, b, 0.3],
  };
}
