// Text as windows of characters, each to be followed by the next: its beginning to learn from, its end to test.
import { UsageError } from "../math/usage-error.js";
import type { DataSplits } from "./dataset.js";
import { type DataProvenance, type Dataset, tableDataset } from "./dataset.js";
import { encodeText } from "./readers/text.js";
import { windowDataset } from "./windows.js";

/** How a text becomes rows. */
export interface TextOptions {
  /** Name of the text, for messages. */
  readonly file: string;
  /** Characters of a window, T. */
  readonly length: number;
  /** Characters from the beginning of one training window to that of the next. */
  readonly stride: number;
  /** Share of the text, before the test, that is chosen by. */
  readonly validation: number;
  /** Share of the text, its end, that is reported on. */
  readonly test: number;
  readonly provenance: DataProvenance;
}

/**
 * Part a text into windows to learn from, to choose by and to report on, in the order of the text.
 *
 * Fields: `tokens` [T] int32, the characters' numbers in the alphabet of the whole text (`classes`), and `next` [T], the one after each.
 *
 * @throws UsageError where a part is shorter than a window.
 */
export function textSplits(text: string, options: TextOptions): DataSplits {
  const { file, length, stride, validation, test, provenance } = options;
  const { tokens, alphabet } = encodeText(text, file);
  const ends = [1 - test - validation, 1 - test, 1].map((share) => Math.floor(share * tokens.length));
  const part = (k: number, step: number): Dataset => {
    const range = tokens.subarray(ends[k - 1] ?? 0, ends[k]!);
    if (range.length <= length)
      throw new UsageError(
        `${file} is too short: ${PARTS[k]} gets ${range.length} of its ${tokens.length} characters, and a window with the next one needs ${length + 1}. Take more text, or shorter windows.`,
      );
    const field = { shape: [], dtype: "int32", classes: alphabet } as const;
    const characters = tableDataset(
      { tokens: field, next: field },
      { tokens: range.subarray(0, -1), next: range.subarray(1) },
      provenance,
    );
    return windowDataset(characters, { length, stride: step, fields: { tokens: "every", next: "every" } });
  };
  // what is too short is said before anything is learned
  const held = part(2, length);
  return { train: part(0, stride), validation: part(1, length), test: () => Promise.resolve(held) };
}

const PARTS = ["training", "validation", "the test"];
