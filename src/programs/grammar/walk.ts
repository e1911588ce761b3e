// A walk through a text by a grammar: what may come next and how likely it is, character by character; and texts drawn at random.
import type { Random } from "../../math/random.js";
import type { Alternative, Grammar, GrammarSymbol } from "./grammar.js";

/** What is still to come after a prefix: symbols from the next one on; undefined: nothing, the text is whole. */
export type GrammarState = Pending | undefined;

interface Pending {
  readonly symbol: GrammarSymbol;
  readonly after: GrammarState;
}

/** What may come after a prefix. */
export interface NextCharacters {
  /** Probability of each character that may come. */
  readonly characters: ReadonlyMap<string, number>;
  /** Probability that the text ends here; 0: it may not. */
  readonly end: number;
}

/**
 * Return where every text begins.
 *
 * @throws Nothing.
 * @example
 * let state: GrammarState | null = grammarStart();
 */
export function grammarStart(): GrammarState {
  return { symbol: 0, after: undefined };
}

/**
 * Return what may come next in a state, with its probability.
 *
 * @throws Nothing.
 * @example
 * const { characters, end } = nextCharacters(grammar, state);
 */
export function nextCharacters(grammar: Grammar, state: GrammarState): NextCharacters {
  const characters = new Map<string, number>();
  let end = 0;
  const open: { state: GrammarState; probability: number }[] = [{ state, probability: 1 }];
  for (let item = open.pop(); item; item = open.pop()) {
    const { state: pending, probability } = item;
    if (!pending) end += probability;
    else if (typeof pending.symbol === "string")
      characters.set(pending.symbol, (characters.get(pending.symbol) ?? 0) + probability);
    else
      for (const alternative of grammar.rules[pending.symbol]!.alternatives)
        open.push({
          state: pushed(alternative.symbols, pending.after),
          probability: probability * alternative.probability,
        });
  }
  return { characters, end };
}

/**
 * Return the state after one more character; null where it may not come.
 *
 * @throws Nothing.
 * @example
 * state = advance(grammar, state, "S");
 */
export function advance(grammar: Grammar, state: GrammarState, character: string): GrammarState | null {
  let pending = state;
  for (;;) {
    if (!pending) return null;
    if (typeof pending.symbol === "string") return pending.symbol === character ? pending.after : null;
    const { alternatives, choice } = grammar.rules[pending.symbol]!;
    const chosen = choice.get(character);
    if (chosen === undefined) return null;
    pending = pushed(alternatives[chosen]!.symbols, pending.after);
  }
}

/**
 * Return the characters that may come after `prefix` in a text of the grammar, and whether the text may end there: what a decoder
 * that keeps to the grammar chooses from. Undefined where no text begins with `prefix`.
 *
 * @throws Nothing.
 * @example
 * const { characters } = allowedNext(programGrammar(), "SPEED 2")!; // digits
 */
export function allowedNext(
  grammar: Grammar,
  prefix: string,
): { readonly characters: readonly string[]; readonly canEnd: boolean } | undefined {
  const state = stateAfter(grammar, prefix);
  if (state === null) return undefined;
  const { characters, end } = nextCharacters(grammar, state);
  return { characters: [...characters.keys()].sort(), canEnd: end > 0 };
}

/**
 * Tell whether `text` is a whole text of the grammar.
 *
 * @throws Nothing.
 * @example
 * const isProgram = isOfGrammar(programGrammar(), text);
 */
export function isOfGrammar(grammar: Grammar, text: string): boolean {
  return Number.isFinite(textLogProbability(grammar, text));
}

/**
 * Return the natural logarithm of the probability of a whole text; -Infinity where it is none of the grammar's.
 *
 * @throws Nothing.
 * @example
 * const nats = -textLogProbability(programGrammar(), text);
 */
export function textLogProbability(grammar: Grammar, text: string): number {
  const { logProbabilities, state } = walkText(grammar, text);
  if (state === null) return Number.NEGATIVE_INFINITY;
  return logProbabilities.reduce((sum, value) => sum + value, Math.log(nextCharacters(grammar, state).end));
}

/** Return the log probability of each character of a text after those before it, up to one that may not come: then `state` is null. */
export function walkText(
  grammar: Grammar,
  text: string,
): { readonly logProbabilities: readonly number[]; readonly state: GrammarState | null } {
  const logProbabilities: number[] = [];
  let state: GrammarState | null = grammarStart();
  for (const character of text) {
    const probability = nextCharacters(grammar, state).characters.get(character);
    state = advance(grammar, state, character);
    if (probability === undefined || state === null) return { logProbabilities, state: null };
    logProbabilities.push(Math.log(probability));
  }
  return { logProbabilities, state };
}

/**
 * Draw a text of the grammar.
 *
 * @throws Nothing.
 * @example
 * const program = sampleText(programGrammar(), createRandom("7/program/0"));
 */
export function sampleText({ rules }: Grammar, random: Random): string {
  const characters: string[] = [];
  let pending = grammarStart();
  while (pending) {
    const { symbol, after }: Pending = pending;
    if (typeof symbol === "string") {
      characters.push(symbol);
      pending = after;
      continue;
    }
    const chosen = drawn(rules[symbol]!.alternatives, random);
    pending = pushed(chosen.symbols, after);
  }
  return characters.join("");
}

function drawn(alternatives: readonly Alternative[], random: Random): Alternative {
  let left = random.uniform();
  for (const alternative of alternatives) {
    left -= alternative.probability;
    if (left < 0) return alternative;
  }
  // where rounding leaves something over
  return alternatives.at(-1)!;
}

function stateAfter(grammar: Grammar, prefix: string): GrammarState | null {
  let state: GrammarState | null = grammarStart();
  for (const character of prefix) {
    state = advance(grammar, state, character);
    if (state === null) return null;
  }
  return state;
}

function pushed(symbols: readonly GrammarSymbol[], after: GrammarState): GrammarState {
  return symbols.reduceRight<GrammarState>((rest, symbol) => ({ symbol, after: rest }), after);
}
