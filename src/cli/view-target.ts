// What there is to view: runs with their episodes, or a recording by itself.
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { readSummaries } from "../replay/mcap-read.js";
import { type EpisodeSummary, nameEpisode } from "../replay/recording.js";
import { isRunFolder } from "./run-folder.js";

/** What is to be viewed. */
export interface ViewTarget {
  /** Folder of runs; each sub-folder with a config.json is listed. */
  readonly runs: string;
  /** This run only, named as below `runs`. */
  readonly only?: string;
  /** Name of a recording in `runs` itself, outside of any run. */
  readonly loose?: string;
  /** Modules of the user's own to find the environments of runs in. */
  readonly modules?: readonly string[];
}

/** Where a file's summary lies: mostly in the first bytes, further behind where there are many episodes or shapes. */
const SUMMARY_BYTES = [65_536, 1_048_576];
/** What was read of files, by name, size and time: a page asks again and again. */
const known = new Map<string, readonly EpisodeSummary[]>();

/** List runs with their settings, evaluation and episodes, as the viewer wants them. */
export function listTarget({ runs, only, loose }: ViewTarget) {
  return loose === undefined ? listRuns(runs, only) : [describeLoose(runs, loose)];
}

/** Return the file of an episode; undefined where there is none, or the names lead elsewhere. */
export function episodeFile(
  { runs, only, loose }: ViewTarget,
  run: string,
  name: string,
): string | undefined {
  if (loose !== undefined) return run === loose && name === loose ? inside(runs, loose) : undefined;
  return only === undefined || run === only ? inside(runs, run, "episodes", name) : undefined;
}

/** Return the file of a run's metrics; undefined where there is none, or the name leads elsewhere. */
export function metricsFile(target: ViewTarget, run: string): string | undefined {
  return isServed(target, run) ? inside(target.runs, run, "metrics.jsonl") : undefined;
}

/** Return the folder of a run; undefined where there is none, or the name leads elsewhere. */
export function runFolderOf(target: ViewTarget, run: string): string | undefined {
  const config = isServed(target, run) ? inside(target.runs, run, "config.json") : undefined;
  return config && dirname(config);
}

function isServed({ only, loose }: ViewTarget, run: string): boolean {
  return loose === undefined && (only === undefined || run === only);
}

/** Join names to a file that exists inside `root`; undefined for anything that leads out of it. */
function inside(root: string, ...names: string[]): string | undefined {
  if (names.some((name) => name === "" || name !== basename(name) || name === "..")) return undefined;
  const path = join(root, ...names);
  if (!existsSync(path)) return undefined;
  return realpathSync(path).startsWith(realpathSync(root) + sep) ? path : undefined;
}

/** A recording outside of any run, listed as if it were one. */
function describeLoose(folder: string, name: string) {
  const file = join(folder, name);
  const created = statSync(file).mtimeMs;
  return { run: name, created, config: null, evaluation: null, episodes: describeEpisodes(file) };
}

function listRuns(runs: string, only: string | undefined) {
  if (!existsSync(runs)) return [];
  const names = readdirSync(runs).filter(
    (name) => (only === undefined || name === only) && isRunFolder(join(runs, name)),
  );
  return names.sort().map((run) => {
    const folder = join(runs, run);
    const episodes = existsSync(join(folder, "episodes"))
      ? readdirSync(join(folder, "episodes")).filter((name) => name.endsWith(".mcap"))
      : [];
    return {
      run,
      created: statSync(join(folder, "config.json")).mtimeMs,
      config: readJson(join(folder, "config.json")),
      evaluation: readJson(join(folder, "evaluation.json")),
      episodes: episodes.sort().flatMap((name) => describeEpisodes(join(folder, "episodes", name))),
    };
  });
}

/** The episodes of a file: one named as the file is, or several with their numbers. */
function describeEpisodes(file: string): ({ readonly name: string } & Partial<EpisodeSummary>)[] {
  const name = basename(file);
  const summaries = summariesOf(file);
  if (summaries.length < 2) return [{ name, ...summaries[0] }];
  return summaries.map((summary, episode) => ({ name: nameEpisode(name, episode), ...summary }));
}

function summariesOf(file: string): readonly EpisodeSummary[] {
  const { size, mtimeMs } = statSync(file);
  const key = `${file} ${size} ${mtimeMs}`;
  let found = known.get(key);
  for (const bytes of found ? [] : SUMMARY_BYTES) {
    found = readSummaries(firstBytes(file, bytes));
    if (found.length > 0 || size <= bytes) break;
  }
  known.set(key, found!);
  return found!;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function firstBytes(file: string, count: number): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    const buffer = new Uint8Array(count);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, count, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Split the path of runs, a run, or a recording into what is to be viewed; `episode` is the one to open. */
export function viewTarget(path: string): ViewTarget & { readonly episode?: string } {
  if (isRunFolder(path)) return { runs: dirname(path), only: basename(path) };
  if (path.endsWith(".mcap")) {
    const [folder, name] = [dirname(path), basename(path)];
    const run = dirname(folder);
    if (basename(folder) !== "episodes" || !isRunFolder(run))
      return { runs: folder, loose: name, episode: name };
    return { runs: dirname(run), only: basename(run), episode: name };
  }
  return { runs: path };
}
