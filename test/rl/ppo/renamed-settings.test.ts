import { expect, test } from "vitest";
import { agents } from "../../../agents/index.js";
import { presentName, withPresentNames } from "../../../src/rl/ppo/renamed-settings.js";
import { resolveSettings } from "../../../src/rl/resolve-settings.js";

test("settings under the names of earlier versions are taken as the present ones", () => {
  expect(withPresentNames({ cloneEpochs: 3, gamma: 0.9, memorySpan: 20 })).toEqual({
    bcEpochs: 3,
    gamma: 0.9,
    chronoSpan: 20,
  });
  expect([presentName("groupSize"), presentName("gamma"), presentName("__proto__")]).toEqual([
    "envsPerGroup",
    "gamma",
    "__proto__",
  ]);
  const { evalInterval, criticWarmupIterations, freezeNormalizer } = resolveSettings(
    agents["ppo-mlp"],
    "Reach-v1",
    { validationInterval: 512, criticIterations: 2, freezeStatistics: true },
  );
  expect([evalInterval, criticWarmupIterations, freezeNormalizer]).toEqual([512, 2, true]);
});

test("a setting that is given by both names is refused", () => {
  expect(() => withPresentNames({ groupSize: 4, envsPerGroup: 8 })).toThrow(
    'Setting "groupSize" is called "envsPerGroup" now, and both are given. Leave "groupSize" out.',
  );
});
