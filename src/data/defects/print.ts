// What is printed on a part: rings, frames, scales, targets, grids and letters; and print that is missing.
import type { Random } from "../../math/random.js";
import {
  coverage,
  drawOutline,
  EDGE,
  emptyMark,
  lineField,
  type Mark,
  type Point,
  type Sheet,
  visitNear,
} from "./sheet.js";

/** A print, as strokes of one width. */
export interface Print {
  /** Lines of strokes. */
  readonly strokes: readonly (readonly Point[])[];
  /** Of each stroke. */
  readonly halfWidth: number;
  /** Grey levels that the ink adds or takes. */
  readonly ink: number;
}

type Strokes = readonly (readonly Point[])[];

/** Letters as strokes on a square of 1, y down. */
const LETTERS: readonly Strokes[] = [
  [
    [
      [0, 1],
      [0.5, 0],
      [1, 1],
    ],
    [
      [0.2, 0.6],
      [0.8, 0.6],
    ],
  ],
  [
    [
      [0.9, 0],
      [0, 0],
      [0, 1],
      [0.9, 1],
    ],
    [
      [0, 0.5],
      [0.7, 0.5],
    ],
  ],
  [
    [
      [0.9, 0],
      [0, 0],
      [0, 1],
    ],
    [
      [0, 0.5],
      [0.7, 0.5],
    ],
  ],
  [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ],
  [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 0.55],
      [1, 1],
    ],
  ],
  [
    [
      [0, 1],
      [0, 0],
      [1, 1],
      [1, 0],
    ],
  ],
  [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [0.5, 0],
      [0.5, 1],
    ],
  ],
  [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  ],
  [
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
      [0, 0],
    ],
  ],
]; // prettier-ignore

const FORMS: readonly ((random: Random) => Strokes)[] = [ring, frame, scale, target, grid, letters];

/** Draw a print, turned by any angle, that lies within the picture. */
export function drawPrint(random: Random, brightness: number): Print {
  const strokes = FORMS[random.integer(FORMS.length)]!(random);
  const turn = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const reach = Math.max(...strokes.flat().map(([x, y]) => Math.hypot(x, y))) + 2;
  const [x0, y0] = [random.uniform(reach, EDGE - reach), random.uniform(reach, EDGE - reach)];
  const contrast = random.uniform(38, 75);
  // dark ink on bright parts, bright ink on dark ones
  const ink = brightness > random.uniform(90, 130) ? -Math.min(contrast, brightness - 15) : contrast;
  return {
    strokes: strokes.map((line) => line.map(([x, y]) => [x0 + x * cos - y * sin, y0 + x * sin + y * cos])),
    halfWidth: random.uniform(0.7, 1.15),
    ink,
  };
}

/** Return the share of each pixel that a print covers. [size, size] */
export function printCoverage(sheet: Sheet, { strokes, halfWidth }: Print): Float32Array {
  const { distance } = lineField(sheet, strokes, halfWidth + sheet.pixel);
  return distance.map((d) => coverage(sheet, halfWidth - d));
}

/** Missing print: one or two uneven holes on a stroke, where the surface shows. */
export function drawMissingPrint(sheet: Sheet, random: Random, print: Print, inked: Float32Array): Mark {
  const mark = emptyMark(sheet);
  const sign = Math.sign(print.ink);
  for (let holes = 1 + random.integer(2); holes > 0; holes--) {
    const line = print.strokes[random.integer(print.strokes.length)]!;
    const n = random.integer(line.length - 1);
    const t = random.uniform(0.25, 0.75);
    const center: Point = [
      line[n]![0] + t * (line[n + 1]![0] - line[n]![0]),
      line[n]![1] + t * (line[n + 1]![1] - line[n]![1]),
    ];
    const radius = random.uniform(2.4, 4.8);
    const outline = drawOutline(random, 0.14);
    visitNear(sheet, center, 1.6 * radius, (k, x, y) => {
      const [dx, dy] = [x - center[0], y - center[1]];
      const inside = radius * outline(Math.atan2(dy, dx)) - Math.sqrt(dx * dx + dy * dy);
      const lost = coverage(sheet, inside) * inked[k]!;
      if (lost === 0) return;
      mark.mask[k] = 1;
      // two holes that overlap take the ink once
      mark.pattern[k] = -sign * Math.max(lost, Math.abs(mark.pattern[k]!));
    });
  }
  return mark;
}

function ring(random: Random): Strokes {
  const outer = circle(random.uniform(7, 13));
  return random.uniform() < 0.4 ? [outer, circle(random.uniform(3, 5))] : [outer];
}

function frame(random: Random): Strokes {
  const [w, h] = [random.uniform(7, 12), random.uniform(5, 9)];
  return [
    [
      [-w, -h],
      [w, -h],
      [w, h],
      [-w, h],
      [-w, -h],
    ],
  ]; // prettier-ignore
}

/** Equal ticks on a line. */
function scale(random: Random): Strokes {
  const ticks = 6 + random.integer(4);
  const [gap, height] = [random.uniform(3.4, 4), random.uniform(5, 8)];
  const left = (-(ticks - 1) * gap) / 2;
  const line: Point[] = [
    [left, 0],
    [-left, 0],
  ]; // prettier-ignore
  return [
    line,
    ...Array.from({ length: ticks }, (_, n): Point[] => [
      [left + n * gap, 0],
      [left + n * gap, -height],
    ]),
  ]; // prettier-ignore
}

/** A ring with a cross. */
function target(random: Random): Strokes {
  const r = random.uniform(6, 10);
  const cross = 1.35 * r;
  return [
    circle(r),
    [
      [-cross, 0],
      [cross, 0],
    ],
    [
      [0, -cross],
      [0, cross],
    ],
  ]; // prettier-ignore
}

/** Short dashes in rows and columns. */
function grid(random: Random): Strokes {
  const [columns, rows] = [4 + random.integer(2), 3 + random.integer(2)];
  const gap = random.uniform(4.6, 5.2);
  return Array.from({ length: columns * rows }, (_, n): Point[] => {
    const x = ((n % columns) - (columns - 1) / 2) * gap;
    const y = (Math.floor(n / columns) - (rows - 1) / 2) * gap;
    return [
      [x - 0.6, y],
      [x + 0.6, y],
    ]; // prettier-ignore
  });
}

function letters(random: Random): Strokes {
  const count = 2 + random.integer(3);
  const height = random.uniform(9, 12);
  const [width, advance] = [0.6 * height, 0.95 * height];
  return Array.from({ length: count }, (_, n) => {
    const x0 = (n - (count - 1) / 2) * advance - width / 2;
    return LETTERS[random.integer(LETTERS.length)]!.map((line) =>
      line.map(([x, y]): Point => [x0 + x * width, (y - 0.5) * height]),
    );
  }).flat();
}

function circle(radius: number): Point[] {
  return Array.from({ length: 33 }, (_, n) => {
    const angle = (2 * Math.PI * n) / 32;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}
