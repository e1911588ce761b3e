// What Stack-v1 and StackTower-v1 share: cubes that are to be put one on another, in a fixed order, and let go.
import {
  assertReachable,
  CELL_DEFAULTS,
  type Color,
  defineEnv,
  type EnvId,
  findRobot,
  LENGTH_RANGE,
  subtract,
  tableArea,
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

/** Cubes keep this far from the edge of the robot's task region, m: towers shall stand well within reach. */
const INSET = 0.02;
const COLORS: readonly Color[] = [
  [0.25, 0.5, 0.85, 1],
  [0.9, 0.35, 0.2, 1],
  [0.95, 0.75, 0.2, 1],
];

/** A tower that is to be built. */
interface Tower {
  readonly id: EnvId;
  readonly description: string;
  readonly maxEpisodeSteps: number;
  readonly numCubes: 2 | 3;
  /** Default of the setting of that name, m. */
  readonly cubeDistance: number;
}

/** Define the environment in which cube 1 goes on cube 0, cube 2 on cube 1. */
export function towerEnv({ id, description, maxEpisodeSteps, numCubes, cubeDistance }: Tower) {
  return defineEnv({
    id,
    description,
    maxEpisodeSteps,
    defaults: {
      ...CELL_DEFAULTS,
      ...CUBE_DEFAULTS,
      cubeDistance,
      heightTolerance: 0.008,
      /** A cube lies on another where its centre is at most this far aside, m: it would stay there alone. */
      sideTolerance: 0.02,
      rewardWeights: ARRANGING_WEIGHTS,
    },
    ranges: { ...CUBE_RANGES, sideTolerance: LENGTH_RANGE },
    fitted(config) {
      const fitted = fittedCubes(config);
      return fitted ? { ...fitted.cubes, sideTolerance: fitted.share * config.sideTolerance } : {};
    },
    build(config): ArrangementScene {
      const { cubeSize, sideTolerance, heightTolerance } = config;
      const robot = findRobot(config.robot);
      const area = tableArea("spawn area", robot.taskRegion, cubeSize / 2, INSET);
      assertReachable(robot, { low: area.low, high: [area.high[0], area.high[1], numCubes * cubeSize] }, id);
      const built = buildCubes(config, id, COLORS.slice(0, numCubes), [area]);
      const position = (index: number) => built.cubes[index]!.position;
      return {
        ...built,
        place(index) {
          const [x, y, z] = position(index - 1);
          return [x, y, z + cubeSize];
        },
        lies(index) {
          const [x, y, z] = subtract(position(index), position(index - 1));
          return Math.hypot(x, y) < sideTolerance && Math.abs(z - cubeSize) < heightTolerance;
        },
      };
    },
    reset: (scene, random, _, difficulty) => resetCubes(scene, random, difficulty),
    ...arranging({ numCubes, firstMoved: 1 }),
  });
}
