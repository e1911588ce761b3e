import { expect, test } from "vitest";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { envs } from "../../envs/index.js";
import { type IterationReport, train } from "../../src/rl/trainer.js";

const SEEN = {
  observationMode: "camera",
  cameras: [{ name: "front", width: 16, height: 32 }],
  solver: { iterations: 4, tolerance: 1e-2 },
};

test.each([
  ["lstm", "patch"],
  ["none", "patch"],
] as const)(
  "an update sees the images that the rollout saw: memory %s, encoder %s",
  async (memory, encoder) => {
    const reports: IterationReport[] = [];
    const once = () =>
      train({
        env: envs["Reach-v1"],
        agent: ppoCnnLstm,
        seed: 3,
        envConfig: SEEN,
        settings: {
          memory,
          encoder,
          totalSteps: 256,
          numEnvs: 8,
          envsPerGroup: 4,
          numSteps: 32,
          numEpochs: 1,
          numMinibatches: 2,
          hiddenSize: 8,
          learningRate: 1e-9,
          learningRateSchedule: "constant",
          sequenceLength: 16,
          validationEpisodes: 4,
        },
        onIteration: (report) => void reports.push(report),
      });
    const [first, second] = [await once(), await once()];
    const { metrics } = reports[0]!;
    // nothing has moved yet, so the policy says of each row what it said in the rollout
    expect(Math.abs(metrics["train/approx_kl"]!)).toBeLessThan(1e-6);
    expect(metrics["train/clip_fraction"]).toBe(0);
    expect(metrics["train/grad_norm"]).toBeGreaterThan(0);
    expect(second.state.parameters).toEqual(first.state.parameters);
  },
);
