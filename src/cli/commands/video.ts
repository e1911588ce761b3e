// armgym video
import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import { ProgressLine, progressBar } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { readRecording } from "../../recording/mcap-read.js";
import {
  type EpisodeRecording,
  episodeOf,
  parseEpisodeName,
  splitEpisodes,
  summarizeRecording,
} from "../../recording/recording.js";
import { TEST_SEED } from "../../rl/evaluation-seeds.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { LARGEST, readWholeFile } from "../../runs/read-file.js";
import { openRun } from "../../runs/run.js";
import { encodeGif } from "../../video/encode-gif.js";
import { encodeMp4 } from "../../video/encode-mp4.js";
import { OVERVIEW } from "../../video/episode-view.js";
import { episodeFilm, type Film, filmSize } from "../../video/film.js";
import { endingAtOnce } from "../end-signals.js";
import { filmPage } from "../film-page.js";
import { envOption, firstSeed, jsonOption, wholeNumber } from "../flags.js";
import { printAnswer } from "../print-answer.js";

/** Two numbers: "320x240". */
type Pair = readonly [number, number];

interface VideoFlags {
  readonly episodes?: number;
  readonly seed?: number;
  readonly camera: string;
  readonly size: Pair;
  readonly fps: number;
  readonly grid?: Pair;
  readonly title?: string;
  readonly html?: string;
  readonly env: readonly string[];
  readonly json?: boolean;
}

/** What `armgym video --json` prints. */
interface VideoOutcome {
  readonly episodes: number;
  readonly solved: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  readonly files: readonly WrittenFile[];
}

interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
}

/** Episodes shown where nobody says how many: of a run, and at most of a recording. */
const EPISODES = 4;
const MOST_EPISODES = 64;
/** Smallest and largest picture of an episode, and of a film, pixels a side. */
const SMALLEST = 16;
const LARGEST_PICTURE = 2048;
const LARGEST_FILM = 4096;
/** More than a GIF can show: its time goes in hundredths of a second, and browsers slow down what is faster. */
const MOST_FPS = 50;

/** Define `armgym video`. */
export function define(command: Command): void {
  command
    .argument(
      "<path>",
      "a run, whose best policy plays; or a recording: demos.mcap, or one of its episodes: demos.mcap:3",
    )
    .argument("[out]", "file to write: .gif or .mp4 (H.264)")
    .option("--html <file>", "write one page that holds the pictures and opens from disk")
    .option(
      "--episodes <n>",
      `episodes to show, at the same time; default: ${EPISODES}`,
      wholeNumber("episodes", 1, MOST_EPISODES),
    )
    .option("--seed <n>", "of a run: seed of the first episode; default: the first held-out one", firstSeed)
    .option("--grid <columns>x<rows>", "how they are laid out; default: as square as can be", gridOf)
    .option("--size <width>x<height>", "of each episode's picture, pixels", sizeOf, [320, 240])
    .option("--fps <n>", "pictures per second", wholeNumber("fps", 1, MOST_FPS), 20)
    .option("--camera <name>", "what sees it: all of it, or a camera of the recording: front", OVERVIEW)
    .option("--title <text>", "what stands above; default: environment, robot and who acts")
    .addOption(envOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym video runs/PickPlace-v1__ppo-mlp__1__20260102-030405 policy.gif --episodes 6 --grid 3x2\n" +
        "  armgym video demos.mcap:0 demo.mp4 --size 640x480\n",
    )
    .action(videoCommand);
}

function pairOf(option: string, least: number, most: number, example: string) {
  return (text: string): Pair => {
    const [, width, height] = (/^(\d+)x(\d+)$/.exec(text) ?? []).map(Number);
    const isPossible = (value: number | undefined) => value !== undefined && value >= least && value <= most;
    if (isPossible(width) && isPossible(height)) return [width!, height!];
    throw new UsageError(
      `--${option} is "${text}", expected two whole numbers from ${least} to ${most}, for example ${example}.`,
    );
  };
}

function sizeOf(text: string): Pair {
  return pairOf("size", SMALLEST, LARGEST_PICTURE, "320x240")(text);
}

function gridOf(text: string): Pair {
  return pairOf("grid", 1, MOST_EPISODES, "3x2")(text);
}

async function videoCommand(path: string, out: string | undefined, flags: VideoFlags): Promise<void> {
  const { html, json } = flags;
  requireOutput(path, out, html);
  const { count, columns } = layoutOf(flags);
  const progress = new ProgressLine(process.stderr);
  const names = [out, html].flatMap((name) => name ?? []).join(", ");
  const outcome = await endingAtOnce(
    progress,
    () => `nothing was written to ${names}.`,
    async () => {
      const recordings = await episodesOf(path, flags, count, progress);
      const film = filmOf(recordings, flags, columns, path);
      const files: WrittenFile[] = [];
      if (out !== undefined) {
        const encode = isGif(out) ? encodeGif : encodeMp4;
        files.push(await write(out, film, progress, encode, null));
      }
      if (html !== undefined) files.push(await write(html, film, progress, filmPage, "html"));
      return outcomeOf(recordings, film, files);
    },
  );
  const { episodes, solved, width, height, seconds, files } = outcome;
  const what = `${episodes} episode${episodes === 1 ? "" : "s"}, ${solved} solved, ${width} x ${height} pixels, ${seconds.toFixed(1)} s`;
  const lines = files.map(
    ({ file, bytes }) => `Wrote ${file} (${(bytes / 2 ** 20).toFixed(1)} MB): ${what}.`,
  );
  printAnswer(json, outcome, lines.join("\n"));
}

function isGif(file: string): boolean {
  return /\.gif$/i.test(file);
}

function requireOutput(path: string, out: string | undefined, html: string | undefined): void {
  if (out === undefined && html === undefined)
    throw new UsageError(
      `There is no file to write to. Name one, for example: armgym video ${path} episodes.gif`,
    );
  if (out !== undefined && !/\.(gif|mp4)$/i.test(out))
    throw new UsageError(
      `${out} ends neither in .gif nor in .mp4. For example: armgym video ${path} episodes.gif`,
    );
  if (html !== undefined && !/\.html?$/i.test(html))
    throw new UsageError(`--html ${html} does not end in .html. For example: --html episodes.html`);
}

/** How many episodes are shown, and how many of them side by side. */
interface Layout {
  readonly count: number;
  readonly columns: number;
}

/** Return how episodes are laid out; throws a UsageError where the grid has too few places for those asked for. */
function layoutOf({ episodes, grid }: VideoFlags): Layout {
  if (!grid) {
    const count = episodes ?? EPISODES;
    return { count, columns: Math.ceil(Math.sqrt(count)) };
  }
  const [columns, rows] = grid;
  const count = episodes ?? columns * rows;
  if (count <= columns * rows) return { count, columns };
  throw new UsageError(
    `--grid ${columns}x${rows} has ${columns * rows} places for --episodes ${count}. Make it larger, or leave it out.`,
  );
}

/** Play `count` episodes of a run, or read at most as many of a recording. */
async function episodesOf(
  path: string,
  { seed, env: modules }: VideoFlags,
  count: number,
  progress: ProgressLine,
): Promise<readonly EpisodeRecording[]> {
  const { file, episode } = parseEpisodeName(path);
  if (file.endsWith(".mcap")) {
    if (seed !== undefined)
      throw new UsageError(
        `--seed chooses episodes of a run, and ${file} holds its own. Name one of them by its place: ${file}:0`,
      );
    return recordedEpisodes(file, episode, count);
  }
  const run = await openRun(path, { modules, say: (line) => progress.say(line) });
  const first = seed ?? TEST_SEED;
  const seeds = Array.from({ length: count }, (_, k) => first + k);
  return run.play(seeds, { played: (done) => progress.show(`Playing episode ${done} of ${count}`, false) });
}

function recordedEpisodes(
  file: string,
  episode: number | undefined,
  count: number,
): readonly EpisodeRecording[] {
  const recording = readRecording(readWholeFile(file, LARGEST.recording), file);
  const held = splitEpisodes(recording).length;
  const numbers =
    episode === undefined ? Array.from({ length: Math.min(count, held) }, (_, k) => k) : [episode];
  return numbers.map((number) => {
    const one = episodeOf(recording, number);
    if (one) return one;
    throw new UsageError(`${file} has no episode ${number}: it holds ${held}, counted from 0.`);
  });
}

function filmOf(
  recordings: readonly EpisodeRecording[],
  { size: [width, height], fps, camera, title }: VideoFlags,
  columns: number,
  path: string,
): Film {
  const options = {
    ...{ width, height, fps, camera },
    columns: Math.min(columns, recordings.length),
    ...(title === undefined ? {} : { title }),
  };
  const whole = filmSize(recordings.length, options);
  if (whole.width > LARGEST_FILM || whole.height > LARGEST_FILM)
    throw new UsageError(
      `The video would be ${whole.width} x ${whole.height} pixels, more than ${LARGEST_FILM} a side. Give a smaller --size, or fewer --episodes.`,
    );
  return episodeFilm(recordings, options, path);
}

/** Encode a film into a file, which is there as a whole or not at all; `option` is the one that named it. */
async function write(
  file: string,
  film: Film,
  progress: ProgressLine,
  encode: (film: Film, pictureDone: (done: number) => Promise<void>) => Promise<Uint8Array | string>,
  option: string | null,
): Promise<WrittenFile> {
  const { numPictures } = film;
  const data = await encode(film, async (done) => {
    progress.show(`${file} ${progressBar(done / numPictures)} picture ${done} of ${numPictures}`, false);
    // so that Ctrl-C is heard
    await setImmediate();
  });
  progress.end();
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  atomicWrite(file, bytes, { option });
  return { file, bytes: bytes.length };
}

function outcomeOf(
  recordings: readonly EpisodeRecording[],
  { width, height, fps, numPictures }: Film,
  files: readonly WrittenFile[],
): VideoOutcome {
  const solved = recordings.filter((recording) => summarizeRecording(recording).success).length;
  return { episodes: recordings.length, solved, width, height, fps, seconds: numPictures / fps, files };
}
