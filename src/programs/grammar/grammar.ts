// What a probabilistic context-free grammar of text is.

/**
 * Alternatives of each rule with their weights: text, in which "<name>" stands for a rule; "" is nothing.
 *
 * @example
 * const rules = { number: [[1, "<digit>"], [1, "0"]], digit: [[2, "1"], [1, "2"]] };
 */
export type GrammarRules = Readonly<Record<string, readonly (readonly [weight: number, text: string])[]>>;

/** A character, or the index of a rule. */
export type GrammarSymbol = string | number;

/** One way to go on, of a rule. */
export interface Alternative {
  /** Of all of the rule sum to 1. */
  readonly probability: number;
  /** What it is replaced by, in order. */
  readonly symbols: readonly GrammarSymbol[];
}

/** A rule. */
export interface Rule {
  /** Without its brackets. */
  readonly name: string;
  /** Ways to go on, in the order of the source. */
  readonly alternatives: readonly Alternative[];
  /** Alternative that each next character decides for; "" is the end of the text. */
  readonly choice: ReadonlyMap<string, number>;
}

/** A grammar that was checked: it is unambiguous, and its texts have an expected length. */
export interface Grammar {
  /** The first one is where texts start. */
  readonly rules: readonly Rule[];
  /** All characters of its texts, sorted. */
  readonly alphabet: readonly string[];
}

/** A rule before it is known what decides between its alternatives. */
export type PlainRule = Omit<Rule, "choice">;

/** What stands for the end of the text among next characters. */
export const TEXT_END = "";
