// CSV by RFC 4180: a header, quotes, and as many fields in every line.
import { UsageError } from "../../math/usage-error.js";

/** A table of texts. */
export interface CsvTable {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Fields of each row. */
  readonly rows: readonly (readonly string[])[];
  /** Line of the file that each row begins in, from 1 on. */
  readonly lines: readonly number[];
}

/** Most fields of a file, each row counted as four more: that is the memory that it takes by itself. */
const MOST_FIELDS = 8_000_000;
const ROW = 4;

/**
 * Read a CSV file: fields are parted by commas, or by semicolons or tabs where its header has no comma.
 *
 * Quoted fields may hold commas, line breaks and doubled quotes. Empty lines are left out, and spaces around fields that have no quotes.
 *
 * @throws UsageError that names `file` and line where a line has more or fewer fields than the header, a quote is not closed, or stands inside
 * of a field; where a column has no name or that of another; where there are no rows.
 * @example
 * const { header, rows } = readCsv("force [N],label\n1.5,good\n", "parts.csv");
 */
export function readCsv(text: string, file: string): CsvTable {
  const records = recordsOf(text.startsWith("\uFEFF") ? text.slice(1) : text, file);
  const [first, ...rest] = records;
  if (!first) throw new UsageError(`${file} is empty, expected a header and rows.`);
  const header = first.fields;
  const nameless = header.indexOf("");
  if (nameless >= 0)
    throw new UsageError(
      `${file}, line ${first.line}: column ${nameless + 1} has no name. Name every column.`,
    );
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (twice !== undefined)
    throw new UsageError(`${file}, line ${first.line}: two columns are called "${twice}". Rename one.`);
  if (rest.length === 0) throw new UsageError(`${file} has a header, but no rows.`);
  for (const { fields, line } of rest)
    if (fields.length !== header.length)
      throw new UsageError(
        `${file}, line ${line} has ${fields.length} fields, but the header ${header.length}. Quote fields that hold the separator.`,
      );
  return { header, rows: rest.map(({ fields }) => fields), lines: rest.map(({ line }) => line) };
}

interface CsvRecord {
  readonly fields: string[];
  readonly line: number;
}

function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let [at, line, count] = [0, 1, 0];
  while (at < text.length) {
    const record: CsvRecord = { fields: [], line };
    for (let isOpen = true; isOpen; ) {
      const { field, next } = fieldAt(text, at, separator, `${file}, line ${line}`);
      record.fields.push(field);
      line += lineBreaks(text, at, next);
      isOpen = text[next] === separator;
      at = isOpen ? next + 1 : next;
      // a separator at the very end is followed by an empty field
      if (isOpen && at === text.length) {
        record.fields.push("");
        isOpen = false;
      }
    }
    at += text[at] === "\r" ? 2 : 1;
    line++;
    count += record.fields.length + ROW;
    if (count > MOST_FIELDS)
      throw new UsageError(
        `${file} has more rows than are read, ${records.length} of ${record.fields.length} fields. Take a part of it.`,
      );
    if (record.fields.length > 1 || record.fields[0] !== "") records.push(record);
  }
  return records;
}

/** The field that begins at `at`, and where what follows it stands: a separator, a line break or the end. */
function fieldAt(
  text: string,
  at: number,
  separator: string,
  place: string,
): { readonly field: string; readonly next: number } {
  if (text[at] !== '"') {
    let next = at;
    while (next < text.length && text[next] !== separator && !isBreak(text, next)) next++;
    const field = text.slice(at, next).trim();
    if (field.includes('"'))
      throw new UsageError(
        `${place} has a quote inside of a field: ${field.slice(0, 40)}. Double it, and quote the field.`,
      );
    return { field, next };
  }
  let next = at + 1;
  for (;;) {
    next = text.indexOf('"', next);
    if (next < 0) throw new UsageError(`${place} has a quote that is not closed.`);
    if (text[next + 1] !== '"') break;
    next += 2;
  }
  const field = text.slice(at + 1, next).replaceAll('""', '"');
  next++;
  if (next < text.length && text[next] !== separator && !isBreak(text, next))
    throw new UsageError(
      `${place} goes on after a closing quote: ${text.slice(next, next + 20).split(/\r?\n/)[0]}. Double quotes inside of fields.`,
    );
  return { field, next };
}

function isBreak(text: string, at: number): boolean {
  return text[at] === "\n" || (text[at] === "\r" && text[at + 1] === "\n");
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function separatorOf(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  return [",", ";", "\t"].find((separator) => header.includes(separator)) ?? ",";
}
