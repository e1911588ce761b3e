// The output of a fit, epoch by epoch: progress, metrics, checkpoints and the best model in its folder.
import { DivergenceError } from "../../learn/divergence.js";
import type { BatchReport, EpochReport, FitState } from "../../learn/fit-state.js";
import type { PredictorNetwork } from "../../learn/predictor.js";
import { MetricFiles } from "../../log/metric-files.js";
import { type Progress, progressBar, thousands, timeLeft } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { metricText, shownMetric } from "../../recording/fit-validation.js";
import type { LiveEvent } from "../../recording/run-events.js";
import { explainWriteError } from "../atomic-write.js";
import { fitResumeCommand } from "../command-names.js";
import { isRunFolder } from "../owned-folder.js";
import type { FitFolder } from "./fit-folder.js";
import { saveBestFit } from "./fit-model.js";
import { fitSettingsAsMarkdown } from "./fit-settings.js";

/** What is told of a fit while it goes on. */
export interface FitObserver {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  readonly broadcast?: (event: LiveEvent) => void;
}

/** What a fit is kept by. */
export interface FitKeeperOptions {
  readonly folder: FitFolder;
  readonly network: PredictorNetwork;
  readonly observer: FitObserver;
  /** What the fit goes on from. */
  readonly from?: FitState;
  /** Called with the report of each epoch that is the best so far, when its model is saved. */
  onBest(report: EpochReport, state: FitState): Promise<void>;
}

const CHECKPOINT_SECONDS = 20;
/** Losses of single minibatches that are written of an epoch. */
const ROWS_PER_EPOCH = 20;
const NOTHING_SAVED = "Nothing had been saved yet.";

/** Shows progress and writes what an epoch produced. */
export class FitKeeper {
  private readonly options: FitKeeperOptions;
  private readonly metrics: MetricFiles;
  private lastSave = Number.NEGATIVE_INFINITY;
  private saved: Pick<FitState, "epoch" | "batch" | "finished"> | undefined;
  /** Of the epoch whose checkpoint comes next. */
  private report: EpochReport | undefined;
  private timed: { readonly at: number; readonly updates: number } | undefined;

  constructor(options: FitKeeperOptions) {
    const { folder, from } = options;
    this.options = options;
    this.saved = from;
    const { predictor, data, seed, resolved } = folder.config;
    const settings = { predictor, data, seed, ...resolved.settings, ...resolved.dataSettings };
    const step = from?.optimizer.updates;
    this.metrics = this.writing(() => new MetricFiles(folder.path, step, settings));
    if (!from)
      this.writing(() =>
        this.metrics.tensorboard.writeText(0, "config", fitSettingsAsMarkdown(folder.config)),
      );
  }

  /** Show a minibatch, and write its loss now and then. */
  batch({ epoch, batch, numBatches, loss }: BatchReport): void {
    const { folder, observer } = this.options;
    const updates = (epoch - 1) * numBatches + batch;
    const every = Math.ceil(numBatches / ROWS_PER_EPOCH);
    // that of an epoch's last one would stand in the row of the epoch
    if (batch % every === 0 && batch < numBatches) {
      folder.requireOwnership();
      this.write(updates, { "train/minibatch_loss": loss });
    }
    const now = performance.now();
    this.timed ??= { at: now, updates: updates - 1 };
    const total = Number(folder.config.resolved.settings.epochs) * numBatches;
    const left = ((now - this.timed.at) / (updates - this.timed.updates)) * (total - updates);
    const done = `epoch ${epoch} of ${total / numBatches}, minibatch ${batch} of ${numBatches}`;
    observer.progress.show(
      `${this.title()} ${progressBar(updates / total)} ${done}  loss ${rounded(loss)}  ${timeLeft(left / 60_000)}`,
      false,
    );
  }

  /** Write and show what an epoch came to. */
  epoch(report: EpochReport): void {
    const { folder, observer } = this.options;
    folder.requireOwnership();
    this.report = report;
    this.write(report.updates, report.metrics);
    observer.progress.show(this.epochText(report), true);
  }

  /** Save a state where that is due, with the best model where it is new. */
  async checkpoint(state: FitState): Promise<void> {
    const { network } = this.options;
    const { report } = this;
    const isEpoch = report !== undefined && state.batch === 0;
    const due = performance.now() - this.lastSave > 1000 * CHECKPOINT_SECONDS;
    if (!(isEpoch || due || state.finished)) return;
    const improved = isEpoch && report.improved;
    await this.save(state, improved);
    if (!improved) return;
    await saveBestFit(this.options.folder, network, state);
    await this.options.onBest(report, state);
  }

  /** Save the state that a fit ended with, where it is not saved already. */
  async finish(state: FitState): Promise<void> {
    const { saved } = this;
    const isSaved =
      saved?.epoch === state.epoch && saved.batch === state.batch && saved.finished === state.finished;
    if (!isSaved) await this.save(state, false);
    // once more: a kill may have come between a checkpoint and its model
    if (state.best) await saveBestFit(this.options.folder, this.options.network, state);
    if (state.finished) this.writing(() => this.metrics.tensorboard.writeEnd());
  }

  /** Describe up to where the fit was saved, and how to resume it. */
  describeSaved(): string {
    const { saved, options } = this;
    if (!saved) return NOTHING_SAVED;
    const where =
      saved.batch > 0 ? `epoch ${saved.epoch + 1}, minibatch ${saved.batch}` : `epoch ${saved.epoch}`;
    if (!isRunFolder(options.folder.path)) return `It was saved up to ${where}.`;
    return `Saved up to ${where}. Resume with: ${fitResumeCommand(options.folder)}`;
  }

  /** Do `work`; a UsageError in it gets what is saved, and how to go on, added. */
  async withSavedState<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const saved =
        error instanceof DivergenceError
          ? "Resumed by the same settings it would diverge again: start another fit."
          : this.describeSaved();
      throw new UsageError(`${error.message}\n${saved}`);
    }
  }

  private async save(state: FitState, isBest: boolean): Promise<void> {
    const { folder, network } = this.options;
    await folder.saveCheckpoint(state, network.model.layout.specs, isBest);
    this.lastSave = performance.now();
    this.saved = { epoch: state.epoch, batch: state.batch, finished: state.finished };
  }

  private write(step: number, metrics: Readonly<Record<string, number>>): void {
    const { folder, observer } = this.options;
    this.writing(() => this.metrics.write(step, metrics));
    observer.broadcast?.({ type: "metrics", run: folder.path, values: { step, ...metrics } });
  }

  private title(): string {
    const { predictor, dataset } = this.options.folder.config;
    return `${predictor} on ${dataset.provenance.name}`;
  }

  private epochText({ epoch, epochs, minutes, metrics, validation, improved }: EpochReport): string {
    const [name, value] = shownMetric(validation.metrics);
    return [
      `${this.title()} ${progressBar(epoch / epochs)} epoch ${epoch} of ${epochs}`,
      `loss ${rounded(metrics["train/loss"] ?? Number.NaN)}`,
      `validation loss ${rounded(validation.loss)}`,
      ...(name === "loss" ? [] : [`${name} ${metricText(name, value)}${improved ? ", best so far" : ""}`]),
      `${thousands(Math.round(metrics["time/rows_per_second"] ?? 0))} rows/s`,
      ...(epoch < epochs ? [timeLeft((minutes / epoch) * (epochs - epoch))] : []),
    ].join("  ");
  }

  private writing<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      throw explainWriteError(this.options.folder.path, error);
    }
  }
}

/** Four significant digits. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
