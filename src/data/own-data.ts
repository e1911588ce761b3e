// Data of the user's own: what kind it is follows from the files.
import { UsageError } from "../math/usage-error.js";
import type { DataFiles, DataSource } from "./data-source.js";
import { hashedFiles, shownPath } from "./hashed-files.js";
import { readCsv } from "./readers/csv.js";
import { decodeText } from "./readers/text.js";
import { numberSetting, wholeSetting } from "./source-settings.js";
import { imageFolder } from "./sources/image-folder.js";
import { parquetFile } from "./sources/parquet-file.js";
import { recordedData } from "./sources/recorded-data.js";
import { TABLE_DEFAULTS, tableSplits } from "./table-rows.js";
import { textSplits } from "./text-splits.js";

/** Largest table and largest text, bytes. */
const LARGEST = { table: 2 ** 26, text: 2 ** 24 };

/**
 * Return the source that reads data of the user's own: a folder of PNG pictures or of recordings, or one file: CSV, parquet, text, recording.
 *
 * Its id is the folder's or file's name. What it can be told, and its fields: see `imageFolder`, `tableSplits`, `textSplits`, `recordedData`.
 *
 * @throws UsageError where the files are of no kind that is known.
 * @example
 * const files = openDataFolder("parts");
 * const { train } = await loadSource(await ownData(files), files, {}, "0");
 */
export async function ownData(files: DataFiles, file?: string): Promise<DataSource> {
  const paths = file === undefined ? await files.list() : [file];
  if (file === undefined && paths.some((path) => /\.png$/i.test(path))) return imageFolder(files.folder);
  const recordings = paths.filter((path) => /\.mcap$/i.test(path));
  if (recordings.length > 0) return recordedData(recordings);
  const [first, ...others] = paths.filter((path) => kindOf(path) !== undefined);
  if (first !== undefined && others.length > 0)
    throw new UsageError(
      `${files.folder} holds ${others.length + 1} files of data, ${first}, ${others[0]} and so on. Name one of them.`,
    );
  if (first !== undefined) return kindOf(first)!(first);
  // says what is expected of pictures, and which others there are
  if (file === undefined) return imageFolder(files.folder);
  throw new UsageError(
    `${file} is no data that is read: expected a folder of PNG pictures, or a .csv, .parquet, .txt or .mcap file.`,
  );
}

function kindOf(path: string): ((path: string) => DataSource) | undefined {
  if (/\.(csv|tsv)$/i.test(path)) return csvFile;
  if (/\.parquet$/i.test(path)) return parquetFile;
  return /\.txt$/i.test(path) ? textFile : undefined;
}

function csvFile(path: string): DataSource {
  return {
    id: path,
    description: "a CSV file",
    licence: "your own",
    files: [],
    settings: TABLE_DEFAULTS,
    async load(files, settings, seed) {
      const hashed = hashedFiles(files);
      const shown = shownPath(files, path);
      const { header, rows, lines } = readCsv(
        decodeText(await hashed.read(path, LARGEST.table), shown),
        shown,
      );
      const table = {
        file: shown,
        header,
        size: rows.length,
        value: (row: number, column: number) => rows[row]![column],
        place: (row: number) => `line ${lines[row]}`,
      };
      return tableSplits(table, settings, seed, {
        name: shown,
        source: shown,
        files: hashed.hashes,
        settings: { ...settings, seed },
      });
    },
  };
}

function textFile(path: string): DataSource {
  return {
    id: path,
    description: "plain text, as characters",
    licence: "your own",
    files: [],
    settings: { length: 64, stride: 1, validation: 0.05, test: 0.1 },
    async load(files, settings, seed) {
      const hashed = hashedFiles(files);
      const shown = shownPath(files, path);
      const text = decodeText(await hashed.read(path, LARGEST.text), shown);
      return textSplits(text, {
        file: shown,
        length: wholeSetting(settings, "length", 1, 4096),
        stride: wholeSetting(settings, "stride", 1, 4096),
        validation: numberSetting(settings, "validation", 0.001, 0.5),
        test: numberSetting(settings, "test", 0.001, 0.5),
        provenance: {
          name: shown,
          source: shown,
          files: hashed.hashes,
          settings: { ...settings, seed },
        },
      });
    },
  };
}
