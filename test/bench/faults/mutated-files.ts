// Files of every format that armgym reads, damaged in ways drawn from a seed: each is read, or refused with a reason.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../../src/math/random.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { damage } from "./damage.js";
import { type FileFormat, fileFormats, makeFiles } from "./file-formats.js";
import { runLane, tell } from "./lanes.js";

/** What reading damaged files of one format came to. */
export interface FormatCounts {
  readonly format: string;
  readonly files: number;
  /** Refused with a reason; the others were read, as what was damaged did not matter. */
  readonly refused: number;
  /** Files at which the reader threw something else, ended the process, hung, or took more than 1 GB. */
  readonly faults: readonly string[];
}

/** A line that a lane prints per file, or once where it has done all. */
interface FileOutcome {
  readonly format: string;
  readonly file: number;
  readonly outcome: "read" | "refused" | "fault";
  readonly why?: string;
}

/** Longest that reading one file may take, s. */
const SILENCE = 5;
const GIGABYTE = 2 ** 30;

/** Read `filesPerShare` damaged files per share of every format, made in `folder`; `seed` decides the damage. */
export async function readMutatedFiles(
  folder: string,
  filesPerShare: number,
  seed: number,
): Promise<FormatCounts[]> {
  await makeFiles(folder);
  const waiting = fileFormats(folder).map(({ name, share }) => ({ name, files: share * filesPerShare }));
  const counts: FormatCounts[] = [];
  const work = async () => {
    for (let format = waiting.shift(); format !== undefined; format = waiting.shift())
      counts.push(await readFormat(folder, format.name, format.files, seed));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return counts.sort((a, b) => (a.format < b.format ? -1 : 1));
}

/** Read one format's files in a process of its own; one that ends early is followed by another after the file that ended it. */
async function readFormat(
  folder: string,
  format: string,
  files: number,
  seed: number,
): Promise<FormatCounts> {
  let refused = 0;
  let next = 0;
  const faults: string[] = [];
  while (next < files) {
    const args = [folder, format, next, files, seed].map(String);
    const end = await runLane(
      import.meta.url,
      args,
      (line) => {
        const { file, outcome, why } = line as FileOutcome;
        next = file + 1;
        if (outcome === "refused") refused++;
        if (outcome === "fault") faults.push(`${format} ${file}: ${why}`);
      },
      { silence: SILENCE + START_UP, nodeOptions: ["--max-old-space-size=1024"] },
    );
    if (end === 0) break;
    faults.push(`${format} ${next}: the process ended with ${end}`);
    next++;
  }
  return { format, files, refused, faults };
}

/** What loading modules and engines may take before the first file, s. */
const START_UP = 10;

async function readOne(
  { bytes, read, mend }: FileFormat,
  seed: string,
): Promise<Omit<FileOutcome, "format" | "file">> {
  const damaged = damage(bytes, createRandom(seed));
  const begin = performance.now();
  const before = process.resourceUsage().maxRSS;
  let outcome: Omit<FileOutcome, "format" | "file">;
  try {
    await read(mend ? await mend(damaged) : damaged);
    outcome = { outcome: "read" };
  } catch (error) {
    outcome =
      error instanceof UsageError
        ? { outcome: "refused" }
        : {
            outcome: "fault",
            why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
          };
  }
  const seconds = (performance.now() - begin) / 1000;
  const grown = 1024 * (process.resourceUsage().maxRSS - before);
  if (seconds > SILENCE) return { outcome: "fault", why: `it took ${seconds.toFixed(1)} s` };
  if (grown > GIGABYTE) return { outcome: "fault", why: `it took ${(grown / GIGABYTE).toFixed(1)} GB` };
  if (Object.hasOwn(Object.prototype, "polluted"))
    return { outcome: "fault", why: "Object.prototype was changed" };
  return outcome;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, name, first, files, seed] = process.argv.slice(2) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const format = fileFormats(folder).find((candidate) => candidate.name === name)!;
  // a reader that refuses the whole file would refuse everything
  await format.read(format.bytes.slice());
  for (let file = Number(first); file < Number(files); file++)
    tell({ format: name, file, ...(await readOne(format, `mutated-files/${seed}/${name}/${file}`)) });
}
