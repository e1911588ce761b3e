// Rows of a fit's validation split with what is explained of each.
import { type DataField, type Dataset, emptyRows } from "../data/dataset.js";
import { inputGrid } from "../explain/picture-grid.js";
import type { ReportRow } from "../explain/report-page.js";
import { softmaxRows } from "../explain/scores.js";
import { isOfClasses } from "../learn/losses.js";
import type { Objective, PredictorNetwork } from "../learn/predictor.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelOutput } from "../model/model.js";
import { chooseRows, type ExplainedRows, type WantedRows } from "./explained-rows.js";
import type { TrainedPredictorRun } from "./open-trained.js";

/** Field that says which places of a row are to be found. */
const MASK = "mask";

/** Take rows of the validation split, and choose the number of each. */
export async function explainFitRows(
  { fit, network, splits, trained }: TrainedPredictorRun,
  wanted: WantedRows,
): Promise<ExplainedRows> {
  const { model } = network;
  const { validation } = await splits();
  const numbers = chooseRows(validation.size, wanted, "rows of the validation split");
  const objective = chooseObjective(network);
  const output = model.outputs[objective.output]!;
  const grid = inputGrid(model);
  const names = [...new Set([...Object.keys(model.inputs), objective.target])];
  const mask = validation.fields[MASK];
  const hasMask = mask !== undefined && sizeOf(mask.shape) === grid.height * grid.width;
  const fields = Object.fromEntries(
    [...names, ...(hasMask ? [MASK] : [])].map((name) => [name, validation.fields[name]!]),
  );
  const taken = emptyRows(fields, numbers.length);
  validation.take(Int32Array.from(numbers), taken);
  const inputs = Object.fromEntries(Object.keys(model.inputs).map((name) => [name, taken[name]!]));
  const runner = await wanted.createRunner(numbers.length);
  const said = (await runner.peek(inputs))[objective.output] as Float32Array;
  const field = validation.fields[objective.target]!;
  const part = { objective, output, field, said, truth: taken[objective.target]!, numbers, wanted };
  const { index, rows } = isOfClasses(objective.loss) ? classRows(part) : numberRows(part);
  const { predictor, data } = fit.config;
  return {
    ...{ runner, inputs, numbers, rows, entries: entryNames(validation, grid.input) },
    target: { output: objective.output, index, softmax: isOfClasses(objective.loss) },
    ...(hasMask ? { mask: taken[MASK]! } : {}),
    title: `${predictor} on ${data}, explained`,
    lines: [
      `Run ${fit.path}, model of epoch ${String(trained.provenance.epoch ?? "unknown")}.`,
      `${numbers.length} of ${validation.size} rows of the validation split; the output "${objective.output}" is explained, the class or number "${wanted.class}".`,
    ],
  };
}

/** Classes of whole rows before other classes, and before numbers. */
function chooseObjective({ objectives, model }: PredictorNetwork): Objective {
  const classes = objectives.filter(({ loss }) => isOfClasses(loss));
  const whole = classes.find(({ output }) => model.outputs[output]!.shape.length === 1);
  return whole ?? classes[0] ?? objectives[0]!;
}

interface SaidOfRows {
  readonly objective: Objective;
  readonly output: ModelOutput;
  readonly field: DataField;
  readonly said: Float32Array;
  readonly truth: ArrayLike<number>;
  readonly numbers: readonly number[];
  readonly wanted: WantedRows;
}

interface ChosenNumbers {
  readonly index: number[];
  readonly rows: ReportRow[];
}

/** Of several positions the last is explained. */
function classRows({ output, field, said, truth, numbers, wanted }: SaidOfRows): ChosenNumbers {
  const depth = output.shape.at(-1)!;
  const size = sizeOf(output.shape);
  const names = Array.from({ length: depth }, (_, k) => field.classes?.[k] ?? String(k));
  const probabilities = softmaxRows(said, depth);
  const named = names.indexOf(wanted.class);
  if (named < 0 && wanted.class !== "predicted" && wanted.class !== "true")
    throw new UsageError(
      `There is no class "${wanted.class}" to explain. The classes are: predicted, true, ${names.join(", ")}.`,
    );
  const index: number[] = [];
  const rows = numbers.map((number, row): ReportRow => {
    const start = (row + 1) * size - depth;
    const own = probabilities.subarray(start, start + depth);
    const predicted = own.indexOf(Math.max(...own));
    const true_ = truth[(row + 1) * (truth.length / numbers.length) - 1]!;
    // a class may be called "true"
    const chosen = named >= 0 ? named : wanted.class === "true" ? true_ : predicted;
    index.push(size - depth + chosen);
    const chance = (k: number) => `${names[k]} (${(100 * own[k]!).toFixed(1)} %)`;
    const facts = {
      truth: names[true_] ?? String(true_),
      predicted: chance(predicted),
      explained: chance(chosen),
    };
    return { title: `Row ${number}`, facts };
  });
  return { index, rows };
}

/** Of quantiles the middle one is explained, of several numbers the last, of masks where it is greatest. */
function numberRows({ objective, output, said, truth, numbers, field, wanted }: SaidOfRows): ChosenNumbers {
  const size = sizeOf(output.shape);
  const names = output.entries?.map(({ name }) => name) ?? [];
  const named = names.indexOf(wanted.class);
  if (named < 0 && wanted.class !== "predicted")
    throw new UsageError(
      `There is no "${wanted.class}" to explain: the output "${objective.output}" is numbers, no classes. It can be: ${["predicted", ...names].join(", ")}.`,
    );
  const unit = field.unit === undefined || field.unit === "1" ? "" : ` ${field.unit}`;
  const index: number[] = [];
  const rows = numbers.map((number, row): ReportRow => {
    const own = said.subarray(row * size, (row + 1) * size);
    const chosen = named >= 0 ? named : defaultNumber(objective, own);
    index.push(chosen);
    const width = truth.length / numbers.length;
    const expected = truth[row * width + (width === size ? chosen : width - 1)]!;
    const facts = { truth: shown(expected) + unit, predicted: shown(own[chosen]!) + unit };
    return { title: `Row ${number}`, facts };
  });
  return { index, rows };
}

function defaultNumber(objective: Objective, own: Float32Array): number {
  if (objective.loss === "quantile") {
    const distances = objective.quantiles.map((quantile) => Math.abs(quantile - 0.5));
    return own.length - distances.length + distances.indexOf(Math.min(...distances));
  }
  if (objective.loss !== "binary-cross-entropy") return own.length - 1;
  let best = 0;
  for (const [k, value] of own.entries()) if (value > own[best]!) best = k;
  return best;
}

function entryNames({ fields }: Dataset, input: string): string[] {
  const { shape, entries } = fields[input]!;
  return Array.from({ length: shape.at(-1) ?? 1 }, (_, k) => entries?.[k]?.name ?? `${input}[${k}]`);
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
