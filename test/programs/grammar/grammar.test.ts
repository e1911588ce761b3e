// Grammars of text: their entropy by hand and by counting, what may come next, and those that cannot be used.
import { expect, test } from "vitest";
import { createRandom } from "../../../src/math/random.js";
import { compileGrammar } from "../../../src/programs/grammar/compile-grammar.js";
import { expectationsOf } from "../../../src/programs/grammar/expectations.js";
import {
  advance,
  allowedNext,
  grammarStart,
  isOfGrammar,
  nextCharacters,
  sampleText,
  textLogProbability,
} from "../../../src/programs/grammar/walk.js";

/** Texts x, (xx), ((xx)x) and so on: a use of a list leads to 2 / 4 more. */
const LISTS = compileGrammar({
  list: [
    [3, "x"],
    [1, "(<list><list>)"],
  ],
});

test("entropy and length are those worked out by hand", () => {
  // l = 3/4 + 1/4 (2 + 2 l), h = H(1/4) + 1/4 2 h
  const choice = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  const { length, entropy, perCharacter } = expectationsOf(LISTS);
  expect(length).toBeCloseTo(2.5, 12);
  expect(entropy).toBeCloseTo(2 * choice, 12);
  expect(perCharacter).toBeCloseTo((2 * choice) / 2.5, 12);
});

test("entropy is the mean of -ln p over the texts, counted out", () => {
  const grammar = compileGrammar({
    word: [
      [2, "a<tail>"],
      [1, "b"],
    ],
    tail: [
      [1, ""],
      [4, "<digit><digit>"],
    ],
    digit: [
      [1, "0"],
      [3, "1"],
    ],
  });
  const texts = ["b", "a", "a00", "a01", "a10", "a11"];
  const probabilities = texts.map((text) => Math.exp(textLogProbability(grammar, text)));
  expect(probabilities.map((p) => p * 240).map(Math.round)).toEqual([80, 32, 8, 24, 24, 72]);
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  expect(expectationsOf(grammar).entropy).toBeCloseTo(
    probabilities.reduce((sum, p) => sum - p * Math.log(p), 0),
    12,
  );
});

test("rules that use each other, with periods, are averaged right", () => {
  const grammar = compileGrammar({
    start: [[1, "<a>"]],
    a: [
      [1, "x<b>"],
      [1, "."],
    ],
    b: [[1, "y<a>"]],
  });
  // a leads to another a with probability 1/2: l = 1/2 (2 + l) + 1/2
  expect(expectationsOf(grammar).length).toBeCloseTo(3, 12);
  expect(expectationsOf(grammar).entropy).toBeCloseTo(2 * Math.log(2), 12);
});

test("what may come next is known with its probability, the end too", () => {
  expect(allowedNext(LISTS, "(x")).toEqual({ characters: ["(", "x"], canEnd: false });
  expect(allowedNext(LISTS, "(xx)")).toEqual({ characters: [], canEnd: true });
  expect(allowedNext(LISTS, "(x)")).toBeUndefined();
  const state = advance(LISTS, grammarStart(), "(")!;
  expect([...nextCharacters(LISTS, state).characters].sort()).toEqual([
    ["(", 0.25],
    ["x", 0.75],
  ]);
  const optional = compileGrammar({
    number: [[1, "1<more>"]],
    more: [
      [1, ""],
      [3, "0<more>"],
    ].map(([weight, text]) => [Number(weight) === 3 ? 1 : 3, String(text)] as const),
  });
  const after = advance(optional, grammarStart(), "1")!;
  expect(nextCharacters(optional, after)).toEqual({ characters: new Map([["0", 0.25]]), end: 0.75 });
});

test("texts drawn are of the grammar, and as long and as likely as computed", () => {
  const random = createRandom("grammar.test");
  const count = 20_000;
  let [length, surprise] = [0, 0];
  for (let n = 0; n < count; n++) {
    const text = sampleText(LISTS, random);
    length += text.length;
    surprise -= textLogProbability(LISTS, text);
  }
  const expected = expectationsOf(LISTS);
  expect(length / count).toBeCloseTo(expected.length, 1);
  expect(surprise / count).toBeCloseTo(expected.entropy, 1);
  expect(isOfGrammar(LISTS, "((xx)x)")).toBe(true);
  expect(isOfGrammar(LISTS, "((xx)x")).toBe(false);
});

test("a grammar that cannot end is refused by the name of its rule", () => {
  expect(() => compileGrammar({ start: [[1, "a<loop>"]], loop: [[1, "b<loop>"]] })).toThrow(
    "The rule <loop> cannot be counted on to end: one use of it leads to 1 more on average, expected fewer than 1. Give its alternatives without <loop> more weight.",
  );
  const rules = {
    list: [
      [1, "x"],
      [1, "(<pair>)"],
    ],
    pair: [[1, "<list><list><list>"]],
  } as const;
  // the growth over one use of both is 1.5: the square root of it for each
  expect(() => compileGrammar(rules)).toThrow(
    "The rule <list> cannot be counted on to end: one use of it, through <pair>, leads to 1.22 more on average, expected fewer than 1. Give its alternatives without <list> and <pair> more weight.",
  );
});

test("alternatives that the next character does not tell apart are refused", () => {
  expect(() =>
    compileGrammar({
      word: [
        [1, "ab"],
        [1, "ac"],
      ],
    }),
  ).toThrow(
    'The rule <word> has two alternatives that "a" can decide for, so that its texts have no entropy that can be computed. Give what they begin with in common a rule of its own.',
  );
  expect(() =>
    compileGrammar({
      word: [[1, "<tail>x"]],
      tail: [
        [1, ""],
        [1, "x"],
      ],
    }),
  ).toThrow('The rule <tail> has two alternatives that "x" can decide for');
  expect(() =>
    compileGrammar({
      word: [
        [1, ""],
        [1, "<nothing>"],
      ],
      nothing: [[1, ""]],
    }),
  ).toThrow("The rule <word> has two alternatives that the end of the text can decide for");
});

test("rules that are missing, empty or without weight are refused", () => {
  expect(() => compileGrammar({})).toThrow("The grammar has no rules, expected one at least.");
  expect(() => compileGrammar({ a: [] })).toThrow("The rule <a> has no alternatives, expected one at least.");
  expect(() => compileGrammar({ a: [[1, "<b>"]] })).toThrow(
    "The rule <a> uses <b>, and there is no such rule. There are: <a>.",
  );
  expect(() => compileGrammar({ a: [[0, "x"]] })).toThrow(
    'The alternative "x" of the rule <a> has the weight 0, expected a number above 0.',
  );
});
