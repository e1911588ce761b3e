import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { FitState } from "../../src/learn/fit-state.js";
import { decodeFitState } from "../../src/runs/fit/fit-checkpoint.js";
import { metricsOf, onlyRun, runCommand, startCommand, temporaryFolder } from "./command.js";

const PLAN = ["fit", "classifier-cnn", "--epochs", "4", "--set", "rows=320"];

/** Decode a fit's checkpoint, apart from the clock. */
async function stateOf(run: string): Promise<Omit<FitState, "minutes">> {
  const file = join(run, "checkpoints", "latest.safetensors");
  const { minutes: _, ...state } = await decodeFitState(readFileSync(file), file);
  return state;
}

test("a fit that was killed, and one that was interrupted, end with the bits of one in a piece", async () => {
  const folder = temporaryFolder();
  const whole = await runCommand([...PLAN, "--out", `${folder}/whole`]);
  expect(whole.code).toBe(0);
  const first = onlyRun(`${folder}/whole`);
  const [state, metrics] = [await stateOf(first), metricsOf(first)];
  expect(state).toMatchObject({ epoch: 4, batch: 0, finished: true, rows: 320 });
  // four minibatches and the epoch, four times
  expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
  expect(Object.keys(metrics[4]!)).toEqual(
    expect.arrayContaining(["train/loss", "train/learning_rate", "eval/loss", "eval/accuracy"]),
  );
  const model = readFileSync(join(first, "model.safetensors"));

  const killed = startCommand([...PLAN, "--out", `${folder}/killed`]);
  await killed.says("epoch 2 of 4");
  killed.process.kill("SIGKILL");
  expect((await killed.done).code).toBe(null);
  const rest = onlyRun(`${folder}/killed`);
  expect((await stateOf(rest)).epoch).toBeLessThan(4);
  const resumed = await runCommand(["fit", "--resume", rest]);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(
    /^Resuming classifier-cnn on digits after epoch [123]( and \d minibatches)? of 4 epochs\n {2}\/.+\n/,
  );
  expect(await stateOf(rest)).toEqual(state);
  expect(metricsOf(rest)).toEqual(metrics);
  expect(readFileSync(join(rest, "model.safetensors"))).toEqual(model);

  const interrupted = startCommand([...PLAN, "--out", `${folder}/interrupted`]);
  await interrupted.says("epoch 1 of 4");
  interrupted.process.kill("SIGINT");
  const { code, stderr, stdout } = await interrupted.done;
  const run = onlyRun(`${folder}/interrupted`);
  expect(stderr.split("\n").slice(-3)).toEqual([
    "Saving; Ctrl-C again ends at once.",
    `Saved. Resume with: npx armgym fit --resume ${run}`,
    "",
  ]);
  expect([code, stdout]).toEqual([130, ""]);
  expect((await stateOf(run)).finished).toBe(false);
  const again = await runCommand(["fit", "--resume", run, "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({
    predictor: "classifier-cnn",
    epochs: 4,
    updates: 20,
    run,
  });
  expect(await stateOf(run)).toEqual(state);
  expect(metricsOf(run)).toEqual(metrics);
});

test("a fit is measured once, shown, fitted again by what is shown, and exported; other verbs say what it is", async () => {
  const folder = temporaryFolder();
  const plan = ["fit", "classifier-cnn", "--epochs", "1", "--set", "rows=128", "--set", "batchSize=32"];
  const fitted = await runCommand([...plan, "--out", `${folder}/runs`, "--json"]);
  expect(fitted.code).toBe(0);
  const run = onlyRun(`${folder}/runs`);
  const [state, outcome] = [await stateOf(run), JSON.parse(fitted.stdout)];
  expect(outcome).toMatchObject({ data: "digits", bestEpoch: 1, run });

  const first = await runCommand(["eval", run, "--json"]);
  expect([first.code, first.stderr]).toEqual([0, ""]);
  const { date, figures, isNew } = JSON.parse(first.stdout);
  expect([isNew, figures.rows]).toEqual([true, outcome.validationRows]);
  const [low, high] = figures.accuracyInterval;
  expect(low).toBeLessThan(figures.metrics.accuracy);
  expect(high).toBeGreaterThan(figures.metrics.accuracy);
  const second = await runCommand(["eval", run, "--json"]);
  expect(second.stderr).toBe(
    `The test split of this run was opened on ${date}: these are the figures recorded then. Measure once more, which is recorded, too: npx armgym eval ${run} --again\n`,
  );
  expect(JSON.parse(second.stdout)).toEqual({ ...JSON.parse(first.stdout), isNew: false });
  const third = JSON.parse((await runCommand(["eval", run, "--again", "--json"])).stdout);
  expect([third.isNew, third.openings, third.figures]).toEqual([true, 2, figures]);
  const { openings } = JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"));
  expect(openings.map((opening: { date: string }) => opening.date)).toEqual([date, third.date]);

  const shown = await runCommand(["show", run, "--settings", `${folder}/mine.yaml`]);
  expect(shown.stdout).toBe(
    `Wrote ${folder}/mine.yaml. Fit by it: armgym fit --settings ${folder}/mine.yaml\n`,
  );
  expect(readFileSync(`${folder}/mine.yaml`, "utf8")).toMatch(
    /^predictor: "classifier-cnn"\ndata: "digits"\nseed: 1\nengine: "native"\nsettings: # of the predictor\n {2}epochs: 1 +# user, today's default 5\n {2}batchSize: 32 +# user, today's default 64\n/m,
  );
  const bySettings = await runCommand([
    "fit",
    "--settings",
    `${folder}/mine.yaml`,
    "--out",
    `${folder}/again`,
  ]);
  expect(bySettings.code).toBe(0);
  expect(await stateOf(onlyRun(`${folder}/again`))).toEqual(state);

  const exported = await runCommand(["export", run, "--out", `${folder}/bundle`]);
  expect(exported.stdout).toMatch(
    /^Wrote predictor.onnx, predictor.json, vectors.json to .+\.\nChecked 32 rows by onnxruntime: differs from the fitted model by at most \de-\d+|\d\.\de-\d+\.\n$/,
  );
  const manifest = JSON.parse(readFileSync(`${folder}/bundle/predictor.json`, "utf8"));
  expect(manifest.inputs).toEqual({ image: { shape: [1, 28, 28, 1], dtype: "uint8" } });
  expect(manifest.outputs.logits_probabilities).toMatchObject({
    shape: [1, 10],
    meaning: "probabilities",
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  });

  const refused = await Promise.all([
    runCommand(["train", "--resume", run]),
    runCommand(["eval", run, "--episodes", "5"]),
    runCommand(["fit", "--resume", run, "--seed", "4"]),
  ]);
  expect(refused.map(({ code, stderr }) => [code, stderr])).toEqual([
    [
      2,
      `${run} holds a predictor, classifier-cnn fitted to digits, and no policy that acts in an environment. Commands that take it: fit (which resumes it), eval, explain, attack, show, export, view. In a program open it with openFit().\n`,
    ],
    [2, `--episodes is of a policy's run; ${run} holds a predictor that was fitted to data. Leave it out.\n`],
    [
      2,
      `--seed cannot change when a fit is resumed: ${run} keeps what it was started with. Leave it out, or start a new fit without --resume. (--engine and --data-folder may change.)\n`,
    ],
  ]);
});

test("a predictor and data of one's own are fitted from modules, and found again where they are named", async () => {
  const folder = temporaryFolder();
  const library = (name: string) => JSON.stringify(pathToFileURL(resolve(`dist/src/${name}.js`)).href);
  writeFileSync(
    join(folder, "mine.ts"),
    `import { FIT_DEFAULTS, tableDataset, type DataSource, type PredictorDefinition } from ${library("index")};
import { dense, denseSpecs, parameterLayout, splitParameters } from ${library("nn")};
const layout = parameterLayout(denseSpecs("output", [2, 1]));
export const mine: PredictorDefinition = {
  id: "line", description: "A line.", data: "points", settings: { ...FIT_DEFAULTS, epochs: 2, learningRate: 0.1 },
  createNetwork: () => ({
    model: {
      layout, inputs: { x: { shape: [2] } }, outputs: { y: { shape: [1] } },
      apply: (parameters, { x }) => ({ y: dense(x, splitParameters(parameters, layout), "output/0") }),
    },
    objectives: [{ output: "y", target: "y", loss: "mse" }],
    normalized: ["x"],
  }),
};
const part = (from: number) => {
  const x = Float32Array.from({ length: 256 }, (_, k) => 3 + Math.sin(from + k));
  const y = Float32Array.from({ length: 128 }, (_, k) => 2 * x[2 * k]! - x[2 * k + 1]!);
  return tableDataset({ x: { shape: [2] }, y: { shape: [1], unit: "N" } }, { x, y }, { name: "points", source: "generated" });
};
export const points: DataSource = {
  id: "points", description: "Points.", licence: "CC0-1.0", files: [], settings: {},
  load: async () => ({ train: part(0), validation: part(1000), test: async () => part(2000) }),
};
`,
  );
  const out = join(folder, "runs");
  const fitted = await runCommand(["fit", "./mine.ts", "--data", "./mine.ts", "--out", out], folder);
  expect(fitted.stderr).toContain("Fitting line to points: 128 rows to learn from, 128 to choose by");
  expect([fitted.code, fitted.stdout]).toEqual([
    0,
    expect.stringMatching(/^line on points: validation rmse /),
  ]);
  const run = onlyRun(out);
  expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8"))).toMatchObject({
    predictorModule: "./mine.ts",
    dataModule: "./mine.ts",
  });
  const { pairs, worst } = JSON.parse(readFileSync(join(run, "validation.json"), "utf8"));
  expect([pairs.unit, pairs.truth.length, worst.length]).toEqual(["N", 128, 24]);
  expect(pairs.truth).toEqual([...pairs.truth].sort((a: number, b: number) => a - b));
  expect((await runCommand(["eval", run], folder)).code).toBe(0);
  const elsewhere = await runCommand(["eval", run, "--again"]);
  expect([elsewhere.code, elsewhere.stderr]).toEqual([
    2,
    expect.stringContaining('names the module "./mine.ts", which is not in this folder'),
  ]);
  expect((await runCommand(["eval", run, "--again", "--env", join(folder, "mine.ts")])).code).toBe(0);
});

test("without a predictor, a fit says which there are", async () => {
  expect(await runCommand(["fit"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'Which predictor? For example "armgym fit classifier-cnn"; "armgym list" shows all.\n',
  });
});
