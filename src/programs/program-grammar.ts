// The grammar of pick-and-place programs that are generated: every one of its texts is a program that takes the part to its goal.
import { compileGrammar } from "./grammar/compile-grammar.js";
import type { Grammar, GrammarRules } from "./grammar/grammar.js";

/** Rules of the grammar, for a Panda: places above 16 cm, which no part on the table reaches to. */
export const PROGRAM_RULES: GrammarRules = {
  program: [[1, "SPEED <speed>\n<opening><cycle>"]],
  // before the part is taken
  opening: [
    [6, "GRIP OPEN\n"],
    [3, "MOVEL <via>\n<opening>"],
    [1, "TURN <angle>\n<opening>"],
    [1, "WAIT <time>\n<opening>"],
  ],
  cycle: [
    [1, "APPROACH PART <height>\n<slower>MOVEL PART\nGRIP CLOSE\n<pause>DEPART <height>\n<faster><transfer>"],
  ],
  slower: [
    [2, "SPEED <slow>\n"],
    [3, ""],
  ],
  pause: [
    [1, "WAIT 0.<nonzero>\n"],
    [1, ""],
  ],
  faster: [
    [2, "SPEED <speed>\n"],
    [3, ""],
  ],
  transfer: [
    [3, "MOVEL <via>\n<transfer>"],
    [1, "TURN <angle>\n<transfer>"],
    [6, "APPROACH GOAL <height>\n<slower>MOVEL GOAL\nGRIP OPEN\n<pause>DEPART <height>\n<ending>"],
  ],
  // some take the part once more
  ending: [
    [5, "MOVEL HOME\nEND\n"],
    [4, "END\n"],
    [1, "<cycle>"],
  ],
  via: [[1, "<x> <y> <z>"]],
  x: [
    [1, "4<digit><digit>"],
    [1, "5<digit><digit>"],
  ],
  y: [
    [1, "-<magnitude>"],
    [1, "<magnitude>"],
  ],
  magnitude: [
    [5, "1<upToTwo>"],
    [8, "<fromTwo><upToOne>"],
  ],
  upToTwo: [
    [8, "<digit><upToOne>"],
    [1, ""],
  ],
  upToOne: [
    [7, "<digit>"],
    [1, ""],
  ],
  z: [
    [2, "1<fromSix><digit>"],
    [5, "2<digit><digit>"],
  ],
  height: [
    [5, "<fromFive><digit>"],
    [2, "1<zeroOrOne><digit>"],
  ],
  speed: [
    [2, "1<fromFive>0"],
    [5, "2<digit>0"],
    [3, "3<digit>0"],
  ],
  slow: [[1, "<fromFive>0"]],
  angle: [
    [1, "-<degrees>"],
    [1, "<degrees>"],
  ],
  degrees: [[1, "<oneToFour><digit>"]],
  time: [
    [3, "0.<nonzero>"],
    [1, "1"],
  ],
  digit: uniform("0123456789"),
  nonzero: uniform("123456789"),
  fromTwo: uniform("23456789"),
  fromFive: uniform("56789"),
  fromSix: uniform("6789"),
  oneToFour: uniform("1234"),
  zeroOrOne: uniform("01"),
};

let compiled: Grammar | undefined;

/**
 * Return the grammar of pick-and-place programs.
 *
 * @throws Nothing.
 * @example
 * const text = sampleText(programGrammar(), createRandom("7/program/0"));
 */
export function programGrammar(): Grammar {
  compiled ??= compileGrammar(PROGRAM_RULES);
  return compiled;
}

function uniform(characters: string): readonly (readonly [number, string])[] {
  return [...characters].map((character) => [1, character]);
}
