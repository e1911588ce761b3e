import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attackRun } from "../../src/runs/attack-run.js";
import { createRun } from "../../src/runs/create-run.js";

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "armgym-attack-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("a policy is attacked in whole episodes: strength 0 is its own evaluation, and the same seed gives the same figures", async () => {
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
  const plan = { strength: [0, 1], rows: 3, steps: 3, out: join(out, "figures") };
  const report = await attackRun(run.path, plan);
  const plain = await run.evaluate({ episodes: 3, firstSeed: 2_000_000 });
  expect(report.curves.map(({ name }) => name)).toEqual(["noise", "pgd-3", "action"]);
  for (const { points } of report.curves) {
    expect(points[0]!.meanReturn).toBeCloseTo(plain.meanReturn, 3);
    expect(points[1]!.meanReturn).not.toBeCloseTo(plain.meanReturn, 3);
    expect(points.map(({ count }) => count)).toEqual([3, 3]);
  }
  expect(JSON.parse(readFileSync(report.files[0]!, "utf8"))).toEqual(report);
  expect((await attackRun(run.path, plan)).curves).toEqual(report.curves);
  await expect(attackRun(run.path, { attack: ["fgsm"] })).rejects.toThrow(
    /^There is no attack "fgsm" of a policy\. Expected: noise, pgd, action\.$/,
  );
  await expect(attackRun(run.path, { split: "test", report: true })).rejects.toThrow(
    `${run.path} is a policy's run, which has no split of data. Leave the split out.`,
  );
  await expect(attackRun(run.path, { rows: 1.5 })).rejects.toThrow(
    'The number of the option "rows" is 1.5, expected a whole number from 1 to 1000000.',
  );
});
