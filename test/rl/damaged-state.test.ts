import { expect, test } from "vitest";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { train } from "../../src/rl/trainer.js";
import type { TrainingState } from "../../src/rl/training-state.js";

test("statistics of another size, or that no rows can have, are refused", () => {
  const statistics = new RunningStatistics(3);
  const state = statistics.state();
  expect(() => new RunningStatistics(2).restore(state)).toThrow(
    "Statistics are of 3 columns, expected 2. Take another checkpoint.",
  );
  const wrong = [{ variance: [1, -1, 1] }, { mean: [0, Number.NaN, 0] }, { count: Number.POSITIVE_INFINITY }];
  for (const part of wrong)
    expect(() => statistics.restore({ ...state, ...part })).toThrow(
      "Statistics hold a number that is negative or not finite. Take another checkpoint.",
    );
});

test("a state that does not fit the training is refused by what is wrong with it", async () => {
  const settings = {
    totalSteps: 64,
    numEnvs: 4,
    envsPerGroup: 2,
    numSteps: 8,
    numMinibatches: 2,
    numEpochs: 1,
    hiddenSize: 4,
  };
  const options = {
    env: envs["Reach-v1"],
    agent: agents["ppo-mlp"],
    settings: { ...settings, validationEpisodes: 1 },
  };
  const { state } = await train({ ...options, onIteration: () => "stop" });
  const resume = (part: Partial<TrainingState>) => train({ ...options, resume: { ...state, ...part } });
  const way = "Resume from a checkpoint of the same run.";
  await expect(resume({ groups: state.groups.slice(1) })).rejects.toThrow(
    `The state to resume from has 1 groups, this training 2. ${way}`,
  );
  await expect(resume({ firstMoment: new Float32Array(3) })).rejects.toThrow(
    `The state to resume from has 3 first moments, this training ${state.parameters.length}. ${way}`,
  );
  const empty = { ...state.groups[0]!, envs: {} } as unknown as TrainingState["groups"][number];
  await expect(resume({ groups: [empty, state.groups[1]!] })).rejects.toThrow(
    /^The state to resume from does not fit this training: .+\. Resume from a checkpoint of the same run\.$/,
  );
});
