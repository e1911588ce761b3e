// Explain what the best model of a run says of rows: maps, how good they are, and a page that shows them.
import { join, resolve } from "node:path";
import {
  EXPLAIN_METHODS,
  type ExplainMethod,
  explainRows,
  type MapQuality,
  methodRefusal,
} from "../explain/explain-rows.js";
import { lastImageTap } from "../explain/grad-cam.js";
import { inputGrid } from "../explain/picture-grid.js";
import { explanationPage } from "../explain/report-page.js";
import { optionText, UsageError } from "../math/usage-error.js";
import type { ModelRunner } from "../model/model-runner.js";
import { encodeSafetensors, type StoredTensor } from "../model/safetensors.js";
import { atomicWrite } from "./atomic-write.js";
import { explainFitRows } from "./explain-fit-rows.js";
import { explainPolicyRows } from "./explain-policy-rows.js";
import type { ExplainedRows, WantedRows } from "./explained-rows.js";
import type { OpenFitOptions } from "./fit/fit-run.js";
import { openTrained, type TrainedPolicyRun, type TrainedPredictorRun } from "./open-trained.js";

/** What is explained, how, and where it is written. */
export interface ExplainRunOptions extends OpenFitOptions {
  /** Default: all that fit the model. */
  readonly method?: readonly ExplainMethod[];
  /** How many rows, spread over the validation split or a recorded episode; at most 256. Default 8. */
  readonly rows?: number;
  /** Which rows instead: numbers of the validation split's rows, or of the episode's steps. */
  readonly row?: readonly number[];
  /**
   * Of a fit: "predicted", "true", or the name of a class; of numbers the name of an entry. Of a policy: "predicted", the greatest entry
   * of its action, the name of an entry, or "value". Default "predicted".
   */
  readonly class?: string;
  /** Folder that is written. Default: "explain" in the run's. */
  readonly out?: string;
  /** Of noise, masks and untrained weights. Default 0. */
  readonly seed?: number;
}

/** What was found and written. */
export interface ExplainOutcome {
  /** Absolute path. */
  readonly run: string;
  /** Absolute path of the folder that was written. */
  readonly folder: string;
  /** Names in it. */
  readonly files: readonly string[];
  /** What each row is, and what is said of it. */
  readonly rows: readonly ({ readonly row: number } & Readonly<Record<string, string | number>>)[];
  /** How good each method's maps are on these rows. */
  readonly methods: Readonly<Partial<Record<ExplainMethod, MapQuality>>>;
  /** Methods that were left out, and why. */
  readonly skipped: readonly { readonly method: ExplainMethod; readonly reason: string }[];
}

const FOLDER = "explain";
const DEFAULT_ROWS = 8;
const MOST_ROWS = 256;

/**
 * Explain rows of a fit's validation split, or steps of a policy's recorded episode, and write report.html, a page that needs no other
 * file, maps.safetensors, a tensor [rows, height, width] of each method, and explanation.json. The test split stays closed.
 *
 * @throws UsageError where there is no run or no validated model, for rows, classes and methods that there are not, and where no method
 * fits the model; nothing is written then.
 * @example
 * const { methods, folder } = await explainRun("runs/digits__classifier-cnn__1__20260102-030405", { rows: 4 });
 * console.log(folder, methods.integrated?.completeness?.median, methods["grad-cam"]?.deletion);
 */
export async function explainRun(folder: string, options: ExplainRunOptions = {}): Promise<ExplainOutcome> {
  const { method: asked, seed = 0, say = () => {} } = options;
  for (const name of asked ?? []) requireMethod(name);
  const opened = await openTrained(folder, options);
  const { model } = opened.trained;
  const refused = (asked ?? EXPLAIN_METHODS).map((method) => {
    return { method, reason: methodRefusal(model, method) };
  });
  const skipped = refused.flatMap(({ method, reason }) => (reason === undefined ? [] : [{ method, reason }]));
  const methods = refused.filter(({ reason }) => reason === undefined).map(({ method }) => method);
  if (methods.length === 0)
    throw new UsageError(
      `No method can explain ${opened.path}: ${skipped.map(({ method, reason }) => `not ${method}, because ${reason}`).join("; ")}.`,
    );
  for (const { method, reason } of skipped) if (asked) say(`Left out: ${method}, because ${reason}.`);
  const wanted = requireCounts(options);
  const runners: ModelRunner[] = [];
  const createRunner = async (rows: number) => {
    const hasTap = methods.some((method) => method.startsWith("grad-cam"));
    const gradients = methods.some((method) => method !== "occlusion" && method !== "rise");
    const tapGradients = hasTap ? [lastImageTap(model)] : [];
    const runner = await opened.createRunner({ rows, gradients, tapGradients });
    runners.push(runner);
    return runner;
  };
  try {
    const rows = await explainedRows(opened, { ...wanted, createRunner });
    const explained = { model, runner: rows.runner };
    const maps = [];
    for (const method of methods) {
      say(`Explaining ${rows.rows.length} row${rows.rows.length === 1 ? "" : "s"} by ${method}`);
      const { inputs, target, mask } = rows;
      const part = { explained, weights: opened.weights, inputs, target, seed, ...(mask ? { mask } : {}) };
      maps.push(await explainRows(part, method));
    }
    const { rows: described, numbers, title, lines, entries } = rows;
    const grid = inputGrid(model);
    const { shape, dtype = "float32" } = model.inputs[grid.input]!;
    const page = explanationPage({
      ...{ title, lines, grid, entries, skipped, methods: maps, rows: described },
      kind: shape.length === 3 ? "picture" : shape.length === 2 ? "series" : "vector",
      values: rows.inputs[grid.input]!,
      isBytes: dtype === "uint8",
    });
    const tensors = maps.map(({ method, maps: values }): [string, StoredTensor] => [
      method,
      { shape: [numbers.length, grid.height, grid.width], values },
    ]);
    const file = encodeSafetensors(
      new Map([...tensors, ["rows", { shape: [numbers.length], values: Int32Array.from(numbers) }]]),
      { format: "armgym-explanation" },
    );
    const out = resolve(options.out ?? join(opened.path, FOLDER));
    const outcome: ExplainOutcome = {
      run: opened.path,
      folder: out,
      files: ["report.html", "maps.safetensors", "explanation.json"],
      rows: described.map(({ facts }, k) => ({ ...facts, row: numbers[k]! })),
      methods: Object.fromEntries(maps.map(({ method, quality }) => [method, quality])),
      skipped,
    };
    atomicWrite(join(out, "maps.safetensors"), file);
    atomicWrite(join(out, "explanation.json"), `${JSON.stringify(outcome, null, 2)}\n`);
    atomicWrite(join(out, "report.html"), page);
    return outcome;
  } finally {
    for (const runner of runners) await runner.dispose();
  }
}

function explainedRows(
  opened: TrainedPolicyRun | TrainedPredictorRun,
  wanted: WantedRows,
): Promise<ExplainedRows> {
  return opened.kind === "fit" ? explainFitRows(opened, wanted) : explainPolicyRows(opened, wanted);
}

function requireMethod(name: string): void {
  if (EXPLAIN_METHODS.some((method) => method === name)) return;
  throw new UsageError(
    `There is no method "${name}" to explain by. The methods are: ${EXPLAIN_METHODS.join(", ")}.`,
  );
}

function requireCounts({
  rows,
  row,
  class: named = "predicted",
}: ExplainRunOptions): Omit<WantedRows, "createRunner"> {
  if (rows !== undefined && row !== undefined)
    throw new UsageError(
      `Rows are chosen by ${optionText("rows")}, how many, or by ${optionText("row")}, which. Leave one out.`,
    );
  const count = row?.length ?? rows ?? DEFAULT_ROWS;
  if (!Number.isInteger(count) || count < 1 || count > MOST_ROWS)
    throw new UsageError(`${count} rows cannot be explained at once, expected 1 to ${MOST_ROWS}.`);
  return { rows: count, class: named, ...(row ? { row } : {}) };
}
