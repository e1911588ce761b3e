// Callbacks of training, after Stable-Baselines3's: a list, called in its order at fixed moments, that may log and stop.
import { describeThrown } from "../math/describe-thrown.js";
import { UsageError } from "../math/usage-error.js";

/** What a callback answers: false ends training after the present iteration, anything else continues it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing answers nothing
export type CallbackAnswer = boolean | undefined | void | Promise<boolean | undefined | void>;

/** Where training stands, and what a callback can do there: the last argument of each call. */
export interface CallbackContext {
  /** Iterations done. */
  readonly iteration: number;
  /** Steps done: of environments, or updates where a model learns from data. */
  readonly steps: number;
  /** Steps that training ends at. */
  readonly totalSteps: number;
  /**
   * Add a metric to those of the present iteration, which reports, files and dashboards get; after `onIteration`, of the next.
   *
   * @throws UsageError for a name that training logs itself, one with other characters than letters, digits, `_`, `-`, `.` and `/`, and
   * a value that is not finite.
   */
  log(name: string, value: number): void;
}

/** What every training calls, of whatever model. */
export interface Callback<Report, Evaluation, Result> {
  /** Called before the first iteration. */
  onTrainingStart?(context: CallbackContext): CallbackAnswer;
  /** Called after each evaluation that training makes by itself. */
  onEvaluation?(evaluation: Evaluation, context: CallbackContext): CallbackAnswer;
  /** Called after each iteration, when all has been learnt and logged. */
  onIteration?(report: Report, context: CallbackContext): CallbackAnswer;
  /** Called when training is over, however it ended, but not where it threw. */
  onTrainingEnd?(result: Result, context: CallbackContext): CallbackAnswer;
}

/** A callback, and how messages name it: `callbacks[0]`. */
export interface NamedCallback<OneCallback> {
  readonly name: string;
  readonly callback: OneCallback;
}

/** Where training stands. */
export type TrainingProgress = Omit<CallbackContext, "log">;

const METRIC_NAME = /^[\w./-]+$/;

/** Name callbacks by their place in the list that the user gave. */
export function namedCallbacks<OneCallback>(callbacks: readonly OneCallback[]): NamedCallback<OneCallback>[] {
  return callbacks.map((callback, k) => ({ name: `callbacks[${k}]`, callback }));
}

/** Calls callbacks one after another, and keeps what they log and whether one of them stopped training. */
export class CallbackList<OneCallback> {
  /** Whether a callback returned false. */
  stopped = false;
  private readonly callbacks: readonly NamedCallback<OneCallback>[];
  private readonly context: CallbackContext;
  private readonly isBuiltIn: (name: string) => boolean;
  private metrics: Record<string, number> = {};
  /** What is being called, as messages name it. */
  private called = "";

  /** `progress` says where training stands by then, `isBuiltIn` whether training logs a metric of a name itself. */
  constructor(
    callbacks: readonly NamedCallback<OneCallback>[],
    progress: () => TrainingProgress,
    isBuiltIn: (name: string) => boolean,
  ) {
    this.callbacks = callbacks;
    this.isBuiltIn = isBuiltIn;
    this.context = {
      get iteration() {
        return progress().iteration;
      },
      get steps() {
        return progress().steps;
      },
      get totalSteps() {
        return progress().totalSteps;
      },
      log: (name, value) => this.log(name, value),
    };
  }

  /**
   * Call `moment` of every callback by `call`, and wait for it.
   *
   * Throws a UsageError that names the callback, and the place in it, where one throws; a UsageError passes as it is.
   */
  async call(
    moment: string,
    call: (callback: OneCallback, context: CallbackContext) => CallbackAnswer,
  ): Promise<void> {
    for (const { name, callback } of this.callbacks) {
      this.called = `${name}.${moment}()`;
      try {
        if ((await call(callback, this.context)) === false) this.stopped = true;
      } catch (error) {
        if (error instanceof UsageError) throw error;
        throw new UsageError(`${this.called} ${describeThrown(error)}.`);
      }
    }
  }

  /** Return `metrics` with what was logged since the last iteration; what is logged before `endIteration` is added to the same. */
  report(metrics: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    this.metrics = { ...metrics, ...this.metrics };
    return this.metrics;
  }

  /** From now on metrics are those of the next iteration. */
  endIteration(): void {
    this.metrics = {};
  }

  private log(name: string, value: number): void {
    const call = `${this.called}: log(${JSON.stringify(name)}, ${String(value)})`;
    if (!METRIC_NAME.test(name))
      throw new UsageError(
        `${call} has a name of other characters than letters, digits, "_", "-", "." and "/".`,
      );
    if (this.isBuiltIn(name))
      throw new UsageError(
        `${call} has the name of a metric that training logs itself. Choose another, for example "custom/${name.split("/").at(-1)}".`,
      );
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new UsageError(`${call} has a value that is not a finite number.`);
    this.metrics[name] = value;
  }
}
