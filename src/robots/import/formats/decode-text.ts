// The text of a robot file: its encoding is told by a byte order mark, by its XML declaration, or is UTF-8.
import { UsageError } from "../../../math/usage-error.js";

/**
 * Decode `bytes`; `file` names them in errors.
 *
 * A byte order mark goes before the declaration, which goes before UTF-8; what is no UTF-8 and declares nothing is read as
 * Latin-1, as editors of Windows write it. Throws a UsageError where the declared encoding is not known.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const marked = byMark(bytes);
  if (marked) return new TextDecoder(marked).decode(bytes);
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const declared = /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1];
  // a declaration that can be read byte by byte is not in two bytes per character, whatever it says
  if (declared !== undefined && !/^(utf-?8|utf-?16.*|us-ascii)$/i.test(declared)) {
    try {
      return new TextDecoder(declared).decode(bytes);
    } catch {
      throw new UsageError(
        `${file}:1: the encoding "${declared}" is not known. Save the file as UTF-8 and take the encoding out of its first line.`,
      );
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** Encoding that the first bytes tell: by a mark, or by zeros beside the first character. */
function byMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  return undefined;
}
