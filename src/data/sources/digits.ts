// Drawn digits: strokes of the ten digits, written by hands that lean, press and tremble differently.
import { createRandom, type Random } from "../../math/random.js";
import type { DataSource } from "../data-source.js";
import { type Dataset, tableDataset } from "../dataset.js";
import { wholeSetting } from "../source-settings.js";

const SIZE = 28;
const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** A stroke through points, x to the right and y down, both 0 to 1. */
type Stroke = readonly (readonly [x: number, y: number])[];

/** Strokes of each digit. */
const STROKES: readonly (readonly Stroke[])[] = [
  [arc([0.5, 0.5], [0.28, 0.4], 0, 360)],
  [
    [
      [0.35, 0.25],
      [0.54, 0.1],
      [0.54, 0.9],
    ],
  ],
  [
    [...arc([0.5, 0.33], [0.27, 0.23], 180, 380), [0.22, 0.9]],
    [
      [0.22, 0.9],
      [0.8, 0.9],
    ],
  ],
  [arc([0.47, 0.3], [0.25, 0.2], 200, 450), arc([0.47, 0.7], [0.29, 0.2], 270, 520)],
  [
    [
      [0.6, 0.1],
      [0.2, 0.6],
      [0.82, 0.6],
    ],
    [
      [0.63, 0.35],
      [0.63, 0.92],
    ],
  ],
  [[[0.76, 0.1], [0.32, 0.1], [0.29, 0.45], ...arc([0.48, 0.66], [0.28, 0.24], 235, 510)]],
  [[[0.68, 0.1], ...arc([0.55, 0.6], [0.3, 0.45], 250, 180)], arc([0.5, 0.68], [0.25, 0.22], 0, 360)],
  [
    [
      [0.2, 0.12],
      [0.8, 0.12],
      [0.42, 0.92],
    ],
  ],
  [arc([0.5, 0.3], [0.22, 0.2], 0, 360), arc([0.5, 0.7], [0.27, 0.21], 0, 360)],
  [arc([0.5, 0.32], [0.25, 0.22], 0, 360), [[0.75, 0.32], ...arc([0.45, 0.4], [0.3, 0.5], 0, 70)]],
];

/**
 * `rows` drawn digits to learn from, a fifth as many to choose by and a fifth to test; nothing is downloaded.
 *
 * Fields as those of "mnist": `image` [28, 28, 1] uint8, 0 (paper) to 255 (ink); `label` int32, 0 to 9.
 */
export const digits: DataSource = {
  id: "digits",
  description: "drawn digits, 28 x 28, 10 classes",
  licence: "CC0-1.0",
  files: [],
  settings: { rows: 5000 },
  async load(_files, settings, seed) {
    const rows = wholeSetting(settings, "rows", 50, 200_000);
    const part = (name: string, count: number) =>
      drawn(count, `${seed}/digits/${name}`, { ...settings, seed });
    const held = Math.ceil(rows / 5);
    return {
      train: part("train", rows),
      validation: part("validation", held),
      test: async () => part("test", held),
    };
  },
};

function drawn(count: number, stream: string, settings: Readonly<Record<string, unknown>>): Dataset {
  const random = createRandom(stream);
  const image = new Uint8Array(count * SIZE * SIZE);
  const label = Int32Array.from({ length: count }, (_, row) => row % DIGITS.length);
  for (let row = 0; row < count; row++)
    drawDigit(STROKES[label[row]!]!, random, image.subarray(row * SIZE * SIZE, (row + 1) * SIZE * SIZE));
  return tableDataset(
    {
      image: { shape: [SIZE, SIZE, 1], dtype: "uint8" },
      label: { shape: [], dtype: "int32", classes: DIGITS },
    },
    { image, label },
    { name: "digits", source: "generated", licence: "CC0-1.0", settings },
  );
}

/** Draw strokes as one hand would: turned, sheared, stretched, shifted, wavy, with a pen of some width, on paper with some noise. */
function drawDigit(strokes: readonly Stroke[], random: Random, image: Uint8Array): void {
  const angle = 0.16 * random.normal();
  const [width, height] = [random.uniform(0.75, 1.1), random.uniform(0.85, 1.1)];
  const shear = random.uniform(-0.25, 0.25);
  const [right, down] = [random.uniform(-0.08, 0.08), random.uniform(-0.06, 0.06)];
  const [waviness, phase] = [random.uniform(0, 0.035), random.uniform(0, 2 * Math.PI)];
  const pen = random.uniform(0.9, 2);
  const ink = random.uniform(190, 255);
  const noise = random.uniform(0, 12);
  const scale = 20;
  const place = ([px, py]: readonly [number, number]): [number, number] => {
    const x = width * (px - 0.5 + waviness * Math.sin(9 * py + phase)) + shear * (0.5 - py);
    const y = height * (py - 0.5 + waviness * Math.sin(9 * px + phase));
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [
      SIZE / 2 - 0.5 + scale * (c * x - s * y + right),
      SIZE / 2 - 0.5 + scale * (s * x + c * y + down),
    ];
  };
  const segments = segmentsOf(strokes.map((stroke) => stroke.map(place)));
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const distance = Math.sqrt(squareTo(segments, x, y));
      const level = ink * Math.min(1, Math.max(0, pen + 0.5 - distance)) + noise * Math.abs(random.normal());
      image[y * SIZE + x] = Math.min(255, Math.round(level));
    }
}

/** Each piece of lines through points: its start, its direction, and 1 over the square of its length. [pieces, 5] */
function segmentsOf(lines: readonly (readonly (readonly [number, number])[])[]): Float64Array {
  const pieces = lines.flatMap((line) =>
    line.slice(1).map(([bx, by], k) => {
      const [ax, ay] = line[k]!;
      return [ax, ay, bx - ax, by - ay, 1 / ((bx - ax) ** 2 + (by - ay) ** 2)];
    }),
  );
  return Float64Array.from(pieces.flat());
}

/** Square of the distance from the nearest piece. */
function squareTo(segments: Float64Array, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < segments.length; k += 5) {
    const rx = x - segments[k]!;
    const ry = y - segments[k + 1]!;
    const dx = segments[k + 2]!;
    const dy = segments[k + 3]!;
    const along = Math.min(1, Math.max(0, (rx * dx + ry * dy) * segments[k + 4]!));
    const square = (rx - along * dx) ** 2 + (ry - along * dy) ** 2;
    if (square < least) least = square;
  }
  return least;
}

/** Points of a part of an ellipse; degrees from the right, clockwise as y points down. */
function arc(
  [x, y]: readonly [number, number],
  [width, height]: readonly [number, number],
  from: number,
  to: number,
): Stroke {
  const steps = Math.ceil(Math.abs(to - from) / 24);
  return Array.from({ length: steps + 1 }, (_, k) => {
    const angle = ((from + ((to - from) * k) / steps) * Math.PI) / 180;
    return [x + width * Math.cos(angle), y + height * Math.sin(angle)] as const;
  });
}
