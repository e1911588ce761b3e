// The files that a run's metrics go to: metrics.jsonl, progress.csv and TensorBoard events.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appendToFile } from "./append-file.js";
import { TensorboardWriter } from "./tensorboard.js";

/** Writes one row per iteration to all of a run's metric files. */
export class MetricFiles {
  private readonly folder: string;
  private readonly tensorboard: TensorboardWriter;
  private columns: string[] = [];

  /** Append to the files in `folder`; rows after `resumeStep` are dropped: they will come again. */
  constructor(folder: string, resumeStep = Number.POSITIVE_INFINITY) {
    this.folder = folder;
    const jsonl = join(folder, "metrics.jsonl");
    if (existsSync(jsonl)) {
      const rows = readMetrics(readFileSync(jsonl, "utf8")).filter((row) => row.step! <= resumeStep);
      replaceFile(jsonl, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
    const csv = join(folder, "progress.csv");
    if (existsSync(csv)) {
      const [header, ...lines] = readFileSync(csv, "utf8").split("\n").filter(Boolean);
      this.columns = header?.split(",") ?? [];
      const kept = lines.filter((line) => Number(line.split(",")[0]) <= resumeStep);
      replaceFile(csv, `${[header, ...kept].join("\n")}\n`);
    }
    this.tensorboard = new TensorboardWriter(folder);
  }

  /** Write the metrics of one iteration. */
  write(step: number, metrics: Readonly<Record<string, number>>): void {
    const row: Readonly<Record<string, number>> = { step, ...metrics };
    appendToFile(join(this.folder, "metrics.jsonl"), `${JSON.stringify(row)}\n`);
    const csv = join(this.folder, "progress.csv");
    this.addColumns(csv, Object.keys(row));
    appendToFile(csv, `${this.columns.map((column) => row[column] ?? "").join(",")}\n`);
    this.tensorboard.write(step, metrics);
  }

  /** Some metrics come later than others, the first validation's for example: give them a column, empty above. */
  private addColumns(csv: string, names: readonly string[]): void {
    const fresh = names.filter((name) => !this.columns.includes(name));
    if (fresh.length === 0) return;
    this.columns = [...this.columns, ...fresh];
    const [, ...lines] = existsSync(csv) ? readFileSync(csv, "utf8").split("\n").filter(Boolean) : [];
    const padded = lines.map((line) => line + ",".repeat(fresh.length));
    replaceFile(csv, `${[this.columns.join(","), ...padded].join("\n")}\n`);
  }
}

function replaceFile(path: string, text: string): void {
  // a name that nobody can foresee, for a file that is not there: no link is followed
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(temporary, text, { flag: "wx" });
  renameSync(temporary, path);
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
