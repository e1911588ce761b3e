import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { actorTeacher } from "../../src/rl/imitation/teacher.js";
import { localPool } from "../../src/rl/rollout/local-pool.js";
import { type TrainOptions, train } from "../../src/rl/trainer.js";
import { cueEnv } from "./cue-env.js";

const env = cueEnv();
/** In a cue of two half of the episodes succeed, whatever is done. */
const options: TrainOptions = {
  env,
  agent: ppoMlp,
  clock: () => 0,
  settings: {
    totalSteps: 1280,
    numEnvs: 8,
    envsPerGroup: 4,
    numSteps: 16,
    numMinibatches: 2,
    numEpochs: 1,
    hiddenSize: 4,
    evalInterval: 256,
    validationEpisodes: 24,
  },
};
const withSettings = (settings: TrainOptions["settings"]): TrainOptions => ({
  ...options,
  settings: { ...options.settings, ...settings },
});

test("training ends when validation has settled, cut in two as in a piece; above 1 it goes to its last step", async () => {
  // three validations of 24 with half of them right: Wilson's lower end is above 0.3, and below 0.6
  const settling = withSettings({ settledSuccess: 0.3 });
  const whole = await train(settling);
  expect(whole.endedBy).toBe("settled");
  expect(whole.state).toMatchObject({ steps: 768, finished: true });
  expect(whole.state.validated).toHaveLength(3);
  const half = await train({ ...settling, onIteration: ({ steps }) => (steps === 384 ? "stop" : "") });
  expect(half.endedBy).toBeUndefined();
  const rest = await train({ ...settling, resume: structuredClone(half.state) });
  expect(rest.state).toEqual(whole.state);
  for (const settledSuccess of [0.6, 2]) {
    const { state, endedBy } = await train(withSettings({ settledSuccess }));
    expect([state.steps, endedBy]).toEqual([1280, "steps"]);
  }
});

test("a training that was solved trains on where it is asked for more", async () => {
  const solved = await train(withSettings({ stopAtSuccess: 0.01 }));
  expect(solved).toMatchObject({ endedBy: "solved", state: { steps: 512, finished: true } });
  const on = await train({ ...withSettings({ stopAtSuccess: 2 }), resume: solved.state });
  expect(on).toMatchObject({ endedBy: "steps", state: { steps: 1280 } });
  const same = await train({ ...withSettings({ stopAtSuccess: 0.01 }), resume: solved.state });
  expect(same.state).toEqual(solved.state);
});

test("a constant learning rate that changed is followed when training goes on", async () => {
  const rates: number[] = [];
  const onIteration: TrainOptions["onIteration"] = ({ metrics }) =>
    void rates.push(metrics["train/learning_rate"]!);
  const constant = { learningRateSchedule: "constant", evalInterval: 10_000 } as const;
  const first = await train({
    ...withSettings({ ...constant, learningRate: 1e-3, totalSteps: 256 }),
    onIteration,
  });
  const slower = withSettings({ ...constant, learningRate: 1e-4, totalSteps: 512 });
  await train({ ...slower, resume: first.state, onIteration });
  expect(rates).toEqual([1e-3, 1e-3, 1e-4, 1e-4]);
});

test("a learning rate that falls until the end is not made to jump by another end", async () => {
  const linear = { learningRateSchedule: "linear", evalInterval: 10_000, learningRate: 1e-3 } as const;
  const first = await train(withSettings({ ...linear, totalSteps: 512 }));
  await expect(
    train({ ...withSettings({ ...linear, totalSteps: 1024 }), resume: first.state }),
  ).rejects.toThrow(
    'Setting "totalSteps" is 1024, but the state to go on from, at step 512, was trained by a learning rate that falls until step 512 ' +
      "and is 0.00025 by now: it would jump. Go on with totalSteps 512, or start anew from its policy: train({ start: state.best ?? state }).",
  );
  const kl = withSettings({ learningRateSchedule: "kl", evalInterval: 10_000, totalSteps: 1024 });
  expect((await train({ ...kl, resume: first.state })).state.steps).toBe(1024);
});

test("a validation is not waited for when the signal comes, and comes again when training goes on", async () => {
  const whole = await train(options);
  for (const step of [1, 7]) {
    const controller = new AbortController();
    let evaluations = 0;
    let steps = 0;
    const interrupted: TrainOptions = {
      ...options,
      signal: controller.signal,
      createPool: async (plan) => {
        // environments that abort amid the second validation
        const counting = {
          ...env,
          create: (config?: Readonly<Record<string, unknown>>) => {
            const made = env.create(config);
            const step_ = made.step.bind(made);
            made.step = (...given) => {
              if (evaluations === 2 && ++steps === step) controller.abort();
              return step_(...given);
            };
            return made;
          },
        };
        const pool = await localPool(plan, counting, ppoMlp);
        return {
          ...pool,
          evaluate: (...given) => {
            evaluations++;
            return pool.evaluate(...given);
          },
        };
      },
    };
    const half = await train(interrupted);
    // the second is due at step 512; what is kept is the state before its iteration
    expect(half.state).toMatchObject({ steps: 384, finished: false });
    expect(steps).toBeLessThan(9);
    const rest = await train({ ...options, resume: structuredClone(half.state) });
    expect(rest.state).toEqual(whole.state);
  }
});

test("interrupted while the policy that it starts from is validated, training begins with that again", async () => {
  const { policy } = await train(options);
  const from = { ...options, start: policy };
  const whole = await train(from);
  const controller = new AbortController();
  controller.abort();
  const nothing = await train({ ...from, signal: controller.signal });
  expect(nothing.state).toMatchObject({ iteration: 0, best: null, finished: false });
  expect(nothing.state.start).toBeUndefined();
  const again = await train({ ...from, resume: structuredClone(nothing.state) });
  expect(again.state).toEqual(whole.state);
});

test("a student's learning rate, which falls until the end, does not jump either", async () => {
  const teacher = actorTeacher("still", () => () => [0]);
  const short = {
    evalInterval: 10_000,
    distillation: { ...ppoMlp.fromTeacher!.distillation!, numUpdates: 2 },
  };
  const taught = (totalSteps: number): TrainOptions => ({
    ...withSettings({ ...short, totalSteps }),
    teacher,
  });
  const first = await train(taught(256));
  await expect(train({ ...taught(512), resume: first.state })).rejects.toThrow('Setting "totalSteps" is 512');
});
