// What a source of data is: a known public set, a folder of the user's own, or a generator.
import type { DataSplits } from "./dataset.js";

/** Files that a data set is read from; paths use "/" and lie inside of one folder. */
export interface DataFiles {
  /** Name of the folder, for messages. */
  readonly folder: string;
  /** List all paths, sorted. */
  list(): Promise<readonly string[]>;
  /** Read one; throws a UsageError that names it where it is missing, or larger than `largest` bytes (default: 2^30). */
  read(path: string, largest?: number): Promise<Uint8Array>;
}

/** A file that a source needs. */
export interface DataFile {
  /** Where it is put, from the data folder on: "mnist/train-images-idx3-ubyte.gz". */
  readonly path: string;
  /** Address that it is downloaded from. */
  readonly url: string;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Length. */
  readonly bytes: number;
}

/** Settings of a source or a predictor, by name. */
export type PlainSettings = Readonly<Record<string, number | boolean | string>>;

/** A source of data by its id. */
export interface DataSource {
  /** What `--data` names it by: "mnist". */
  readonly id: string;
  /** One line. */
  readonly description: string;
  /** Of the data. */
  readonly licence: string;
  /** What it needs; none for one that is generated, or that an npm package ships. */
  readonly files: readonly DataFile[];
  /** Id of a generated source with fields of the same names and meaning, for machines that nothing was downloaded to. */
  readonly standIn?: string;
  /** Defaults of what it can be told. */
  readonly settings: PlainSettings;
  /**
   * Read or generate the rows; the same files, settings and seed give the same rows.
   *
   * Throws a UsageError that names file and field where a file is not what it should be.
   */
  load(files: DataFiles, settings: PlainSettings, seed: string): Promise<DataSplits>;
}
