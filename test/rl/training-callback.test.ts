import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import type { CallbackContext } from "../../src/learn/callbacks.js";
import { UsageError } from "../../src/math/usage-error.js";
import { actorTeacher } from "../../src/rl/imitation/teacher.js";
import { type IterationReport, type TrainOptions, type TrainResult, train } from "../../src/rl/trainer.js";
import type { TrainingCallback } from "../../src/rl/training-callback.js";
import { isBuiltInMetric } from "../../src/rl/training-metrics.js";
import { cueEnv } from "./cue-env.js";

/** Three iterations of 128 steps, validated after the second and the third. */
const TINY: TrainOptions = {
  env: cueEnv(),
  agent: ppoMlp,
  settings: {
    totalSteps: 384,
    numEnvs: 8,
    envsPerGroup: 4,
    numSteps: 16,
    numMinibatches: 2,
    numEpochs: 1,
    hiddenSize: 4,
    evalInterval: 256,
    validationEpisodes: 8,
  },
};

/** A callback that keeps what is called, and at which step. */
function recorder(name: string, calls: string[]): TrainingCallback {
  const note =
    (moment: string) =>
    (...given: readonly unknown[]) => {
      calls.push(`${name} ${moment} ${(given.at(-1) as CallbackContext).steps}`);
    };
  return {
    onTrainingStart: note("start"),
    onRolloutStart: note("rollout start"),
    onEpisodeEnd: note("episode"),
    onRolloutEnd: note("rollout end"),
    onEvaluation: note("evaluation"),
    onIteration: note("iteration"),
    onCheckpoint: note("checkpoint"),
    onTrainingEnd: note("end"),
  };
}

test("callbacks are called in the order of their list at each moment, and change no bit", async () => {
  const calls: string[] = [];
  let episodes = 0;
  let ended = 0;
  const counter: TrainingCallback = {
    onEpisodeEnd: () => void ended++,
    onRolloutEnd: ({ episodes: all }) => {
      episodes += all.length;
    },
  };
  let kept = 0;
  const result = await train({
    ...TINY,
    clock: () => 0,
    callbacks: [recorder("a", calls), recorder("b", calls), counter],
    keep: async ({ steps }) => (++kept === 2 ? { run: "here", steps, improved: true } : undefined),
  });
  expect(result.state).toEqual((await train({ ...TINY, clock: () => 0 })).state);
  const moments = calls.filter((call) => !call.includes("episode"));
  const expected = [
    "start 0",
    ...["rollout start 0", "rollout end 0", "iteration 128"],
    ...["rollout start 128", "rollout end 128", "evaluation 256", "iteration 256", "checkpoint 256"],
    ...["rollout start 256", "rollout end 256", "evaluation 384", "iteration 384"],
    "end 384",
  ];
  expect(moments).toEqual(expected.flatMap((moment) => [`a ${moment}`, `b ${moment}`]));
  expect(ended).toBe(episodes);
  expect(ended).toBe(result.state.recent.length);
  expect(calls.filter((call) => call.startsWith("a episode"))).toHaveLength(ended);
  // an episode is reported between the two ends of its rollout
  expect(calls.indexOf("a rollout end 0")).toBeGreaterThan(calls.indexOf("b episode 0"));
});

test.each([
  ["onTrainingStart", 0],
  ["onRolloutStart", 128],
  ["onEpisodeEnd", 128],
  ["onRolloutEnd", 128],
  ["onIteration", 128],
  ["onEvaluation", 256],
] as const)(
  "%s that returns false ends training after the iteration under way, at step %i",
  async (moment, steps) => {
    const results: TrainResult[] = [];
    const reports: IterationReport[] = [];
    const { state, endedBy } = await train({
      ...TINY,
      callbacks: [
        { [moment]: async () => false },
        // whoever comes later is still called
        {
          onIteration: (report) => void reports.push(report),
          onTrainingEnd: (result) => void results.push(result),
        },
      ],
    });
    expect([state.steps, state.finished, endedBy]).toEqual([steps, false, undefined]);
    expect(results.map((result) => result.state.steps)).toEqual([steps]);
    if (moment !== "onIteration" && steps > 0) expect(reports.at(-1)!.last).toBe(true);
  },
);

test("the validation of the policy that training starts from is reported, but not where it is stopped before", async () => {
  const { policy } = await train(TINY);
  const calls: string[] = [];
  await train({ ...TINY, start: policy, callbacks: [recorder("a", calls)] });
  expect(calls.slice(0, 3)).toEqual(["a start 0", "a evaluation 0", "a rollout start 0"]);
  const none: string[] = [];
  const stop: TrainingCallback = { onTrainingStart: () => false };
  const { state } = await train({ ...TINY, start: policy, callbacks: [recorder("a", none), stop] });
  expect(none).toEqual(["a start 0", "a end 0"]);
  expect([state.start, state.best]).toEqual([undefined, null]);
});

test("what callbacks log is among the metrics of its iteration; what comes after them belongs to the next", async () => {
  const metrics: Readonly<Record<string, number>>[] = [];
  const kept: Readonly<Record<string, number>>[] = [];
  await train({
    ...TINY,
    callbacks: [
      { onRolloutEnd: ({ episodes }, { log }) => log("custom/episodes", episodes.length) },
      { onIteration: ({ steps }, { log }) => log("custom/half", steps / 2) },
      { onIteration: (report) => void metrics.push(report.metrics) },
      { onCheckpoint: ({ steps }, { log }) => log("custom/saved", steps) },
    ],
    keep: async (report) => {
      kept.push({ ...report.metrics });
      return { run: "here", steps: report.steps, improved: false };
    },
  });
  expect(kept.map((row) => row["custom/half"])).toEqual([64, 128, 192]);
  expect(kept.map((row) => row["custom/saved"])).toEqual([undefined, 128, 256]);
  expect(metrics).toEqual(kept);
  for (const row of kept) expect(row["custom/episodes"]).toBeGreaterThan(0);
  // beside those that training logs, the names of which are all known
  const own = new Set(kept.flatMap((row) => Object.keys(row)).filter((name) => !isBuiltInMetric(name)));
  expect(own).toEqual(new Set(["custom/episodes", "custom/half", "custom/saved"]));
});

test("all that is logged while a teacher is imitated is known as training's own", async () => {
  const names: string[] = [];
  await train({
    ...TINY,
    teacher: actorTeacher("still", () => () => [0]),
    callbacks: [{ onIteration: ({ metrics }) => void names.push(...Object.keys(metrics)) }],
  });
  expect(names).toContain("train/imitation_loss");
  expect(names.filter((name) => !isBuiltInMetric(name))).toEqual([]);
});

test.each([
  [
    "train/std",
    1,
    'callbacks[1].onRolloutEnd(): log("train/std", 1) has the name of a metric that training logs itself. Choose another, for example "custom/std".',
  ],
  [
    "reward/reach",
    1,
    'callbacks[1].onRolloutEnd(): log("reward/reach", 1) has the name of a metric that training logs itself. Choose another, for example "custom/reach".',
  ],
  [
    "a,b",
    1,
    'callbacks[1].onRolloutEnd(): log("a,b", 1) has a name of other characters than letters, digits, "_", "-", "." and "/".',
  ],
  [
    "custom/a",
    Number.NaN,
    'callbacks[1].onRolloutEnd(): log("custom/a", NaN) has a value that is not a finite number.',
  ],
])("a metric %s of %d is refused by the callback's name", async (name, value, message) => {
  const thrown = train({ ...TINY, callbacks: [{}, { onRolloutEnd: (_, { log }) => log(name, value) }] });
  await expect(thrown).rejects.toThrow(new UsageError(message));
});

test("a callback that throws is named, with the place in it; so is onIteration", async () => {
  const broken = { onEpisodeEnd: async () => JSON.parse("{") as undefined };
  await expect(train({ ...TINY, callbacks: [{}, broken] })).rejects.toThrow(
    /^callbacks\[1\]\.onEpisodeEnd\(\) threw "Expected property name .*" at .*training-callback\.test\.ts:\d+:\d+\.$/,
  );
  const onIteration = () => {
    throw new Error("too late");
  };
  await expect(train({ ...TINY, onIteration })).rejects.toThrow(
    /^options\.onIteration\(\) threw "too late" at .*training-callback\.test\.ts:\d+:\d+\.$/,
  );
});
