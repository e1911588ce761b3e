// A live policy that sees: the same actions as where episodes are recorded, true reasons for pixels, and what it predicts.
import { expect, test } from "vitest";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { livePolicyDocument, openLivePolicy } from "../../src/deploy/live-policy.js";
import { attribute } from "../../src/deploy/saliency.js";
import { createRandom } from "../../src/math/random.js";
import { weightArrays } from "../../src/model/model-runner.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { policyGraphs, policyRunner } from "../../src/rl/policy-model.js";

const SEED = "live-policy-sight";
const random = createRandom(SEED);
const env = envs["PickPlace-v1"].create({
  observationMode: "camera",
  cameras: [
    { name: "front", width: 48, height: 16 },
    { name: "wrist", width: 48, height: 16 },
  ],
});
const { spec } = env;
const [own, hidden] = [spec.observation.length, spec.privileged!.length];
const settings = { ...ppoCnnLstm.settings, hiddenSize: 8 };
const policy = ppoCnnLstm.createPolicy(own, spec.action.length, settings, spec);
const acting = {
  parameters: initializeParameters(policy.layout, random).map((value) => value + 0.05 * random.normal()),
  normalizers: {
    observation: {
      mean: Float32Array.from({ length: own + hidden }, (_, entry) => 0.01 * entry),
      scale: Float32Array.from({ length: own + hidden }, (_, entry) => 2 + (entry % 5)),
    },
  },
};
const { mean, scale } = acting.normalizers.observation;
const entry = ({ name, unit }: { readonly name: string; readonly unit: string }) => ({ name, unit });
const document = livePolicyDocument(
  {
    title: "seeing",
    env: spec.id,
    agent: "ppo-cnn-lstm",
    robot: spec.robot,
    controlMode: spec.controlMode,
    steps: 7,
    successRate: null,
    rewardScale: 0.25,
    observation: spec.observation.map(entry),
    privileged: spec.privileged!.map(entry),
    predicts: [...policy.predicts!],
    cameras: [...spec.image!.cameras],
    action: spec.action.map(entry),
  },
  policyGraphs(policy),
  weightArrays(acting),
);
const { state, privileged, image } = env.reset({ seed: 3 }).observation;
const sensed = { observation: [...state, ...privileged!], image: image! };
const engine = await loadEngine("wasm");
const live = await openLivePolicy(document, engine);

test("it says the same bits as the policy that records, and no value where the full state is missing", async () => {
  const recorder = await policyRunner(policy, engine);
  recorder.load(acting);
  const wanted = await recorder.predict({
    observation: Float32Array.from(sensed.observation),
    image: image!,
  });
  const said = await live.predict(sensed);
  expect([...said.mean]).toEqual([...wanted.mean!]);
  expect(said.value).toBe(wanted.value![0]! / 0.25);
  const blind = await live.predict({ observation: state, image: image! });
  expect([...blind.mean]).toEqual([...wanted.mean!]);
  expect(blind.value).toBe(null);
  await expect(live.predict({ observation: state })).rejects.toThrow(
    "The policy seeing reads camera images; there is no image.",
  );
  await recorder.dispose();
});

test("the gradient of a pixel is that of finite differences, and the value's critic has none", async () => {
  const { imageGradient, output } = await live.gradients(sensed, 1);
  const greatest = imageGradient!.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const steepest = [...imageGradient!.keys()]
    .sort((a, b) => Math.abs(imageGradient![b]!) - Math.abs(imageGradient![a]!))
    .slice(0, 5);
  for (const pixel of [...steepest, 7, 1234]) {
    const outputs: number[] = [];
    for (const step of [0.5, -0.5]) {
      const moved = Float32Array.from(image!);
      moved[pixel]! += step;
      outputs.push((await live.gradients({ ...sensed, image: moved }, 1)).output);
    }
    const difference = Math.abs(imageGradient![pixel]! - (outputs[0]! - outputs[1]!));
    expect(difference, `byte ${pixel}, seed ${SEED}`).toBeLessThan(0.02 * greatest);
  }
  expect(output).toBeCloseTo((await live.predict(sensed)).mean[1]!, 6);
  const value = await live.gradients(sensed, "value");
  expect(value.imageGradient!.every((slope) => slope === 0)).toBe(true);
  expect(value.output).toBeCloseTo((await live.predict(sensed)).value!, 5);
});

test("integrated gradients share an action out among pixels and entries", async () => {
  const { shares, imageShares, difference, error } = await attribute(live, sensed, 0, undefined, 64);
  expect(imageShares).toHaveLength(16 * 48 * 6);
  expect(Math.abs(error)).toBeLessThan(0.03 * Math.abs(difference));
  expect([...shares].slice(own).every((share) => share === 0)).toBe(true);
});

test("what it predicts comes in the observation's own units", async () => {
  const { predicted } = await live.gradients(sensed, 0);
  const names = document.predicts!.map((index) => document.privileged![index - own]!.name);
  expect(names).toEqual(
    ["cube_from_tcp", "goal_from_cube"].flatMap((name) => ["x", "y", "z"].map((axis) => `${name}_${axis}`)),
  );
  // the same by hand, from what the network itself says
  const raw = await engine.compile(
    (inputs) => ({
      raw: policy.apply(
        inputs.parameters as never,
        inputs.observation as never,
        { memory: inputs.memory as never },
        inputs.image as never,
      ).predicted!,
    }),
    {
      parameters: { shape: [policy.layout.total] },
      observation: { shape: [1, own + hidden] },
      image: { shape: [1, image!.length], dtype: "uint8" },
      memory: { shape: [1, 16] },
    },
  );
  const normalized = Float32Array.from(sensed.observation, (value, k) => (value - mean[k]!) * scale[k]!);
  const arranged = Uint8Array.from(policy.image!.order!, (index) => image![index]!);
  const said = await raw.run({
    parameters: acting.parameters,
    observation: normalized,
    image: arranged,
    memory: new Float32Array(16),
  });
  const wanted = document.predicts!.map((index, k) => said.raw![k]! / scale[index]! + mean[index]!);
  expect([...predicted!]).toEqual(wanted.map((value) => expect.closeTo(value, 5)));
  await raw.dispose();
});

test("bytes of an image that are none are refused by their place", async () => {
  const image = Array.from(sensed.image);
  image[5] = Number.NaN;
  await expect(live.predict({ ...sensed, image })).rejects.toThrow(
    "Byte 5 of the image is NaN, expected a number from 0 to 255.",
  );
});
