import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { checkEnv } from "../../../src/env/check/check-env.js";
import type { Env, EnvFactory } from "../../../src/env/env.js";
import { lineEnv } from "../line-env.js";

/** The line's factory, its environments with some members replaced. */
function spoil(change: (env: Env) => Partial<Record<keyof Env, unknown>>): EnvFactory {
  const factory = lineEnv();
  return {
    ...factory,
    create: (config) => {
      const env = factory.create(config);
      const whole = {
        reset: (options?: object) => env.reset(options),
        step: (action: ArrayLike<number>, offset?: number) => env.step(action, offset),
        restore: (snapshot: ReturnType<Env["snapshot"]>) => env.restore(snapshot),
        close: () => env.close(),
        ...change(env),
      };
      const members = Object.entries(whole).map(([name, value]) => [name, { value }]);
      return Object.create(env, Object.fromEntries(members)) as Env;
    },
  };
}

/** Replace `step`'s result. */
const spoilStep = (change: (result: ReturnType<Env["step"]>, calls: number) => object) =>
  spoil((env) => {
    let calls = 0;
    return {
      step: (action: ArrayLike<number>, offset?: number) => {
        const result = env.step(action, offset);
        return { ...result, ...change(result, calls++) };
      },
    };
  });

let count = 0;
const SHARED = structuredClone(lineEnv().create().spec);
const cases: [string, string, EnvFactory, RegExp][] = [
  [
    "an action space of another size than the spec's",
    "spaces fit their bounds and the spec",
    spoil((env) => ({ actionSpace: { ...env.actionSpace, shape: [2], low: [-1, -1], high: [1, 1] } })),
    /^actionSpace has 2 entries, spec\.action has 1$/,
  ],
  [
    "bounds the wrong way round",
    "spaces fit their bounds and the spec",
    spoil((env) => ({ actionSpace: { ...env.actionSpace, low: [1], high: [-1] } })),
    /^actionSpace: entry 0 runs from 1 to -1$/,
  ],
  [
    "an image whose channels come first",
    "spaces fit their bounds and the spec",
    spoil((env) => {
      const size = 3 * 4 * 5;
      const image = { kind: "box", dtype: "uint8", shape: [3, 4, 5] };
      const bounds = { low: Array(size).fill(0), high: Array(size).fill(255) };
      const { spaces } = env.observationSpace;
      return { observationSpace: { kind: "dict", spaces: { ...spaces, image: { ...image, ...bounds } } } };
    }),
    /^observationSpace\.image is uint8 of shape \[3, 4, 5\]; an image is \[height, width, 1, 4 or a multiple of 3\]$/,
  ],
  [
    "an info that differs between runs",
    "the same seed and actions give the same bytes",
    spoilStep(({ info }) => ({ info: { ...info, clock: count++ } })),
    /^info and flags of step 0 differ between two runs with the same seed$/,
  ],
  [
    "a reset that does not go back to a snapshot",
    "five resets with one seed agree, and a snapshot leads back",
    spoil((env) => ({ reset: (options: { seed?: number } = {}) => env.reset({ seed: options.seed ?? 99 }) })),
    /^reset\(\{ snapshot \}\) does not go back to the snapshot's observation$/,
  ],
  [
    "a random stream that one seed leaves in another state each time",
    "five resets with one seed agree, and a snapshot leads back",
    spoil((env) => {
      let resets = 0;
      return {
        snapshot: () => {
          const snapshot = env.snapshot();
          return { ...snapshot, random: { ...snapshot.random, c: resets } };
        },
        reset: (options?: object) => {
          resets++;
          return env.reset(options);
        },
      };
    }),
    /^reset number 2 with the same seed differs, in observation, info or random stream$/,
  ],
  [
    "a step after close",
    "closing twice is harmless, stepping then is refused",
    spoil(() => ({ close: () => {} })),
    /^step after close is not refused$/,
  ],
  [
    "a close that fails the second time",
    "closing twice is harmless, stepping then is refused",
    spoil((env) => {
      let closed = false;
      return {
        close: () => {
          if (closed) throw new Error("closed already");
          closed = true;
          env.close();
        },
      };
    }),
    /^it throws: closed already at .*check-env\.test\.ts:\d+:\d+$/,
  ],
  [
    "poses that are not written",
    "scene and poses belong together",
    spoil(() => ({ scene: () => ({ entities: [{ id: "box", kind: "object", shapes: [] }] }) })),
    /^the pose of "box" is not finite$/,
  ],
  [
    "a reward that is text",
    "step returns an observation, reward and flags",
    spoilStep(() => ({ reward: "much" })),
    /^step 0: the reward is much, expected a finite number$/,
  ],
  [
    "a step that is terminated and truncated at once",
    "the time limit truncates and never terminates",
    spoilStep(({ truncated }) => ({ terminated: truncated })),
    /^a step is both terminated and truncated$/,
  ],
  [
    "observations in one array that is written over and over",
    "observations are fresh arrays",
    spoil((env) => {
      const state = new Float32Array(1);
      const reuse = (fresh: Float32Array) => {
        state.set(fresh);
        return { state };
      };
      return {
        reset: (options?: object) => {
          const { observation, info } = env.reset(options);
          return { observation: reuse(observation.state), info };
        },
        step: (action: ArrayLike<number>) => {
          const result = env.step(action);
          return { ...result, observation: reuse(result.observation.state) };
        },
      };
    }),
    /^a step overwrites the observation's state returned before; return copies$/,
  ],
  [
    "an action out of -1 to 1, which no step takes",
    "actions run from -1 to 1",
    spoil((env) => ({ spec: { ...env.spec, action: [{ ...env.spec.action[0]!, low: 0, high: 10 }] } })),
    /^"push" runs from 0 to 10, but step\(\) takes -1 to 1; scale it there, and say so by scale and offset$/,
  ],
  [
    "a term that no weight counts",
    "step returns an observation, reward and flags",
    spoilStep(({ info }) => ({ info: { ...info, rewardTerms: { ...info.rewardTerms, far: 1 } } })),
    /^step 0: info\.rewardTerms has "far", which has no weight and counts for nothing$/,
  ],
  [
    "a reward that is not the sum of its terms",
    "step returns an observation, reward and flags",
    spoilStep(({ reward }) => ({ reward: reward + 1 })),
    /^step 0: the reward is -?[\d.]+, the weighted sum of its terms -?[\d.]+$/,
  ],
  [
    "an end that a snapshot forgets",
    "an episode that is over stays over in its snapshot",
    spoil((env) => ({ snapshot: () => ({ ...env.snapshot(), ended: false }) })),
    /^a restored episode that was over can be stepped; say in the snapshot that it is$/,
  ],
  [
    "an info that tells the seed of an earlier episode",
    "the seed in info reproduces the episode",
    spoil((env) => ({
      reset: (options: { seed?: number } = {}) => {
        const { observation, info } = env.reset(options);
        return { observation, info: { ...info, seed: "20" } };
      },
    })),
    /^info\.seed is "20" after a reset without a seed, but that seed makes another episode; put the one that it was reset with there$/,
  ],
  [
    "a spec that all instances share",
    "what an instance hands out changes no other one",
    spoil(() => ({ spec: SHARED })),
    /^a change to one instance's spec shows in the next one's; hand out copies, or freeze it$/,
  ],
  [
    "a snapshot that forgets where the point is",
    "snapshot and restore continue with the same bytes",
    spoil((env) => ({ snapshot: () => ({ ...env.snapshot(), simulation: { x: 0 } }) })),
    /^a restored instance continues differently; put every part of the state into the snapshot$/,
  ],
];

test("what a spoilt spec was is put back", () => {
  expect(SHARED).toEqual(lineEnv().create().spec);
});

test("a computeReward that takes one goal only, or a goal that is too short, is found", () => {
  const factory = envs["Reach-v1"];
  const changed = (computeReward: (achieved: never, desired: never) => unknown): EnvFactory => ({
    ...factory,
    create: (config) =>
      Object.create(factory.create(config), { computeReward: { value: computeReward } }) as Env,
  });
  const plain = factory.create().computeReward!;
  const message = (spoilt: EnvFactory) =>
    checkEnv(spoilt).items.find(({ name }) => name === "computeReward agrees with the sparse reward")
      ?.message;
  expect(message(factory)).toBe("");
  expect(
    message(
      changed((achieved: number[], desired: number[]) =>
        Array.isArray(achieved) ? -1 : plain(achieved, desired),
      ),
    ),
  ).toMatch(/^step 0: computeReward of two goals gives -1, expected a Float32Array of (0|-1), 0$/);
  const lenient = (achieved: never[], desired: never[]) =>
    achieved.length === 2 && typeof achieved[0] === "number" ? -1 : plain(achieved, desired);
  expect(message(changed(lenient as never))).toBe(
    "step 0: computeReward does not refuse a goal that is too short",
  );
});

test.each(cases)("%s is found", (_, name, factory, message) => {
  const report = checkEnv(factory);
  expect(report.passed).toBe(false);
  const item = report.items.find((candidate) => candidate.name === name);
  expect(item).toMatchObject({ name, status: "fail", message: expect.stringMatching(message) });
});
