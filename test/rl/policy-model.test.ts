import { expect, test } from "vitest";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { joinRows, observe } from "../../src/rl/policy-inputs.js";
import { policyModel, policyRunner, policyWeights } from "../../src/rl/policy-model.js";

const env = envs["PickPlace-v1"].create({
  observationMode: "camera",
  cameras: [{ name: "front", width: 32, height: 16 }],
});
const { spec } = env;
const [own, hidden] = [spec.observation.length, spec.privileged!.length];
const settings = { ...ppoCnnLstm.settings, hiddenSize: 8 };
const policy = ppoCnnLstm.createPolicy(own, spec.action.length, settings, spec);

test("a policy's model names what it reads and moves, what it predicts, and what it remembers", () => {
  const { inputs, outputs, taps, memory } = policyModel(policy, spec);
  expect(inputs.observation!.shape).toEqual([own + hidden]);
  const names = inputs.observation!.entries!.map(({ name }) => name);
  expect(names).toEqual([...spec.observation, ...spec.privileged!].map(({ name }) => name));
  expect(inputs.image).toEqual({ shape: [16, 32, 3], dtype: "uint8" });
  expect(outputs.mean!.entries!.map(({ name }) => name)).toEqual(spec.action.map(({ name }) => name));
  expect(outputs.logStd).toEqual({ shape: [spec.action.length], isShared: true });
  expect(taps!.predicted!.entries).toContainEqual({ name: "goal_from_cube_z", unit: "m" });
  expect(memory).toEqual([
    { name: "h", size: 8 },
    { name: "c", size: 8 },
  ]);
  expect(policyModel(policy).inputs.observation).toEqual({ shape: [own + hidden] });
});

test("an observation is put into its own row, with its image and what only the critic reads", async () => {
  const runner = await policyRunner(policy, await loadEngine("wasm"), 2);
  const { observation } = env.reset({ seed: 1 });
  observe(runner, 1, observation);
  const { observation: read, image } = runner.inputs;
  expect([...read!.subarray(0, own + hidden)]).toEqual(new Array(own + hidden).fill(0));
  expect([...read!.subarray(own + hidden)]).toEqual([...observation.state, ...observation.privileged!]);
  expect(image!.subarray(0, 16 * 32 * 3).every((byte) => byte === 0)).toBe(true);
  expect(image!.subarray(16 * 32 * 3)).toEqual(observation.image);
  await runner.dispose();
});

test("rows that lack what only the critic reads are joined with it, others stay what they are", () => {
  const [states, privileged] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6)];
  expect([...joinRows(states, privileged, 2, 3)]).toEqual([1, 2, 5, 3, 4, 6]);
  expect(joinRows(states, privileged, 2, 2)).toBe(states);
});

test("statistics that no rows can have are refused before anything is run by them", () => {
  const statistics = { ...new RunningStatistics(2).state(), variance: [1, -1] };
  expect(() => policyWeights({ parameters: new Float32Array(1), statistics })).toThrow(
    "Statistics hold a number that is negative or not finite. Take another checkpoint.",
  );
});
