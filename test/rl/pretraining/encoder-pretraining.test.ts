import { expect, test } from "vitest";
import { ppoCnnLstm } from "../../../agents/ppo-cnn-lstm.js";
import { envs } from "../../../envs/index.js";
import { imageEncoder } from "../../../src/nn/image-encoder.js";
import { partNamed } from "../../../src/nn/parameters.js";
import { policyFor } from "../../../src/rl/policy.js";
import { pretrainEncoder } from "../../../src/rl/pretraining/encoder-pretraining.js";
import { requireFit, takeEncoder } from "../../../src/rl/pretraining/pretrained-encoder.js";
import { train } from "../../../src/rl/trainer.js";
import { lineEnv } from "../../env/line-env.js";

/** One small camera: what is tested does not depend on how well it sees. */
const SEEN = { cameras: [{ name: "front", width: 32, height: 16 }] };
const CAMERA = { ...SEEN, observationMode: "camera" as const };

const once = (scenes: number, seed = 4) =>
  pretrainEncoder({ env: envs["Reach-v1"], envConfig: SEEN, scenes, seed });

test("an encoder learns to see, in metres, and twice the same gives the same bits", {
  timeout: 120_000,
}, async () => {
  const { encoder, errors } = await once(1024);
  expect(errors).toHaveLength(1);
  const [{ what, error, spread }] = errors as [(typeof errors)[0]];
  expect(what).toBe("goal_from_tcp");
  // goals within the task region, tools within the workspace: tens of centimetres apart
  expect(spread).toBeGreaterThan(0.1);
  expect(spread).toBeLessThan(0.4);
  expect(error).toBeLessThan(0.9 * spread);
  expect(encoder).toMatchObject({ kind: "patch", image: { width: 32, height: 16, channels: 3 } });
  const specs = imageEncoder("patch", "encoder", [16, 32, 3], 128).specs;
  expect(encoder.parts.map(({ name, shape }) => ({ name, shape }))).toEqual(
    specs.map(({ name, shape }) => ({ name, shape })),
  );
  const [first, second, other] = [await once(128), await once(128), await once(128, 5)];
  expect(second).toEqual(first);
  expect(other.errors).not.toEqual(first.errors);
});

test("an agent takes it over, before it acts and learns, and leaves the rest of the network as it was", async () => {
  const { encoder } = await once(128);
  const settings = {
    memory: "none" as const,
    numEnvs: 8,
    envsPerGroup: 8,
    numSteps: 16,
    numMinibatches: 1,
    numEpochs: 1,
  };
  const options = {
    env: envs["Reach-v1"],
    agent: ppoCnnLstm,
    envConfig: CAMERA,
    settings: {
      ...settings,
      totalSteps: 128,
      validationEpisodes: 4,
      learningRate: 1e-12,
      learningRateSchedule: "constant" as const,
    },
  };
  const [plain, started] = [await train(options), await train({ ...options, encoder })];
  const { layout } = policyFor(ppoCnnLstm, envs["Reach-v1"].create(CAMERA).spec, {
    ...ppoCnnLstm.settings,
    ...settings,
  });
  for (const { name } of layout.specs) {
    const part = partNamed(started.state.parameters, layout, name)!;
    const given = encoder.parts.find((known) => known.name === name)?.values;
    const expected = given ?? partNamed(plain.state.parameters, layout, name)!;
    for (const [k, value] of expected.entries()) expect(Math.abs(part[k]! - value), name).toBeLessThan(1e-6);
  }
});

test("an encoder of another kind, other cameras or another size is refused by name", async () => {
  const { encoder } = await once(32);
  const { spec } = envs["Reach-v1"].create(CAMERA);
  const policy = policyFor(ppoCnnLstm, spec, ppoCnnLstm.settings);
  const check = (given: Partial<typeof encoder>, wanted: Partial<Parameters<typeof requireFit>[3]> = {}) =>
    requireFit({ ...encoder, ...given }, "eyes", policy, {
      image: spec.image,
      encoder: "patch",
      agent: "mine",
      ...wanted,
    });
  expect(() => check({})).not.toThrow();
  expect(() => check({}, { image: undefined })).toThrow(
    'Agent "mine" reads no images and takes no encoder. Leave the option "encoder" out, or choose an agent that reads images.',
  );
  expect(() => check({}, { encoder: "nature" })).toThrow(
    'eyes is an encoder of the kind "patch"; training is set to "nature". Set encoder=patch.',
  );
  const way = "Train another: armgym pretrain.";
  const { image } = envs["Reach-v1"].create({ observationMode: "camera" }).spec;
  expect(() => check({}, { image })).toThrow(
    `eyes knows camera 0 as "front" 32 x 16; training has "front" 64 x 64. ${way}`,
  );
  const [front] = encoder.image.cameras;
  const moved = { ...encoder.image, cameras: [{ ...front!, fovDeg: 50 }] };
  expect(() => check({ image: moved })).toThrow(
    `eyes knows camera 0 as "front" 32 x 16; training has "front" 32 x 16, placed otherwise. ${way}`,
  );
  const parts = encoder.parts.map((part) =>
    part.name === "encoder/1/0/bias" ? { ...part, shape: [8] } : part,
  );
  expect(() => check({ parts })).toThrow(
    `eyes has "encoder/1/0/bias" of shape [8]; the agent's is [64]. ${way}`,
  );
  const flat = new Float32Array(policy.layout.total);
  takeEncoder(flat, policy, encoder);
  expect(partNamed(flat, policy.layout, "encoder/0/0/weight")).toEqual(encoder.parts[0]!.values);
});

test("a task in which nothing is to be found is refused", async () => {
  await expect(pretrainEncoder({ env: lineEnv(), scenes: 32 })).rejects.toThrow("observationMode");
});

test("callbacks follow the pre-training of an encoder, log, and end it early with what was learnt", async () => {
  const calls: string[] = [];
  const shares: number[] = [];
  const options = { env: envs["Reach-v1"], envConfig: SEEN, scenes: 96, seed: 4 };
  const result = await pretrainEncoder({
    ...options,
    callbacks: [
      {
        onTrainingStart: ({ totalSteps }) => void calls.push(`start of ${totalSteps}`),
        onIteration: ({ scenes }, { log }) => log("custom/scenes", scenes),
        onEvaluation: ({ heldOut, errors }) => void calls.push(`${heldOut} ${errors[0]!.what}`),
        onTrainingEnd: ({ encoder }) => void calls.push(`end of ${encoder.kind}`),
      },
      {
        onIteration: ({ updates, totalUpdates, metrics }) => {
          calls.push(`${updates} of ${totalUpdates}: ${metrics["custom/scenes"]}`);
          return updates < 2;
        },
      },
    ],
    onProgress: (share) => void shares.push(share),
  });
  expect(calls).toEqual(["start of 3", "1 of 3: 96", "2 of 3: 96", "96 goal_from_tcp", "end of patch"]);
  expect(shares).toEqual([1 / 3, 2 / 3]);
  expect(result).not.toEqual(await pretrainEncoder(options));
});
