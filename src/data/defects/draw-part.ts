// Pictures of parts as an inspection camera sees them, with and without a defect, and exactly where it lies.
import { createRandom, type Random } from "../../math/random.js";
import { addDistractors } from "./distractors.js";
import { drawAppearance, type PartAppearance, type PartDomain } from "./domain.js";
import { drawCrack, drawScratch } from "./lines.js";
import { drawMissingPrint, drawPrint, type Print, printCoverage } from "./print.js";
import { emptyMark, type Mark, type Sheet, sheetOf } from "./sheet.js";
import { drawDent, drawOil, drawStain } from "./spots.js";
import { drawSurface, type LitSurface, type PartSurface } from "./surface.js";

/** A good part, and six kinds of defects. */
export const DEFECT_CLASSES = ["good", "scratch", "crack", "dent", "stain", "oil", "missing print"] as const;

/** What is wrong with a part. */
export type DefectClass = (typeof DEFECT_CLASSES)[number];

/** What a picture shows. */
export interface PartOptions {
  /** Pixels of an edge, 64 to 256. */
  readonly size: number;
  /** What is wrong with it. */
  readonly defect: DefectClass;
  /** What it is made of. */
  readonly surface: PartSurface;
  /** Light and texture. */
  readonly domain: PartDomain;
  /** Factor of the defect's contrast; default 1. At 0 the picture is that of the same part without the defect, bit by bit. */
  readonly contrast?: number;
  /** Factor of the sensor's noise; default 1. */
  readonly noise?: number;
}

/** A grey picture of a part and what is known of it. */
export interface PartPicture {
  /** Grey levels, row-major. [size, size] */
  readonly image: Uint8Array;
  /** 1 where the defect lies; outside of it the picture is that of the same part without it. [size, size] */
  readonly mask: Uint8Array;
  /** Greatest difference that the defect makes to a pixel, grey levels, before it is rounded and clipped; good: 0. */
  readonly contrast: number;
  /** Square root of the mask's area, pixels; good: 0. */
  readonly size: number;
  /** Mean column and row of the mask, pixels; good: -1 and -1. */
  readonly position: readonly [number, number];
  /** Light and texture. */
  readonly appearance: PartAppearance;
}

/** Least and greatest contrast of each defect, grey levels; that of missing print is the contrast of the print. */
const CONTRASTS: Readonly<Record<Exclude<DefectClass, "good" | "missing print">, readonly [number, number]>> =
  {
    scratch: [34, 75],
    crack: [40, 80],
    dent: [30, 62],
    stain: [30, 55],
    oil: [38, 80],
  };

/** Share of the other parts that have a print. */
const PRINTED = 0.3;

/**
 * Draw the picture of the part called `seed`: the same name and options give the same bits.
 *
 * The part stays the same where only size, contrast or noise differ; it is another one for another defect or surface.
 *
 * @throws Nothing.
 * @example
 * const { image, mask } = drawPart("7/part/0", { size: 64, defect: "scratch", surface: "brushed", domain: "seen" });
 */
export function drawPart(seed: string, options: PartOptions): PartPicture {
  const { size, defect, surface, domain, contrast: factor = 1, noise = 1 } = options;
  const sheet = sheetOf(size);
  const random = createRandom(`${seed}/${surface}/${defect}`);
  const appearance = drawAppearance(random, domain);
  const lit = drawSurface(sheet, random, surface, appearance);
  const print =
    random.uniform() < PRINTED || defect === "missing print" ? addPrint(sheet, random, lit) : undefined;
  const { mark, gain } = drawDefect({ sheet, random, lit, appearance, ...(print ? { print } : {}) }, defect);
  for (let k = 0; k < mark.pattern.length; k++)
    lit.image[k]! += factor * gain * mark.pattern[k]! * lit.light[k]!;
  addDistractors(sheet, random, lit.image, surface);
  return {
    image: exposed(lit.image, createRandom(`${seed}/noise`), noise * appearance.noise),
    mask: factor === 0 ? new Uint8Array(size * size) : mark.mask,
    contrast: factor * gain * peakOf(mark, lit),
    ...placeOf(mark.mask, size),
    appearance,
  };
}

/** A part that a defect is drawn on. */
interface Part {
  readonly sheet: Sheet;
  readonly random: Random;
  readonly lit: LitSurface;
  readonly appearance: PartAppearance;
  readonly print?: { readonly ink: number; readonly strokes: Print; readonly inked: Float32Array };
}

function addPrint(sheet: Sheet, random: Random, { image, light }: LitSurface): NonNullable<Part["print"]> {
  const strokes = drawPrint(random, image[(image.length + sheet.size) / 2]!);
  const inked = printCoverage(sheet, strokes);
  for (let k = 0; k < image.length; k++) image[k]! += strokes.ink * inked[k]! * light[k]!;
  return { ink: Math.abs(strokes.ink), strokes, inked };
}

/** Draw a defect; `gain`: the grey levels that 1 of its pattern stands for. */
function drawDefect(part: Part, defect: DefectClass): { mark: Mark; gain: number } {
  const { sheet, random, lit, print } = part;
  if (defect === "good") return { mark: emptyMark(sheet), gain: 0 };
  if (defect === "missing print")
    return { mark: drawMissingPrint(sheet, random, print!.strokes, print!.inked), gain: print!.ink };
  const mark = drawMark(part, defect);
  return { mark, gain: random.uniform(...CONTRASTS[defect]) / peakOf(mark, lit) };
}

function drawMark({ sheet, random, lit, appearance }: Part, defect: keyof typeof CONTRASTS): Mark {
  if (defect === "scratch") return drawScratch(sheet, random);
  if (defect === "crack") return drawCrack(sheet, random);
  if (defect === "stain") return drawStain(sheet, random);
  if (defect === "dent") return drawDent(sheet, random, appearance.direction);
  return drawOil(sheet, random, appearance.direction, lit);
}

/** Return the greatest difference that a mark makes in its light, before it is brought to grey levels. */
function peakOf({ pattern }: Mark, { light }: LitSurface): number {
  let peak = 0;
  for (let k = 0; k < pattern.length; k++) peak = Math.max(peak, Math.abs(pattern[k]! * light[k]!));
  return peak;
}

/** Turn brightness into grey levels, with the sensor's noise. */
function exposed(image: Float32Array, random: Random, noise: number): Uint8Array {
  return Uint8Array.from(image, (level) =>
    Math.max(0, Math.min(255, Math.round(level + noise * random.normal()))),
  );
}

function placeOf(mask: Uint8Array, size: number): Pick<PartPicture, "size" | "position"> {
  let [area, columns, rows] = [0, 0, 0];
  for (let k = 0; k < mask.length; k++) {
    if (mask[k] === 0) continue;
    area++;
    columns += k % size;
    rows += Math.floor(k / size);
  }
  return { size: Math.sqrt(area), position: area === 0 ? [-1, -1] : [columns / area, rows / area] };
}
