import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../src/deploy/bundle.js";
import { openBundle } from "../../src/runs/open-bundle.js";
import { onlyRun, runCommand, temporaryFolder } from "../cli/command.js";

const CAMERAS = 'cameras=[{"name":"front","width":32,"height":16},{"name":"wrist","width":32,"height":16}]';
const TINY = [
  CAMERAS,
  "numEnvs=8",
  "envsPerGroup=4",
  "numSteps=16",
  "hiddenSize=8",
  "validationEpisodes=4",
  "distillation.numUpdates=4",
  "distillation.batchSize=32",
  "distillation.bufferSize=256",
].flatMap((setting) => ["--set", setting]);

test("train by a teacher, eval and export a policy that sees and remembers; the export repeats it to 1e-5", async () => {
  const out = temporaryFolder();
  const train = [
    "train",
    "PickPlace-v1",
    "--agent",
    "ppo-cnn-lstm",
    "--obs",
    "camera",
    "--teacher",
    "expert",
  ];
  const trained = await runCommand([
    ...train,
    "--steps",
    "256",
    "--workers",
    "2",
    "--json",
    "--out",
    out,
    ...TINY,
  ]);
  expect(trained.stderr).toContain("Training PickPlace-v1 by ppo-cnn-lstm, teacher expert: seed 1");
  expect(trained.code).toBe(0);
  expect(JSON.parse(trained.stdout)).toMatchObject({ agent: "ppo-cnn-lstm", steps: 256, episodes: 200 });
  const run = onlyRun(out);
  const evaluated = await runCommand(["eval", run, "--episodes", "8", "--json"]);
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ episodes: 8 });

  const folder = join(out, "policy");
  const earlier = join(folder, "tfjs_layers_model");
  mkdirSync(earlier, { recursive: true });
  const exported = await runCommand(["export", run, "--out", folder, "--tfjs", "--json"]);
  expect(exported.stderr).toBe(`${earlier} is of an earlier export: this policy has no LayersModel.\n`);
  const { difference, vectors, tfjs } = JSON.parse(exported.stdout);
  expect(tfjs).toEqual({
    graphModelDifference: expect.any(Number),
    layersModelDifference: null,
    noLayersModel: "it takes obs, image, h_in, c_in, not one list of numbers",
    unchecked: null,
  });
  expect(tfjs.graphModelDifference).toBeLessThanOrEqual(1e-6);
  expect(vectors).toBeGreaterThanOrEqual(50);
  expect(difference).toBeLessThanOrEqual(1e-5);
  for (const engine of ["native", "wasm"]) {
    const policy = await openBundle(folder, engine);
    expect(await policy.verify(), engine).toBeLessThanOrEqual(1e-5);
    expect(policy.manifest.image).toMatchObject({ height: 16, width: 32, channels: 6 });
    expect(policy.manifest.image!.cameras.map(({ name }) => name)).toEqual(["front", "wrist"]);
    expect(policy.manifest.observation).toHaveLength(11);
    const observation = new Float32Array(11);
    const blank = await policy.command(observation, new Uint8Array(16 * 32 * 6));
    policy.reset();
    expect(await policy.command(observation, new Uint8Array(16 * 32 * 6).fill(200))).not.toEqual(blank);
    await expect(policy.command(observation)).rejects.toThrow(
      "The policy needs an image of 16 x 32 x 6 bytes (height, width, channels) besides the observation; none was given.",
    );
    await expect(policy.command(observation, new Uint8Array(7))).rejects.toThrow("7 bytes were given.");
  }
  const read = (name: string) => readFileSync(join(folder, name));
  const { image, ...blind } = JSON.parse(read("policy.json").toString());
  expect(image.cameras).toHaveLength(2);
  const bundle = {
    policyOnnx: read("policy.onnx"),
    policyJson: JSON.stringify(blind),
    vectorsJson: read("vectors.json").toString(),
  };
  await expect(loadBundle(bundle, await loadEngine("native"))).rejects.toThrow(
    "policy.onnx takes the image 16 x 32 x 6, policy.json lists none. The files do not belong together; export again.",
  );
  const graph = await (await loadEngine("native")).load(read("policy.onnx"));
  expect(Object.keys(graph.inputs)).toEqual(["obs", "image", "h_in", "c_in"]);
});
