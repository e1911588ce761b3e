import { expect, test } from "vitest";
import { experts } from "../../agents/index.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { expertPolicy } from "../../agents/scripted-expert.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { normalizerOf } from "../../src/model/normalizer.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { joinEpisodes } from "../../src/recording/recording.js";
import { clonePolicy } from "../../src/rl/imitation/cloning.js";
import { demonstrationsFrom } from "../../src/rl/imitation/demonstrations.js";
import {
  describeUnvaried,
  observationFloors,
  observedEntries,
  unvariedEntries,
} from "../../src/rl/observation-floor.js";
import { train } from "../../src/rl/trainer.js";

const cube = { name: "goal_from_cube_z", unit: "m" };

test("an entry that never varied is normalised by its unit's floor, one that varies by its own spread", () => {
  const entries = [cube, { name: "tcp_x", unit: "m" }, { name: "grasped", unit: "1" }];
  const statistics = new RunningStatistics(3, observationFloors(entries));
  for (let row = 0; row < 2000; row++)
    statistics.update(Float32Array.of(0.02, row % 2 === 0 ? -0.3 : 0.3, 0), 1);
  const { scale } = normalizerOf(statistics);
  // 1 mm is a tenth of a standard deviation, 1 / sqrt(0.3² + 0.01²) = 3.3315
  expect(0.001 * scale[0]!).toBeCloseTo(0.1, 2);
  expect(scale[1]).toBeCloseTo(3.3315, 3);
  expect(scale[2]).toBeCloseTo(100, -1);
});

test("a unit that nobody knows keeps the least of floors", () => {
  expect(observationFloors([{ unit: "furlong" }, { unit: "constructor" }, { unit: "rad" }])).toEqual([
    1e-4, 1e-4, 0.01,
  ]);
});

test("entries that never varied are named, whatever their mean; others are not", () => {
  const entries = [cube, { name: "pressure", unit: "Pa" }, { name: "tcp_x", unit: "m" }];
  const statistics = new RunningStatistics(3, observationFloors(entries));
  const random = createRandom("unvaried");
  for (let row = 0; row < 500; row++)
    statistics.update(Float32Array.of(0.05 + 2e-4 * random.normal(), 101_325, 0.004 * random.normal()), 1);
  const unvaried = unvariedEntries(entries, statistics.state());
  expect(unvaried.map(({ name }) => name)).toEqual(["goal_from_cube_z", "pressure"]);
  expect(unvaried[0]!.deviation).toBeCloseTo(2e-4, 5);
  expect(unvaried[1]!.deviation).toBe(0);
  expect(describeUnvaried([{ ...cube, mean: 0.05, deviation: 2e-4 }])).toBe(
    "Never varied while training, so the policy has not learned what other values mean: goal_from_cube_z (0.05 ± 0.0002 m).",
  );
});

test("before anything was seen nothing is said to be constant", () => {
  expect(unvariedEntries([cube], new RunningStatistics(1).state())).toEqual([]);
});

test("what only the critic reads has floors as well, where a policy takes it", () => {
  const { spec } = envs["Reach-v1"].create({ observationMode: "camera" });
  expect(observedEntries(spec, {})).toBe(spec.observation);
  const both = observedEntries(spec, { privilegedSize: spec.privileged!.length });
  expect(both.map(({ name }) => name)).toEqual([
    ...spec.observation.map(({ name }) => name),
    ...spec.privileged!.map(({ name }) => name),
  ]);
});

test("training normalises by the floors, and a state keeps them", async () => {
  const settings = {
    totalSteps: 128,
    numEnvs: 8,
    envsPerGroup: 8,
    numSteps: 16,
    numMinibatches: 1,
    numEpochs: 1,
    validationEpisodes: 1,
  };
  const { policy } = await train({ env: envs["Push-v1"], agent: ppoMlp, settings });
  const entries = envs["Push-v1"].create().spec.observation;
  expect(policy.statistics.floor).toEqual(observationFloors(entries));
});

test("a clone of demonstrations moves little when the height of a cube that always stood on the table is 1 mm off", async () => {
  const env = envs["Push-v1"].create();
  const expert = experts["Push-v1"];
  const episodes = [0, 1, 2, 3].map((k) =>
    recordDemonstration(env, expertPolicy(expert, env.spec), 3_000_000 + k, { agent: expert.id, noise: 0 }),
  );
  const shown = demonstrationsFrom(joinEpisodes(episodes), "four.mcap", env.spec);
  const { observation, action } = env.spec;
  const policy = ppoMlp.createPolicy(observation.length, action.length, ppoMlp.settings);
  const { statistics } = await clonePolicy(await loadEngine("native"), policy, shown, {
    parameters: initializeParameters(policy.layout, createRandom("clone")),
    epochs: 1,
    random: createRandom("shuffle"),
    floor: observationFloors(observation),
  });
  const { index } = observation.find(({ name }) => name === "goal_from_cube_z")!;
  const { scale } = normalizerOf(statistics);
  expect(0.001 * scale[index]!).toBeLessThan(0.11);
});
