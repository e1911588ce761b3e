// What there is to view: runs with their episodes, or a recording by itself.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { readMetrics } from "../../log/metric-files.js";
import { describeFitRun } from "../../recording/fit-validation.js";
import { describeRun, type RunListing } from "../../recording/run-events.js";
import { describeEpisodes, episodeFiles } from "../../runs/episode-files.js";
import { isRunFolder } from "../../runs/owned-folder.js";

/** What is to be viewed. */
export interface ViewTarget {
  /** Folder of runs; each sub-folder with a config.json is listed. */
  readonly runs: string;
  /** This run only, named as below `runs`. */
  readonly only?: string;
  /** Name of a recording, or of a data set's folder, in `runs` itself, outside of any run. */
  readonly loose?: string;
  /** Folder that the user's own file lies in, where what is shown is a copy. */
  readonly source?: string;
  /** Of a data set: its episodes, and the folder that recordings of them are made in when they are asked for. */
  readonly dataset?: { readonly listing: RunListing; readonly recordings: string };
  /** Modules of the user's own to find the environments of runs in. */
  readonly modules?: readonly string[];
}

/** Larger than any file of its kind that armgym writes, bytes. */
const LARGEST_JSON = 2 ** 24;
const LARGEST_METRICS = 2 ** 28;

/** List runs with their settings, evaluation and episodes, as the viewer wants them. */
export function listTarget({ runs, only, loose, dataset }: ViewTarget): RunListing[] {
  if (dataset) return [dataset.listing];
  return loose === undefined ? listRuns(runs, only) : [describeLoose(runs, loose)];
}

/** Return the file of an episode; undefined where there is none, or the names lead elsewhere. */
export async function episodeFile(
  { runs, only, loose, dataset }: ViewTarget,
  run: string,
  name: string,
): Promise<string | undefined> {
  if (dataset) return run === loose ? datasetFile(join(runs, loose), name, dataset.recordings) : undefined;
  // named by the user, so that a link is followed
  if (loose !== undefined) return run === loose && name === loose ? plainFile(join(runs, loose)) : undefined;
  if ((only !== undefined && run !== only) || !isPlainName(name)) return undefined;
  return inside(runs, run, "episodes", name);
}

let made: Promise<unknown> = Promise.resolve();

/** The recording of a data set's episode, made where it is not there yet: one at a time, as each takes memory. */
function datasetFile(folder: string, name: string, recordings: string): Promise<string | undefined> {
  const file = made.then(async () => {
    // what reads tables and plays episodes is loaded only for a data set
    const { makeRecording } = await import("../../runs/dataset-episodes.js");
    return makeRecording(folder, name, recordings);
  });
  made = file.catch(() => undefined);
  return file;
}

/** Read the metrics of a run; none where there are none, or the name leads elsewhere. */
export function metricsOfRun(target: ViewTarget, run: string): Record<string, number>[] {
  const file = isServed(target, run) ? inside(target.runs, run, "metrics.jsonl") : undefined;
  const text = file && readBounded(file, LARGEST_METRICS);
  return text ? readMetrics(text) : [];
}

/** Read what the best epoch of a fit came to; null where there is none, or the name leads elsewhere. */
export function validationOfRun(target: ViewTarget, run: string): unknown {
  const file = isServed(target, run) ? inside(target.runs, run, "validation.json") : undefined;
  return file ? readJson(file) : null;
}

/** Return the folder of a run; undefined where there is none, or the name leads elsewhere. */
export function runFolderOf(target: ViewTarget, run: string): string | undefined {
  return isServed(target, run) && inside(target.runs, run, "config.json")
    ? join(target.runs, run)
    : undefined;
}

/** Folders that mesh files are looked for in: of runs, or of the recording that the user named; and where armgym was started. */
export function meshFolders({ runs, source }: ViewTarget): string[] {
  return [runs, ...(source === undefined ? [] : [source]), process.cwd()];
}

function isServed({ only, loose }: ViewTarget, run: string): boolean {
  return loose === undefined && (only === undefined || run === only);
}

/**
 * Find a plain file of a run; undefined where there is none, or a link leads out of the run's folder.
 *
 * The folder itself may be a link: the user made it, or keeps runs on another disk. What lies in it came with the run.
 */
function inside(runs: string, run: string, ...names: string[]): string | undefined {
  if (!isPlainName(run)) return undefined;
  try {
    const path = realpathSync.native(join(runs, run, ...names));
    return path.startsWith(realpathSync.native(join(runs, run)) + sep) ? plainFile(path) : undefined;
  } catch {
    return undefined;
  }
}

/** A name in a folder, and no way to another one. */
function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && name === basename(name) && !name.includes("\\");
}

/** Follow links to a file; undefined where it is none but a folder, a pipe or a device. */
function plainFile(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync.native(path) : undefined;
  } catch {
    return undefined;
  }
}

/** A recording outside of any run, listed as if it were one. */
function describeLoose(folder: string, name: string): RunListing {
  const file = join(folder, name);
  const created = statSync(file).mtimeMs;
  return { run: name, created, config: null, evaluation: null, episodes: describeEpisodes(file) };
}

function listRuns(runs: string, only: string | undefined): RunListing[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((name) => only === undefined || name === only)
    .sort()
    .flatMap((run) => {
      const config = inside(runs, run, "config.json");
      if (!config) return [];
      const [evaluation, validation] = ["evaluation.json", "validation.json"].map((name) => {
        const file = inside(runs, run, name);
        return file && readJson(file);
      });
      const settings = readJson(config);
      const fit = describeFitRun({ config: settings, validation, evaluation });
      return {
        run,
        created: statSync(config).mtimeMs,
        ...describeRun({ config: settings, evaluation }),
        ...(fit ? { fit } : {}),
        episodes: episodeFiles(
          join(runs, run),
          (name) => inside(runs, run, "episodes", name) !== undefined,
        ).flatMap(describeEpisodes),
      };
    });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readBounded(file, LARGEST_JSON) ?? "null");
  } catch {
    return null;
  }
}

function readBounded(file: string, most: number): string | undefined {
  return statSync(file).size <= most ? readFileSync(file, "utf8") : undefined;
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
