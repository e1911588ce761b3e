// Exported policies in plain TensorFlow.js: its own packages load the files over HTTP, in Node and in Chromium.
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import * as core from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import type { TfjsModel } from "../../src/compile/emit/tfjs/tfjs-model.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { policyGraph } from "../../src/deploy/policy-graph.js";
import { checkTfjsBundle, type TfjsBundle, tfjsBundle } from "../../src/deploy/tfjs-bundle.js";
import { onlyRun, runCommand } from "../cli/command.js";
import { CHROMIUM, hasChromium, launchChromium } from "../viewer/browser.js";
import { type PlainTfjs, type Worst, worstDifferences } from "./plain-tfjs.js";
import { type BundleOptions, POLICY_KINDS, untrainedBundle } from "./untrained-bundle.js";

const TAUGHT = "taught by an expert, Reach-v1";
const SIGHT = { observationMode: "camera", cameras: [{ name: "front", width: 48, height: 48 }] };
const MEMORYLESS = { memory: "none", hiddenSize: 16 };
const POLICIES: Readonly<Record<string, Omit<BundleOptions, "steps">>> = {
  "mlp, PickPlace-v1": { agent: ppoMlp, env: "PickPlace-v1" },
  "two encodings side by side, RememberGoal-v1": {
    agent: ppoLstm,
    env: "RememberGoal-v1",
    settings: MEMORYLESS,
  },
  "lstm, RememberGoal-v1": POLICY_KINDS.lstm!,
  "gru, RememberGoal-v1": POLICY_KINDS.gru!,
  "cnn, Reach-v1": {
    agent: ppoCnnLstm,
    env: "Reach-v1",
    settings: { ...MEMORYLESS, encoder: "nature" },
    envConfig: SIGHT,
  },
  "cnn and lstm, PickPlace-v1": POLICY_KINDS["patches and lstm"]!,
};
const NAMES = [TAUGHT, ...Object.keys(POLICIES)];
/** Policies of dense layers alone. */
const DENSE = [TAUGHT, "mlp, PickPlace-v1", "two encodings side by side, RememberGoal-v1"];
/** Drawn in software, which takes long; the second has an odd number of observations. */
const ON_GRAPHICS = [
  TAUGHT,
  "two encodings side by side, RememberGoal-v1",
  "lstm, RememberGoal-v1",
  "cnn, Reach-v1",
];
const TEACHING = [
  ...["numEnvs=8", "envsPerGroup=4", "numSteps=16", "numEpochs=2", "hiddenSize=16", "validationEpisodes=4"],
  ...[
    "physicsRate=60",
    "distillation.numUpdates=8",
    "distillation.batchSize=32",
    "distillation.bufferSize=256",
  ],
].flatMap((setting) => ["--set", setting]);

const require = createRequire(import.meta.url);
/** What the one script of @tensorflow/tfjs is bundled of. */
const SCRIPTS = [
  "@tensorflow/tfjs-core/dist/tf-core.min.js",
  "@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.min.js",
  "@tensorflow/tfjs-backend-webgl/dist/tf-backend-webgl.min.js",
  "@tensorflow/tfjs-converter/dist/tf-converter.min.js",
  "@tensorflow/tfjs-layers/dist/tf-layers.min.js",
];

const folder = mkdtempSync(join(tmpdir(), "armgym-tfjs-"));
let server: Server;
let address = "";

beforeAll(async () => {
  for (const [name, options] of Object.entries(POLICIES)) await writeUntrained(join(folder, name), options);
  const [runs, plan] = [join(folder, "runs"), ["--steps", "256", "--seed", "3", "--workers", "1"]];
  const trained = await runCommand([
    "train",
    "Reach-v1",
    "--teacher",
    "expert",
    ...plan,
    ...TEACHING,
    "--out",
    runs,
  ]);
  expect(trained.code, trained.stderr).toBe(0);
  const exported = await runCommand(["export", onlyRun(runs), "--tfjs", "--out", join(folder, TAUGHT)]);
  expect(exported).toMatchObject({ code: 0, stderr: "" });
  expect(exported.stdout).toMatch(
    /^Wrote policy\.onnx, policy\.json, vectors\.json, tfjs_graph_model\/model\.json, tfjs_graph_model\/weights\.bin, tfjs_layers_model\/model\.json, tfjs_layers_model\/weights\.bin to .+\nChecked \d+ observations: .+\nIn TensorFlow\.js its GraphModel differs by at most \d\.\de-\d+, its LayersModel by at most \d\.\de-\d+\.\n/,
  );
  server = createServer((request, response) => {
    const path = join(folder, normalize(decodeURIComponent(request.url!)));
    if (path.startsWith(folder) && existsSync(path) && path !== `${folder}/`)
      createReadStream(path).pipe(response);
    else if (path === `${folder}/`)
      response.setHeader("content-type", "text/html").end("<title>armgym</title>");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  rmSync(folder, { recursive: true, force: true });
});

async function writeUntrained(to: string, options: Omit<BundleOptions, "steps">): Promise<void> {
  const { bundle, fn, manifest, examples } = await untrainedBundle({ ...options, steps: 12 });
  const models = tfjsBundle(await policyGraph(fn, manifest, await loadEngine("native")), manifest);
  expect(await checkTfjsBundle(models, manifest, examples)).toMatchObject({ graphModel: expect.any(Number) });
  const { graphModel, layersModel } = models;
  const written = {
    tfjs_graph_model: graphModel,
    ...("none" in layersModel ? {} : { tfjs_layers_model: layersModel }),
  };
  for (const [name, { modelJson, weights }] of Object.entries(written)) {
    mkdirSync(join(to, name), { recursive: true });
    writeFileSync(join(to, name, "model.json"), modelJson);
    writeFileSync(join(to, name, "weights.bin"), weights);
  }
  writeFileSync(join(to, "policy.json"), bundle.policyJson);
  writeFileSync(join(to, "vectors.json"), bundle.vectorsJson);
}

const baseOf = (name: string) => `${address}/${encodeURIComponent(name)}`;

test("policies of dense layers alone have a LayersModel", () => {
  const withLayers = NAMES.filter((name) => readdirSync(join(folder, name)).includes("tfjs_layers_model"));
  expect(withLayers).toEqual(DENSE);
});

test.each(NAMES)("in Node the models of %s repeat the trained policy to 1e-6", async (name) => {
  await import("@tensorflow/tfjs-backend-cpu");
  await core.setBackend("cpu");
  // plain names: the type checker need not find them
  const [converter, layers]: string[] = ["@tensorflow/tfjs-converter", "@tensorflow/tfjs-layers"];
  const tf = { ...core, ...(await import(converter!)), ...(await import(layers!)) } as PlainTfjs;
  expectSmall(await worstDifferences(tf, baseOf(name)), name, "cpu");
});

test.skipIf(!hasChromium && !process.env.CI)(
  `in Chromium (${CHROMIUM}) they do so on the backends cpu and webgl`,
  async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(address);
      for (const script of SCRIPTS)
        await page.addScriptTag({ content: readFileSync(require.resolve(script), "utf8") });
      for (const [backend, names] of Object.entries({ cpu: NAMES, webgl: ON_GRAPHICS })) {
        expect(await page.evaluate(`tf.setBackend("${backend}").then(() => tf.getBackend())`)).toBe(backend);
        for (const name of names) {
          const worst = await page.evaluate<Worst>(
            `(${worstDifferences})(tf, ${JSON.stringify(baseOf(name))})`,
          );
          expectSmall(worst, name, backend);
        }
      }
    } finally {
      await browser.close();
    }
  },
);

function expectSmall({ graphModel, layersModel, hasManifest }: Worst, name: string, where: string): void {
  expect(hasManifest, name).toBe(true);
  expect(graphModel, `the GraphModel of ${name} on ${where}`).toBeLessThanOrEqual(1e-6);
  expect(layersModel === null, name).toBe(!DENSE.includes(name));
  expect(layersModel ?? 0, `the LayersModel of ${name} on ${where}`).toBeLessThanOrEqual(1e-6);
}

test("a model that differs from the trained policy is not called done", async () => {
  const { fn, manifest, examples } = await untrainedBundle({ ...POLICY_KINDS.mlp!, steps: 4 });
  const models = tfjsBundle(await policyGraph(fn, manifest, await loadEngine("native")), manifest);
  const damaged = ({ modelJson, weights }: TfjsModel): TfjsModel => {
    const numbers = new Float32Array(weights.slice().buffer);
    // of the second layer's kernel
    numbers[numbers.length >> 1]! += 0.5;
    return { modelJson, weights: new Uint8Array(numbers.buffer) };
  };
  const check = (change: Partial<TfjsBundle>) =>
    checkTfjsBundle({ ...models, ...change }, manifest, examples);
  expect(await check({})).toEqual({ graphModel: expect.any(Number), layersModel: expect.any(Number) });
  for (const [key, name] of [
    ["graphModel", "GraphModel"],
    ["layersModel", "LayersModel"],
  ] as const) {
    await expect(check({ [key]: damaged(models[key] as TfjsModel) })).rejects.toThrow(
      new RegExp(`^the exported ${name} differs from the trained one by [\\d.]+, allowed is 0\\.00001$`),
    );
  }
});
