// The recordings in a run's folder: what each is of, by its first bytes.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { readMeshFiles, readSummaries } from "../recording/mcap-read.js";
import { type EpisodeSummary, nameEpisode } from "../recording/recording.js";

/** Where a file's summary lies: mostly in the first bytes, further behind where there are many episodes or shapes. */
const SUMMARY_BYTES = [65_536, 1_048_576];
/** What was read of each file: a page asks again and again. */
const known = new Map<
  string,
  { readonly size: number; readonly time: number; readonly summaries: readonly EpisodeSummary[] }
>();

/** A recorded episode by its name; the rest is not there where the file cannot be read. */
export type NamedEpisode = { readonly name: string } & Partial<EpisodeSummary>;

/** List the recordings in the folder `episodes` of a run, in the order of their names; `isServed` leaves some out. */
export function episodeFiles(run: string, isServed: (name: string) => boolean = () => true): string[] {
  const folder = join(run, "episodes");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".mcap") && isServed(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The episodes of a file: one named as the file is, or several with their numbers. */
export function describeEpisodes(file: string): NamedEpisode[] {
  const name = basename(file);
  const summaries = summariesOf(file);
  if (summaries.length < 2) return [{ name, ...summaries[0] }];
  return summaries.map((summary, episode) => ({ name: nameEpisode(name, episode), ...summary }));
}

/** Return the hashes of the mesh files that a recording refers to. */
export function meshFilesOfEpisode(file: string): ReadonlySet<string> {
  return readMeshFiles(firstBytes(file, SUMMARY_BYTES.at(-1)!));
}

function summariesOf(file: string): readonly EpisodeSummary[] {
  try {
    const { size, mtimeMs: time } = statSync(file);
    const old = known.get(file);
    if (old?.size === size && old.time === time) return old.summaries;
    let summaries: readonly EpisodeSummary[] = [];
    for (const bytes of SUMMARY_BYTES) {
      summaries = readSummaries(firstBytes(file, bytes));
      if (summaries.length > 0 || size <= bytes) break;
    }
    known.set(file, { size, time, summaries });
    return summaries;
  } catch {
    // it was removed meanwhile, or may not be read: opening it says so
    return [];
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
