// The files that a run's metrics go to: metrics.jsonl, progress.csv and TensorBoard events.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TensorboardWriter } from "./tensorboard.js";

/** Writes one row per iteration to all of a run's metric files. */
export class MetricFiles {
  private readonly folder: string;
  private readonly tensorboard: TensorboardWriter;
  private columns: string[] | undefined;

  /** Append to the files in `folder`; rows after `resumeStep` are dropped: they will come again. */
  constructor(folder: string, resumeStep = Number.POSITIVE_INFINITY) {
    this.folder = folder;
    const jsonl = join(folder, "metrics.jsonl");
    if (existsSync(jsonl)) {
      const rows = readMetrics(readFileSync(jsonl, "utf8")).filter((row) => row.step! <= resumeStep);
      writeFileSync(jsonl, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
    const csv = join(folder, "progress.csv");
    if (existsSync(csv)) {
      const [header, ...lines] = readFileSync(csv, "utf8").split("\n").filter(Boolean);
      this.columns = header?.split(",");
      const kept = lines.filter((line) => Number(line.split(",")[0]) <= resumeStep);
      writeFileSync(csv, `${[header, ...kept].join("\n")}\n`);
    }
    this.tensorboard = new TensorboardWriter(folder);
  }

  /** Write the metrics of one iteration. */
  write(step: number, metrics: Readonly<Record<string, number>>): void {
    const row: Readonly<Record<string, number>> = { step, ...metrics };
    appendFileSync(join(this.folder, "metrics.jsonl"), `${JSON.stringify(row)}\n`);
    const csv = join(this.folder, "progress.csv");
    if (!this.columns) {
      this.columns = [...new Set([...Object.keys(row), "eval/success_rate", "eval/mean_reward"])];
      appendFileSync(csv, `${this.columns.join(",")}\n`);
    }
    appendFileSync(csv, `${this.columns.map((column) => row[column] ?? "").join(",")}\n`);
    this.tensorboard.write(step, metrics);
  }
}

/** Parse metrics.jsonl; a last line cut short by a crash is left out. */
export function readMetrics(text: string): Record<string, number>[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as Record<string, number>] : [];
    } catch {
      return [];
    }
  });
}
