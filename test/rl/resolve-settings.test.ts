import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { DISTILLATION_DEFAULTS } from "../../src/rl/imitation/dagger-settings.js";
import { PPO_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { resolveTraining } from "../../src/rl/resolve-settings.js";

test("default, tuning, route, file and user go above each other, in this order, and each value says where it is from", async () => {
  const resolved = await resolveTraining({
    env: envs["Push-v1"],
    agent: ppoMlp,
    route: { demonstrations: { noise: 0.2 } },
    file: {
      settings: { totalSteps: 1024, gamma: 0.9 },
      envConfig: { controlRate: 10, solver: { iterations: 9 } },
      trainEnv: { solver: { iterations: 5 } },
    },
    user: { settings: { gamma: 0.8 }, envConfig: { controlRate: 40 } },
  });
  const { settings, origins, trainEnv, spec } = resolved;
  // the agent's: clipCoef; its tuning for Push-v1: minLogStd -1.2 and "linear"; from demonstrations: "kl", 20,480 steps and more
  const looked = ["clipCoef", "minLogStd", "evalInterval", "bcEpochs", "totalSteps", "gamma"] as const;
  expect(looked.map((name) => [name, settings[name], origins.settings[name] ?? "default"])).toEqual([
    ["clipCoef", PPO_DEFAULTS.clipCoef, "default"],
    ["minLogStd", -2, "route"],
    ["evalInterval", 20_480, "route"],
    ["bcEpochs", 60, "route"],
    ["totalSteps", 1024, "file"],
    ["gamma", 0.8, "user"],
  ]);
  expect(spec.config).toMatchObject({ controlRate: 40, solver: { iterations: 9, tolerance: 1e-5 } });
  expect(origins.envConfig).toEqual({ controlRate: "user", "solver.iterations": "file" });
  expect(trainEnv).toMatchObject({ controlRate: 40, solver: { iterations: 5, tolerance: 1e-3 } });
  expect(origins.trainEnv).toEqual({
    controlRate: "user",
    "solver.iterations": "file",
    "solver.tolerance": "tuning",
  });
  expect(resolved.overrides.envConfig).toEqual({ controlRate: 40, solver: { iterations: 9 } });
  expect(resolved.overrides.settings).toMatchObject({ bcEpochs: 60, totalSteps: 1024, gamma: 0.8 });
});

test("randomised episodes change the tuning, and what an agent is tuned by keeps its origin", async () => {
  const plain = await resolveTraining({ env: envs["PickPlace-v1"], agent: ppoMlp });
  const randomized = await resolveTraining({
    env: envs["PickPlace-v1"],
    agent: ppoMlp,
    user: { envConfig: { randomization: "default" } },
  });
  expect([plain.settings.minLogStd, randomized.settings.minLogStd]).toEqual([-1.2, -1.7]);
  expect([plain, randomized].map(({ origins }) => origins.settings.minLogStd)).toEqual(["tuning", "tuning"]);
});

test("a single value of a group leaves the others as the route sets them", async () => {
  const { settings, origins } = await resolveTraining({
    env: envs["PegInsert-v1"],
    agent: ppoMlp,
    route: { teacher: true },
    user: { settings: { distillation: { noise: 0.1 } } },
  });
  expect(settings.distillation).toEqual({
    ...DISTILLATION_DEFAULTS,
    numUpdates: 800,
    bufferSize: 196_608,
    noise: 0.1,
  });
  expect(origins.settings).toMatchObject({
    "distillation.numUpdates": "route",
    "distillation.noise": "user",
  });
});

test("a spread that starts below its floor is raised, and said so", async () => {
  const { settings, raised } = await resolveTraining({
    env: envs["Reach-v1"],
    agent: ppoMlp,
    user: { settings: { initialLogStd: -3, minLogStd: -1 } },
  });
  expect(settings.initialLogStd).toBe(-1);
  expect(raised).toBe(
    "Actions start with a standard deviation of 0.368, the floor that minLogStd -1 sets, not 0.0498 (initialLogStd -3). For less, lower minLogStd.",
  );
});
