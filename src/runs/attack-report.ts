// What attacks left of a run's model, as plain data.
import type { MaskingCheck } from "../attack/robustness.js";

/** What is left of a run's model at one strength of an attack. */
export interface AttackPoint {
  /** Of the attack. */
  readonly strength: number;
  /** Rows, or episodes. */
  readonly count: number;
  /** Share of the rows that stay right, or of the episodes that end in success; absent where there are no classes. */
  readonly share?: number;
  /** Its 95 % Wilson interval. */
  readonly interval?: readonly [number, number];
  /** Mean loss of the rows. */
  readonly loss?: number;
  /** Mean of the sums of rewards of the episodes. */
  readonly meanReturn?: number;
}

/** One attack at all its strengths. */
export interface AttackCurve {
  /** "noise", "pgd-40 x 5". */
  readonly name: string;
  /** By rising strength. */
  readonly points: readonly AttackPoint[];
}

/** What attacks left of a run's model; `attack.json` has the same. */
export interface AttackReport {
  /** Of the run. */
  readonly kind: "fit" | "policy";
  /** Absolute path of the run. */
  readonly run: string;
  /** What was attacked: predictor and data, or agent and environment. */
  readonly of: string;
  /** "validation" or "test", of a policy "validation". */
  readonly split: "validation" | "test";
  readonly seed: number | string;
  /** Of armgym, that attacked. */
  readonly version: string;
  readonly curves: readonly AttackCurve[];
  /** What speaks against attacks by gradients; none where there are no classes, or no such attacks. */
  readonly checks: readonly MaskingCheck[];
  /** Absolute paths of what was written. */
  readonly files: readonly string[];
}
