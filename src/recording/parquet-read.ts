// Rows of a parquet file, by hyparquet. Nothing in the file is trusted.
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { UsageError } from "../math/usage-error.js";

/** The bytes of a file, read where they are asked for. */
export type ParquetFile = AsyncBuffer;

/** What hyparquet unpacks by itself; LeRobot writes SNAPPY. */
const CODECS: readonly (string | undefined)[] = ["UNCOMPRESSED", "SNAPPY"];
/** Unpacked columns that are read at once, bytes. */
const LARGEST = 2 ** 32;

/**
 * Read columns of `file`, of all rows or of those of `range`; a column that is not there is left out.
 *
 * Throws a UsageError that names the file as `name` where it is damaged, cut short, or packed otherwise.
 */
export async function readParquet(
  file: ParquetFile,
  name: string,
  columns: readonly string[],
  range?: readonly [first: number, end: number],
): Promise<readonly Record<string, unknown>[]> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const there = columnsOf(metadata);
    const wanted = columns.filter((column) => there.has(column));
    requireReadable(metadata, name, wanted);
    if (wanted.length === 0) return [];
    const rows = range ? { rowStart: range[0], rowEnd: range[1] } : {};
    // bytes stay bytes: names of files are marked as text, pictures are not
    return await parquetReadObjects({ file, metadata, columns: wanted, utf8: false, ...rows });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { message } = error as Error;
    throw new UsageError(`${name} is no whole parquet file: ${message}. Copy the data set again.`);
  }
}

/** What a parquet file says of itself. */
export interface ParquetSummary {
  /** Names of its columns, in their order. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** Of all columns, unpacked. */
  readonly bytes: number;
}

/**
 * Return what `file` says of itself.
 *
 * Throws a UsageError that names the file as `name` where it is damaged or cut short.
 */
export async function readParquetSummary(file: ParquetFile, name: string): Promise<ParquetSummary> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const chunks = metadata.row_groups.flatMap(({ columns }) => columns);
    const bytes = chunks.reduce(
      (sum, chunk) => sum + Number(chunk.meta_data?.total_uncompressed_size ?? 0),
      0,
    );
    return { columns: [...columnsOf(metadata)], rows: Number(metadata.num_rows), bytes };
  } catch (error) {
    throw new UsageError(
      `${name} is no whole parquet file: ${(error as Error).message}. Copy the data set again.`,
    );
  }
}

/** Names of a file's columns; those inside of one are not counted. */
function columnsOf({ schema, row_groups }: FileMetaData): ReadonlySet<string> {
  if (schema.length < 2 || row_groups.length === 0) return new Set();
  const chunks = row_groups[0]!.columns;
  return new Set(chunks.flatMap(({ meta_data }) => meta_data?.path_in_schema[0] ?? []));
}

function requireReadable({ row_groups }: FileMetaData, name: string, columns: readonly string[]): void {
  let bytes = 0;
  for (const { meta_data } of row_groups.flatMap((group) => group.columns)) {
    if (!meta_data || !columns.includes(meta_data.path_in_schema[0]!)) continue;
    const { codec, total_uncompressed_size } = meta_data;
    if (!CODECS.includes(codec))
      throw new UsageError(
        `${name} is packed by ${codec}, expected SNAPPY or nothing. Write it again with compression="snappy".`,
      );
    bytes += Number(total_uncompressed_size);
  }
  if (bytes > LARGEST)
    throw new UsageError(
      `${name} holds ${(bytes / 2 ** 30).toFixed(1)} GB in the columns that are needed, more than the ${LARGEST / 2 ** 30} GB that are read at once.`,
    );
}
