// Robot programs from text: every mistake with its line, its column and what was expected there.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import {
  COORDINATE,
  type Instruction,
  NAMED_PLACES,
  OPERANDS,
  type Operand,
  type Place,
  type Program,
  type ProgramLine,
} from "./instruction.js";

/** A mistake in a program. */
export interface ProgramMistake {
  /** From 1 on. */
  readonly line: number;
  /** Of the character where it begins, from 1 on. */
  readonly column: number;
  /** What was got, and what was expected. */
  readonly message: string;
}

/** Longest program that is read, characters. */
export const LONGEST_PROGRAM = 1_000_000;

/** Mistakes that a message lists; more are counted. */
const LISTED = 5;

/** Decimals as people write them: digits with at most three behind the point. */
const NUMBER = /^[+-]?(\d{1,7}(\.\d{0,3})?|\.\d{1,3})$/;

/**
 * Parse a program, with all mistakes in the order of the text; a line with one becomes an empty line.
 *
 * @throws Nothing.
 * @example
 * const { program, mistakes } = checkProgram("GRIP CLOSED\n");
 */
export function checkProgram(text: string): {
  readonly program: Program;
  readonly mistakes: readonly ProgramMistake[];
} {
  const program: ProgramLine[] = [];
  const mistakes: ProgramMistake[] = [];
  let end = 0;
  for (const [index, line] of linesOf(text).entries()) {
    try {
      const parsed = parseLine(line);
      if (parsed.instruction && end > 0)
        throw new Mistake(
          firstColumn(line),
          `got ${JSON.stringify(firstWord(line))}, expected nothing after END of line ${end}`,
        );
      if (parsed.instruction?.op === "END") end = index + 1;
      program.push(parsed);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push({ line: index + 1, column: error.column, message: error.message });
      program.push({});
    }
  }
  return { program, mistakes };
}

/**
 * Parse a program; `file` names it in messages.
 *
 * @throws UsageError that lists line, column, what was got and what was expected of each mistake, the first five of them.
 * @example
 * const program = parseProgram("APPROACH PART 80\nMOVEL PART\nGRIP CLOSE\n");
 */
export function parseProgram(text: string, file = "the program"): Program {
  if (text.length > LONGEST_PROGRAM)
    throw new UsageError(`${file} has ${text.length} characters, a program at most ${LONGEST_PROGRAM}.`);
  const { program, mistakes } = checkProgram(text);
  if (mistakes.length === 0) return program;
  const listed = mistakes.slice(0, LISTED).map((mistake) => `${file}, ${describeMistake(mistake)}`);
  const more = mistakes.length - listed.length;
  throw new UsageError([...listed, ...(more > 0 ? [`And ${more} more.`] : [])].join("\n"));
}

/** Put a mistake into words: `line 3, column 6: got "CLOSED", expected OPEN or CLOSE.` */
function describeMistake({ line, column, message }: ProgramMistake): string {
  return `line ${line}, column ${column}: ${message}${message.endsWith("?") ? "" : "."}`;
}

/** What is wrong with a line, from a column on. */
class Mistake extends Error {
  readonly column: number;

  constructor(column: number, message: string) {
    super(message);
    this.column = column;
  }
}

/** A word of a line. */
interface Word {
  readonly text: string;
  readonly column: number;
}

/** Words of a line that are read one after another. */
interface Reader {
  readonly words: readonly Word[];
  /** Column after the last word. */
  readonly end: number;
  next: number;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n/);
  // what ends in a line end has no empty line behind it
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function parseLine(line: string): ProgramLine {
  const hash = line.indexOf("#");
  const code = hash < 0 ? line : line.slice(0, hash);
  const comment = hash < 0 ? {} : { comment: line.slice(hash + 1) };
  const words = [...code.matchAll(/[^ \t]+/g)].map(({ 0: text, index }) => ({ text, column: index + 1 }));
  if (words.length === 0) return comment;
  const reader: Reader = { words, end: code.trimEnd().length + 1, next: 0 };
  const instruction = readInstruction(reader);
  const extra = words[reader.next];
  if (extra)
    throw new Mistake(
      extra.column,
      `got ${JSON.stringify(extra.text)}, expected the end of the line after ${instruction.op}`,
    );
  return { instruction, ...comment };
}

function readInstruction(reader: Reader): Instruction {
  const names = Object.keys(OPERANDS);
  const { text, column } = reader.words[reader.next++]!;
  if (!Object.hasOwn(OPERANDS, text))
    throw new Mistake(
      column,
      `got ${JSON.stringify(text)}, expected an instruction: ${orList(names)}${hint(text, names)}`,
    );
  const op = text as Instruction["op"];
  const operands = OPERANDS[op].map(([field, operand]) => [field, readOperand(reader, operand)]);
  return { op, ...Object.fromEntries(operands) } as Instruction;
}

function readOperand(reader: Reader, operand: Operand): string | number | Place {
  if (operand.kind === "place") return readPlace(reader);
  if (operand.kind === "number") return readNumber(reader, operand, rangeOf(operand));
  const { words } = operand;
  const expected = orList(words);
  const { text, column } = takeWord(reader, expected);
  if (words.includes(text)) return text;
  throw new Mistake(column, `got ${JSON.stringify(text)}, expected ${expected}${hint(text, words)}`);
}

function readPlace(reader: Reader): Place {
  const expected = `${NAMED_PLACES.join(", ")} or x y z in mm`;
  const { text } = reader.words[reader.next] ?? takeWord(reader, expected);
  const named = NAMED_PLACES.find((name) => name === text);
  if (named) {
    reader.next++;
    return named;
  }
  const [x, y, z] = ["x", "y", "z"].map((axis, k) =>
    readNumber(reader, COORDINATE, k === 0 ? expected : `${axis}, ${rangeOf(COORDINATE)}`),
  );
  return [x!, y!, z!];
}

function readNumber(
  reader: Reader,
  { least, most }: { readonly least: number; readonly most: number },
  expected: string,
): number {
  const { text, column } = takeWord(reader, expected);
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  // -0 would be printed as 0
  if (value >= least && value <= most) return value + 0;
  throw new Mistake(column, `got ${JSON.stringify(text)}, expected ${expected}${hint(text, NAMED_PLACES)}`);
}

function takeWord(reader: Reader, expected: string): Word {
  const word = reader.words[reader.next];
  if (!word) throw new Mistake(reader.end, `the line ends, expected ${expected}`);
  reader.next++;
  return word;
}

function rangeOf({ name, unit, least, most }: Extract<Operand, { kind: "number" }>): string {
  return `a ${name} from ${least} to ${most}, in ${unit}`;
}

function hint(text: string, names: readonly string[]): string {
  const near = /^[A-Za-z]/.test(text) ? didYouMean(text, names).trim() : "";
  return near === "" ? "" : `. ${near}`;
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function firstWord(line: string): string {
  return /[^ \t]+/.exec(line)?.[0] ?? "";
}

function firstColumn(line: string): number {
  return line.search(/[^ \t]/) + 1;
}
