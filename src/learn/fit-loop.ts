// The epochs of a fit: minibatches, validation, what is reported and kept of each, and where it stands in between.
import type { CompiledFunction } from "../compile/engines/engine.js";
import { CallbackList, namedCallbacks } from "./callbacks.js";
import { tellingDivergence } from "./divergence.js";
import { isBetter, type PredictorEvaluator, reportMetrics } from "./evaluate-predictor.js";
import { fit } from "./fit.js";
import type { FitPredictorOptions } from "./fit-options.js";
import type {
  BestEpoch,
  EpochRecord,
  EpochReport,
  FitCallback,
  FitEnd,
  FitResult,
  FitState,
  FitWeights,
} from "./fit-state.js";
import { fitRate } from "./learning-rate-schedule.js";
import { Optimizer } from "./optimizer.js";
import type { PredictorMinibatches } from "./predictor-minibatches.js";
import type { PredictorReport } from "./predictor-report.js";

/** What was prepared for a loop. */
export interface FitParts {
  /** `updateFunction`, compiled. */
  readonly update: CompiledFunction;
  readonly minibatches: PredictorMinibatches;
  /** Of the rows to choose by. */
  readonly evaluator: PredictorEvaluator;
  readonly normalizers: FitWeights["normalizers"];
  /** To begin with. */
  readonly parameters: Float32Array;
}

const CHECKPOINT_BATCHES = 1000;

/** Runs a fit; `fitPredictor` makes one. */
export class FitLoop {
  private readonly options: FitPredictorOptions;
  private readonly parts: FitParts;
  private readonly optimizer: Optimizer;
  private readonly callbacks: CallbackList<FitCallback>;
  private readonly clock: () => number;
  private started: number;
  /** Epochs done. */
  private epoch = 0;
  /** Minibatches done of the epoch under way. */
  private batch = 0;
  private sums: Record<string, number> = {};
  private best: BestEpoch | null = null;
  private history: readonly EpochRecord[] = [];

  constructor(options: FitPredictorOptions, parts: FitParts) {
    const { from, settings, network } = options;
    this.options = options;
    this.parts = parts;
    this.optimizer = new Optimizer(parts.parameters, settings.learningRate);
    this.clock = options.clock ?? (() => performance.now());
    this.started = this.clock();
    if (from) this.restore(from);
    const named = namedCallbacks(options.callbacks ?? []);
    const { onEpoch } = options;
    if (onEpoch) named.push({ name: "options", callback: { onIteration: onEpoch.bind(options) } });
    const builtIn = new Set(reportMetrics(network).map((name) => `eval/${name}`));
    this.callbacks = new CallbackList(
      named,
      () => ({ iteration: this.epoch, steps: this.updates, totalSteps: this.totalUpdates }),
      (name) => builtIn.has(name) || OWN_METRICS.has(name),
    );
  }

  /** Fit until something ends it. */
  async run(): Promise<FitResult> {
    const { callbacks } = this;
    await callbacks.call("onTrainingStart", (one, context) => one.onTrainingStart?.(context));
    while (!this.endedBy()) {
      const report = await this.runEpoch();
      if (!report) break;
      await callbacks.call("onIteration", (one, context) => one.onIteration?.(report, context));
      this.history = [...this.history, recordOf(report, callbacks.report({}))];
      callbacks.endIteration();
      await this.options.onCheckpoint?.(this.state());
    }
    const result = this.result();
    await callbacks.call("onTrainingEnd", (one, context) => one.onTrainingEnd?.(result, context));
    return result;
  }

  /** Learn what is left of the epoch, and validate; undefined where the signal came in between. */
  private async runEpoch(): Promise<EpochReport | undefined> {
    const { callbacks, parts, options } = this;
    const { settings } = options;
    const begin = this.clock();
    const rest = parts.minibatches.numBatches - this.batch;
    if (this.batch === 0) {
      parts.minibatches.begin();
      this.sums = {};
    }
    await this.learn();
    if (this.isAborted) return undefined;
    const learned = this.clock();
    const weights = { parameters: this.optimizer.parameters, normalizers: parts.normalizers };
    const { signal } = options;
    const validation = await parts.evaluator.evaluate(weights, signal ? { signal } : {});
    if (!validation) return undefined;
    this.epoch++;
    this.batch = 0;
    const improved = this.keepIfBest(validation);
    await callbacks.call("onEvaluation", (one, context) =>
      one.onEvaluation?.({ validation, improved }, context),
    );
    const endedBy = this.endedBy();
    return {
      epoch: this.epoch,
      epochs: settings.epochs,
      updates: this.updates,
      totalUpdates: this.totalUpdates,
      minutes: this.minutes(),
      metrics: callbacks.report({
        ...this.means(),
        "train/learning_rate": this.optimizer.learningRate,
        ...Object.fromEntries(
          Object.entries(validation.metrics).map(([name, value]) => [`eval/${name}`, value]),
        ),
        "time/epoch_seconds": (this.clock() - begin) / 1000,
        "time/rows_per_second": (1000 * rest * settings.batchSize) / (learned - begin),
      }),
      validation,
      improved,
      last: endedBy !== undefined,
      ...(endedBy === "epochs" || endedBy === "patience" ? { endedBy } : {}),
    };
  }

  private async learn(): Promise<void> {
    const { options, parts, optimizer } = this;
    const { minibatches, update } = parts;
    const { settings, checkpointBatches = CHECKPOINT_BATCHES } = options;
    const first = this.batch;
    const before = this.updates - first;
    await tellingDivergence(
      () => this.divergence(),
      () =>
        fit({
          optimizer,
          update,
          minibatches: {
            numBatches: minibatches.numBatches - first,
            next: (k) => minibatches.next(first + k),
          },
          losses: [],
          learningRate: (_, k) => fitRate(settings, before + first + k, this.totalUpdates),
          onBatch: async (_, outputs) => {
            minibatches.remember(outputs);
            this.batch++;
            for (const name of ["loss", "gradNorm"])
              if (outputs[name]) this.sums[name] = (this.sums[name] ?? 0) + outputs[name][0]!;
            options.onBatch?.({
              epoch: this.epoch + 1,
              batch: this.batch,
              numBatches: minibatches.numBatches,
              loss: outputs.loss![0]!,
            });
            const isAmid = this.batch < minibatches.numBatches;
            if (isAmid && this.batch % checkpointBatches === 0) await options.onCheckpoint?.(this.state());
            return !this.isAborted;
          },
        }),
    );
  }

  private keepIfBest({ metrics }: PredictorReport): boolean {
    const select = this.options.network.select ?? "loss";
    const value = metrics[select];
    if (value === undefined || (this.best && !isBetter(select, value, this.best.value))) return false;
    this.best = { epoch: this.epoch, parameters: this.optimizer.parameters.slice(), value, metrics };
    return true;
  }

  private result(): FitResult {
    const { optimizer, best, epoch, history, parts } = this;
    const { normalizers } = parts;
    const last = { parameters: optimizer.parameters.slice(), normalizers };
    return {
      best: best ? { parameters: best.parameters, normalizers } : last,
      last,
      bestEpoch: best?.epoch ?? 0,
      epochs: epoch,
      history,
      endedBy: this.endedBy() ?? "signal",
      state: this.state(),
    };
  }

  /** Copy the state to go on from. */
  private state(): FitState {
    const { epoch, batch, sums, optimizer, parts, best, history, options } = this;
    const { settings, splits } = options;
    const end = this.endedBy();
    return {
      epoch,
      batch,
      sums: { ...sums },
      optimizer: optimizer.state(),
      normalizers: parts.normalizers,
      ...parts.minibatches.state(batch),
      best,
      history,
      settings: settingsOf(settings),
      rows: splits.train.size,
      minutes: this.minutes(),
      finished: end === "epochs" || end === "patience",
    };
  }

  private restore(state: FitState): void {
    this.epoch = state.epoch;
    this.batch = state.batch;
    this.sums = { ...state.sums };
    this.optimizer.restore(state.optimizer);
    this.parts.minibatches.restore(state);
    this.best = state.best;
    this.history = state.history;
    this.started = this.clock() - 60_000 * state.minutes;
  }

  /** Why no epoch follows. */
  private endedBy(): FitEnd | undefined {
    const { epochs, patience } = this.options.settings;
    if (this.epoch >= epochs) return "epochs";
    if (patience > 0 && this.epoch - (this.best?.epoch ?? 0) >= patience) return "patience";
    if (this.isAborted) return "signal";
    return this.callbacks.stopped ? "callback" : undefined;
  }

  private get isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Minibatches learned from. */
  private get updates(): number {
    return this.epoch * this.parts.minibatches.numBatches + this.batch;
  }

  private get totalUpdates(): number {
    return this.options.settings.epochs * this.parts.minibatches.numBatches;
  }

  private minutes(): number {
    return (this.clock() - this.started) / 60_000;
  }

  /** Means over the minibatches of the epoch. */
  private means(): Record<string, number> {
    const { numBatches } = this.parts.minibatches;
    const { loss = Number.NaN, gradNorm } = this.sums;
    return {
      "train/loss": loss / numBatches,
      ...(gradNorm === undefined ? {} : { "train/grad_norm": gradNorm / numBatches }),
    };
  }

  private divergence() {
    const { splits, settings } = this.options;
    const { learningRate } = this.optimizer;
    const { maxGradNorm, batchSize } = settings;
    const lower = Number((settings.learningRate / 3).toPrecision(1));
    return {
      where: `${splits.train.provenance.name}: the fit diverged in epoch ${this.epoch + 1}`,
      settings: { learningRate, maxGradNorm, batchSize },
      attempt: `a lower learningRate (${lower})${maxGradNorm === 0 ? " or a maxGradNorm of 1" : " or a lower maxGradNorm"}`,
    };
  }
}

/** What a fit logs besides the metrics of its validation. */
const OWN_METRICS: ReadonlySet<string> = new Set([
  "step",
  ...["train/loss", "train/grad_norm", "train/learning_rate"],
  ...["time/epoch_seconds", "time/rows_per_second"],
]);

/** What is kept of a report: all that is the same bits again. */
function recordOf({ epoch, updates }: EpochReport, metrics: Readonly<Record<string, number>>): EpochRecord {
  const kept = Object.entries(metrics).filter(([name]) => !name.startsWith("time/"));
  return { epoch, updates, metrics: Object.fromEntries(kept) };
}

function settingsOf({
  epochs,
  batchSize,
  learningRate,
  schedule,
  finalRate,
  warmup,
  weightDecay,
  maxGradNorm,
  patience,
}: FitState["settings"]): FitState["settings"] {
  return {
    ...{ epochs, batchSize, learningRate, schedule, finalRate },
    ...{ warmup, weightDecay, maxGradNorm, patience },
  };
}
