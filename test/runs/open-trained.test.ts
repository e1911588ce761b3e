import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyRows } from "../../src/data/dataset.js";
import { createRun } from "../../src/runs/create-run.js";
import { createFit } from "../../src/runs/fit/fit-run.js";
import { openTrained } from "../../src/runs/open-trained.js";

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "armgym-trained-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("a policy's run gives its model, a runner that acts as the policy does, and its environment", async () => {
  const run = await createRun({
    env: "Reach-v1",
    out,
    workers: 1,
    settings: {
      totalSteps: 64,
      numEnvs: 4,
      envsPerGroup: 4,
      numSteps: 16,
      numMinibatches: 2,
      validationEpisodes: 2,
    },
  });
  await run.train();
  const opened = await openTrained(run.path);
  if (opened.kind !== "policy") throw new Error("expected a policy");
  expect(opened.trained.provenance).toMatchObject({ env: "Reach-v1", agent: "ppo-mlp" });
  const env = await opened.createEnv();
  const { observation } = env.reset({ seed: 7 });
  const runner = await opened.createRunner({ gradients: true });
  const { mean } = await runner.predict({ observation: Float32Array.from(observation.state) });
  const policy = await run.best();
  const action = await policy.act(observation);
  expect(Array.from(mean!, (value) => Math.max(-1, Math.min(1, value)))).toEqual([...action]);
  await runner.dispose();
});

test("a fit gives its network, its data, and a runner of several rows that says what the fit's validation said", async () => {
  const fit = await createFit({
    predictor: "classifier-cnn",
    settings: { epochs: 1, batchSize: 32 },
    dataSettings: { rows: 64 },
    out,
  });
  await expect(openTrained(fit.path)).rejects.toThrow(/^There is no file .+model\.safetensors/);
  const outcome = await fit.train();
  const opened = await openTrained(fit.path);
  if (opened.kind !== "fit") throw new Error("expected a fit");
  expect(opened.network.objectives).toEqual([{ output: "logits", target: "label", loss: "cross-entropy" }]);
  const { validation } = await opened.splits();
  const batch = emptyRows(validation.fields, validation.size);
  validation.take(
    Int32Array.from({ length: validation.size }, (_, row) => row),
    batch,
  );
  const runner = await opened.createRunner({ rows: validation.size, taps: ["conv1"] });
  const { logits, conv1 } = await runner.predict({ image: batch.image! });
  const right = Array.from(batch.label!).filter((label, row) => {
    const own = logits!.slice(10 * row, 10 * row + 10);
    return own.indexOf(Math.max(...own)) === label;
  });
  expect(right.length / validation.size).toBeCloseTo(outcome!.validation.accuracy!, 12);
  expect(conv1).toHaveLength(validation.size * 11 * 11 * 64);
  await runner.dispose();
});
