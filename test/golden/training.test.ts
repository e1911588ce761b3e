// The bits of training and evaluation: every agent and every way to begin, by two engines.
import { describe, expect, test } from "vitest";
import { hashOf, openGolden } from "./golden.js";
import {
  evaluateTiny,
  machineOf,
  partsOf,
  pretrain,
  TRAININGS,
  trainByTwoWorkers,
  trainFour,
} from "./train-tiny.js";

const golden = openGolden(new URL("training.json", import.meta.url));
const SEEDS = [1, 2];

for (const engine of ["wasm", "native"] as const) {
  const machine = await machineOf(engine);
  const title = golden.has(machine)
    ? `by the engine ${engine} on ${machine}`
    : `no golden values of ${machine} are committed for the engine ${engine}; UPDATE_GOLDEN=1 adds them`;

  describe.runIf(golden.has(machine))(title, () => {
    test.each(Object.entries(TRAININGS))("%s", async (subject, train) => {
      for (const seed of SEEDS) golden.check(subject, seed, partsOf(await train({ seed, engine })), machine);
    });

    test("pre-training of an encoder", async () => {
      for (const seed of SEEDS)
        golden.check("encoder of PickPlace-v1", seed, (await pretrain({ seed, engine })).parts, machine);
    });

    test.each([
      ["Reach-v1", "ppo-mlp"],
      ["RememberGoal-v1", "ppo-lstm"],
    ] as const)("an evaluation in %s of %s", async (env, agent) => {
      for (const seed of SEEDS) {
        const parts = await evaluateTiny(env, agent, { seed, engine });
        golden.check(`evaluation of ${agent} in ${env}`, seed, parts, machine);
      }
    });
  });
}

test("a run that is resumed, and one by two workers, give the same bits as one in a piece", async () => {
  const engine = "native";
  const machine = await machineOf(engine);
  for (const seed of SEEDS) {
    const whole = partsOf(await trainFour({ seed, engine }, false));
    if (golden.has(machine)) golden.check("four iterations on PickPlace-v1", seed, whole, machine);
    expect(hashOf(partsOf(await trainFour({ seed, engine }, true)))).toBe(hashOf(whole));
    expect(hashOf(partsOf(await trainByTwoWorkers({ seed, engine })))).toBe(hashOf(whole));
  }
});
