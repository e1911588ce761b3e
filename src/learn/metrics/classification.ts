// How well classes are told apart: the confusion matrix and what follows from it.
import { requireClasses, requirePairs } from "./measured.js";

/** How often class `i` was taken for class `j`: `[i][j]`. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Of one class. What is undefined has a denominator of 0: the class was never predicted, or never there. */
export interface ClassScores {
  /** Share of the predictions of this class that are right; undefined where it is never predicted. */
  readonly precision: number | undefined;
  /** Share of this class that is predicted as such; undefined where there is none of it. */
  readonly recall: number | undefined;
  /** Harmonic mean of the two, 2 TP / (2 TP + FP + FN); undefined where it is neither there nor predicted. */
  readonly f1: number | undefined;
  /** How many there are of it. */
  readonly support: number;
}

/** Averages over classes. */
export interface AverageScores {
  /** Mean precision. */
  readonly precision: number;
  /** Mean recall. */
  readonly recall: number;
  /** Mean F1. */
  readonly f1: number;
}

/** All that a confusion matrix says. */
export interface ClassificationReport {
  /** Share of predictions that are right. */
  readonly accuracy: number;
  /** By class. */
  readonly classes: readonly ClassScores[];
  /** Over all predictions together: all three are the accuracy where each row has one class. */
  readonly micro: AverageScores;
  /** The plain mean over classes that are there or predicted; an undefined score counts as 0. */
  readonly macro: AverageScores;
  /** The mean weighted by how many there are of each class; an undefined score counts as 0. */
  readonly weighted: AverageScores;
  /** Classes with an undefined score: averages are to be read with that in mind. */
  readonly undefinedClasses: readonly number[];
}

/**
 * Count how often each class was taken for which.
 *
 * `labels` and `predictions` are class numbers from 0 to `numClasses` - 1, one per row.
 *
 * @throws UsageError where the lists differ in length, are empty, or hold what is no class.
 * @example
 * const matrix = confusionMatrix([0, 0, 1, 2], [0, 1, 1, 2], 3); // matrix[0][1] is 1
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  numClasses: number,
): ConfusionMatrix {
  requirePairs(["labels", labels], ["predictions", predictions]);
  requireClasses("labels", labels, numClasses);
  requireClasses("predictions", predictions, numClasses);
  const matrix = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (let i = 0; i < labels.length; i++) matrix[labels[i]!]![predictions[i]!]!++;
  return matrix;
}

/**
 * Return accuracy, and precision, recall and F1 of each class and on average (micro, macro, weighted).
 *
 * Averages are those of scikit-learn's `precision_recall_fscore_support` with its `zero_division` of 0; which scores are
 * undefined is told beside them.
 *
 * @throws Nothing.
 * @example
 * const { accuracy, macro } = classificationReport(confusionMatrix(labels, predictions, 6));
 */
export function classificationReport(matrix: ConfusionMatrix): ClassificationReport {
  const classes = matrix.map((_, index) => scoresOf(matrix, index));
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  const right = matrix.reduce((sum, row, index) => sum + row[index]!, 0);
  const accuracy = right / total;
  const present = classes.filter(({ f1 }) => f1 !== undefined);
  const mean = (weight: (scores: ClassScores) => number): AverageScores => {
    const weights = present.reduce((sum, scores) => sum + weight(scores), 0);
    const of = (key: keyof AverageScores) =>
      present.reduce((sum, scores) => sum + weight(scores) * (scores[key] ?? 0), 0) / weights;
    return { precision: of("precision"), recall: of("recall"), f1: of("f1") };
  };
  return {
    accuracy,
    classes,
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    macro: mean(() => 1),
    weighted: mean(({ support }) => support),
    undefinedClasses: [...classes.keys()].filter((index) => {
      const { precision, recall } = classes[index]!;
      return precision === undefined || recall === undefined;
    }),
  };
}

function scoresOf(matrix: ConfusionMatrix, index: number): ClassScores {
  const right = matrix[index]![index]!;
  const support = matrix[index]!.reduce((sum, count) => sum + count, 0);
  const predicted = matrix.reduce((sum, row) => sum + row[index]!, 0);
  const share = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
  return {
    precision: share(right, predicted),
    recall: share(right, support),
    f1: share(2 * right, predicted + support),
    support,
  };
}
