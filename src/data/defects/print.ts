// What is printed on a part: rings, frames, ladders, targets, lattices and characters, all of them closed figures; and print that is missing.
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

/** Characters without free ends, as strokes on a square of 1, y down: 0, 8, B and D. */
const CHARACTERS: readonly Strokes[] = [
  [
    [
      [0.3, 0],
      [0.7, 0],
      [1, 0.3],
      [1, 0.7],
      [0.7, 1],
      [0.3, 1],
      [0, 0.7],
      [0, 0.3],
      [0.3, 0],
    ],
  ],
  [box(0, 0, 1, 0.5), box(0, 0.5, 1, 1)],
  [box(0, 0, 0.75, 0.5), box(0, 0.5, 1, 1)],
  [
    [
      [0, 0],
      [0.6, 0],
      [1, 0.35],
      [1, 0.65],
      [0.6, 1],
      [0, 1],
      [0, 0],
    ],
  ],
];

// figures are closed, so that an end of a line is always one that should not be there
const FORMS: readonly ((random: Random) => Strokes)[] = [ring, frame, ladder, target, lattice, characters];

/** Draw a print, turned by any angle, that lies within the picture. */
export function drawPrint(random: Random, brightness: number): Print {
  const strokes = FORMS[random.integer(FORMS.length)]!(random);
  const turn = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const reach = Math.max(...strokes.flat().map(([x, y]) => Math.hypot(x, y))) + 2;
  const [x0, y0] = [random.uniform(reach, EDGE - reach), random.uniform(reach, EDGE - reach)];
  const contrast = random.uniform(55, 85);
  // dark ink on bright parts, bright ink on dark ones
  const ink = brightness > random.uniform(90, 130) ? -Math.min(contrast, brightness - 15) : contrast;
  return {
    strokes: strokes.map((line) => line.map(([x, y]) => [x0 + x * cos - y * sin, y0 + x * sin + y * cos])),
    halfWidth: random.uniform(1, 1.4),
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
    const radius = random.uniform(5.2, 7.6);
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
  const outer = circle(random.uniform(8, 13));
  return random.uniform() < 0.4 ? [outer, circle(random.uniform(3.5, 5))] : [outer];
}

function frame(random: Random): Strokes {
  const [w, h] = [random.uniform(8, 13), random.uniform(6, 10)];
  return [box(-w, -h, w, h)];
}

/** Two rails and rungs. */
function ladder(random: Random): Strokes {
  const rungs = 2 + random.integer(2);
  const [gap, h] = [random.uniform(6, 7.5), random.uniform(4.5, 7)];
  const w = ((rungs + 1) * gap) / 2;
  const inner = Array.from({ length: rungs }, (_, n) => upright(gap * (n + 1) - w, h));
  return [box(-w, -h, w, h), ...inner];
}

/** A ring with a cross in it. */
function target(random: Random): Strokes {
  const r = random.uniform(8, 12);
  return [circle(r), upright(0, r), level(0, r)];
}

/** A square of two by two fields. */
function lattice(random: Random): Strokes {
  const w = random.uniform(8, 12);
  return [box(-w, -w, w, w), upright(0, w), level(0, w)];
}

function characters(random: Random): Strokes {
  const count = 2 + random.integer(2);
  const height = random.uniform(12, 15);
  const [width, advance] = [0.62 * height, 0.95 * height];
  return Array.from({ length: count }, (_, n) => {
    const x0 = (n - (count - 1) / 2) * advance - width / 2;
    return CHARACTERS[random.integer(CHARACTERS.length)]!.map((line) =>
      line.map(([x, y]): Point => [x0 + x * width, (y - 0.5) * height]),
    );
  }).flat();
}

function box(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
}

function upright(x: number, half: number): Point[] {
  return [
    [x, -half],
    [x, half],
  ];
}

function level(y: number, half: number): Point[] {
  return [
    [-half, y],
    [half, y],
  ];
}

function circle(radius: number): Point[] {
  return Array.from({ length: 33 }, (_, n) => {
    const angle = (2 * Math.PI * n) / 32;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}
