import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import type { Env } from "../../../src/env/env.js";
import type { RandomizationSetting } from "../../../src/env/randomization/randomization.js";
import { Randomizer } from "../../../src/env/randomization/randomizer.js";
import type { Simulation } from "../../../src/env/simulation.js";

const ACTION = [0.4, -0.3, 0.2];

function states(env: Env, steps: number): Float32Array[] {
  const list = [env.reset({ seed: 6 }).observation.state];
  for (let step = 0; step < steps; step++) list.push(env.step(ACTION).observation.state);
  return list;
}

const reach = (randomization: RandomizationSetting = "none") => envs["Reach-v1"].create({ randomization });
const entriesOf = (env: Env, unit: string) =>
  env.spec.observation.flatMap((entry) => (entry.unit === unit ? [entry.index] : []));

test("a delayed observation is that of so many control steps ago, at the start the first one", () => {
  const now = states(reach(), 10);
  const late = states(reach({ observationDelay: 0.1 }), 10);
  expect(late.slice(0, 2)).toEqual([now[0], now[0]]);
  expect(late.slice(2)).toEqual(now.slice(0, -2));
});

test("a camera's picture is as late as the numbers, and shows the sizes of the episode", () => {
  const cameras = [{ name: "front", width: 24, height: 24 }];
  const create = (randomization: RandomizationSetting) =>
    envs["PickPlace-v1"].create({ observationMode: "camera+state", cameras, randomization });
  const images = (env: Env) => {
    const list = [env.reset({ seed: 6 }).observation.image!];
    for (let step = 0; step < 4; step++) list.push(env.step([...ACTION, 0]).observation.image!);
    return list;
  };
  const now = images(create("none"));
  const late = create({ observationDelay: 0.1 });
  expect(images(late)).toEqual([now[0], now[0], ...now.slice(0, -2)]);
  const other = create({ observationDelay: 0.1 });
  expect(other.restore(structuredClone(late.snapshot())).image).toEqual(now[2]);
  expect(images(create({ objectSize: 1.5 }))[0]).not.toEqual(now[0]);
  expect(images(create({ objectSize: 1 }))).toEqual(now);
});

test("a bias holds through the episode, on entries in metres only", () => {
  const env = reach({ positionBias: [-0.005, 0.005] });
  const [biased, plain] = [states(env, 5), states(reach(), 5)];
  const bias = env.drawn().positionBias!;
  const lengths = entriesOf(env, "m");
  expect(bias).toHaveLength(lengths.length);
  for (const [t, state] of biased.entries()) {
    for (const { index } of env.spec.observation) {
      const expected = plain[t]![index]! + (bias[lengths.indexOf(index)] ?? 0);
      expect(state[index]).toBeCloseTo(expected, 6);
    }
  }
});

test("noise has the standard deviation that was drawn, and none where the unit is another", () => {
  const env = reach({ positionNoise: 0.01 });
  const plain = reach();
  const noise: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    let [noisy, clean] = [env.reset({ seed }), plain.reset({ seed })].map(({ observation }) => observation);
    for (let step = 0; step < 10; step++) {
      for (const index of entriesOf(env, "m")) noise.push(noisy!.state[index]! - clean!.state[index]!);
      for (const index of entriesOf(env, "m/s")) expect(noisy!.state[index]).toBe(clean!.state[index]);
      [noisy, clean] = [env.step(ACTION).observation, plain.step(ACTION).observation];
    }
  }
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
  // 3600 draws: five standard errors
  expect(Math.abs(mean)).toBeLessThan(5 * (0.01 / 60));
  expect(Math.abs(Math.sqrt(variance) / 0.01 - 1)).toBeLessThan(5 / Math.sqrt(2 * noise.length));
});

test("a noisy observation stays within its bounds, and reward and success see the truth", () => {
  const env = envs["PickPlace-v1"].create({ randomization: { positionNoise: 0.1, positionBias: 0.1 } });
  const plain = envs["PickPlace-v1"].create();
  env.reset({ seed: 4 });
  plain.reset({ seed: 4 });
  for (let step = 0; step < 30; step++) {
    const [noisy, clean] = [env.step([...ACTION, 0]), plain.step([...ACTION, 0])];
    expect([noisy.reward, noisy.info.rewardTerms]).toEqual([clean.reward, clean.info.rewardTerms]);
    expect(noisy.observation.achievedGoal).toEqual(clean.observation.achievedGoal);
    for (const { index, low, high } of env.spec.observation) {
      expect(noisy.observation.state[index]).toBeGreaterThanOrEqual(Math.fround(low));
      expect(noisy.observation.state[index]).toBeLessThanOrEqual(Math.fround(high));
    }
  }
});

test("action noise moves the command about the action, and never out of its bounds", () => {
  const env = envs["Reach-v1"].create({ randomization: { actionNoise: 0.2 }, controlMode: "joint-position" });
  env.reset({ seed: 1 });
  for (let step = 0; step < 20; step++) env.step(env.spec.action.map(() => 1));
  const executed = env.lastFrames().flatMap(({ action }) => [...action]);
  expect(executed.length).toBeGreaterThan(100);
  expect(Math.max(...executed)).toBe(1);
  expect(Math.min(...executed)).toBeLessThan(0.8);
  expect(executed.filter((value) => value === 1).length / executed.length).toBeCloseTo(0.5, 0);
});

test("bodies are pushed as often and as hard as was drawn", () => {
  const randomization = { pushRate: 2, pushImpulse: 0.02 };
  const env = envs["PickPlace-v1"].create({ randomization: { ...randomization, objectMass: 2 } });
  const still = [0, 0, 0, 1];
  let [pushes, seconds] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    env.reset({ seed });
    let before = env.step(still).observation.achievedGoal!;
    for (let step = 1; step < 50; step++) {
      const after = env.step(still).observation.achievedGoal!;
      const way = Math.hypot(after[0]! - before[0]!, after[1]! - before[1]!);
      seconds += 0.05;
      // 0.02 N s on 0.2 kg is 0.1 m/s, which friction of 0.8 stops within v² / (2 μ g)
      if (way > 1e-5) {
        pushes++;
        expect(way).toBeGreaterThan(0.0002);
        expect(way).toBeLessThan(0.1 ** 2 / (2 * 0.8 * 9.81) + 1e-5);
      }
      before = after;
    }
  }
  // 200 are expected: five standard deviations of a Poisson count
  expect(Math.abs(pushes - 2 * seconds)).toBeLessThan(5 * Math.sqrt(2 * seconds));
});

test.each([5, 20, 40, 100])(
  "things are pushed %i times per second on average at 20 Hz of control",
  (rate) => {
    let pushes = 0;
    const simulation: Simulation = {
      actionEntries: [],
      variable: { objectMass: 1, pushRate: 1, pushImpulse: 1 },
      step: () => {},
      snapshot: () => undefined,
      restore: () => {},
      push: (_, [x, y]) => {
        pushes++;
        expect(Math.hypot(x, y)).toBeCloseTo(0.02, 12);
      },
    };
    const ranges = { pushRate: { low: rate, high: rate }, pushImpulse: { low: 0.02, high: 0.02 } };
    const randomizer = new Randomizer(ranges, simulation, reach().spec);
    const seed = "pushes";
    randomizer.seed(seed);
    randomizer.begin(1);
    const counts = Array.from({ length: 2000 }, () => {
      pushes = 0;
      randomizer.push();
      return pushes;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const expected = rate / 20;
    // four standard errors of 2000 control steps, each with one push more or less
    expect(Math.abs(mean - expected), `seed "${seed}"`).toBeLessThanOrEqual(4 * Math.sqrt(0.25 / 2000));
    expect(Math.max(...counts) - Math.min(...counts)).toBe(rate % 20 === 0 ? 0 : 1);
  },
);
