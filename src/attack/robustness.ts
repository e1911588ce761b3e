// Success against strength, and whether the attacks behind it can be trusted.
import { wilsonInterval } from "../learn/metrics/intervals.js";
import type { AttackedModel, AttackedRows } from "./attacked-model.js";
import { type Attack, attackRows, type InputShapes, roundedToBytes } from "./attacks.js";

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
}

/** Attack all rows at each strength; bytes are attacked as bytes, rounded before they are judged. */
export async function robustnessCurve(
  model: AttackedModel,
  name: string,
  { batches, shapes, attackAt, strengths, seed = 0 }: CurveOptions,
): Promise<RobustnessCurve> {
  const points: RobustnessPoint[] = [];
  for (const strength of strengths) {
    const losses: number[] = [];
    let right: number | undefined;
    for (const [k, clean] of batches.entries()) {
      const attacked = await attackRows(model, clean, attackAt(strength), shapes, `${seed}/${k}`);
      const inputs = { ...clean.inputs, ...roundedToBytes(model, attacked.inputs) };
      const judged = await model.evaluate({ ...clean, inputs });
      losses.push(...judged.losses);
      if (judged.right) right = (right ?? 0) + judged.right.reduce((sum, one) => sum + one, 0);
    }
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    points.push({
      strength,
      rows: losses.length,
      loss,
      ...(right === undefined
        ? {}
        : { accuracy: right / losses.length, interval: wilsonInterval(right, losses.length) }),
    });
  }
  return { name, points };
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
