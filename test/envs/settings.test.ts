import { expect, test } from "vitest";
import { CELL_DEFAULTS, envs } from "../../envs/index.js";
import type { RobotCellOptions } from "../../src/cell/cell-options.js";
import { RobotCell } from "../../src/cell/robot-cell.js";
import type { EnvFactory } from "../../src/env/env.js";
import { RANDOMIZATION_NAMES } from "../../src/env/randomization/randomization.js";
import { UsageError } from "../../src/math/usage-error.js";

/** No setting of any environment can be one of these. */
const IMPOSSIBLE = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1e308,
  1e308,
  2 ** 53,
  null,
  "1",
  {},
];

/** Every number in `settings`, as overrides that set it to `value`. */
function overridesOf(settings: object, value: unknown): [string, Record<string, unknown>][] {
  return Object.entries(settings).flatMap(([name, old]): [string, Record<string, unknown>][] => {
    if (typeof old === "number") return [[name, { [name]: value }]];
    if (Array.isArray(old)) {
      if (typeof old[0] !== "number") return [];
      return [[name, { [name]: [value, ...old.slice(1)] }]];
    }
    if (typeof old !== "object" || old === null) return [];
    return overridesOf(old, value).map(([path, inner]) => [`${name}.${path}`, { [name]: inner }]);
  });
}

test.each(Object.values(envs).map((env) => [env.id, env] as const))(
  "every numeric setting of %s refuses what no setting can be",
  (_, env) => {
    for (const value of IMPOSSIBLE) {
      const all = overridesOf(env.defaults, value);
      expect(all.length).toBeGreaterThan(5);
      for (const [path, overrides] of all)
        expect(() => env.create(overrides), `${path} = ${String(value)}`).toThrow(UsageError);
    }
  },
);

test("every name of the randomisation refuses what no range can be", () => {
  for (const name of RANDOMIZATION_NAMES) {
    for (const value of [...IMPOSSIBLE, [0, 1e308], [2, 1]]) {
      const randomization = { [name]: value };
      expect(() => envs["PickPlace-v1"].create({ randomization }), `${name} = ${String(value)}`).toThrow(
        UsageError,
      );
    }
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ physicsRate: 1e9 }, "physicsRate is 1000000000, expected a number from 1 to 20000, in Hz."],
  [{ controlRate: 0.5 }, "controlRate is 0.5, expected a number from 1 to 1000, in Hz."],
  [
    { solver: { iterations: 1e9 } },
    "solver.iterations is 1000000000, expected a whole number from 1 to 1000.",
  ],
  [{ solver: { iterations: 2.5 } }, "solver.iterations is 2.5, expected a whole number from 1 to 1000."],
  [{ solver: { tolerance: -1 } }, "solver.tolerance is -1, expected a number from 0 to 1, in m/s."],
  [{ goalOnTable: 2 }, 'Setting "goalOnTable" of PickPlace-v1 is 2, expected a number from 0 to 1.'],
  [
    { appearance: { light: [0, 0, 0] } },
    'Setting "appearance.light" of PickPlace-v1 is [0,0,0], expected three numbers, not all 0.',
  ],
  [
    { cameras: ["frnt"] },
    'Unknown camera "frnt" of PickPlace-v1. Did you mean "front"? There are: front, side, wrist; or give one of your own: name, eye and target.',
  ],
  [
    { cameras: [] },
    'Setting "cameras" of PickPlace-v1 is empty, expected at least one camera. There are: front, side, wrist; or give one of your own: name, eye and target.',
  ],
  [
    { cameras: [{ name: "front", width: 1e9 }] },
    'Camera "front" of PickPlace-v1: width is 1000000000, expected a whole number of pixels from 1 to 4096.',
  ],
  [
    { visualRandomization: "all" },
    'Setting "visualRandomization" of PickPlace-v1 is "all". Expected "none", "default", or ranges by name, for example {"lightStrength": [0.7, 1.2]}.',
  ],
])('PickPlace-v1 refuses %j, in mode "state" as in any other', (config, message) => {
  expect(() => envs["PickPlace-v1"].create(config)).toThrow(new UsageError(message));
});

test.each<[keyof typeof envs, Record<string, unknown>, string]>([
  [
    "PickPlace-v1",
    { cubeSize: 0.09 },
    'The gripper of robot "panda" opens to 8.0 cm; PickPlace-v1 has an object of 9 cm. Choose another robot or a smaller object.',
  ],
  [
    "Push-v1",
    { goalDistance: 0.5 },
    "The spawn and goal area, 30 x 30 cm, cannot hold 2 things 50 cm apart. Choose a robot that reaches further, or a smaller distance.",
  ],
  [
    "StackTower-v1",
    { cubeDistance: 0.3 },
    "The spawn area, 26 x 26 cm, cannot hold 3 things 30 cm apart. Choose a robot that reaches further, or a smaller distance.",
  ],
  [
    "Sort-v1",
    { trayWidth: 0.03 },
    'Setting "trayWidth" of Sort-v1 is 0.03, expected more than cubeSize (0.04), in m.',
  ],
  [
    "Drawer-v1",
    { drawerTravel: 0.1 },
    'Setting "drawerTravel" of Drawer-v1 is 0.1, expected at least the furthest opening that is wanted (0.18), in m.',
  ],
  [
    "Drawer-v1",
    { handleLength: 0.2 },
    'Setting "handleLength" of Drawer-v1 is 0.2, expected at most drawerWidth (0.18), in m.',
  ],
  [
    "Occluded-v1",
    { ballRadius: 0.03 },
    'Setting "roofHeight" of Occluded-v1 is 0.045, expected more than the ball is high (0.06), in m.',
  ],
  [
    "Occluded-v1",
    { rolled: { least: 2 } },
    'Setting "rolled.least" of Occluded-v1 is 2, expected at most rolled.most (1).',
  ],
  [
    "PegInsert-v1",
    { blockHeight: 0.05 },
    'Setting "blockHeight" of PegInsert-v1 is 0.05, expected less than the height at which the hand holds the peg in the hole (0.042), in m.',
  ],
  [
    "PegInsert-v1",
    { threshold: 0.03 },
    'Setting "threshold" of PegInsert-v1 is 0.03, expected less than the hole is deep (0.025), in m.',
  ],
  [
    "PegInsert-v1",
    { holeDistance: 0.06 },
    'Setting "holeDistance" of PegInsert-v1 is 0.06, expected at least what peg and block take up when they are turned (0.073), in m.',
  ],
  [
    "BinPick-v1",
    { sizes: { puckRadius: 0.05 } },
    'The gripper of robot "panda" opens to 8.0 cm; BinPick-v1 has an object of 10 cm. Choose another robot or a smaller object.',
  ],
  [
    "BinPick-v1",
    {
      trayLength: 0.14,
      sizes: {
        cubeSize: 0.06,
        boxWidth: 0.06,
        canRadius: 0.039,
        puckRadius: 0.039,
        ballRadius: 0.039,
        smallBallRadius: 0.039,
      },
    },
    "The bin of BinPick-v1 cannot hold its objects beside each other. Choose a robot that reaches further, or smaller objects.",
  ],
])("%s refuses %j, with which it cannot be", (id, config, message) => {
  const { create }: EnvFactory = envs[id];
  expect(() => create(config)).toThrow(new UsageError(message));
});

test("sizes, masses and thresholds of a task are what its config says", () => {
  const env = envs["PickPlace-v1"].create({
    cubeSize: 0.06,
    cubeMass: 0.3,
    liftHeight: 0.02,
    threshold: 0.5,
  });
  const cube = env.scene().entities.find(({ id }) => id === "cube")!;
  expect(cube.shapes).toMatchObject([{ type: "box", size: [0.06, 0.06, 0.06] }]);
  const goal = env.scene().entities.find(({ id }) => id === "goal")!;
  expect(goal.shapes).toMatchObject([{ type: "sphere", radius: 0.5 }]);
  expect(env.spec.goal).toEqual({ size: 3, unit: "m", threshold: 0.5 });
  // no goal of the task region is as far away
  env.reset({ seed: 1 });
  const { info, reward } = env.step([0, 0, 0, 1]);
  expect([info.success, info.rewardTerms.success]).toEqual([true, 1]);
  expect(reward).toBeGreaterThan(1 / 6);
  expect(env.computeReward!([0, 0, 0], [0, 0, 0.4])).toBe(0);
  expect(env.computeReward!([0, 0, 0], [0, 0, 0.6])).toBe(-1);
  // 0.3 kg need 0.3 kg's weight to be carried: it falls as any mass does, but the table carries more
  const table = (mass: number) => {
    const other = envs["PickPlace-v1"].create({ cubeMass: mass });
    other.reset({ seed: 1 });
    for (let step = 0; step < 5; step++) other.step([0, 0, 0, 1]);
    return other.contacts().reduce((sum, { normalForce }) => sum + normalForce, 0);
  };
  expect(table(0.3)).toBeCloseTo(0.3 * 9.81, 2);
  expect(table(0.1)).toBeCloseTo(0.1 * 9.81, 2);
});

test("a pair of masses the wrong way round is refused", () => {
  expect(() => envs["HiddenMass-v1"].create({ masses: { least: 2, most: 1 } })).toThrow(
    new UsageError('Setting "masses.least" of HiddenMass-v1 is 2, expected at most masses.most (1), in kg.'),
  );
});

test.each<[Partial<Record<keyof RobotCellOptions, unknown>>, string]>([
  [
    { boxes: [{ name: "cube", mass: 0, halfExtents: [0.1, 0.1, 0.1] }] },
    'boxes[0].mass ("cube") is 0, expected a number above 0, at most 10000, in kg.',
  ],
  [
    { boxes: [{ name: "cube", mass: 1, halfExtents: [0.1, Number.NaN, 0.1] }] },
    'boxes[0].halfExtents.1 ("cube") is NaN, expected a number above 0, at most 100, in m.',
  ],
  [
    { objects: [{ name: "ball", mass: 1, shape: { type: "sphere", radius: -1 } }] },
    'objects[0].shape.radius ("ball") is -1, expected a number above 0, at most 100, in m.',
  ],
  [
    { fixtures: [{ name: "wall", halfExtents: [1, 1, 1], position: [0, "0", 0] }] },
    'fixtures[0].position.1 ("wall") is "0", expected a number from -100 to 100, in m.',
  ],
  [{ goal: { radius: 0 } }, "goal.radius is 0, expected a number above 0, at most 100, in m."],
  [{ contactMargin: -1 }, "contactMargin is -1, expected a number from 0 to 1.2, in m."],
  [
    { solver: undefined },
    "solver is missing. Give a robot cell the whole config: new RobotCell({ ...config, ... }), with CELL_DEFAULTS in the environment's defaults.",
  ],
])("a robot cell refuses %j", (options, message) => {
  expect(() => new RobotCell({ ...CELL_DEFAULTS, ...options } as RobotCellOptions)).toThrow(
    new UsageError(message),
  );
});
