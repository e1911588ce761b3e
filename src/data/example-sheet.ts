// Examples of a data set on one picture: pictures class by class, or series as curves.
import { encode } from "fast-png";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import { type DataField, type Dataset, emptyRows } from "./dataset.js";

/** Examples side by side, and rows of them at most. */
const [COLUMNS, ROWS] = [10, 12];
/** Pixels between examples. */
const GAP = 2;
/** Size of a series' curves, pixels. */
const [PLOT_WIDTH, PLOT_HEIGHT] = [96, 64];
const BACKGROUND = 40;
/** Colours of curves, one after another (Okabe and Ito, 2008). */
const COLORS = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
] as const;

/**
 * Draw examples of a data set as a PNG: up to ten of each of twelve classes, a row for each, or as many from everywhere where there are no classes.
 *
 * Pictures are drawn as they are, series [T, F] as curves of their first six entries, each over its range in all examples.
 *
 * @throws UsageError where the data has neither pictures nor series.
 * @example
 * writeFileSync("examples.png", exampleSheet(train));
 */
export function exampleSheet(dataset: Dataset): Uint8Array {
  const [name, field] = drawnField(dataset);
  const isPicture = field.shape.length === 3;
  const [height, width] = isPicture ? field.shape : [PLOT_HEIGHT, PLOT_WIDTH];
  const lines = chooseRows(dataset);
  const chosen = Int32Array.from(lines.flat());
  const examples = emptyRows({ [name]: field }, chosen.length);
  dataset.take(chosen, examples);
  const values = examples[name]!;
  const ranges = isPicture ? [] : rangesOf(values, field.shape[1]!);
  const size = sizeOf(field.shape);
  const sheetWidth = COLUMNS * (width! + GAP) + GAP;
  const sheetHeight = lines.length * (height! + GAP) + GAP;
  const sheet = new Uint8Array(sheetWidth * sheetHeight * 3).fill(BACKGROUND);
  let at = 0;
  for (const [y, rows] of lines.entries())
    for (const x of rows.keys()) {
      const example = values.subarray(at * size, (at + 1) * size);
      at++;
      const drawn = isPicture ? picturePixels(example, field) : curvePixels(example, ranges);
      const corner = (GAP + y * (height! + GAP)) * sheetWidth + GAP + x * (width! + GAP);
      for (let line = 0; line < height!; line++)
        sheet.set(
          drawn.subarray(line * width! * 3, (line + 1) * width! * 3),
          3 * (corner + line * sheetWidth),
        );
    }
  return encode({ width: sheetWidth, height: sheetHeight, channels: 3, data: sheet });
}

function drawnField({ fields, provenance }: Dataset): [string, DataField] {
  const found =
    Object.entries(fields).find(([, { shape, dtype }]) => shape.length === 3 && dtype === "uint8") ??
    Object.entries(fields).find(([, { shape, dtype }]) => shape.length === 2 && dtype !== "int32");
  if (found) return found;
  throw new UsageError(
    `${provenance.name} has neither pictures nor series to draw: its fields are ${Object.keys(fields).join(", ")}.`,
  );
}

/** Rows of each line: the first ones of each class, or all of the first. */
function chooseRows(dataset: Dataset): readonly (readonly number[])[] {
  const labels = Object.entries(dataset.fields).find(([, { shape, classes }]) => classes && !shape.length);
  const all = Int32Array.from({ length: dataset.size }, (_, row) => row);
  if (!labels) {
    const count = Math.min(ROWS * COLUMNS, dataset.size);
    const spread = Array.from({ length: count }, (_, k) => Math.floor((k * dataset.size) / count));
    return Array.from({ length: Math.ceil(count / COLUMNS) }, (_, line) =>
      spread.slice(line * COLUMNS, (line + 1) * COLUMNS),
    );
  }
  const [name, field] = labels;
  const column = emptyRows({ [name]: field }, dataset.size);
  dataset.take(all, column);
  const lines = field.classes!.slice(0, ROWS).map((): number[] => []);
  for (const [row, label] of column[name]!.entries())
    if (lines[label] && lines[label].length < COLUMNS) lines[label].push(row);
  return lines.filter((line) => line.length > 0);
}

function picturePixels(
  pixels: ArrayLike<number>,
  { shape: [height, width, channels] }: DataField,
): Uint8Array {
  const colors = new Uint8Array(height! * width! * 3);
  for (let k = 0; k < height! * width!; k++)
    for (let c = 0; c < 3; c++) colors[3 * k + c] = pixels[k * channels! + Math.min(c, channels! - 1)]!;
  return colors;
}

/** Least and greatest number of each entry over all steps of all examples. */
function rangesOf(values: ArrayLike<number>, width: number): readonly (readonly [number, number])[] {
  return Array.from({ length: width }, (_, entry) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = entry; k < values.length; k += width) {
      low = Math.min(low, values[k]!);
      high = Math.max(high, values[k]!);
    }
    return [low, high] as const;
  });
}

/** Curves of a series [T, F], from the least number at the bottom to the greatest at the top. */
function curvePixels(
  series: ArrayLike<number>,
  ranges: readonly (readonly [low: number, high: number])[],
): Uint8Array {
  const drawn = new Uint8Array(PLOT_WIDTH * PLOT_HEIGHT * 3);
  const steps = series.length / ranges.length;
  for (const [entry, color] of COLORS.entries()) {
    const [low, high] = ranges[entry] ?? [0, 0];
    if (high <= low) continue;
    const valueAt = (t: number) => series[t * ranges.length + entry]!;
    const heightAt = (x: number) => {
      const t = (x / (PLOT_WIDTH - 1)) * (steps - 1);
      const [left, right] = [valueAt(Math.floor(t)), valueAt(Math.ceil(t))];
      const value = left + (right - left) * (t - Math.floor(t));
      return Math.round((PLOT_HEIGHT - 1) * (1 - (value - low) / (high - low)));
    };
    for (let x = 0; x < PLOT_WIDTH; x++) {
      const [before, y] = [heightAt(Math.max(0, x - 1)), heightAt(x)];
      for (let line = Math.min(before, y); line <= Math.max(before, y); line++)
        drawn.set(color, 3 * (line * PLOT_WIDTH + x));
    }
  }
  return drawn;
}
