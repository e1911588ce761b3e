// What predictions are worth by an objective: accuracy and calibration of classes, overlap of masks, errors of numbers.
import type { DataArrays, DataField } from "../data/dataset.js";
import { indexOfGreatest } from "../math/index-of-greatest.js";
import { sizeOf } from "../math/shape.js";
import { isOfClasses } from "./losses.js";
import { expectedCalibrationError, reliabilityDiagram } from "./metrics/calibration.js";
import { type ConfusionMatrix, classificationReport, confusionMatrix } from "./metrics/classification.js";
import type { Objective } from "./predictor.js";
import type { ObjectiveReport } from "./predictor-report.js";

/** Takes in the predictions of rows, and says at the end what they were worth. */
export interface ObjectiveScores {
  /** Take in `rows` rows of the output and the target, from the beginning of each. */
  add(output: Float32Array, target: DataArrays[string], rows: number): void;
  /** Sum up; there was a row at least. */
  report(): Pick<ObjectiveReport, "metrics" | "classes">;
}

/** A matrix of more classes is too large to be read. */
const LARGEST_MATRIX = 256;

/** Metrics of which less is better; of all others more is. */
const ERRORS: readonly string[] = ["loss", "rmse", "mae", "ece", "nats"];

/** Whether less is better of a metric of this name. */
export function isError(metric: string): boolean {
  return ERRORS.includes(metric.slice(metric.lastIndexOf("/") + 1));
}

/** List the metrics of an objective whose output has this shape. */
export function metricNames({ loss }: Objective, output: readonly number[]): readonly string[] {
  if (isOfClasses(loss)) {
    const ofMatrix =
      output.at(-1)! > LARGEST_MATRIX ? [] : ["f1_macro", ...(isPicture(output) ? ["iou"] : [])];
    return ["accuracy", ...ofMatrix, "ece", ...(output.length > 1 ? ["nats"] : [])];
  }
  if (loss === "binary-cross-entropy") return ["accuracy", "f1", "iou"];
  return loss === "quantile" ? ["rmse", "mae", "coverage"] : ["rmse", "mae"];
}

/** Begin to score an objective whose output has this shape, and whose target is `field`, on as many rows as `rows`. */
export function objectiveScores(
  objective: Objective,
  output: readonly number[],
  field: DataField,
  rows: number,
): ObjectiveScores {
  if (isOfClasses(objective.loss)) return classScores(output, field, rows);
  if (objective.loss === "binary-cross-entropy") return maskScores(sizeOf(output));
  if (objective.loss === "quantile") return quantileScores(sizeOf(output), objective.quantiles);
  return numberScores(sizeOf(output));
}

function classScores(shape: readonly number[], field: DataField, rows: number): ObjectiveScores {
  const depth = shape.at(-1)!;
  const positions = sizeOf(shape) / depth;
  const labels = new Int32Array(rows * positions);
  const predicted = new Int32Array(rows * positions);
  const confidences = new Float32Array(rows * positions);
  const correct = new Uint8Array(rows * positions);
  let [count, right, nats] = [0, 0, 0];
  return {
    add(output, target, added) {
      for (let k = 0; k < added * positions; k++) {
        const logits = output.subarray(k * depth, (k + 1) * depth);
        const best = indexOfGreatest(logits);
        let sum = 0;
        for (let c = 0; c < depth; c++) sum += Math.exp(logits[c]! - logits[best]!);
        const truth = target[k]!;
        labels[count] = truth;
        predicted[count] = best;
        confidences[count] = 1 / sum;
        correct[count] = truth === best ? 1 : 0;
        right += correct[count]!;
        nats += Math.log(sum) - (logits[truth]! - logits[best]!);
        count++;
      }
    },
    report() {
      const names = field.classes ?? Array.from({ length: depth }, (_, k) => String(k));
      const matrix = depth > LARGEST_MATRIX ? undefined : confusionMatrix(labels, predicted, depth);
      const scores = matrix && classificationReport(matrix);
      const iou = matrix && isPicture(shape) ? meanIou(matrix) : undefined;
      return {
        metrics: {
          accuracy: right / count,
          ...(scores ? { f1_macro: scores.macro.f1 } : {}),
          ...(iou === undefined ? {} : { iou }),
          ece: expectedCalibrationError(confidences, correct),
          ...(shape.length > 1 ? { nats: nats / count } : {}),
        },
        classes: {
          names: names.slice(0, depth),
          ...(matrix ? { confusion: matrix } : {}),
          ...(scores ? { scores } : {}),
          reliability: reliabilityDiagram(confidences, correct),
        },
      };
    },
  };
}

function maskScores(width: number): ObjectiveScores {
  let [count, right, both, either] = [0, 0, 0, 0];
  return {
    add(output, target, rows) {
      for (let k = 0; k < rows * width; k++) {
        const guess = output[k]! > 0;
        const truth = target[k]! > 0.5;
        if (guess === truth) right++;
        if (guess && truth) both++;
        if (guess || truth) either++;
      }
      count += rows * width;
    },
    report: () => ({
      metrics: {
        accuracy: right / count,
        ...(either === 0 ? {} : { f1: (2 * both) / (both + either), iou: both / either }),
      },
    }),
  };
}

function numberScores(width: number): ObjectiveScores {
  const errors = errorSums();
  return {
    add(output, target, rows) {
      for (let k = 0; k < rows * width; k++) errors.add(output[k]! - target[k]!);
    },
    report: () => ({ metrics: errors.metrics() }),
  };
}

function quantileScores(width: number, quantiles: readonly number[]): ObjectiveScores {
  const errors = errorSums();
  const depth = quantiles.length;
  const middle = indexOfGreatest(quantiles.map((quantile) => -Math.abs(quantile - 0.5)));
  let [count, covered] = [0, 0];
  return {
    add(output, target, rows) {
      for (let k = 0; k < (rows * width) / depth; k++) {
        const truth = target[k]!;
        errors.add(output[k * depth + middle]! - truth);
        if (output[k * depth]! <= truth && truth <= output[k * depth + depth - 1]!) covered++;
        count++;
      }
    },
    report: () => ({ metrics: { ...errors.metrics(), coverage: covered / count } }),
  };
}

function errorSums() {
  let [count, squares, sizes] = [0, 0, 0];
  return {
    add(error: number) {
      count++;
      squares += error * error;
      sizes += Math.abs(error);
    },
    metrics: () => ({ rmse: Math.sqrt(squares / count), mae: sizes / count }),
  };
}

/** The mean over the classes that are there or predicted. */
function meanIou(matrix: ConfusionMatrix): number {
  const each = matrix.flatMap((row, index) => {
    const both = row[index]!;
    const either =
      row.reduce((sum, count) => sum + count, 0) +
      matrix.reduce((sum, other) => sum + other[index]!, 0) -
      both;
    return either === 0 ? [] : [both / either];
  });
  return each.reduce((sum, iou) => sum + iou, 0) / each.length;
}

/** Whether an output has a class at each pixel. */
function isPicture(output: readonly number[]): boolean {
  return output.length === 3;
}
