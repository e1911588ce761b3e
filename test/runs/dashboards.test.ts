// What dashboards show of a run: our event file read by hand, and by TensorBoard and pandas themselves.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonWith } from "../bench/python-peer.js";
import { metricsOf, onlyRun, QUICK, runCommand } from "../cli/command.js";
import { eventsOf, valuesOf } from "../log/event-file.js";
import { message, type ProtobufFields, text } from "../math/protobuf-fields.js";

const ACTIONS = ["tcp_x", "tcp_y", "tcp_z"].map((name) => `actions/${name}`);
const PICTURES = { "episodes/validation": 256, "episodes/test": 512 };

const out = mkdtempSync(join(tmpdir(), "armgym-dashboards-"));
let run: string;

beforeAll(async () => {
  const settings = ["evalInterval=256", "validationEpisodes=4", "physicsRate=60"];
  const set = settings.flatMap((setting) => ["--set", setting]);
  const args = ["train", "Reach-v1", "--steps", "512", "--workers", "1", "--out", out, ...QUICK, ...set];
  const { code, stderr } = await runCommand(args);
  expect(code, stderr).toBe(0);
  run = onlyRun(out);
});

afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The values of a run's event files, by tag, each with its step. */
function logged(): ReadonlyMap<string, readonly { readonly step: number; readonly value: ProtobufFields }[]> {
  const files = readdirSync(run).filter((name) => name.startsWith("events.out.tfevents."));
  const events = files.sort().flatMap((name) => eventsOf(join(run, name)));
  const tags = new Map<string, { step: number; value: ProtobufFields }[]>();
  for (const event of events) {
    for (const [tag, value] of valuesOf(event))
      tags.set(tag, [...(tags.get(tag) ?? []), { step: Number(event[2]?.[0] ?? 0n), value }]);
  }
  return tags;
}

test("a run's event file holds its settings as text, histograms of every validation, pictures, and its end", () => {
  const tags = logged();
  const stepsOf = (tag: string) => tags.get(tag)?.map(({ step }) => step);
  const config = text(message(tags.get("config")![0]!.value[8]![0])[8]![0]);
  expect(config).toContain("**Reach-v1** by **ppo-mlp**, seed 1, engine native");
  expect(config).toContain("| setting | value | unit | from |");
  expect(config).toMatch(/^\| numEnvs \| `16` \| {2}\| user \|$/m);
  const histograms = [...ACTIONS, "rollout/values", "rollout/rewards", "parameters/log_std"];
  for (const tag of histograms) expect([tag, stepsOf(tag)]).toEqual([tag, [256, 512]]);
  for (const [tag, step] of Object.entries(PICTURES)) {
    expect(stepsOf(tag)).toContain(step);
    const image = message(tags.get(tag)![0]!.value[4]![0]);
    const { width, height } = decode(image[4]![0] as Uint8Array);
    // five pictures of 160 x 120, two pixels between them, a line of words below
    expect([width, height]).toEqual([5 * 160 + 4 * 2, 134]);
    expect([image[2], image[1]]).toEqual([[808n], [134n]]);
  }
  expect(stepsOf("_hparams_/session_start_info")).toEqual([0]);
  expect(stepsOf("_hparams_/session_end_info")).toEqual([0]);
});

const tensorboard = pythonWith("tensorboard", "tensorboard");

describe.skipIf(tensorboard === undefined)("TensorBoard", () => {
  test("reads every kind, and its page of hyperparameters lists the run with its metrics", async () => {
    const { stdout } = await promisify(execFile)(tensorboard!, ["test/runs/tensorboard_kinds.py", run]);
    const seen = JSON.parse(stdout) as Record<string, never>;
    const rows = metricsOf(run);
    expect(seen).toMatchObject({
      images: Object.fromEntries(
        Object.entries(PICTURES).map(([tag, step]) => [tag, expect.arrayContaining([[step, 808, 134]])]),
      ),
      histograms: Object.fromEntries(
        [...ACTIONS, "rollout/values", "rollout/rewards"].map((tag) => [
          tag,
          [
            [256, 256],
            [512, 256],
          ],
        ]),
      ),
      text: { config: expect.stringContaining("<table>") },
      hparams: {
        status: "STATUS_SUCCESS",
        values: { env: "Reach-v1", agent: "ppo-mlp", seed: 1, numEnvs: 16 },
        metrics: {
          "eval/success_rate": rows.at(-1)!["eval/success_rate"],
          "train/approx_kl": expect.closeTo(rows.at(-1)!["train/approx_kl"]!, 8),
        },
      },
    });
  });
});

const pandas = pythonWith("pandas", "pandas");

describe.skipIf(pandas === undefined)("pandas", () => {
  test("reads metrics.jsonl and progress.csv by the README's lines, with the same numbers", async () => {
    const lines = readFileSync("README.md", "utf8").match(/^pd\.read_\w+\(.*?\)/gm);
    expect(lines).toHaveLength(2);
    const program = [
      "import json, pandas as pd",
      ...lines!.map((line, k) => `table${k} = ${line}`),
      "pd.testing.assert_frame_equal(table0[sorted(table0)], table1[sorted(table1)], check_dtype=False)",
      'print(json.dumps([table0["step"].tolist(), table0["train/approx_kl"].tolist()]))',
    ];
    const source = program.join("\n").replaceAll("runs/<run>", run);
    const { stdout } = await promisify(execFile)(pandas!, ["-c", source]);
    const rows = metricsOf(run);
    const kl = rows.map((row) => expect.closeTo(row["train/approx_kl"]!, 12));
    expect(JSON.parse(stdout)).toEqual([[256, 512], kl]);
  });
});
