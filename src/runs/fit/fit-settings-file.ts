// A settings file of a fit, YAML or JSON: predictor, data and settings; data from anywhere, checked whole.
import { readEntries } from "../settings/read-entries.js";

type Plain = Readonly<Record<string, unknown>>;

/** What a settings file says; anything in it may be left out. */
export interface FitSettingsFile {
  /** Its path, as the user gave it. */
  readonly file: string;
  readonly predictor?: string;
  readonly data?: string;
  readonly seed?: number | string;
  readonly engine?: string;
  /** Of the predictor. */
  readonly settings?: Plain;
  /** Of the source of data. */
  readonly dataSettings?: Plain;
  /** Line of what stands at a path, for example "settings.epochs"; 1 is the first. */
  readonly lines: ReadonlyMap<string, number>;
}

/** What each entry is. */
const FIT_ENTRIES = {
  armgym: "a version",
  predictor: "a name",
  data: "a path",
  seed: "a seed",
  engine: "a name",
  settings: "settings by name",
  dataSettings: "settings by name",
} as const;

const PLACES = 'Settings of the predictor stand below "settings", those of the data below "dataSettings".';

/** Read `file`; throws a UsageError that names the file and the line where it is no settings file of a fit. */
export function readFitSettingsFile(file: string): FitSettingsFile {
  const { data, lines } = readEntries(file, FIT_ENTRIES, PLACES);
  return { ...data, file, lines };
}
