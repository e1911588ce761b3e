// Recordings as data: what a policy, an expert or another program did, step by step.
import { UsageError } from "../../math/usage-error.js";
import { currentEntryName } from "../../recording/entry-names.js";
import { readRecording } from "../../recording/mcap-read.js";
import { type RecordedFrame, type RecordingHeader, splitEpisodes } from "../../recording/recording.js";
import type { DataFiles, DataSource } from "../data-source.js";
import { type DataArrays, type DataField, type Dataset, tableDataset } from "../dataset.js";
import { FOLD_DEFAULTS, foldSplits } from "../fold-splits.js";
import { hashedFiles, shownPath } from "../hashed-files.js";
import { type Picture, readPng } from "../readers/png.js";
import { wholeSetting } from "../source-settings.js";
import { windowDataset } from "../windows.js";

/** Largest recording, bytes. */
const LARGEST = 2 ** 27;
const OUTCOMES = ["failed", "succeeded"];

/** One step. */
interface Step {
  readonly header: RecordingHeader;
  /** What was observed, and what came of it; the same frame where nothing acted. */
  readonly before: RecordedFrame;
  readonly after: RecordedFrame;
  readonly episode: number;
  readonly succeeded: boolean;
}

/**
 * Return the source that reads MCAP recordings of armgym; a row is a step, an episode a group.
 *
 * Fields: `observation` [O] and the `action` [A] that followed, with their entries; `reward` [] that it gave; `success` int32, the outcome of the
 * whole episode; `joints` [J] (rad, m); `image` [height, width, channels] uint8 where a camera's PNG pictures are recorded, `image_CAMERA` of
 * several. What another program recorded has no actions, rewards and outcomes. With windows of T steps, the setting `window`: [T, ...] each, and the
 * outcome once.
 *
 * @throws Nothing; loading throws a UsageError where a file is damaged, or episodes have other entries.
 */
export function recordedData(paths: readonly string[]): DataSource {
  return {
    id: paths.length === 1 ? paths[0]! : "recordings",
    description: "recorded episodes, step by step",
    licence: "your own",
    files: [],
    settings: { window: 0, stride: 1, ...FOLD_DEFAULTS },
    async load(files, settings, seed) {
      const hashed = hashedFiles(files);
      const steps = await stepsOf(hashed, paths);
      const all = await rowsOf(steps, files, {
        name: shownPath(files, paths[0]!),
        source: files.folder,
        files: hashed.hashes,
        settings: { ...settings, seed },
      });
      const parts = foldSplits(all, settings, seed);
      const length = wholeSetting(settings, "window", 0, 10_000);
      if (length === 0) return parts;
      const stride = wholeSetting(settings, "stride", 1, 10_000);
      const windows = (part: Dataset) =>
        windowDataset(part, {
          length,
          stride,
          fields: Object.fromEntries(
            Object.keys(all.fields).map((name) => [name, name === "success" ? "last" : "every"]),
          ),
        });
      return {
        train: windows(parts.train),
        validation: windows(parts.validation),
        test: async () => windows(await parts.test()),
      };
    },
  };
}

async function stepsOf(files: DataFiles, paths: readonly string[]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  let episode = 0;
  for (const path of paths) {
    const shown = shownPath(files, path);
    const recording = readRecording(await files.read(path, LARGEST), shown);
    for (const frames of splitEpisodes(recording)) {
      const { header } = recording;
      const succeeded = frames.at(-1)!.success;
      const own = { header, episode, succeeded };
      if (header.imported) for (const frame of frames) steps.push({ ...own, before: frame, after: frame });
      else
        for (let k = 1; k < frames.length; k++)
          steps.push({ ...own, before: frames[k - 1]!, after: frames[k]! });
      episode++;
    }
    requireSameEntries(steps[0], recording.header, shown);
  }
  if (steps.length === 0)
    throw new UsageError(`${files.folder} holds no steps: its episodes end where they begin.`);
  return steps;
}

/** Episodes of one set have the same entries; `first` is its first step. */
function requireSameEntries(first: Step | undefined, header: RecordingHeader, file: string): void {
  if (!first) return;
  for (const kind of ["observationNames", "actionNames", "jointNames"] as const) {
    const listed = (names: readonly string[]) => names.map(currentEntryName).join(", ");
    const [own, expected] = [listed(header[kind]), listed(first.header[kind])];
    if (own !== expected)
      throw new UsageError(
        `${file} has other ${kind.replace("Names", "")} entries than the recordings before it: ${own || "none"}; expected: ${expected || "none"}. Take recordings of one environment.`,
      );
  }
}

async function rowsOf(
  steps: readonly Step[],
  files: DataFiles,
  provenance: Dataset["provenance"],
): Promise<Dataset> {
  const { header } = steps[0]!;
  const fields: Record<string, DataField> = {};
  const columns: DataArrays = {};
  const add = (name: string, field: DataField, read: (step: Step) => readonly number[]) => {
    const width = field.shape[0] ?? 1;
    const column = new (field.dtype === "int32" ? Int32Array : Float32Array)(steps.length * width);
    for (const [row, step] of steps.entries()) {
      const values = read(step);
      if (values.length !== width)
        throw new UsageError(
          `${provenance.name}: "${name}" has ${values.length} numbers ${step.before.time.toFixed(2)} s into episode ${step.episode}, expected ${width}.`,
        );
      column.set(values, row * width);
    }
    fields[name] = field;
    columns[name] = column;
  };
  const { observationNames, observationUnits = [], actionNames, jointNames } = header;
  const entries = (names: readonly string[], units: readonly string[]) =>
    names.map((name, k) => ({ name: currentEntryName(name), unit: units[k] || "1" }));
  if (observationNames.length > 0 && !header.imported)
    add(
      "observation",
      { shape: [observationNames.length], entries: entries(observationNames, observationUnits) },
      ({ before }) => before.observation,
    );
  if (!header.imported) {
    add(
      "action",
      { shape: [actionNames.length], entries: entries(actionNames, []) },
      ({ after }) => after.action,
    );
    add("reward", { shape: [] }, ({ after }) => [after.reward]);
    add("success", { shape: [], dtype: "int32", classes: OUTCOMES }, ({ succeeded }) => [succeeded ? 1 : 0]);
  }
  if (jointNames.length > 0)
    add(
      "joints",
      { shape: [jointNames.length], entries: entries(jointNames, []) },
      ({ before }) => before.jointPositions,
    );
  for (const [name, field, column] of await picturesOf(steps, files.folder)) {
    fields[name] = field;
    columns[name] = column;
  }
  return tableDataset(
    fields,
    columns,
    provenance,
    Int32Array.from(steps, ({ episode }) => episode),
  );
}

/** Pictures of each camera that has a PNG of one size in every step. */
async function picturesOf(
  steps: readonly Step[],
  folder: string,
): Promise<readonly (readonly [string, DataField, Uint8Array])[]> {
  const cameras = Object.keys(steps[0]!.before.pictures ?? {}).filter((camera) =>
    // the first bytes of a PNG in base64
    steps.every(({ before }) => before.pictures?.[camera]?.startsWith("iVBORw0KGgo")),
  );
  const found: (readonly [string, DataField, Uint8Array])[] = [];
  for (const camera of cameras) {
    let [first, column]: [Picture | undefined, Uint8Array] = [undefined, new Uint8Array(0)];
    for (const [row, { before, episode }] of steps.entries()) {
      const file = `${folder}: the picture of "${camera}" ${before.time.toFixed(2)} s into episode ${episode}`;
      const bytes = Uint8Array.from(atob(before.pictures![camera]!), (byte) => byte.charCodeAt(0));
      const picture = await readPng(bytes, file);
      if (!first) {
        requireRoom(steps.length * picture.pixels.length, folder);
        first = picture;
        column = new Uint8Array(steps.length * picture.pixels.length);
      }
      if (picture.pixels.length !== first.pixels.length || picture.width !== first.width)
        throw new UsageError(
          `${file} has ${picture.width} x ${picture.height} x ${picture.channels} numbers, expected ${first.width} x ${first.height} x ${first.channels}.`,
        );
      column.set(picture.pixels, row * picture.pixels.length);
    }
    const { width, height, channels } = first!;
    const name = cameras.length === 1 ? "image" : `image_${camera}`;
    found.push([name, { shape: [height, width, channels], dtype: "uint8" }, column]);
  }
  return found;
}

/** Memory that the pictures of a camera may take, bytes. */
const MOST_BYTES = 2 ** 29;

function requireRoom(bytes: number, folder: string): void {
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `${folder} holds ${bytes} bytes of pictures, more than ${MOST_BYTES}. Take fewer recordings.`,
    );
}
