// The grammar of pick-and-place programs: its texts are programs, and its entropy is what is said of it.
import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { expectationsOf } from "../../src/programs/grammar/expectations.js";
import { allowedNext, isOfGrammar, sampleText, textLogProbability } from "../../src/programs/grammar/walk.js";
import { parseProgram } from "../../src/programs/parse-program.js";
import { printProgram } from "../../src/programs/print-program.js";
import { programGrammar } from "../../src/programs/program-grammar.js";

const grammar = programGrammar();

test("each text is a program, in the form that is printed", () => {
  const random = createRandom("program-grammar.test");
  for (let n = 0; n < 300; n++) {
    const text = sampleText(grammar, random);
    const program = parseProgram(text);
    expect(printProgram(program)).toBe(text);
    expect(program.at(-1)).toEqual({ instruction: { op: "END" } });
  }
});

test("the entropy of a program is 54.81 nats, 0.2968 a character, and samples agree", () => {
  const { entropy, length, perCharacter } = expectationsOf(grammar);
  expect(entropy).toBeCloseTo(54.81, 2);
  expect(perCharacter).toBeCloseTo(0.2968, 4);
  const random = createRandom("program-grammar.test/entropy");
  const surprises = Array.from(
    { length: 1000 },
    () => -textLogProbability(grammar, sampleText(grammar, random)),
  );
  const mean = surprises.reduce((sum, value) => sum + value, 0) / surprises.length;
  const spread = Math.sqrt(surprises.reduce((sum, value) => sum + (value - mean) ** 2, 0) / surprises.length);
  expect(Math.abs(mean - entropy)).toBeLessThan((3 * spread) / Math.sqrt(surprises.length));
  expect(length).toBeCloseTo(184.67, 2);
});

test("a decoder learns what may follow", () => {
  expect(allowedNext(grammar, "SPEED 250\nGRIP ")).toEqual({ characters: ["O"], canEnd: false });
  expect(allowedNext(grammar, "SPEED 1")!.characters).toEqual(["5", "6", "7", "8", "9"]);
  expect(allowedNext(grammar, "GRIP OPEN")).toBeUndefined();
  expect(isOfGrammar(grammar, "SPEED 250\nEND\n")).toBe(false);
});
