// What a predictor is worth on a data set: its loss, metrics by objective, the loss of each row, and what it predicts.
import type { Arrays, CompiledFunction, Engine } from "../compile/engines/engine.js";
import { type DataArrays, type Dataset, emptyRows } from "../data/dataset.js";
import { sizeOf } from "../math/shape.js";
import { memorySize } from "../model/model.js";
import type { FitWeights } from "./fit-state.js";
import { isError, metricNames, type ObjectiveScores, objectiveScores } from "./objective-scores.js";
import type { Objective, PredictorNetwork } from "./predictor.js";
import {
  evaluationFunction,
  evaluationInputs,
  type FitHooks,
  fieldsUsed,
  type PredictorPlan,
} from "./predictor-functions.js";
import { fieldFeeds, statisticsFeeds } from "./predictor-minibatches.js";
import type { ObjectiveReport, PredictorReport } from "./predictor-report.js";
import { type EvaluationOrder, evaluationOrder, isStart } from "./row-order.js";
import { requireFields, surveyData } from "./survey-data.js";

/** What is evaluated on what. */
export interface EvaluatePredictorOptions {
  /** The predictor. */
  readonly network: PredictorNetwork;
  /** What it learned. */
  readonly weights: FitWeights;
  /** What it is to say. */
  readonly dataset: Dataset;
  /** Runs it. */
  readonly engine: Engine;
  /** Keep the outputs of all rows; default false. */
  readonly predictions?: boolean;
  /** Ends the evaluation when aborted. */
  readonly signal?: AbortSignal;
}

/** Evaluates one network on one data set, as often as it is asked to. */
export interface PredictorEvaluator {
  /** Evaluate; undefined where `signal` was aborted before the end. */
  evaluate(
    weights: FitWeights,
    options?: Pick<EvaluatePredictorOptions, "predictions" | "signal">,
  ): Promise<PredictorReport | undefined>;
  /** Let the compiled function go. */
  dispose(): Promise<void>;
}

/**
 * Evaluate a predictor on all rows of a data set: in order, with an empty memory each; for "streams" every row goes on from the one
 * before it.
 *
 * @throws UsageError where the data set is not what the network reads or learns, or holds what is no number or class; what `signal`
 * was aborted with.
 * @example
 * const { metrics } = await evaluatePredictor({ network, weights: result.best, dataset: await splits.test(), engine });
 */
export async function evaluatePredictor(options: EvaluatePredictorOptions): Promise<PredictorReport> {
  const { network, weights, dataset, engine, predictions = false, signal } = options;
  requireFields(network, dataset, "evaluate");
  surveyData(network, dataset);
  const evaluator = await createEvaluator(network, dataset, engine);
  try {
    const report = await evaluator.evaluate(weights, { predictions, ...(signal ? { signal } : {}) });
    if (!report) throw signal!.reason;
    return report;
  } finally {
    await evaluator.dispose();
  }
}

/** Compile what evaluates `network` on `dataset`, which `requireFields` and `surveyData` have seen. */
export async function createEvaluator(
  network: PredictorNetwork,
  dataset: Dataset,
  engine: Engine,
  hooks: Pick<FitHooks, "transformParameters"> = {},
): Promise<PredictorEvaluator> {
  const plan = { network, fields: dataset.fields };
  const order = evaluationOrder(network, dataset);
  const compiled = await engine.compile(
    evaluationFunction(plan, hooks),
    evaluationInputs(plan, order.readers),
  );
  return {
    evaluate: (weights, { predictions = false, signal } = {}) =>
      evaluateRows(plan, dataset, order, { compiled, weights, predictions, ...(signal ? { signal } : {}) }),
    dispose: () => compiled.dispose(),
  };
}

/** List the metrics that a report of `network` may have, "loss" first. */
export function reportMetrics({ model, objectives }: PredictorNetwork): readonly string[] {
  const names = objectives.flatMap((objective, k) =>
    metricNames(objective, model.outputs[objective.output]!.shape).map((name) =>
      metricName(objective.output, k, name),
    ),
  );
  return ["loss", ...names];
}

/** Whether `value` of a metric is better than `before`. */
export function isBetter(metric: string, value: number, before: number): boolean {
  return isError(metric) ? value < before : value > before;
}

interface Evaluation {
  readonly compiled: CompiledFunction;
  readonly weights: FitWeights;
  readonly predictions: boolean;
  readonly signal?: AbortSignal;
}

async function evaluateRows(
  plan: PredictorPlan,
  dataset: Dataset,
  order: EvaluationOrder,
  { compiled, weights, predictions, signal }: Evaluation,
): Promise<PredictorReport | undefined> {
  const { rows, readers } = order;
  const { network, fields } = plan;
  const { model } = network;
  const collected = network.objectives.map((objective) =>
    collectedRows(plan, objective, rows.length, predictions),
  );
  const batch = emptyRows(
    Object.fromEntries(fieldsUsed(network).map((name) => [name, fields[name]!])),
    readers,
  );
  const feeds: Arrays = {
    parameters: weights.parameters,
    ...statisticsFeeds(weights.normalizers),
    ...fieldFeeds(batch),
    ...(model.memory ? { memory: new Float32Array(readers * memorySize(model)) } : {}),
  };
  const picked = new Int32Array(readers);
  const before = new Int32Array(readers).fill(-1);
  for (const places of order.steps()) {
    if (signal?.aborted) return undefined;
    // a reader at its end goes over its last row again, for nothing
    for (const [reader, place] of places.entries())
      picked[reader] = place < 0 ? Math.max(0, before[reader]!) : rows[place]!;
    if (network.order === "streams") forgetAtStarts(feeds.memory!, dataset, picked, before);
    before.set(picked);
    dataset.take(picked, batch);
    const outputs = await compiled.run(feeds);
    if (network.order === "streams") feeds.memory = outputs["memory.next"]!;
    for (const [k, { output, target }] of network.objectives.entries())
      collectRows(collected[k]!, places, {
        values: outputs[`output.${output}`] as Float32Array,
        losses: outputs[`loss.${k}`] as Float32Array,
        targets: batch[target]!,
      });
  }
  return summed(network, rows, collected);
}

/** Of one objective. */
interface Collected {
  readonly scores: ObjectiveScores;
  readonly losses: Float32Array;
  readonly predictions?: Float32Array;
}

function collectedRows(
  { network, fields }: PredictorPlan,
  objective: Objective,
  rows: number,
  predictions: boolean,
): Collected {
  const { shape } = network.model.outputs[objective.output]!;
  return {
    scores: objectiveScores(objective, shape, fields[objective.target]!, rows),
    losses: new Float32Array(rows),
    ...(predictions ? { predictions: new Float32Array(rows * sizeOf(shape)) } : {}),
  };
}

function collectRows(
  { scores, losses, predictions }: Collected,
  places: Int32Array,
  got: {
    readonly values: Float32Array;
    readonly losses: Float32Array;
    readonly targets: DataArrays[string];
  },
): void {
  const width = got.values.length / places.length;
  const wide = got.targets.length / places.length;
  for (const [reader, place] of places.entries()) {
    if (place < 0) continue;
    const values = got.values.subarray(reader * width, (reader + 1) * width);
    losses[place] = got.losses[reader]!;
    scores.add(values, got.targets.subarray(reader * wide, (reader + 1) * wide), 1);
    predictions?.set(values, place * width);
  }
}

/** Empty what a reader remembers where it does not go on. */
function forgetAtStarts(
  memory: Arrays[string],
  dataset: Dataset,
  picked: Int32Array,
  before: Int32Array,
): void {
  const size = memory.length / picked.length;
  for (const [reader, row] of picked.entries())
    if (isStart(dataset, row, before[reader]!)) memory.fill(0, reader * size, (reader + 1) * size);
}

function summed(
  { objectives }: PredictorNetwork,
  rows: Int32Array,
  collected: readonly Collected[],
): PredictorReport {
  const rowLosses = new Float32Array(rows.length);
  let loss = 0;
  const reports = objectives.map((objective, k): ObjectiveReport => {
    const { output, target, weight = 1 } = objective;
    const { losses, scores } = collected[k]!;
    const value = losses.reduce((sum, one) => sum + one, 0) / rows.length;
    loss += weight * value;
    for (let row = 0; row < rows.length; row++) rowLosses[row]! += weight * losses[row]!;
    return { output, target, loss: objective.loss, value, ...scores.report() };
  });
  const metrics = reports.flatMap(({ output, metrics }, k) =>
    Object.entries(metrics).map(([name, value]) => [metricName(output, k, name), value] as const),
  );
  const predictions = objectives.flatMap(({ output }, k) => {
    const kept = collected[k]!.predictions;
    return kept ? [[output, kept] as const] : [];
  });
  return {
    rows,
    loss,
    metrics: { loss, ...Object.fromEntries(metrics) },
    objectives: reports,
    rowLosses,
    ...(predictions.length > 0 ? { predictions: Object.fromEntries(predictions) } : {}),
  };
}

function metricName(output: string, objective: number, name: string): string {
  return objective === 0 ? name : `${output}/${name}`;
}
