import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { MetricFiles, readMetrics } from "../../src/log/metric-files.js";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "armgym-metrics-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("each iteration is a row of metrics.jsonl, progress.csv and the event file", () => {
  const path = folder();
  const files = new MetricFiles(path);
  files.write(2048, { "train/approx_kl": 0.01 });
  files.write(4096, { "train/approx_kl": 0.02, "rollout/success_rate": 0.5 });
  expect(readMetrics(readFileSync(join(path, "metrics.jsonl"), "utf8"))).toEqual([
    { step: 2048, "train/approx_kl": 0.01 },
    { step: 4096, "train/approx_kl": 0.02, "rollout/success_rate": 0.5 },
  ]);
  // the success rate came later than the first row and has its column all the same
  expect(readFileSync(join(path, "progress.csv"), "utf8")).toBe(
    "step,train/approx_kl,rollout/success_rate\n2048,0.01,\n4096,0.02,0.5\n",
  );
  expect(readdirSync(path).filter((name) => name.startsWith("events.out.tfevents."))).toHaveLength(1);
});

test("a resumed run drops the rows that will come again, and a line cut short by a crash", () => {
  const path = folder();
  const files = new MetricFiles(path);
  for (const step of [10, 20, 30]) files.write(step, { value: step / 10 });
  appendFileSync(join(path, "metrics.jsonl"), '{"step":40,"val');
  const resumed = new MetricFiles(path, 20);
  resumed.write(30, { value: 7 });
  expect(readMetrics(readFileSync(join(path, "metrics.jsonl"), "utf8"))).toEqual([
    { step: 10, value: 1 },
    { step: 20, value: 2 },
    { step: 30, value: 7 },
  ]);
  expect(readFileSync(join(path, "progress.csv"), "utf8")).toBe("step,value\n10,1\n20,2\n30,7\n");
});

test("rows that a crash cut short are left out of both files, whatever their beginning looks like", () => {
  const path = folder();
  const files = new MetricFiles(path);
  for (const step of [100, 200]) files.write(step, { value: step / 100, other: 0 });
  // of the row of step 300 only a 3, or only two cells, had reached the disk
  appendFileSync(join(path, "metrics.jsonl"), "3");
  appendFileSync(join(path, "progress.csv"), "3");
  new MetricFiles(path, 200).write(300, { value: 3, other: 1 });
  expect(readFileSync(join(path, "metrics.jsonl"), "utf8").split("\n")).toEqual([
    '{"step":100,"value":1,"other":0}',
    '{"step":200,"value":2,"other":0}',
    '{"step":300,"value":3,"other":1}',
    "",
  ]);
  const whole = "step,value,other\n100,1,0\n200,2,0\n300,3,1\n";
  expect(readFileSync(join(path, "progress.csv"), "utf8")).toBe(whole);
  appendFileSync(join(path, "progress.csv"), "400,4\n");
  new MetricFiles(path, 300);
  expect(readFileSync(join(path, "progress.csv"), "utf8")).toBe(whole);
});
