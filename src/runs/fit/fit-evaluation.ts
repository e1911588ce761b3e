// The test split of a fit: opened once, and what it showed stands in the run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadEngine } from "../../compile/engines/load-engine.js";
import type { DataSplits, Dataset } from "../../data/dataset.js";
import { evaluatePredictor } from "../../learn/evaluate-predictor.js";
import { wilsonInterval } from "../../learn/metrics/intervals.js";
import type { PredictorNetwork } from "../../learn/predictor.js";
import type { PredictorReport } from "../../learn/predictor-report.js";
import { VERSION } from "../../version.js";
import { readJson, whileLocked } from "../owned-folder.js";
import type { FitFolder } from "./fit-folder.js";
import { loadBestFit, networkOfFit } from "./fit-model.js";

const FILE = "evaluation.json";

const figuresSchema = z.object({
  rows: z.number().int().nonnegative(),
  metrics: z.record(z.string(), z.number()),
  /** 95 % interval of the share of rows that are right (Wilson), of a classifier of whole rows. */
  accuracyInterval: z.tuple([z.number(), z.number()]).optional(),
  classes: z
    .object({
      names: z.array(z.string()),
      /** `[class][taken for]` */
      confusion: z.array(z.array(z.number())).optional(),
      precision: z.array(z.number().nullable()).optional(),
      recall: z.array(z.number().nullable()).optional(),
    })
    .optional(),
  /** SHA-256 of the files of the test split, by path. */
  files: z.record(z.string(), z.string()).optional(),
});

const openingSchema = z.object({
  /** When the test split was opened, ISO 8601. */
  date: z.string(),
  version: z.string(),
  /** Epoch of the model that was measured. */
  epoch: z.number(),
  /** Absent where the evaluation was interrupted after it had opened the split, and where `openTest` did. */
  figures: figuresSchema.optional(),
});

const evaluationSchema = z.object({ kind: z.literal("fit"), openings: z.array(openingSchema) });

/** What a fit's best model came to on the rows that it never learned from, nor was chosen by. */
export type TestFigures = z.infer<typeof figuresSchema>;
/** One time that the test split was opened. */
export type TestOpening = z.infer<typeof openingSchema>;

/** What `evaluate` gives. */
export interface FitEvaluation {
  readonly predictor: string;
  /** Name of the data. */
  readonly data: string;
  /** Absolute path of the folder. */
  readonly run: string;
  /** The opening that the figures are of. */
  readonly date: string;
  /** Epoch of the model, counted from 1. */
  readonly epoch: number;
  readonly figures: TestFigures;
  /** How often the test split of this run has been opened, this time included. */
  readonly openings: number;
  /** Whether the split was opened now; false: these are the figures recorded before. */
  readonly isNew: boolean;
}

/** How a fit is evaluated. */
export interface EvaluateFitOptions {
  /** Open the test split although it was opened before; that is recorded, too. Default false. */
  readonly again?: boolean;
  /** Ends the evaluation when aborted: nothing is returned then, and that the split was opened stays recorded. */
  readonly signal?: AbortSignal;
  /** Takes a line for the user. Default: lines are dropped. */
  readonly say?: (line: string) => void;
}

/** List the times that the test split of the fit in `path` was opened, the first first. */
export function testOpenings(path: string): readonly TestOpening[] {
  const file = join(path, FILE);
  return existsSync(file) ? readJson(file, evaluationSchema).openings : [];
}

/**
 * Open the test split, measure the best model on it, and record both; where it was opened before return what was recorded then.
 *
 * Throws a UsageError where there is no model yet, where another process has the fit, or where the data are not what they were.
 */
export function evaluateFit(
  folder: FitFolder,
  loadSplits: () => Promise<DataSplits>,
  { again = false, signal, say = () => {} }: EvaluateFitOptions,
): Promise<FitEvaluation | undefined> {
  return whileLocked(folder, async () => {
    const before = testOpenings(folder.path);
    const last = before.findLast(({ figures }) => figures !== undefined);
    if (last && !again) return evaluationOf(folder, last, before.length, false);
    const network = await networkOfFit(folder);
    const trained = await loadBestFit(folder, network);
    const engine = await loadEngine(folder.config.engine, say);
    const splits = await loadSplits();
    const opening: TestOpening = {
      date: new Date().toISOString(),
      version: VERSION,
      epoch: Number(trained.provenance.epoch),
    };
    // first of all: whatever becomes of the evaluation, the split has been opened
    const save = (now: TestOpening) => folder.saveJson(FILE, { kind: "fit", openings: [...before, now] });
    save(opening);
    const dataset = await splits.test();
    const report = await unlessAborted(signal, () =>
      evaluatePredictor({ network, weights: trained, dataset, engine, ...(signal ? { signal } : {}) }),
    );
    if (!report) return undefined;
    const files = dataset.provenance.files;
    const figures = { ...figuresOf(network, report), ...(files ? { files: { ...files } } : {}) };
    const measured = { ...opening, figures };
    save(measured);
    return evaluationOf(folder, measured, before.length + 1, true);
  });
}

/**
 * Load the test split for something other than `evaluateFit`, and record that it was opened.
 *
 * Throws a UsageError where another process has the fit, or where the data are not what they were.
 */
export function openTestSplit(
  folder: FitFolder,
  epoch: number,
  loadSplits: () => Promise<DataSplits>,
): Promise<Dataset> {
  return whileLocked(folder, async () => {
    const splits = await loadSplits();
    const opening: TestOpening = { date: new Date().toISOString(), version: VERSION, epoch };
    folder.saveJson(FILE, { kind: "fit", openings: [...testOpenings(folder.path), opening] });
    return splits.test();
  });
}

/** Do `work`; undefined where it threw since the signal was aborted. */
async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

function evaluationOf(
  { config, path }: FitFolder,
  { date, epoch, figures }: TestOpening,
  openings: number,
  isNew: boolean,
): FitEvaluation {
  const { predictor, dataset } = config;
  const data = dataset.provenance.name;
  return { predictor, data, run: path, date, epoch, figures: figures!, openings, isNew };
}

/** The figures of a report, as they stand in the run. */
function figuresOf({ model }: PredictorNetwork, { rows, metrics, objectives }: PredictorReport): TestFigures {
  const [first] = objectives;
  const { accuracy } = metrics;
  const isWhole = first !== undefined && model.outputs[first.output]!.shape.length === 1;
  const interval =
    accuracy !== undefined && isWhole
      ? wilsonInterval(Math.round(accuracy * rows.length), rows.length)
      : undefined;
  const { classes } = first ?? {};
  return {
    rows: rows.length,
    metrics: { ...metrics },
    ...(interval ? { accuracyInterval: [interval[0], interval[1]] as [number, number] } : {}),
    ...(classes
      ? {
          classes: {
            names: [...classes.names],
            ...(classes.confusion ? { confusion: classes.confusion.map((row) => [...row]) } : {}),
          },
        }
      : {}),
  };
}
