// Tables of numbers that spaces part, as scientific programs write them.
import { UsageError } from "../../math/usage-error.js";

/**
 * Return the numbers of a text, [lines, columns]; empty lines are left out.
 *
 * @throws UsageError that names `file` and line where there are more or fewer columns, or what stands there is no finite number.
 */
export function numberTable(text: string, file: string, columns: number): Float64Array {
  const numbers: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.trim().split(/\s+/);
    if (words.length === 1 && words[0] === "") continue;
    if (words.length !== columns)
      throw new UsageError(
        `${file}, line ${index + 1} has ${words.length} columns, expected ${columns}. Is the file whole?`,
      );
    for (const [column, word] of words.entries()) {
      const value = Number(word);
      if (!Number.isFinite(value))
        throw new UsageError(
          `${file}, line ${index + 1}, column ${column + 1} is "${word.slice(0, 40)}", expected a number.`,
        );
      numbers.push(value);
    }
  }
  if (numbers.length === 0) throw new UsageError(`${file} holds no numbers.`);
  return Float64Array.from(numbers);
}
