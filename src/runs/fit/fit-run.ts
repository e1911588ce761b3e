// A fit as a program has it: train it, measure it once, predict by its model, export.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineName } from "../../compile/engines/engine.js";
import type { DataSplits, Dataset } from "../../data/dataset.js";
import type { FitCallback } from "../../learn/fit-state.js";
import type { PredictorNetwork } from "../../learn/predictor.js";
import { readMetrics } from "../../log/metric-files.js";
import { type Progress, ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import type { TrainedModel } from "../../model/trained-model.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { readWholeFile } from "../read-file.js";
import { exportFit, type FitExportOutcome } from "./export-fit.js";
import type { FitConfig } from "./fit-config.js";
import { dataOfFit, loadSplits, requireSameData } from "./fit-data.js";
import {
  type EvaluateFitOptions,
  evaluateFit,
  type FitEvaluation,
  openTestSplit,
  type TestOpening,
  testOpenings,
} from "./fit-evaluation.js";
import { FitFolder } from "./fit-folder.js";
import type { FitObserver } from "./fit-keeper.js";
import { loadBestFit, networkOfFit } from "./fit-model.js";
import type { FitOutcome } from "./fit-outcome.js";
import { type CreateFitOptions, createFitFolder } from "./fit-request.js";
import { type FitSession, resumeFit, startFit } from "./fit-session.js";
import { type DescribedFitSettings, describeFitSettings } from "./fit-settings.js";

/** How a fit is opened. */
export interface OpenFitOptions {
  /** Modules of your own that the predictor or the data are in, for those outside of the folder that the program runs in. */
  readonly modules?: readonly string[];
  /** Folder that files of known sets lie in now. Default: where they were. */
  readonly dataFolder?: string;
  /** Called with each line for the user. Default: lines are dropped. */
  readonly say?: (line: string) => void;
}

/** How a fit is trained this time: none of it changes what is learned, but engines differ in the last bits. */
export interface FitTrainOptions {
  /** Ends the fit when aborted: what was learned is saved, and `resume` continues from there. */
  readonly signal?: AbortSignal;
  /** Called, in their order and awaited; what they log is in the metrics. The fit ends, saved, where one returns false. */
  readonly callbacks?: readonly FitCallback[];
  /** What runs the network from now on. Default: as before. */
  readonly engine?: EngineName;
  /** Called with what a viewer shows live: each row of metrics. */
  readonly onEvent?: (event: LiveEvent) => void;
  /** Shows how far it has come. Default: the lines that stay, by `say`. */
  readonly progress?: Progress;
}

/** Larger than any file of metrics that armgym writes, bytes. */
const LARGEST_METRICS = 2 ** 28;

/** The fit in a folder: `createFit` makes one, `openFit` opens one. */
export class FitRun {
  private readonly folder: FitFolder;
  private readonly say: (line: string) => void;
  private loaded: Promise<DataSplits> | undefined;

  /** Take the fit in `folder`; `splits` are its data where they are loaded, `say` gets the lines for the user. */
  constructor(folder: FitFolder, say: (line: string) => void = () => {}, splits?: DataSplits) {
    this.folder = folder;
    this.say = say;
    this.loaded = splits && Promise.resolve(splits);
  }

  /** Its folder, an absolute path. */
  get path(): string {
    return this.folder.path;
  }

  /** What it was created with: predictor, data with their SHA-256, seed, and in `resolved` every setting that was in force. */
  get config(): FitConfig {
    return this.folder.config;
  }

  /** Modules that it was opened with, to find its predictor and data in. */
  get modules(): readonly string[] {
    return this.folder.modules;
  }

  /** List its settings with origin and today's default, and as a settings file. */
  settings(): Promise<DescribedFitSettings> {
    return describeFitSettings(this.folder);
  }

  /**
   * Fit it from the first epoch; undefined where the signal interrupted it.
   *
   * Throws a UsageError where it was fitted before (`resume` continues it), or where another process has it.
   */
  async train(options: FitTrainOptions = {}): Promise<FitOutcome | undefined> {
    const { folder } = this;
    if (folder.hasCheckpoint())
      throw new UsageError(`${folder.path} was fitted before. Continue with resume(), or make another fit.`);
    return startFit(this.session(options));
  }

  /**
   * Continue from its last checkpoint to the same bits; returns the same as `train`, also of a fit that is finished.
   *
   * Throws a UsageError where there is no checkpoint, where another process has it, or where the data are not what they were.
   */
  resume(options: FitTrainOptions = {}): Promise<FitOutcome | undefined> {
    return resumeFit(this.session(options));
  }

  /**
   * Load its data, the rows to learn from and those to choose by; the test split is loaded when it is asked for, and asking for it
   * here is recorded nowhere: `evaluate` reports on it.
   *
   * Throws a UsageError where they are not what they were.
   */
  splits(): Promise<DataSplits> {
    this.loaded ??= this.load();
    this.loaded.catch(() => {
      this.loaded = undefined;
    });
    return this.loaded;
  }

  /** Make its network: the model, and what it learns. */
  network(): Promise<PredictorNetwork> {
    return networkOfFit(this.folder);
  }

  /** Load its best model by validation; throws a UsageError where none was validated yet, or its files are damaged. */
  async model(): Promise<TrainedModel> {
    return loadBestFit(this.folder, await this.network());
  }

  /** Read its metrics, a row per epoch, and of some minibatches their loss. */
  metrics(): readonly Readonly<Record<string, number>>[] {
    const file = join(this.path, "metrics.jsonl");
    return existsSync(file) ? readMetrics(readWholeFile(file, LARGEST_METRICS).toString("utf8")) : [];
  }

  /** List the times that its test split was opened by `evaluate`, the first first. */
  openings(): readonly TestOpening[] {
    return testOpenings(this.path);
  }

  /**
   * Open the test split, measure the best model on it, and record both in its folder. A second time gives what was recorded, unless
   * `again`, which is recorded, too: hyper-parameters are chosen on validation only.
   *
   * Throws a UsageError where there is no model yet, or the data are not what they were; undefined where the signal interrupted it.
   */
  evaluate(options: EvaluateFitOptions = {}): Promise<FitEvaluation | undefined> {
    return evaluateFit(this.folder, () => this.splits(), { say: this.say, ...options });
  }

  /**
   * Load the test split to report on it by other means than `evaluate`, under attack for example, and record that it was opened.
   *
   * Throws a UsageError where there is no model yet, or the data are not what they were.
   */
  async openTest(): Promise<Dataset> {
    const { provenance } = await this.model();
    return openTestSplit(this.folder, Number(provenance.epoch), () => this.splits());
  }

  /** Write its best model into the folder `out`, as ONNX with its normaliser inside and all that a program must know, and check it. */
  export(out: string): Promise<FitExportOutcome> {
    return exportFit(this.folder, out, this.say);
  }

  private async load(): Promise<DataSplits> {
    const { config, path } = this.folder;
    const data = await dataOfFit(this.folder);
    const splits = await loadSplits(data, config.resolved.dataSettings);
    requireSameData(path, config.dataset, splits);
    return splits;
  }

  private session({ signal, callbacks, engine, onEvent, progress }: FitTrainOptions): FitSession {
    const { say } = this;
    const observer: FitObserver = {
      // lines that replace each other are for terminals
      progress: progress ?? new ProgressLine({ write: (text) => say(text.trimEnd()) }),
      ...(signal ? { signal } : {}),
      ...(onEvent ? { broadcast: onEvent } : {}),
    };
    return {
      folder: this.folder,
      observer,
      callbacks: callbacks ?? [],
      ...(engine === undefined ? {} : { engine }),
      splits: () => this.splits(),
    };
  }
}

/**
 * Check everything that is asked for, make the fit's folder and return the fit; `train()` fits it.
 *
 * @throws UsageError that names what cannot be: an unknown predictor, data or setting, a value out of its range, data that the predictor
 * cannot learn from; nothing is written then.
 * @example
 * const fit = await createFit({ predictor: "classifier-cnn", data: "digits", settings: { epochs: 2 } });
 * const outcome = await fit.train();
 * console.log(outcome?.validation.accuracy, (await fit.evaluate())?.figures.metrics.accuracy);
 */
export async function createFit({
  say,
  ...options
}: CreateFitOptions & Pick<OpenFitOptions, "say">): Promise<FitRun> {
  const { folder, splits } = await createFitFolder(options, say);
  return new FitRun(folder, say, splits);
}

/**
 * Open the fit in `folder`, as `createFit` or `armgym fit` made it.
 *
 * What stands in the folder is data: code comes from armgym, from inside the folder that the program runs in, or from `modules`.
 *
 * @throws UsageError where there is no fit, or one of a version that this one does not read.
 * @example
 * const { model, parameters } = await (await openFit("runs/digits__classifier-cnn__1__20260102-030405")).model();
 */
export async function openFit(
  folder: string,
  { modules, dataFolder, say }: OpenFitOptions = {},
): Promise<FitRun> {
  return new FitRun(FitFolder.open(folder, modules, dataFolder), say);
}
