import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFit, openFit } from "../../../src/runs/fit/fit-run.js";
import { openRun } from "../../../src/runs/run.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "armgym-fit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const SMALL = {
  predictor: "classifier-cnn",
  settings: { epochs: 2, batchSize: 32 },
  dataSettings: { rows: 64 },
};

test("a fit is made, trained with callbacks, and opened again with its model; where it is stopped it goes on", async () => {
  const out = temporaryFolder();
  const fit = await createFit({ ...SMALL, out });
  await expect(fit.model()).rejects.toThrow(
    /^There is no file .+model\.safetensors: it is written after the first epoch\./,
  );
  await expect(fit.resume()).rejects.toThrow(/has no checkpoint/);
  const stopped = await fit.train({
    callbacks: [
      {
        onIteration: ({ epoch }, { log }) => {
          log("mine/double", 2 * epoch);
          return epoch < 1;
        },
      },
    ],
  });
  expect(stopped).toMatchObject({ epochs: 1, updates: 2 });
  expect(fit.metrics().at(-1)).toMatchObject({ step: 2, "mine/double": 2 });
  await expect(fit.train()).rejects.toThrow("Continue with resume(), or make another fit.");

  const again = await openFit(fit.path);
  expect(await again.resume()).toMatchObject({ epochs: 2, updates: 4 });
  const whole = await createFit({ ...SMALL, out });
  await whole.train();
  const [{ parameters, provenance }, other] = [await again.model(), await whole.model()];
  expect(parameters).toEqual(other.parameters);
  expect(provenance).toMatchObject({ predictor: "classifier-cnn", data: "digits", seed: 1 });
  expect((await again.settings()).data).toMatchObject({
    settings: { epochs: 2 },
    dataSettings: { rows: 64 },
  });
});

test("a damaged checkpoint is stood in for by the one before it, to the same bits", async () => {
  const out = temporaryFolder();
  const fit = await createFit({ ...SMALL, out });
  await fit.train();
  const expected = await fit.model();
  const latest = join(fit.path, "checkpoints", "latest.safetensors");
  truncateSync(latest, 1000);
  rmSync(join(fit.path, "model.json"));
  const said: string[] = [];
  const outcome = await (await openFit(fit.path, { say: (line) => said.push(line) })).resume();
  expect(said[0]).toBe(
    `${latest} is damaged: its checksum does not match. Take another checkpoint of the run. Taken instead: ${join(fit.path, "checkpoints", "previous.safetensors")}, epoch 1.`,
  );
  expect(outcome?.epochs).toBe(2);
  expect((await fit.model()).parameters).toEqual(expected.parameters);
});

test("data that changed since, another kind of run, and a damaged config are refused by file and field", async () => {
  const out = temporaryFolder();
  const fit = await createFit({ ...SMALL, out });
  await fit.train({ callbacks: [{ onIteration: () => false }] });
  const file = join(fit.path, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  const write = (changes: object) => writeFileSync(file, JSON.stringify({ ...config, ...changes }));

  write({ dataset: { ...config.dataset, rows: { train: 65, validation: 13 } } });
  await expect((await openFit(fit.path)).resume()).rejects.toThrow(
    `The data of ${fit.path} have changed since it was fitted: the part "train" had 65 rows, has 64. Bring back what it learned from, or fit again.`,
  );
  const fields = { ...config.dataset.fields, image: { shape: [28, 28, 3], dtype: "uint8" } };
  write({ dataset: { ...config.dataset, fields } });
  await expect((await openFit(fit.path)).splits()).rejects.toThrow(
    'the field "image" was [28, 28, 3] uint8, is [28, 28, 1] uint8.',
  );
  write({ dataset: { ...config.dataset, fields: { image: { shape: [1e6, 1e6, 1] } } } });
  await expect(openFit(fit.path)).rejects.toThrow(
    `${fit.path}/config.json is damaged: dataset.fields.image.shape: too large. Mend it, or take another run.`,
  );
  write({ predictorModule: "../../evil.ts" });
  await expect((await openFit(fit.path)).network()).rejects.toThrow(
    'names the module "../../evil.ts", which is no plain path inside this folder',
  );
  write({ kind: undefined, env: "Reach-v1", agent: "ppo-mlp" });
  await expect(openFit(fit.path)).rejects.toThrow(
    `${fit.path} holds a policy, ppo-mlp trained on Reach-v1, and no predictor that was fitted to data. Resume it with: npx armgym train --resume ${fit.path}. In a program open it with openRun().`,
  );
  write({});
  await expect(openRun(fit.path)).rejects.toThrow("holds a predictor, classifier-cnn fitted to digits");
});

test("that the test split was opened is recorded before anything is measured", async () => {
  const out = temporaryFolder();
  const fit = await createFit({ ...SMALL, settings: { epochs: 1, batchSize: 32 }, out });
  await fit.train();
  const controller = new AbortController();
  controller.abort(new Error("stop"));
  expect(await fit.evaluate({ signal: controller.signal })).toBeUndefined();
  const [opening] = fit.openings();
  expect([fit.openings().length, opening?.figures, opening?.epoch]).toEqual([1, undefined, 1]);
  // no figures were seen: they are measured without being asked for again
  const measured = await fit.evaluate();
  expect([measured?.isNew, measured?.openings]).toEqual([true, 2]);
  copyFileSync(join(fit.path, "evaluation.json"), join(out, "kept.json"));
  expect(await fit.evaluate()).toMatchObject({ isNew: false, openings: 2, figures: measured?.figures });
  expect(readFileSync(join(fit.path, "evaluation.json"))).toEqual(readFileSync(join(out, "kept.json")));
});

test("what cannot be fitted is refused before anything is written", async () => {
  const out = temporaryFolder();
  const refusals: [Parameters<typeof createFit>[0], string][] = [
    [{}, "No predictor is named. Name one, for example classifier-cnn."],
    [
      { predictor: "classifer-cnn" },
      'Unknown predictor "classifer-cnn". Did you mean "classifier-cnn"? There are: ',
    ],
    [{ data: "digit" }, 'There is no data "digit". Did you mean "digits"? Known are: '],
    [
      { overrides: { rows: 60, batchSize: 64 } },
      "digits has 60 rows to learn from, expected at least 64: one minibatch.",
    ],
    [
      { overrides: { schedule: "cosin" } },
      'The setting schedule is "cosin". Did you mean "cosine"? Expected one of: constant, linear, cosine.',
    ],
    [{ overrides: { rate: 1 } }, 'Unknown setting "rate". classifier-cnn has: epochs, batchSize, '],
    [
      { settings: { epochs: "many" } },
      'Setting "epochs" of classifier-cnn is "many", expected a number like 5.',
    ],
    [
      { data: "sentences" },
      "classifier-cnn needs one field of pictures [height, width, channels], the data has none: ",
    ],
    [
      { data: "mnist", dataFolder: out },
      `${out}/mnist/train-images-idx3-ubyte.gz cannot be read: there is no such file.`,
    ],
    [{ seed: -1 }, "The seed is -1, expected a whole number from 0 to "],
    [
      { predictor: "./nowhere.ts" },
      "There is no file ./nowhere.ts. Give a predictor's id or a module that exports one.",
    ],
  ];
  for (const [options, message] of refusals) {
    const predictor = Object.keys(options).length === 0 ? {} : { predictor: "classifier-cnn" };
    await expect(createFit({ ...predictor, ...options, out: join(out, "runs") })).rejects.toThrow(message);
  }
  const file = join(out, "mine.yaml");
  writeFileSync(file, "predictor: classifier-cnn\nenv: Reach-v1\n");
  await expect(createFit({ settingsFile: file, out: join(out, "runs") })).rejects.toThrow(
    `${file}:2: Unknown entry "env". A settings file has: armgym, predictor, data, seed, engine, settings, dataSettings.`,
  );
  expect(existsSync(join(out, "runs"))).toBe(false);
});
