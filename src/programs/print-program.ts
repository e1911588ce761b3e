// Robot programs as text, in the one form that parsing gives back as it was.
import { type Instruction, OPERANDS, type Place, type Program } from "./instruction.js";

/**
 * Print a program: one line each, single spaces, numbers with at most three decimals. Parsed again it is the same program.
 *
 * @throws Nothing.
 * @example
 * const text = printProgram([{ instruction: { op: "GRIP", state: "CLOSE" }, comment: " hold it" }]);
 */
export function printProgram(program: Program): string {
  return program
    .map(({ instruction, comment }) => {
      const parts = [
        ...(instruction ? [printInstruction(instruction)] : []),
        ...(comment === undefined ? [] : [`#${comment}`]),
      ];
      return `${parts.join(" ")}\n`;
    })
    .join("");
}

/** Print one instruction, without a line end. */
export function printInstruction(instruction: Instruction): string {
  const fields = instruction as unknown as Readonly<Record<string, string | number | Place>>;
  return [instruction.op, ...OPERANDS[instruction.op].map(([field]) => printOperand(fields[field]!))].join(
    " ",
  );
}

function printOperand(value: string | number | Place): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return printNumber(value);
  return value.map(printNumber).join(" ");
}

function printNumber(value: number): string {
  // + 0 turns -0 into 0
  return String(Number(value.toFixed(3)) + 0);
}
