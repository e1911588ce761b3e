import { expect, test } from "vitest";
import { agents } from "../../agents/index.js";
import { UsageError } from "../../src/math/usage-error.js";
import { resolveSettings } from "../../src/rl/resolve-settings.js";

/** No setting of any agent can be one of these. */
const IMPOSSIBLE = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1e308,
  1e308,
  2 ** 53,
  null,
  "1",
  [1],
];

/** Every number in `settings`, as overrides that set it to `value`. */
function overridesOf(settings: object, value: unknown): [string, Record<string, unknown>][] {
  return Object.entries(settings).flatMap(([name, old]): [string, Record<string, unknown>][] => {
    if (typeof old === "number") return [[name, { [name]: value }]];
    if (typeof old !== "object" || old === null) return [];
    return overridesOf(old, value).map(([path, inner]) => [`${name}.${path}`, { [name]: inner }]);
  });
}

test.each(Object.values(agents).map((agent) => [agent.id, agent] as const))(
  "every numeric setting of %s refuses what no setting can be, and says which one it is",
  (_, agent) => {
    let looked = 0;
    for (const value of IMPOSSIBLE) {
      for (const [path, overrides] of overridesOf(agent.settings, value)) {
        const name = path.split(".").at(-1)!;
        expect(() => resolveSettings(agent, "Reach-v1", overrides), `${path} = ${String(value)}`).toThrow(
          new RegExp(`^Setting "(${path}|${name})" `),
        );
        looked++;
      }
    }
    expect(looked).toBeGreaterThan(250);
  },
);

test.each<[Record<string, unknown>, string]>([
  [
    { numSteps: 2 ** 53 },
    'Setting "numSteps" is 9007199254740992, expected a whole number from 1 to 65536, in steps.',
  ],
  [{ numEnvs: 2 ** 60 }, 'Setting "numEnvs" is 1152921504606847000, expected a whole number from 1 to 4096.'],
  [{ numEpochs: 0 }, 'Setting "numEpochs" is 0, expected a whole number from 1 to 1000.'],
  [{ bcEpochs: 1.5 }, 'Setting "bcEpochs" is 1.5, expected a whole number from 0 to 100000.'],
  [{ learningRate: 0 }, 'Setting "learningRate" is 0, expected a number above 0, at most 1.'],
  [{ minLogStd: -1e308 }, 'Setting "minLogStd" is -1e+308, expected a number from -20 to 2.'],
  [
    { learningRateSchedule: "cosine" },
    'Setting "learningRateSchedule" is "cosine", expected "kl", "linear" or "constant".',
  ],
  [
    { distillation: { teacherIterations: 2 ** 53 } },
    'Setting "distillation.teacherIterations" is 9007199254740992, expected a whole number from 1 to 1000000, in iterations.',
  ],
  [
    { numEnvs: 4096, numSteps: 65_536 },
    'Setting "numSteps" is 65536, which with numEnvs 4096 makes a rollout of 268435456 steps, expected at most 4194304. Choose fewer of either.',
  ],
  [{ numEnvs: 12 }, 'Setting "numEnvs" is 12, expected a multiple of envsPerGroup (8).'],
])("%j is refused", (settings, message) => {
  expect(() => resolveSettings(agents["ppo-mlp"], "Reach-v1", settings)).toThrow(new UsageError(message));
});
