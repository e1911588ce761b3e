// What the type checker holds of an environment: `npm run types` fails where one of these compiles.
import { expect, test } from "vitest";
import { agents } from "../../agents/index.js";
import { CELL_DEFAULTS, envs, toolObservation } from "../../envs/index.js";
import { defineEnv, type EnvFactory, RobotCell, type TrainOptions, UsageError } from "../../src/index.js";

const pickPlace = envs["PickPlace-v1"];
const defaults = { ...CELL_DEFAULTS, height: 0.1, rewardWeights: { near: 1, slow: 0.2 } };
const hover = {
  id: "Hover-v1" as const,
  description: "Hold the tool centre point 10 cm above the table.",
  maxEpisodeSteps: 40,
  defaults,
  build: (config: typeof defaults) => ({ simulation: new RobotCell({ ...config, gripper: false }) }),
  reset: ({ simulation }: { readonly simulation: RobotCell }) => simulation.reset([0.5, 0, 0.25]),
  observation: [toolObservation],
};

test("a setting that there is not, or one of another type, does not compile and is refused", () => {
  // @ts-expect-error the name
  expect(() => pickPlace.create({ goalOnTabel: 1 })).toThrow(UsageError);
  // @ts-expect-error the type
  expect(() => pickPlace.create({ goalOnTable: "1" })).toThrow(UsageError);
  // @ts-expect-error a word
  expect(() => pickPlace.create({ rewardMode: "spares" })).toThrow(UsageError);
  // @ts-expect-error a name inside
  expect(() => pickPlace.create({ solver: { iteration: 3 } })).toThrow(UsageError);
  // @ts-expect-error a weight
  expect(() => pickPlace.create({ rewardWeights: { lfit: 1 } })).toThrow(UsageError);
});

test("settings of every kind compile by their names", () => {
  const env = pickPlace.create({
    goalOnTable: 1,
    robot: "ur5e",
    controlRate: 10,
    solver: { iterations: 3 },
    rewardWeights: { lift: 1 },
    rewardMode: "sparse",
    randomization: { friction: [0.5, 1.5] },
    curriculum: { start: 0.2 },
  });
  expect(env.spec.config).toMatchObject({ goalOnTable: 1, robot: "ur5e", rewardWeights: { lift: 1 } });
  const { goalOnTable }: { readonly goalOnTable: number } = pickPlace.defaults;
  expect(goalOnTable).toBe(0.3);
});

test("settings that come from a file or a command line go through the factory without its config's type", () => {
  const factory: EnvFactory = pickPlace;
  const settings: Readonly<Record<string, unknown>> = { goalOnTable: 1 };
  expect(factory.create(settings).spec.config.goalOnTable).toBe(1);
});

test("an id without a version does not compile", () => {
  // @ts-expect-error "Hover" has no version
  defineEnv({ ...hover, id: "Hover", reward: () => ({ near: 1, slow: 0 }) });
  expect(defineEnv({ ...hover, reward: () => ({ near: 1, slow: 0 }) }).id).toBe("Hover-v1");
});

test("a reward term without a weight and a weight without a term do not compile and are refused", () => {
  // @ts-expect-error slow is missing
  const missing = defineEnv({ ...hover, reward: () => ({ near: 1 }) });
  // @ts-expect-error high has no weight
  const extra = defineEnv({ ...hover, reward: () => ({ near: 1, slow: 0, high: 1 }) });
  for (const factory of [missing, extra] as readonly EnvFactory[]) {
    const env = factory.create();
    env.reset({ seed: 1 });
    expect(() => env.step([0, 0, 0])).toThrow(UsageError);
  }
});

test("a wrong engine's name does not compile", () => {
  const options = { env: pickPlace, agent: agents["ppo-mlp"] };
  // @ts-expect-error there is no such engine
  const wrong: TrainOptions = { ...options, engine: "natve" };
  const right: TrainOptions = { ...options, engine: "native" };
  expect([wrong.engine, right.engine]).toEqual(["natve", "native"]);
});
