// Success against strength, and whether the attacks behind it can be trusted.
import { wilsonInterval } from "../learn/metrics/intervals.js";
import type { AttackedModel, AttackedRows } from "./attacked-model.js";
import { type Attack, attackRows, type InputShapes, roundedToBytes } from "./attacks.js";
import { type Corruption, corruptRows } from "./corruptions.js";

/** What is left at one strength. */
export interface RobustnessPoint {
  /** Of the attack. */
  readonly strength: number;
  /** Rows. */
  readonly rows: number;
  /** Mean loss of the rows. */
  readonly loss: number;
  /** Share of the rows whose class stays right, of an objective of classes. */
  readonly accuracy?: number;
  /** Its 95 % Wilson interval. */
  readonly interval?: readonly [number, number];
}

/** A curve by the attack that made it. */
export interface RobustnessCurve {
  /** For messages: "pgd-40 x 5". */
  readonly name: string;
  /** By rising strength. */
  readonly points: readonly RobustnessPoint[];
}

/** What speaks against an attack: gradients that are masked make a model look robust (Carlini et al., 2019). */
export interface MaskingCheck {
  /** What was looked at. */
  readonly name: string;
  /** Whether it is as it should be. */
  readonly passed: boolean;
  /** The numbers behind it. */
  readonly detail: string;
}

/** What a curve is drawn of. */
export interface CurveOptions {
  /** Minibatches of the rows that are attacked, `model.rows` each. */
  readonly batches: readonly AttackedRows[];
  /** Shapes of the inputs. */
  readonly shapes: InputShapes;
  /** The attack at a strength. */
  readonly attackAt: (strength: number) => Attack;
  /** Rising. */
  readonly strengths: readonly number[];
  /** Of the attacks. Default 0. */
  readonly seed?: number | string;
  /** Rows that count, the first of the batches; the others fill the last one. Default: all. */
  readonly counted?: number;
}

/** Attack all rows at each strength; bytes are attacked as bytes, rounded before they are judged. */
export function robustnessCurve(
  model: AttackedModel,
  name: string,
  { shapes, attackAt, seed = 0, ...options }: CurveOptions,
): Promise<RobustnessCurve> {
  return curveOf(model, name, options, async (clean, strength, k) => {
    return (await attackRows(model, clean, attackAt(strength), shapes, `${seed}/${k}`)).inputs;
  });
}

/**
 * Corrupt all rows at each strength: images where the model reads any, else all attacked inputs; bytes are rounded before they are judged.
 *
 * Throws a UsageError for a corruption of images where there are none.
 */
export function corruptionCurve(
  model: AttackedModel,
  corruption: Corruption,
  { shapes, seed = 0, ...options }: Omit<CurveOptions, "attackAt">,
): Promise<RobustnessCurve> {
  const names = Object.keys(model.ranges);
  const images = names.filter((name) => shapes[name]!.shape.length === 3);
  const corrupted = images.length > 0 ? images : names;
  return curveOf(model, corruption, options, async (clean, strength, k) => {
    const changed = corrupted.map((name): [string, Float32Array] => {
      const input = { shape: shapes[name]!.shape, range: model.ranges[name]! };
      const values = Float32Array.from(clean.inputs[name]!);
      return [name, corruptRows(values, input, corruption, { strength, seed: `${seed}/${k}` })];
    });
    return Object.fromEntries(changed);
  });
}

async function curveOf(
  model: AttackedModel,
  name: string,
  { batches, strengths, counted }: Pick<CurveOptions, "batches" | "strengths" | "counted">,
  change: (
    clean: AttackedRows,
    strength: number,
    batch: number,
  ) => Promise<Readonly<Record<string, Float32Array>>>,
): Promise<RobustnessCurve> {
  const points: RobustnessPoint[] = [];
  for (const strength of strengths) {
    const losses: number[] = [];
    const right: number[] = [];
    for (const [k, clean] of batches.entries()) {
      const changed = await change(clean, strength, k);
      const judged = await model.evaluate({
        ...clean,
        inputs: { ...clean.inputs, ...roundedToBytes(model, changed) },
      });
      losses.push(...judged.losses);
      right.push(...(judged.right ?? []));
    }
    points.push(pointOf(strength, losses.slice(0, counted), right.slice(0, counted)));
  }
  return { name, points };
}

function pointOf(strength: number, losses: readonly number[], right: readonly number[]): RobustnessPoint {
  const rows = losses.length;
  const loss = losses.reduce((sum, one) => sum + one, 0) / rows;
  if (right.length === 0) return { strength, rows, loss };
  const count = right.reduce((sum, one) => sum + one, 0);
  return { strength, rows, loss, accuracy: count / rows, interval: wilsonInterval(count, rows) };
}

/**
 * Check curves of attacks that are given from the weakest to the strongest, at the same strengths: no curve rises with strength, no
 * stronger attack leaves more rows right, and the strongest at the greatest strength leaves no more than `chance`.
 */
export function maskingChecks(curves: readonly RobustnessCurve[], chance: number): MaskingCheck[] {
  const rising = curves.map(({ name, points }): MaskingCheck => {
    const worst = points.slice(1).map((point, k) => accuracyOf(point) - accuracyOf(points[k]!));
    const most = Math.max(0, ...worst);
    return {
      name: `${name} leaves less right at each greater strength`,
      passed: most <= TOLERANCE,
      detail: `rises by at most ${percent(most)}`,
    };
  });
  const stronger = curves.slice(1).map(({ name, points }, k): MaskingCheck => {
    const weaker = curves[k]!;
    const most = Math.max(...points.map((point, at) => accuracyOf(point) - accuracyOf(weaker.points[at]!)));
    return {
      name: `${name} leaves no more right than ${weaker.name}`,
      passed: most <= TOLERANCE,
      detail: `at most ${percent(Math.max(0, most))} more`,
    };
  });
  const last = curves.at(-1)!;
  const left = accuracyOf(last.points.at(-1)!);
  const reached: MaskingCheck = {
    name: `${last.name} at strength ${last.points.at(-1)!.strength} reaches chance`,
    passed: left <= chance + TOLERANCE,
    detail: `${percent(left)} are right, chance is ${percent(chance)}`,
  };
  return [...rising, ...stronger, reached];
}

/** Rows that differ by rounding to bytes, and by random starts. */
const TOLERANCE = 0.01;

function accuracyOf({ accuracy }: RobustnessPoint): number {
  return accuracy ?? Number.NaN;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
