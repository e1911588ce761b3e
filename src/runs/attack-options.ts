// What an attack of a run is asked for, checked, with the defaults filled in.
import { CORRUPTIONS, type Corruption } from "../attack/corruptions.js";
import type { EngineName } from "../compile/engines/engine.js";
import { didYouMean } from "../math/nearest.js";
import { optionText, UsageError } from "../math/usage-error.js";

/** How a run is attacked. */
export interface AttackRunOptions {
  /**
   * By name. Of a fit: "noise", "fgsm", "pgd", "patch" and the names of `CORRUPTIONS`, by default the first three; of a policy: "noise",
   * "pgd" and "action", which are the default.
   */
  readonly attack?: readonly string[];
  /**
   * Strengths of all attacks, rising: shares of 255 for bytes, standard deviations for standardised inputs, from 0 to 1 for corruptions,
   * a share of the side for patches. Default: what suits each.
   */
  readonly strength?: readonly number[];
  /** Steps of PGD and patches. Default 40, of a policy 10. */
  readonly steps?: number;
  /** Starts of PGD, noise and patches, of which the worst of each row counts. Default 1; a policy has one. */
  readonly restarts?: number;
  /** Rows that are attacked, spread over the split; of a policy episodes, of the seeds that choose checkpoints. Default 200, of a policy 50. */
  readonly rows?: number;
  /** Of a fit. "test" needs `report`. Default "validation". */
  readonly split?: "validation" | "test";
  /** Whether these are the figures to report: the test split is opened, and the run records that. Default false. */
  readonly report?: boolean;
  /** Of all that the attacks draw. Default 0. */
  readonly seed?: number | string;
  /** Folder that `attack.json` and `curves.svg` are written into. Default: `attack` in the run. */
  readonly out?: string;
  /** What runs the model. Default: what trained it. */
  readonly engine?: EngineName;
  /** Modules of your own that the run needs. */
  readonly modules?: readonly string[];
  /** Folder that files of known sets lie in now. Default: where they were. */
  readonly dataFolder?: string;
  /** Aborted, the attack ends at the next curve with the signal's reason, and nothing is written. */
  readonly signal?: AbortSignal;
  /** Called with each line for the user. Default: lines are dropped. */
  readonly say?: (line: string) => void;
}

/** Attacks upon the inputs of a fit that climb or draw within a ball, from the weakest to the strongest. */
export const BALL_ATTACKS = ["noise", "fgsm", "pgd"] as const;
/** Attacks upon a policy. */
export const POLICY_ATTACKS = ["noise", "pgd", "action"] as const;

const FIT_ATTACKS: readonly string[] = [
  ...BALL_ATTACKS,
  "patch",
  ...Object.keys(CORRUPTIONS).filter((name) => name !== "noise"),
];

/** Return the attacks that are asked for; throws a UsageError for one that there is not. */
export function attackNames(kind: "fit" | "policy", asked: readonly string[] | undefined): readonly string[] {
  const known = kind === "fit" ? FIT_ATTACKS : POLICY_ATTACKS;
  const names = asked ?? (kind === "fit" ? BALL_ATTACKS : POLICY_ATTACKS);
  if (names.length === 0)
    throw new UsageError(`No attack is named by ${optionText("attack")}. Expected: ${known.join(", ")}.`);
  for (const [k, name] of names.entries()) {
    if (!known.includes(name))
      throw new UsageError(
        `There is no attack "${name}" of a ${kind}. ${didYouMean(name, known)}Expected: ${known.join(", ")}.`,
      );
    if (names.indexOf(name) < k)
      throw new UsageError(`The attack "${name}" is asked for twice. Leave one out.`);
  }
  return names;
}

/** Whether a name is that of a corruption; "noise" is the attack. */
export function isCorruption(name: string): name is Exclude<Corruption, "noise"> {
  return name !== "noise" && Object.hasOwn(CORRUPTIONS, name);
}

/** Throw a UsageError for strengths that do not rise from 0 or more, and for those that an attack does not have. */
export function requireStrengths(names: readonly string[], strengths: readonly number[] | undefined): void {
  if (!strengths) return;
  const list = strengths.join(", ");
  const isRising = strengths.every(
    (value, k) => Number.isFinite(value) && value >= 0 && (k === 0 || value > strengths[k - 1]!),
  );
  if (strengths.length === 0 || !isRising)
    throw new UsageError(
      `The strengths of ${optionText("strength")} are "${list}", expected rising numbers of at least 0.`,
    );
  const bounded = names.find((name) => name === "patch" || isCorruption(name));
  if (bounded !== undefined && strengths.at(-1)! > 1)
    throw new UsageError(
      `The strengths of ${optionText("strength")} are "${list}", but that of "${bounded}" is from 0 to 1. Attack by the others in a run of their own.`,
    );
}

/** Throw a UsageError where a count is no whole number of at least 1. */
export function requireCounts(options: Pick<AttackRunOptions, "steps" | "restarts" | "rows">): void {
  for (const name of ["steps", "restarts", "rows"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= 1_000_000)) continue;
    throw new UsageError(
      `The number of ${optionText(name)} is ${value}, expected a whole number from 1 to 1000000.`,
    );
  }
}

/** Strengths of an attack where the user names none: those on bytes end where any picture can be grey. */
export function defaultStrengths(
  name: string,
  inputs: "bytes" | "standardized" | "policy",
): readonly number[] {
  if (name === "patch") return [0, 0.1, 0.2, 0.3, 0.5];
  if (isCorruption(name)) return [0, 0.25, 0.5, 0.75, 1];
  if (inputs === "bytes") return [0, 0.05, 0.1, 0.2, 0.3, 0.5];
  return inputs === "policy" ? [0, 0.05, 0.1, 0.2, 0.5] : [0, 0.1, 0.25, 0.5, 1, 2];
}
