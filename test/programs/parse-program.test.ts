// Programs from text and back, and what is wrong with them: line, column, what was expected.
import { expect, test } from "vitest";
import { parseProgram } from "../../src/programs/parse-program.js";
import { printProgram } from "../../src/programs/print-program.js";

const TEXT = `# fetch the part
SPEED 250
APPROACH PART 80
MOVEL 480 -35.5 200 # over the table

TURN -30
GRIP CLOSE
WAIT 0.25
DEPART 60
MOVEL HOME
END
# nothing follows
`;

test("a program is parsed instruction by instruction, with its comments", () => {
  const program = parseProgram(TEXT);
  expect(program.slice(0, 6)).toEqual([
    { comment: " fetch the part" },
    { instruction: { op: "SPEED", speed: 250 } },
    { instruction: { op: "APPROACH", place: "PART", height: 80 } },
    { instruction: { op: "MOVEL", place: [480, -35.5, 200] }, comment: " over the table" },
    {},
    { instruction: { op: "TURN", angle: -30 } },
  ]);
  expect(program.length).toBe(12);
});

test("what is printed is what was parsed, and in one form", () => {
  expect(printProgram(parseProgram(TEXT))).toBe(TEXT);
  const loose = "\tSPEED   +250.0\r\nMOVEL -0 .5 7.\r\nWAIT 1";
  const printed = printProgram(parseProgram(loose));
  expect(printed).toBe("SPEED 250\nMOVEL 0 0.5 7\nWAIT 1\n");
  expect(parseProgram(printed)).toEqual(parseProgram(loose));
});

test("an empty program has no lines", () => {
  expect(parseProgram("")).toEqual([]);
  expect(printProgram([])).toBe("");
});

test.each([
  ["GRIP CLOSED", 'line 1, column 6: got "CLOSED", expected OPEN or CLOSE. Did you mean "CLOSE"?'],
  ["SPEED", "line 1, column 6: the line ends, expected a speed from 1 to 2000, in mm/s."],
  ["  WAIT -1", 'line 1, column 8: got "-1", expected a time from 0 to 60, in s.'],
  ["WAIT 1e1", 'line 1, column 6: got "1e1", expected a time from 0 to 60, in s.'],
  [
    "MOVEL PRAT",
    'line 1, column 7: got "PRAT", expected PART, GOAL, HOME or x y z in mm. Did you mean "PART"?',
  ],
  ["MOVEL 480 10", "line 1, column 13: the line ends, expected z, a coordinate from -5000 to 5000, in mm."],
  ["MOVEL HOME 80 # up", 'line 1, column 12: got "80", expected the end of the line after MOVEL.'],
  ["END\nWAIT 1", 'line 2, column 1: got "WAIT", expected nothing after END of line 1.'],
  [
    "MOVL HOME",
    'line 1, column 1: got "MOVL", expected an instruction: SPEED, MOVEL, APPROACH, DEPART, TURN, GRIP, WAIT or END. Did you mean "MOVEL"?',
  ],
])("%j is refused with line, column and what was expected", (text, message) => {
  expect(messageOf(text)).toBe(`a.txt, ${message}`);
});

test("all mistakes are listed, the first five of them", () => {
  const text = "A\n".repeat(7);
  const message = messageOf(text);
  expect(message.split("\n").length).toBe(6);
  expect(message).toMatch(/^a\.txt, line 1, column 1: got "A", expected an instruction: .*\n.*line 2/);
  expect(message.endsWith("\nAnd 2 more.")).toBe(true);
});

test("a program that is too long is refused before it is parsed", () => {
  expect(() => parseProgram(" ".repeat(1_000_001))).toThrow(
    "the program has 1000001 characters, a program at most 1000000.",
  );
});

function messageOf(text: string): string {
  try {
    parseProgram(text, "a.txt");
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}
