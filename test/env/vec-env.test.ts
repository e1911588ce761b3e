import { describe, expect, test } from "vitest";
import { AUTORESET_MODES, type AutoresetMode } from "../../src/env/autoreset-mode.js";
import { VecEnv } from "../../src/env/vec-env.js";
import type { VecEnvOptions } from "../../src/env/vec-env-options.js";
import { UsageError } from "../../src/math/usage-error.js";
import { lineEnv } from "./line-env.js";

/** Episodes of 8 steps; a point that ends its episode beyond 2. */
const line = lineEnv({ terminated: (x) => (x > 2 ? "too far" : undefined) });
const SEEDS = [4, "nine", 2];
/** The second ends its episode early, the others by the time limit. */
const ACTIONS = [0.25, 1, -0.25];
const STEP = Float32Array.from(ACTIONS);

const group = (options: Partial<VecEnvOptions> = {}) =>
  new VecEnv(line, {}, { numEnvs: 3, runSeed: 1, ...options });

/** What `steps` steps with the same actions tell of each environment. */
function rows(envs: VecEnv, steps: number) {
  return Array.from({ length: steps }, () => {
    const ended = envs.step(STEP).map(({ env, seed, length, return: sum }) => ({ env, seed, length, sum }));
    return ACTIONS.map((_, i) => ({
      observation: envs.observations[i],
      final: envs.finalObservations[i],
      reward: envs.rewards[i],
      ends: [envs.terminated[i], envs.truncated[i]],
      isFirst: envs.isFirst[i],
      seed: envs.seeds[i],
      episode: ended.find(({ env }) => env === i),
    }));
  });
}

/** The same of single environments, each mode written out. */
function expectedRows(mode: AutoresetMode, steps: number) {
  const columns = SEEDS.map((seed, i) => {
    const env = line.create();
    let start = env.reset({ seed });
    let [length, sum, isOver] = [0, 0, false];
    return Array.from({ length: steps }, () => {
      if (isOver) {
        start = env.reset();
        [length, sum, isOver] = [0, 0, false];
        const x = start.observation.state[0];
        const nothing = { reward: 0, ends: [0, 0], isFirst: 1, episode: undefined };
        return { observation: x, final: x, ...nothing, seed: start.info.seed };
      }
      const { observation, reward, terminated, truncated } = env.step([ACTIONS[i]!]);
      const { seed: played } = start.info;
      length++;
      sum += reward;
      isOver = terminated || truncated;
      const episode = isOver ? { env: i, seed: played, length, sum } : undefined;
      const [final] = observation.state;
      const ends = [terminated ? 1 : 0, truncated ? 1 : 0];
      const row = {
        observation: final,
        final,
        reward: Math.fround(reward),
        ends,
        isFirst: 0,
        seed: played,
        episode,
      };
      if (!isOver || mode !== "SameStep") return row;
      start = env.reset();
      [length, sum, isOver] = [0, 0, false];
      return { ...row, observation: start.observation.state[0], isFirst: 1, seed: start.info.seed };
    });
  });
  return Array.from({ length: steps }, (_, t) => columns.map((column) => column[t]));
}

describe("a group whose seeds were given is what single environments are, their later episodes too", () => {
  test.each(["NextStep", "SameStep"] as const)("%s", (autoresetMode) => {
    const envs = group({ autoresetMode });
    envs.reset({ seeds: SEEDS });
    const all = rows(envs, 30);
    expect(all).toEqual(expectedRows(autoresetMode, 30));
    // of both kinds, several of each
    const ends = all.flat().map((row) => row.ends.join());
    expect(ends.filter((end) => end === "1,0").length).toBeGreaterThanOrEqual(3);
    expect(ends.filter((end) => end === "0,1").length).toBeGreaterThanOrEqual(4);
  });

  test("NextStep is the default", () => {
    expect(group().autoresetMode).toBe("NextStep");
  });
});

test("in mode Disabled an episode that has ended waits for a reset, of itself alone by a mask", () => {
  const envs = group({ autoresetMode: "Disabled" });
  envs.reset({ seeds: SEEDS });
  let steps = 0;
  while (envs.terminated[1] === 0) {
    envs.step(STEP);
    steps++;
  }
  expect(steps).toBeLessThan(8);
  expect(envs.observations[1]).toBe(envs.finalObservations[1]);
  expect(() => envs.step(STEP)).toThrow(
    new UsageError(
      "VecEnv: the episode of environment 1 has ended. Call reset({ mask }) before the next step, or choose another autoresetMode.",
    ),
  );
  const [first, , last] = envs.observations;
  envs.reset({ seeds: [undefined, 7, undefined], mask: [false, true, false] });
  const alone = line.create();
  expect(envs.observations[1]).toBe(alone.reset({ seed: 7 }).observation.state[0]);
  expect([envs.observations[0], envs.observations[2]]).toEqual([first, last]);
  expect([...envs.terminated, ...envs.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...envs.isFirst]).toEqual([0, 1, 0]);
  expect(envs.seeds).toEqual(["4", "7", "2"]);
  const ended = Array.from({ length: 8 - steps }, () => envs.step(new Float32Array(3))).flat();
  // the others have gone on
  expect(ended.map(({ env, length }) => [env, length])).toEqual([
    [0, 8],
    [2, 8],
  ]);
});

test("one number as the seed counts up, and a reset without any goes on to the episodes that follow", () => {
  const envs = group();
  envs.reset({ seeds: 5 });
  expect(envs.seeds).toEqual(["5", "6", "7"]);
  envs.reset();
  const singles = [5, 6, 7].map((seed) => {
    const env = line.create();
    env.reset({ seed });
    return env.reset().info.seed;
  });
  expect(envs.seeds).toEqual(singles);
});

test("without a run seed one is drawn, which makes the group again", () => {
  const [one, other] = [new VecEnv(line, {}, { numEnvs: 2 }), new VecEnv(line, {}, { numEnvs: 2 })];
  expect(one.observations).not.toEqual(other.observations);
  const again = new VecEnv(line, {}, { numEnvs: 2, runSeed: one.runSeed });
  expect(again.observations).toEqual(one.observations);
  expect(new Set(one.seeds).size).toBe(2);
});

test("first episodes that are cut short are marked, are reported nowhere, and others are not cut", () => {
  const envs = group({ totalEnvs: 4, autoresetMode: "SameStep" });
  const marks = Array.from({ length: 8 }, () => {
    const ended = envs.step(new Float32Array(3));
    return { cut: [...envs.cut], truncated: [...envs.truncated], ended: ended.map(({ env }) => env) };
  });
  // of 8 steps, 2 for each place among 4
  expect(marks[3]).toEqual({ cut: [0, 0, 1], truncated: [0, 0, 1], ended: [] });
  expect(marks[5]).toEqual({ cut: [0, 1, 0], truncated: [0, 1, 0], ended: [] });
  expect(marks[7]).toEqual({ cut: [0, 0, 0], truncated: [1, 0, 0], ended: [0] });
  for (const k of [0, 1, 2, 4, 6]) expect(marks[k]!.truncated).toEqual([0, 0, 0]);
  const fresh = group({ totalEnvs: 4, autoresetMode: "SameStep" });
  fresh.reset();
  for (let k = 0; k < 7; k++) fresh.step(new Float32Array(3));
  expect([...fresh.truncated, ...fresh.cut]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("what the NaN guard ended is dropped and terminated, and seeds go on as if it had not happened", () => {
  let steps = 0;
  const broken = lineEnv({ read: (x) => (steps++ === 5 ? Number.NaN : x) });
  const envs = new VecEnv(broken, {}, { numEnvs: 1 });
  envs.reset({ seeds: [3] });
  steps = 4;
  expect(envs.step(new Float32Array(1))).toEqual([]);
  const [ended] = envs.step(new Float32Array(1));
  expect(ended).toMatchObject({ success: false, dropped: { reason: "observation entry 0 (x)" } });
  expect([envs.dropped[0], envs.terminated[0], envs.truncated[0]]).toEqual([1, 1, 0]);
  envs.step(new Float32Array(1));
  expect([envs.dropped[0], envs.terminated[0], envs.isFirst[0]]).toEqual([0, 0, 1]);
  const env = lineEnv().create();
  env.reset({ seed: 3 });
  expect(envs.seeds).toEqual([env.reset().info.seed]);
});

test.each(AUTORESET_MODES)(
  "a restored group goes on the same in mode %s, between two episodes too",
  (autoresetMode) => {
    const envs = group({ autoresetMode });
    envs.reset({ seeds: [undefined, 9, undefined] });
    while (envs.terminated[1] === 0) envs.step(STEP);
    const copy = group({ autoresetMode, runSeed: 2 });
    copy.restore(structuredClone(envs.snapshot()));
    if (autoresetMode === "Disabled") {
      expect(() => copy.step(STEP)).toThrow(UsageError);
      for (const one of [envs, copy]) one.reset({ mask: [false, true, false] });
      expect(rows(copy, 2)).toEqual(rows(envs, 2));
    } else expect(rows(copy, 25)).toEqual(rows(envs, 25));
  },
);

test("what cannot be is refused", () => {
  const refused: readonly (readonly [() => unknown, string])[] = [
    [
      () => group({ autoresetMode: "nextstep" as AutoresetMode }),
      'The option "autoresetMode" of VecEnv is "nextstep", expected "NextStep", "SameStep", "Disabled".',
    ],
    [() => group().reset({ seeds: [1, 2] }), "VecEnv: reset() got 2 seeds for 3 environments."],
    [() => group().reset({ mask: [true] }), "VecEnv: reset() got 1 mask for 3 environments."],
    [
      () => group().reset({ seeds: [1, 0.5, 2] }),
      "Line-v1: reset() got the seed 0.5, expected a whole number or a text.",
    ],
  ];
  for (const [call, message] of refused) expect(call).toThrow(new UsageError(message));
});
