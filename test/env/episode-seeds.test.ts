import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env, StepInfo } from "../../src/env/env.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { createRandom } from "../../src/math/random.js";
import { UsageError } from "../../src/math/usage-error.js";

const RANDOMIZED = { randomization: "default" as const, curriculum: { start: 0.3, window: 1, step: 0.2 } };

/** The episode's first observation and those of three random steps, as an episode of this seed goes. */
function episode(env: Env, options: { seed?: string; difficulty?: number }, name: string) {
  const random = createRandom(name);
  const { observation, info } = env.reset(options);
  const seen = [observation];
  for (let step = 0; step < 3; step++)
    seen.push(env.step(env.spec.action.map(() => random.uniform(-1, 1))).observation);
  return { seen, info };
}

/** The options that an info says make its episode again. */
const again = ({ seed, difficulty }: StepInfo) => ({
  seed,
  ...(difficulty === undefined ? {} : { difficulty }),
});

test.each(Object.values(envs).map((env) => [env.id, env] as const))(
  "%s: the seed and the difficulty that info tells make the episode again in a new environment, randomised",
  (_, factory) => {
    const env = factory.create(RANDOMIZED);
    const seeds = new Set<string>();
    for (let count = 0; count < 4; count++) {
      // the first two by a seed, the others go on by themselves
      const options = count < 2 ? { seed: `${count}`, difficulty: 0.5 } : {};
      const { seen, info } = episode(env, options, `${count}`);
      expect(info.difficulty).toBe(count < 2 ? 0.5 : undefined);
      seeds.add(info.seed);
      expect(episode(factory.create(RANDOMIZED), again(info), `${count}`)).toEqual({ seen, info });
    }
    expect(seeds.size).toBe(4);
  },
);

test("what is done in an episode does not change the next one's seed, and a restored one goes on to the same", () => {
  const [one, other] = [envs["Reach-v1"].create(), envs["Reach-v1"].create()];
  one.reset({ seed: 4 });
  other.reset({ seed: 4 });
  one.step([1, 0, 0]);
  const restored = envs["Reach-v1"].create();
  restored.restore(structuredClone(one.snapshot()));
  const next = one.reset();
  expect(other.reset()).toEqual(next);
  expect(restored.reset()).toEqual(next);
  expect(next.info.seed).not.toBe("4");
});

test("each episode that a group reports is made again by its seed and difficulty", () => {
  const factory = envs["Push-v1"];
  const plan = { runSeed: 7, firstIndex: 3, numEnvs: 2, totalEnvs: 5, autoresetMode: "SameStep" } as const;
  const group = new VecEnv(factory, RANDOMIZED, plan);
  const random = createRandom("episodes of a group");
  const actions: number[][][] = [[], []];
  const returns: number[] = [];
  for (let step = 0; step < 130; step++) {
    const action = Float32Array.from({ length: 2 * group.actionSize }, () => random.uniform(-1, 1));
    for (const i of [0, 1])
      actions[i]!.push([...action.subarray(i * group.actionSize, (i + 1) * group.actionSize)]);
    const ended = group.step(action);
    for (const { env: index, seed, difficulty, length, ...result } of ended) {
      const env = factory.create(RANDOMIZED);
      env.reset({ seed, ...(difficulty === undefined ? {} : { difficulty }) });
      let sum = 0;
      for (const taken of actions[index - 3]!.slice(-length)) sum += env.step(taken).reward;
      expect(sum).toBe(result.return);
      returns.push(sum);
    }
  }
  expect(returns.length).toBeGreaterThanOrEqual(3);
});

test("without a seed the first episode is drawn, its info tells which makes it again, and the next follows", () => {
  const factory = envs["Reach-v1"];
  const starts = [factory.create(), factory.create()].map((env) => {
    const { observation, info } = env.reset();
    expect(factory.create().reset({ seed: info.seed }).observation).toEqual(observation);
    const other = factory.create();
    other.reset({ seed: info.seed });
    expect(env.reset()).toEqual(other.reset());
    return info.seed;
  });
  expect(starts[0]).not.toBe(starts[1]);
});

test("a seed that is none, and a snapshot with one beside it, are refused", () => {
  const env = envs["Reach-v1"].create();
  for (const seed of [Number.NaN, 1.5, 2 ** 53, null] as number[])
    expect(() => env.reset({ seed })).toThrow(
      new UsageError(`Reach-v1: reset() got the seed ${seed}, expected a whole number or a text.`),
    );
  env.reset({ seed: 1 });
  expect(() => env.reset({ snapshot: env.snapshot(), seed: 1 })).toThrow(
    new UsageError(
      "Reach-v1: reset() got a snapshot and a seed or difficulty, but a snapshot holds its own. Leave one out.",
    ),
  );
});
