// Plain text as numbers: UTF-8 that is checked, and the alphabet that it is written in.
import { UsageError } from "../../math/usage-error.js";

/** Text in characters, each a number. */
export interface EncodedText {
  /** Number of each character in `alphabet`. */
  readonly tokens: Int32Array;
  /** All characters that occur, in the order of their code points. */
  readonly alphabet: readonly string[];
}

/** Most different characters: more is no text that characters are learned from. */
const MOST_CHARACTERS = 4096;

/**
 * Return the text of UTF-8 bytes; a byte order mark is left out.
 *
 * @throws UsageError that names `file`, line and byte where they are not UTF-8.
 * @example
 * const text = decodeText(bytes, "input.txt");
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const at = firstFault(bytes);
    const line = bytes.subarray(0, at).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 1);
    const value = bytes[at]?.toString(16).padStart(2, "0");
    throw new UsageError(
      `${file} is no UTF-8 text: line ${line} has the byte ${value} at ${at}. Save it as UTF-8.`,
    );
  }
}

/**
 * Return a text as numbers of its characters.
 *
 * @throws UsageError that names `file` where it is empty, or has more than 4096 different characters.
 * @example
 * const { tokens, alphabet } = encodeText("banana", "fruit.txt"); // alphabet: a b n
 */
export function encodeText(text: string, file: string): EncodedText {
  const found = new Set<string>();
  let length = 0;
  for (const character of text) {
    found.add(character);
    length++;
  }
  if (length === 0) throw new UsageError(`${file} is empty, expected text.`);
  if (found.size > MOST_CHARACTERS)
    throw new UsageError(
      `${file} has ${found.size} different characters, more than ${MOST_CHARACTERS}. Is it text?`,
    );
  const alphabet = [...found].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const codes = new Map(alphabet.map((character, code) => [character, code]));
  const tokens = new Int32Array(length);
  let at = 0;
  for (const character of text) tokens[at++] = codes.get(character)!;
  return { tokens, alphabet };
}

/** Where the first byte stands that begins no whole character. */
function firstFault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthOf(bytes[at]!);
    // what is left is whether a character of several bytes is one
    if (length === 0 || (length > 1 && !isCharacter(bytes.subarray(at, at + length)))) return at;
    at += length;
  }
  return at;
}

/** Bytes of a character by its first one; 0 where none begins so. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** A mark of the byte order is a character here, as it has three bytes. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isCharacter(bytes: Uint8Array): boolean {
  try {
    return [...decoder.decode(bytes)].length === 1;
  } catch {
    return false;
  }
}
