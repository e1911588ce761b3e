// Fit a predictor: learn from rows epoch by epoch, choose the best by other rows, and go on exactly from where a fit stopped.
import { createRandom } from "../math/random.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import { UsageError } from "../math/usage-error.js";
import { initializeParameters } from "../nn/parameters.js";
import { createEvaluator, reportMetrics } from "./evaluate-predictor.js";
import { FitLoop } from "./fit-loop.js";
import type { FitPredictorOptions } from "./fit-options.js";
import { requireFitSettings, requireSameSettings } from "./fit-settings.js";
import type { FitResult, FitState, FitWeights } from "./fit-state.js";
import type { PredictorNetwork } from "./predictor.js";
import { updateFunction, updateInputs } from "./predictor-functions.js";
import { PredictorMinibatches } from "./predictor-minibatches.js";
import { trainingOrder } from "./row-order.js";
import { requireFields, surveyData } from "./survey-data.js";

/**
 * Fit a predictor until its epochs are done, patience runs out, a callback or the signal ends it; the same options give the same bits,
 * in a piece or from the state of a fit that was stopped.
 *
 * @throws UsageError for settings out of range, data that the network cannot learn from, and a state of another fit; DivergenceError
 * where a loss or a parameter is no longer finite.
 * @example
 * const { best, history } = await fitPredictor({ network, settings: FIT_DEFAULTS, splits, seed: 1, engine });
 */
export async function fitPredictor(options: FitPredictorOptions): Promise<FitResult> {
  const { network, settings, splits, seed, engine, from, hooks = {}, say = console.warn } = options;
  const { train, validation } = splits;
  requireFitSettings(settings);
  requireFields(network, train, "learn from");
  requireFields(network, validation, "choose by");
  const select = network.select ?? "loss";
  if (!reportMetrics(network).includes(select))
    throw new Error(`select is "${select}", expected one of: ${reportMetrics(network).join(", ")}`);
  const order = trainingOrder(network, train, settings.batchSize);
  if (from) requireSameFit(from, options);
  const { statistics, missing } = surveyData(network, train);
  surveyData(network, validation);
  for (const [field, classes] of Object.entries(missing))
    say(
      `${train.provenance.name}: no row to learn from has the ${field} ${classes.join(", ")}; the model will not learn what that is.`,
    );
  const normalizers = from?.normalizers ?? options.start?.normalizers ?? statistics;
  const plan = { network, fields: train.fields };
  const update = await engine.compile(
    updateFunction(plan, settings, hooks),
    updateInputs(plan, settings.batchSize, hooks),
  );
  const evaluator = await createEvaluator(network, validation, engine, hooks);
  try {
    const parameters = startingParameters(network, seed, options.start);
    const minibatches = new PredictorMinibatches({
      ...{ network, train, order, seed, normalizers },
      batchSize: settings.batchSize,
      noise: hooks.noise ?? {},
    });
    return await new FitLoop(options, { update, minibatches, evaluator, normalizers, parameters }).run();
  } finally {
    await update.dispose();
    await evaluator.dispose();
  }
}

function startingParameters(
  { model }: PredictorNetwork,
  seed: number | string,
  start: FitWeights | undefined,
): Float32Array {
  if (!start) return initializeParameters(model.layout, createRandom(`${seed}/parameters`));
  requireSize(start.parameters.length, model.layout.total, "The weights to start from have");
  return start.parameters.slice();
}

function requireSameFit(
  { settings, rows, optimizer, normalizers }: FitState,
  options: FitPredictorOptions,
): void {
  const { network, splits } = options;
  requireSameSettings(settings, options.settings);
  requireSize(optimizer.parameters.length, network.model.layout.total, "The state to go on from has");
  if (rows !== splits.train.size)
    throw new UsageError(
      `The fit began with ${rows} rows to learn from, ${splits.train.provenance.name} has ${splits.train.size}. Go on with the same data, or start a new fit.`,
    );
  const expected = [...(network.normalized ?? [])].sort().join(", ");
  const got = namesOf(normalizers);
  if (expected !== got)
    throw new UsageError(
      `The state to go on from has statistics of ${got || "no input"}, the model standardises ${expected || "none"}. Go on with the model that was fitted.`,
    );
}

function namesOf(normalizers: Readonly<Record<string, RunningStatisticsState>>): string {
  return Object.keys(normalizers).sort().join(", ");
}

function requireSize(got: number, expected: number, who: string): void {
  if (got === expected) return;
  throw new UsageError(`${who} ${got} parameters, the model ${expected}. Take the model that was fitted.`);
}
