// What a grammar's texts are like on average: their length and entropy, exactly, from linear equations; and whether they end at all.
import { UsageError } from "../../math/usage-error.js";
import type { Grammar, PlainRule } from "./grammar.js";

/** Averages over all texts of a grammar. */
export interface Expectations {
  /** Characters of a text. */
  readonly length: number;
  /** Entropy of a text, nats. */
  readonly entropy: number;
  /**
   * Entropy of a text over its expected length, nats: what no model's mean loss per character can fall below over a long series of
   * independent texts, one after another, each of which shows where it ends.
   */
  readonly perCharacter: number;
}

/** A rule's use of itself must be so far below 1 that rounding does not decide. */
const MARGIN = 1e-9;
const POWER_STEPS = 10_000;

/**
 * Return expected length and entropy of a grammar's texts.
 *
 * With U[a][b], the expected number of uses of rule b in one use of rule a, both are sums over all uses: (I - U) l = c, c[a] the expected
 * characters of a's alternatives themselves, and (I - U) h = e, e[a] = -sum p ln p over a's alternatives. Each text has one derivation,
 * since the grammar is LL(1), so that h of the first rule is the entropy of the text (Grenander, "Syntax-controlled probabilities", 1967).
 *
 * @throws Nothing.
 * @example
 * const { entropy, perCharacter } = expectationsOf(compileGrammar({ coin: [[1, "heads"], [1, "tails"]] })); // ln 2, ln 2 / 5
 */
export function expectationsOf({ rules }: Pick<Grammar, "rules">): Expectations {
  const uses = usesOf(rules);
  const length = solveUses(uses, rules.map(ownCharacters))[0]!;
  const entropy = solveUses(uses, rules.map(ownEntropy))[0]!;
  return { length, entropy, perCharacter: entropy / length };
}

/** Throw a UsageError that names a rule whose texts have no finite expected length. */
export function requireEnding(rules: readonly PlainRule[]): void {
  const uses = usesOf(rules);
  for (const group of circles(uses)) {
    const radius = spectralRadius(group.map((a) => group.map((b) => uses[a]![b]!)));
    if (radius < 1 - MARGIN) continue;
    const [first, ...others] = group.map((index) => `<${rules[index]!.name}>`);
    const through = others.length > 0 ? `, through ${others.join(", ")},` : "";
    throw new UsageError(
      `The rule ${first} cannot be counted on to end: one use of it${through} leads to ${round(radius)} more on average, expected fewer than 1. Give its alternatives without ${[first, ...others].join(" and ")} more weight.`,
    );
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** Expected uses of each rule in one use of each other. */
function usesOf(rules: readonly PlainRule[]): number[][] {
  return rules.map(({ alternatives }) => {
    const row = rules.map(() => 0);
    for (const { probability, symbols } of alternatives)
      for (const symbol of symbols) if (typeof symbol === "number") row[symbol]! += probability;
    return row;
  });
}

function ownCharacters({ alternatives }: PlainRule): number {
  return alternatives.reduce(
    (sum, { probability, symbols }) =>
      sum + probability * symbols.filter((symbol) => typeof symbol === "string").length,
    0,
  );
}

function ownEntropy({ alternatives }: PlainRule): number {
  return alternatives.reduce((sum, { probability }) => sum - probability * Math.log(probability), 0);
}

/** Groups of rules that use each other, each by itself or through others. */
function circles(uses: readonly (readonly number[])[]): number[][] {
  const reach = uses.map((row) => row.map((value) => value > 0));
  for (const k of reach.keys())
    for (const row of reach) if (row[k]) for (const j of row.keys()) row[j] ||= reach[k]![j]!;
  const seen = new Set<number>();
  return [...uses.keys()].flatMap((a) => {
    if (seen.has(a) || !reach[a]![a]) return [];
    const group = [...uses.keys()].filter((b) => reach[a]![b] && reach[b]![a]);
    for (const b of group) seen.add(b);
    return [group];
  });
}

/** Greatest absolute eigenvalue of an irreducible matrix of numbers that are not below 0: by powers of I + M, which has no period. */
function spectralRadius(matrix: readonly (readonly number[])[]): number {
  let vector = matrix.map(() => 1);
  let radius = 0;
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = matrix.map((row, a) => row.reduce((sum, value, b) => sum + value * vector[b]!, vector[a]!));
    const scale = Math.max(...next);
    // bounds of Collatz and Wielandt
    const ratios = next.map((value, a) => value / vector[a]!);
    radius = Math.max(...ratios) - 1;
    if (radius - (Math.min(...ratios) - 1) < MARGIN / 10) break;
    vector = next.map((value) => value / scale);
  }
  return radius;
}

/** Solve (I - U) x = own by Gaussian elimination with pivots. */
function solveUses(uses: readonly (readonly number[])[], own: readonly number[]): number[] {
  const size = own.length;
  const rows = uses.map((row, a) => [...row.map((value, b) => (a === b ? 1 : 0) - value), own[a]!]);
  for (let k = 0; k < size; k++) {
    const pivot = rows.reduce(
      (best, row, a) => (a >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? a : best),
      k,
    );
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let a = k + 1; a < size; a++) {
      const factor = rows[a]![k]! / rows[k]![k]!;
      if (factor !== 0) for (let b = k; b <= size; b++) rows[a]![b]! -= factor * rows[k]![b]!;
    }
  }
  const solution = own.map(() => 0);
  for (let k = size - 1; k >= 0; k--) {
    let sum = rows[k]![size]!;
    for (let b = k + 1; b < size; b++) sum -= rows[k]![b]! * solution[b]!;
    solution[k] = sum / rows[k]![k]!;
  }
  return solution;
}
