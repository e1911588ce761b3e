// What the best epoch of a fit came to on the rows that it is chosen by: for people to look at.
import type { Arrays, Engine } from "../../compile/engines/engine.js";
import { type DataArrays, type DataSplits, type Dataset, emptyRows } from "../../data/dataset.js";
import { toBase64 } from "../../deploy/base64.js";
import type { FitState } from "../../learn/fit-state.js";
import { isOfClasses } from "../../learn/losses.js";
import type { Objective, PredictorNetwork } from "../../learn/predictor.js";
import { fieldsUsed } from "../../learn/predictor-functions.js";
import { type PredictorReport, worstRows } from "../../learn/predictor-report.js";
import { sizeOf } from "../../math/shape.js";
import { compileModel } from "../../model/compile-model.js";
import { modelWeights } from "../../model/trained-model.js";
import type { FitExample, FitValidation } from "../../recording/fit-validation.js";
import type { FitFolder } from "./fit-folder.js";

/** What is looked at. */
export interface Validated {
  readonly network: PredictorNetwork;
  readonly splits: Pick<DataSplits, "validation">;
  readonly engine: Engine;
  /** Whose best epoch is the one reported. */
  readonly state: FitState;
  readonly report: PredictorReport;
}

const EXAMPLES = 24;
/** Rows of a plot of predictions against the truth. */
const PAIRS = 384;
/** Rows that are predicted at once. */
const BATCH = 24;
/** Bytes of all pictures. */
const MOST_PICTURE_BYTES = 2 ** 22;

/** Write validation.json: metrics, confusion of classes or predictions against the truth, and the worst examples. */
export async function saveValidation(folder: FitFolder, validated: Validated): Promise<void> {
  folder.saveJson("validation.json", await describeValidation(validated));
}

async function describeValidation({
  network,
  splits,
  engine,
  state,
  report,
}: Validated): Promise<FitValidation> {
  const [objective] = network.objectives;
  const classes = report.objectives[0]?.classes;
  const described = {
    epoch: state.best!.epoch,
    rows: report.rows.length,
    metrics: { ...report.metrics },
    ...(classes
      ? {
          classes: {
            names: [...classes.names],
            ...(classes.confusion ? { confusion: classes.confusion.map((row) => [...row]) } : {}),
          },
        }
      : {}),
  };
  // what is remembered of rows before is not at hand
  if (!objective || network.order === "streams") return { ...described, worst: [] };
  const { validation } = splits;
  const places = worstRows(report, EXAMPLES);
  const isNumber = !classes && sizeOf(validation.fields[objective.target]!.shape) === 1;
  const shown = isNumber ? spread(report.rows, PAIRS) : new Int32Array();
  const rows = Int32Array.from([...places.map((place) => report.rows[place]!), ...shown]);
  const { inputs, outputs } = await predicted({ network, engine, state, dataset: validation }, rows);
  const read = { network, dataset: validation, objective, inputs, outputs };
  const worst = Array.from(places, (place, k) => ({
    row: report.rows[place]!,
    loss: report.rowLosses[place]!,
    ...exampleOf(read, k),
  }));
  return {
    ...described,
    worst: withinBytes(worst),
    ...(isNumber ? { pairs: pairsOf(read, places.length, shown.length) } : {}),
  };
}

/** `count` of the rows at equal distances; all where there are no more. */
function spread(rows: Int32Array, count: number): Int32Array {
  if (rows.length <= count) return rows;
  return Int32Array.from({ length: count }, (_, k) => rows[Math.floor((k * rows.length) / count)]!);
}

/** The fields of `rows`, and what the best model says to them. */
async function predicted(
  {
    network,
    engine,
    state,
    dataset,
  }: Pick<Validated, "network" | "engine" | "state"> & { readonly dataset: Dataset },
  rows: Int32Array,
): Promise<{ inputs: DataArrays; outputs: Arrays }> {
  const { model } = network;
  const fields = Object.fromEntries(fieldsUsed(network).map((name) => [name, dataset.fields[name]!]));
  const inputs = emptyRows(fields, rows.length);
  if (rows.length > 0) dataset.take(rows, inputs);
  const outputs = Object.fromEntries(
    Object.entries(model.outputs).map(([name, { shape }]) => [
      name,
      new Float32Array(rows.length * sizeOf(shape)),
    ]),
  );
  const normalizers = state.normalizers;
  const runner = await compileModel(model, engine, { rows: BATCH, normalized: Object.keys(normalizers) });
  runner.load(modelWeights({ parameters: state.best!.parameters, normalizers }));
  for (let from = 0; from < rows.length; from += BATCH) {
    const count = Math.min(BATCH, rows.length - from);
    runner.reset();
    for (const [name, target] of Object.entries(runner.inputs)) {
      const width = target.length / BATCH;
      target.set(inputs[name]!.subarray(from * width, (from + count) * width));
    }
    const results = await runner.predict();
    for (const [name, target] of Object.entries(outputs)) {
      const width = target.length / rows.length;
      target.set(results[name]!.subarray(0, count * width) as Float32Array, from * width);
    }
  }
  await runner.dispose();
  return { inputs, outputs };
}

interface Read {
  readonly network: PredictorNetwork;
  readonly dataset: Dataset;
  readonly objective: Objective;
  readonly inputs: DataArrays;
  readonly outputs: Arrays;
}

function exampleOf(read: Read, k: number): Omit<FitExample, "row" | "loss"> {
  const { dataset, objective, inputs, outputs, network } = read;
  const field = dataset.fields[objective.target]!;
  const size = sizeOf(field.shape);
  const truth = inputs[objective.target]!.subarray(k * size, (k + 1) * size);
  const { shape } = network.model.outputs[objective.output]!;
  const width = sizeOf(shape);
  const values = outputs[objective.output]!.subarray(k * width, (k + 1) * width);
  const picture = pictureOf(read, k);
  const said = isOfClasses(objective.loss)
    ? classTexts(truth, values, field.classes)
    : numberTexts(truth, middle(values, objective), field.unit);
  return { ...said, ...(picture ? { picture } : {}) };
}

/** Classes by their names; of a single one with how sure the model is. */
function classTexts(
  truth: ArrayLike<number>,
  logits: ArrayLike<number>,
  classes: readonly string[] | undefined,
) {
  const count = logits.length / truth.length;
  const nameOf = (label: number) => classes?.[label] ?? String(label);
  const guesses = Array.from({ length: truth.length }, (_, position) => {
    const own = Array.from({ length: count }, (_, k) => logits[position * count + k]!);
    const best = own.indexOf(Math.max(...own));
    const share = 1 / own.reduce((sum, value) => sum + Math.exp(value - own[best]!), 0);
    return { best, share };
  });
  const [only] = guesses;
  if (guesses.length === 1)
    return {
      truth: nameOf(truth[0]!),
      prediction: `${nameOf(only!.best)} (${(100 * only!.share).toFixed(0)}\u00a0%)`,
    };
  const between = classes?.every((name) => name.length === 1) ? "" : " ";
  return {
    truth: Array.from(truth, nameOf).join(between).slice(0, 200),
    prediction: guesses
      .map(({ best }) => nameOf(best))
      .join(between)
      .slice(0, 200),
  };
}

function numberTexts(truth: ArrayLike<number>, values: ArrayLike<number>, unit = "1") {
  const text = (all: ArrayLike<number>) => {
    const shown = Array.from(all)
      .slice(0, 6)
      .map((value) => String(Number(value.toPrecision(4))));
    return `${shown.join(", ")}${all.length > 6 ? ", ..." : ""}${unit === "1" ? "" : ` ${unit}`}`;
  };
  return { truth: text(truth), prediction: text(values) };
}

/** Of quantiles the middle one, else what there is. */
function middle(values: ArrayLike<number>, objective: Objective): ArrayLike<number> {
  if (objective.loss !== "quantile") return values;
  const { quantiles } = objective;
  const at = nearest(quantiles, 0.5);
  return Array.from(
    { length: values.length / quantiles.length },
    (_, k) => values[k * quantiles.length + at]!,
  );
}

function nearest(quantiles: readonly number[], share: number): number {
  const distances = quantiles.map((quantile) => Math.abs(quantile - share));
  return distances.indexOf(Math.min(...distances));
}

/** The row's only picture, as bytes; undefined where it has none, or several. */
function pictureOf({ network, dataset, inputs }: Read, k: number): FitExample["picture"] {
  const names = Object.keys(network.model.inputs).filter((name) => isPicture(dataset.fields[name]!.shape));
  const [name] = names;
  if (name === undefined || names.length > 1) return undefined;
  const [height, width, channels] = dataset.fields[name]!.shape as [number, number, 1 | 3];
  const size = height * width * channels;
  const values = inputs[name]!.subarray(k * size, (k + 1) * size);
  return {
    width,
    height,
    channels,
    bytes: toBase64(values instanceof Uint8Array ? values : stretched(values)),
  };
}

function isPicture(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels] = shape;
  return shape.length === 3 && height > 1 && width > 1 && (channels === 1 || channels === 3);
}

/** Numbers as bytes, the least dark and the greatest bright. */
function stretched(values: ArrayLike<number>): Uint8Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  return Uint8Array.from(values, (value) => Math.round((255 * (value - low)) / (high - low || 1)));
}

/** Leave out pictures that would make the file too large. */
function withinBytes(examples: readonly FitExample[]): FitExample[] {
  let bytes = 0;
  return examples.map(({ picture, ...example }) => {
    bytes += picture?.bytes.length ?? 0;
    return picture && bytes <= MOST_PICTURE_BYTES ? { ...example, picture } : example;
  });
}

/** Truth and prediction of the rows behind the first `skipped`, in the order of the truth. */
function pairsOf({ objective, dataset, inputs, outputs }: Read, skipped: number, count: number) {
  const { unit } = dataset.fields[objective.target]!;
  const truth = inputs[objective.target]!.subarray(skipped);
  const values = outputs[objective.output]!.subarray(
    skipped * (outputs[objective.output]!.length / (skipped + count)),
  );
  const order = Array.from({ length: count }, (_, k) => k).sort((a, b) => truth[a]! - truth[b]! || a - b);
  const width = values.length / count;
  const column = (at: number) => order.map((k) => values[k * width + at]!);
  const quantiles = objective.loss === "quantile" ? objective.quantiles : undefined;
  return {
    name: objective.target,
    ...(unit === undefined ? {} : { unit }),
    truth: order.map((k) => truth[k]!),
    prediction: column(quantiles ? nearest(quantiles, 0.5) : 0),
    ...(quantiles && quantiles.length > 1 ? { low: column(0), high: column(quantiles.length - 1) } : {}),
  };
}
