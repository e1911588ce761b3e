// The files that a run's metrics go to: metrics.jsonl, progress.csv and TensorBoard events.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appendToFile } from "./append-file.js";
import { type Hyperparameters, TensorboardWriter } from "./tensorboard.js";

/** Writes one row per iteration to all of a run's metric files. */
export class MetricFiles {
  private readonly folder: string;
  /** For what only TensorBoard shows. */
  readonly tensorboard: TensorboardWriter;
  private columns: string[] = [];

  /**
   * Append to the files in `folder`, which are mended first: rows after `resumeStep` are dropped, they will come again,
   * and so are rows that a crash cut short. `settings` are what the run was set to, for TensorBoard.
   */
  constructor(folder: string, resumeStep?: number, settings: Hyperparameters = {}) {
    this.folder = folder;
    const kept = (step: number) => step <= (resumeStep ?? Number.POSITIVE_INFINITY);
    const jsonl = join(folder, "metrics.jsonl");
    if (existsSync(jsonl)) {
      const rows = readMetrics(readFileSync(jsonl, "utf8")).filter(({ step }) => kept(step!));
      replaceFile(jsonl, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
    const csv = join(folder, "progress.csv");
    if (existsSync(csv)) {
      const [header = "", ...lines] = wholeLines(readFileSync(csv, "utf8"));
      this.columns = header.split(",").filter(Boolean);
      const rows = lines.filter((line) => {
        const cells = line.split(",");
        return cells.length === this.columns.length && kept(Number(cells[0]));
      });
      replaceFile(csv, [header, ...rows].map((line) => `${line}\n`).join(""));
    }
    this.tensorboard = new TensorboardWriter(folder, resumeStep === undefined ? undefined : resumeStep + 1);
    if (Object.keys(settings).length > 0) this.tensorboard.writeHyperparameters(settings);
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
    const [, ...lines] = existsSync(csv) ? wholeLines(readFileSync(csv, "utf8")) : [];
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

/** Split a text into its lines; what stands after the last line break was cut short. */
function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1).filter(Boolean);
}

/** Parse metrics.jsonl; a last line cut short by a crash is left out. */
export function readMetrics(text: string): Record<string, number>[] {
  return text.split("\n").flatMap((line) => {
    try {
      const row = JSON.parse(line) as Record<string, number> | null;
      return typeof row?.step === "number" ? [row] : [];
    } catch {
      return [];
    }
  });
}
