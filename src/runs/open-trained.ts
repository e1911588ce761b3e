// What a run's folder holds that was trained, whatever trained it: for what acts on any model.
import type { EngineName } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import type { DataSplits } from "../data/dataset.js";
import type { Env } from "../env/env.js";
import type { PredictorNetwork } from "../learn/predictor.js";
import { type CompileOptions, compileModel } from "../model/compile-model.js";
import type { ModelRunner, ModelWeights } from "../model/model-runner.js";
import { modelWeights, type TrainedModel } from "../model/trained-model.js";
import { type FitRun, type OpenFitOptions, openFit } from "./fit/fit-run.js";
import { runKind } from "./owned-folder.js";
import { openRun, type Run } from "./run.js";

/** How a runner of a trained model is made. */
export interface RunnerOptions extends Omit<CompileOptions, "normalized"> {
  /** What runs it. Default: what trained it. */
  readonly engine?: EngineName;
}

/** What both kinds of runs have. */
interface TrainedRun {
  /** Absolute path of the folder. */
  readonly path: string;
  /** The best model by validation, its parameters, the statistics of its inputs, and where it comes from. */
  readonly trained: TrainedModel;
  /** The same numbers, frozen, as a ModelRunner loads them. */
  readonly weights: ModelWeights;
  /** What trained it. */
  readonly engine: EngineName;
  /** Compile the model, its inputs standardised as in training, and load its weights; dispose of the runner in the end. */
  createRunner(options?: RunnerOptions): Promise<ModelRunner>;
}

/** A policy that was trained in an environment. */
export interface TrainedPolicyRun extends TrainedRun {
  readonly kind: "policy";
  readonly run: Run;
  /** Make the environment that it is evaluated in; `config` overrides some of its settings. */
  createEnv(config?: Readonly<Record<string, unknown>>): Promise<Env>;
}

/** A predictor that was fitted to data. */
export interface TrainedPredictorRun extends TrainedRun {
  readonly kind: "fit";
  readonly fit: FitRun;
  /** The model with its objectives, and how it learns. */
  readonly network: PredictorNetwork;
  /** Load its data; throws a UsageError where they are not what they were. */
  splits(): Promise<DataSplits>;
}

/**
 * Open the best model of the run in `folder`, a policy's or a fit's, with the environment or the data that it is for.
 *
 * @throws UsageError where there is no run, one of a version that is not read, or one that was never validated.
 * @example
 * const opened = await openTrained("runs/digits__classifier-cnn__1__20260102-030405");
 * const runner = await opened.createRunner({ gradients: true });
 * if (opened.kind === "fit") console.log(opened.network.objectives, (await opened.splits()).validation.size);
 */
export async function openTrained(
  folder: string,
  options: OpenFitOptions = {},
): Promise<TrainedPolicyRun | TrainedPredictorRun> {
  if (runKind(folder) === "fit") {
    const fit = await openFit(folder, options);
    const [network, trained] = [await fit.network(), await fit.model()];
    const shared = trainedRun(fit.path, trained, fit.config.engine, options);
    return { kind: "fit", ...shared, fit, network, splits: () => fit.splits() };
  }
  const run = await openRun(folder, options);
  const shared = trainedRun(run.path, await run.model(), run.config.engine, options);
  return { kind: "policy", ...shared, run, createEnv: (config) => run.createEnv(config) };
}

function trainedRun(
  path: string,
  trained: TrainedModel,
  trainedBy: EngineName,
  { say }: OpenFitOptions,
): TrainedRun {
  const weights = modelWeights(trained);
  return {
    path,
    trained,
    weights,
    engine: trainedBy,
    async createRunner({ engine = trainedBy, ...options } = {}) {
      const normalized = Object.keys(weights.normalizers);
      const loaded = await loadEngine(engine, say);
      const runner = await compileModel(trained.model, loaded, { ...options, normalized });
      runner.load(weights);
      return runner;
    },
  };
}
