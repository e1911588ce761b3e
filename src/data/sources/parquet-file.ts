// A parquet file as a table.
import { UsageError } from "../../math/usage-error.js";
import { readParquet, readParquetSummary } from "../../recording/parquet-read.js";
import type { DataSource } from "../data-source.js";
import { hashedFiles, shownPath } from "../hashed-files.js";
import { TABLE_DEFAULTS, type Table, tableSplits } from "../table-rows.js";

/** Largest file, bytes. */
const LARGEST = 2 ** 28;
/** Most cells of a file. */
const MOST_CELLS = 5_000_000;

/**
 * Return the source that reads a parquet file, as `tableSplits` reads tables.
 *
 * A column of lists becomes one column for each entry, NAME_0, NAME_1 and so on; all lists of a column have the same length.
 *
 * @throws Nothing; loading throws a UsageError where the file is damaged, or a list has another length.
 */
export function parquetFile(path: string): DataSource {
  return {
    id: path,
    description: "a parquet file",
    licence: "your own",
    files: [],
    settings: TABLE_DEFAULTS,
    async load(files, settings, seed) {
      const hashed = hashedFiles(files);
      const shown = shownPath(files, path);
      const bytes = await hashed.read(path, LARGEST);
      // a copy of its own: a view's buffer may be larger than the file
      const buffer = bytes.slice().buffer;
      const { columns, rows: count, bytes: unpacked } = await readParquetSummary(buffer, shown);
      if (unpacked > LARGEST || count * columns.length > MOST_CELLS)
        throw new UsageError(
          `${shown} says that it has ${count} rows of ${columns.length} columns, ${unpacked} bytes, more than the ${MOST_CELLS} cells and ${LARGEST} bytes that are read. Take a part of it.`,
        );
      const rows = await readParquet(buffer, shown, columns);
      return tableSplits(tableOf(rows, columns, shown), settings, seed, {
        name: shown,
        source: shown,
        files: hashed.hashes,
        settings: { ...settings, seed },
      });
    },
  };
}

function tableOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  file: string,
): Table {
  const [first] = rows;
  if (!first) throw new UsageError(`${file} has no rows.`);
  const cells = columns.flatMap((name): { name: string; column: string; entry?: number }[] => {
    const list = listOf(first[name]);
    if (!list) return [{ name, column: name }];
    return Array.from(list, (_, entry) => ({ name: `${name}_${entry}`, column: name, entry }));
  });
  if (rows.length * cells.length > MOST_CELLS)
    throw new UsageError(
      `${file} has ${rows.length} rows of ${cells.length} numbers, more than the ${MOST_CELLS} that are read. Take a part of it.`,
    );
  const place = (row: number) => `row ${row + 1}`;
  for (const name of columns) {
    const length = listOf(first[name])?.length;
    const odd = length === undefined ? -1 : rows.findIndex((row) => listOf(row[name])?.length !== length);
    if (odd >= 0)
      throw new UsageError(
        `${file}, ${place(odd)}: "${name}" is no list of ${length}, as it is in the first row. Leave the column out of the file.`,
      );
  }
  return {
    file,
    header: cells.map(({ name }) => name),
    size: rows.length,
    value(row, k) {
      const { column, entry } = cells[k]!;
      const value = rows[row]![column];
      return entry === undefined ? value : listOf(value)![entry];
    },
    place,
  };
}

function listOf(value: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  return ArrayBuffer.isView(value) && "length" in value
    ? (value as unknown as ArrayLike<unknown>)
    : undefined;
}
