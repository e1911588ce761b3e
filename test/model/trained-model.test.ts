import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { UsageError } from "../../src/math/usage-error.js";
import type { Model } from "../../src/model/model.js";
import { decodeSafetensors } from "../../src/model/safetensors.js";
import { decodeModel, encodeModel, modelWeights, type TrainedModel } from "../../src/model/trained-model.js";
import { parameterLayout } from "../../src/nn/parameters.js";
import { damage } from "../bench/faults/damage.js";

const zeros = { kind: "constant", value: 0 } as const;
const model: Model = {
  layout: parameterLayout([
    { name: "w", shape: [2, 3], initialization: zeros },
    { name: "b", shape: [3], initialization: zeros },
  ]),
  inputs: {
    vibration: {
      shape: [2],
      entries: [
        { name: "x", unit: "m/s²" },
        { name: "y", unit: "m/s²" },
      ],
    },
    picture: { shape: [4, 4, 1], dtype: "uint8" },
  },
  outputs: { wear: { shape: [3] } },
  memory: [{ name: "h", size: 5 }],
  apply: () => {
    throw new Error("never computed here");
  },
};
const statistics = new RunningStatistics(2, [0.5, 1e-4]);
statistics.update(Float32Array.of(1, 2, 3, -5), 2);
const trained: TrainedModel = {
  model,
  parameters: Float32Array.of(1.5, -0, Number.NaN, 4, 5, 6, 7, 8, 9),
  normalizers: { vibration: statistics.state() },
  provenance: { version: "0.1.0", data: "bearings", seed: 3, scores: [0.5, 0.25] },
};
const names = { weights: "best.safetensors", description: "best.json" };

test("a trained model survives its two files, bit for bit, and freezes to what it is run by", async () => {
  const read = await decodeModel(model, await encodeModel(trained), names);
  expect(read).toEqual(trained);
  const { normalizers } = modelWeights(read);
  expect([...normalizers.vibration!.mean]).toEqual([...Float32Array.from(statistics.mean)]);
  expect(normalizers.vibration!.scale[0]).toBe(Math.fround(statistics.scale(0)));
});

test("the weights are tensors by name, and the description says what goes in and out, in which units", async () => {
  const { weights, description } = await encodeModel(trained);
  const { tensors } = decodeSafetensors(weights, "x");
  expect([...tensors.keys()].sort()).toEqual([
    "b",
    "normalizer/vibration/count",
    "normalizer/vibration/floor",
    "normalizer/vibration/mean",
    "normalizer/vibration/seen",
    "normalizer/vibration/variance",
    "w",
  ]);
  expect(tensors.get("b")).toEqual({ shape: [3], values: Float32Array.of(7, 8, 9) });
  expect(tensors.get("w")!.shape).toEqual([2, 3]);
  expect(JSON.parse(description)).toEqual({
    format: "armgym-model",
    formatVersion: 1,
    inputs: model.inputs,
    outputs: model.outputs,
    memory: model.memory,
    normalizers: ["vibration"],
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    provenance: trained.provenance,
  });
});

test("files of another model, and files that do not belong together, are refused by what differs", async () => {
  const files = await encodeModel(trained);
  const other = await encodeModel({ ...trained, parameters: trained.parameters.map(() => 1) });
  const way = "Load it into the model, and with the settings, that trained it.";
  const refusals: [Model, typeof files, string][] = [
    [
      model,
      { ...files, weights: other.weights },
      "best.safetensors is not the file that best.json describes: its SHA-256 differs. Write both again.",
    ],
    [
      { ...model, inputs: { vibration: { shape: [3] } } },
      files,
      `best.json describes a model with the inputs vibration [2], picture [4, 4, 1] uint8, expected vibration [3]. ${way}`,
    ],
    [
      { ...model, memory: [{ name: "h", size: 6 }] },
      files,
      `best.json describes a model with the memory h [5], expected h [6]. ${way}`,
    ],
    [
      { ...model, layout: parameterLayout([{ name: "w", shape: [3, 2], initialization: zeros }]) },
      files,
      `best.safetensors does not fit the model: tensor "w" is a Float32Array of shape [2, 3], expected a Float32Array of shape [3, 2]. ${way}`,
    ],
    [
      model,
      { ...files, description: "{}" },
      'best.json describes no model: format: Invalid input: expected "armgym-model". Write it again.',
    ],
  ];
  for (const [into, given, message] of refusals)
    await expect(decodeModel(into, given, names)).rejects.toThrow(new UsageError(message));
  await expect(decodeModel(model, { ...files, description: "{" }, names)).rejects.toThrow(
    /^best\.json is damaged: .*JSON.* Write it again\.$/,
  );
});

test("damaged descriptions are read or refused, never anything else", async () => {
  const { weights, description } = await encodeModel(trained);
  let refused = 0;
  for (let seed = 0; seed < 500; seed++) {
    const bytes = damage(new TextEncoder().encode(description), createRandom(`model/${seed}`));
    try {
      await decodeModel(model, { weights, description: new TextDecoder().decode(bytes) }, names);
    } catch (error) {
      if (!(error instanceof UsageError)) throw new Error(`seed ${seed}`, { cause: error });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});
