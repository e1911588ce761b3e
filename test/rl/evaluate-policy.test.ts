import { expect, test } from "vitest";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { UsageError } from "../../src/math/usage-error.js";
import { evaluatePolicy } from "../../src/rl/evaluate-policy.js";

test.each<[{ episodes?: number; firstSeed?: number }, string]>([
  [
    { episodes: 0 },
    'The option "episodes" of evaluatePolicy is 0, expected a whole number from 1 to 1000000.',
  ],
  [
    { episodes: 2.5 },
    'The option "episodes" of evaluatePolicy is 2.5, expected a whole number from 1 to 1000000.',
  ],
  [
    { firstSeed: 2 ** 53 },
    'The option "firstSeed" of evaluatePolicy is 9007199254740992, expected a whole number from 0 to 9007199253740991.',
  ],
  [
    { firstSeed: Number.NaN },
    'The option "firstSeed" of evaluatePolicy is NaN, expected a whole number from 0 to 9007199253740991.',
  ],
])("an evaluation with %j is refused", async (options, message) => {
  const statistics = { count: 0, mean: [], variance: [] };
  const policy = { parameters: new Float32Array(0), statistics };
  await expect(
    evaluatePolicy({ env: envs["Reach-v1"], agent: agents["ppo-mlp"], policy, ...options }),
  ).rejects.toThrow(new UsageError(message));
});

test("a group of no or half an environment is refused", () => {
  const make = (numEnvs: number) => () =>
    new VecEnv(envs["Reach-v1"], {}, { runSeed: 1, firstIndex: 0, numEnvs, totalEnvs: 1 });
  for (const numEnvs of [0, 1.5, 2 ** 53, Number.NaN])
    expect(make(numEnvs)).toThrow(
      new UsageError(`The option "numEnvs" of VecEnv is ${numEnvs}, expected a whole number from 1 to 4096.`),
    );
});
