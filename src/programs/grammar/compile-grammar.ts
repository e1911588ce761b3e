// Grammars from rules, checked so that the next character decides which alternative is taken (LL(1)).
import { UsageError } from "../../math/usage-error.js";
import { requireEnding } from "./expectations.js";
import {
  type Alternative,
  type Grammar,
  type GrammarRules,
  type GrammarSymbol,
  type PlainRule,
  TEXT_END,
} from "./grammar.js";

/**
 * Check and compile a grammar; texts start at its first rule.
 *
 * Which alternative is taken must follow from the next character (LL(1)). So each text has one derivation, and the entropy of
 * derivations is that of texts.
 *
 * @throws UsageError that names the rule: where one is missing, has a weight that is no positive number, does not end (its expected
 * length is not finite), or has alternatives that the next character does not tell apart.
 * @example
 * const grammar = compileGrammar({ list: [[3, "x"], [1, "(<list><list>)"]] });
 */
export function compileGrammar(source: GrammarRules): Grammar {
  const names = Object.keys(source);
  if (names.length === 0) throw new UsageError("The grammar has no rules, expected one at least.");
  const plain = names.map((name) => ({ name, alternatives: alternativesOf(name, source) }));
  requireEnding(plain);
  const first = firstCharacters(plain);
  const following = followingCharacters(plain, first);
  const rules = plain.map((rule, index) => ({ ...rule, choice: choiceOf(rule, first, following[index]!) }));
  const characters = plain.flatMap(({ alternatives }) =>
    alternatives.flatMap(({ symbols }) => symbols.filter((symbol) => typeof symbol === "string")),
  );
  return { rules, alphabet: [...new Set(characters)].sort() };
}

function alternativesOf(name: string, source: GrammarRules): readonly Alternative[] {
  const weighted = source[name]!;
  if (weighted.length === 0)
    throw new UsageError(`The rule <${name}> has no alternatives, expected one at least.`);
  for (const [weight, text] of weighted)
    if (!(weight > 0 && Number.isFinite(weight)))
      throw new UsageError(
        `The alternative ${JSON.stringify(text)} of the rule <${name}> has the weight ${weight}, expected a number above 0.`,
      );
  const sum = weighted.reduce((total, [weight]) => total + weight, 0);
  const names = Object.keys(source);
  return weighted.map(([weight, text]) => ({
    probability: weight / sum,
    symbols: symbolsOf(text, name, names),
  }));
}

function symbolsOf(text: string, owner: string, names: readonly string[]): GrammarSymbol[] {
  return text.split(/(<[^<>\n]+>)/).flatMap((part): GrammarSymbol[] => {
    if (!/^<[^<>\n]+>$/.test(part)) return [...part];
    const index = names.indexOf(part.slice(1, -1));
    if (index < 0)
      throw new UsageError(
        `The rule <${owner}> uses ${part}, and there is no such rule. There are: ${names.map((name) => `<${name}>`).join(", ")}.`,
      );
    return [index];
  });
}

/** Characters that texts of each rule begin with; TEXT_END among them where one is empty. */
function firstCharacters(rules: readonly PlainRule[]): readonly Set<string>[] {
  const first = rules.map(() => new Set<string>());
  untilStill(() => {
    let grown = false;
    for (const [index, { alternatives }] of rules.entries())
      for (const { symbols } of alternatives) grown = addAll(first[index]!, firstOf(symbols, first)) || grown;
    return grown;
  });
  return first;
}

/** Characters that can come after texts of each rule; TEXT_END where the text can end there. */
function followingCharacters(
  rules: readonly PlainRule[],
  first: readonly Set<string>[],
): readonly Set<string>[] {
  const following = rules.map(() => new Set<string>());
  following[0]!.add(TEXT_END);
  untilStill(() => {
    let grown = false;
    for (const [index, { alternatives }] of rules.entries())
      for (const { symbols } of alternatives)
        for (const [k, symbol] of symbols.entries()) {
          if (typeof symbol === "string") continue;
          const next = firstOf(symbols.slice(k + 1), first);
          const all = next.delete(TEXT_END) ? new Set([...next, ...following[index]!]) : next;
          grown = addAll(following[symbol]!, all) || grown;
        }
    return grown;
  });
  return following;
}

function firstOf(symbols: readonly GrammarSymbol[], first: readonly Set<string>[]): Set<string> {
  const found = new Set<string>();
  for (const symbol of symbols) {
    if (typeof symbol === "string") return found.add(symbol);
    const inner = first[symbol]!;
    for (const character of inner) if (character !== TEXT_END) found.add(character);
    if (!inner.has(TEXT_END)) return found;
  }
  return found.add(TEXT_END);
}

function choiceOf(
  { name, alternatives }: PlainRule,
  first: readonly Set<string>[],
  following: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const choice = new Map<string, number>();
  for (const [index, { symbols }] of alternatives.entries()) {
    const begins = firstOf(symbols, first);
    // what is empty begins with what comes after it
    const decides = begins.delete(TEXT_END) ? new Set([...begins, ...following]) : begins;
    for (const character of decides) {
      if (choice.has(character))
        throw new UsageError(
          `The rule <${name}> has two alternatives that ${character === TEXT_END ? "the end of the text" : JSON.stringify(character)} can decide for, so that its texts have no entropy that can be computed. Give what they begin with in common a rule of its own.`,
        );
      choice.set(character, index);
    }
  }
  return choice;
}

function addAll(into: Set<string>, from: Iterable<string>): boolean {
  const before = into.size;
  for (const character of from) into.add(character);
  return into.size > before;
}

function untilStill(grow: () => boolean): void {
  while (grow());
}
