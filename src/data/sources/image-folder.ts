// A folder of PNG pictures: a folder for each class, or pictures and their masks.
import { UsageError } from "../../math/usage-error.js";
import type { DataFiles, DataSource, PlainSettings } from "../data-source.js";
import {
  type DataArrays,
  type DataField,
  type DataSplits,
  type Dataset,
  subset,
  tableDataset,
} from "../dataset.js";
import { FOLD_DEFAULTS, foldSplits, requireClasses } from "../fold-splits.js";
import { hashedFiles, shownPath } from "../hashed-files.js";
import { type Picture, readPng, readPngForm } from "../readers/png.js";
import { resizeNearest, resizePicture, withChannels } from "../resize-picture.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import { splitRows } from "../split-rows.js";

/** Memory that all pictures of a set may take, bytes. */
const MOST_BYTES = 2 ** 29;
/** Largest file of one picture, bytes. */
const LARGEST_FILE = 2 ** 26;
/** Folders that part a set already, by what they are called. */
const PARTS: Readonly<Record<string, "train" | "validation" | "test">> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  test: "test",
};

/** A picture by its path, with what it is told apart by. */
interface Entry {
  readonly path: string;
  readonly mask?: string;
  readonly className?: string;
  readonly part?: "train" | "validation" | "test";
}

/**
 * Return the source that reads a folder of PNG files.
 *
 * Layouts: `CLASS/*.png`, deeper folders count as their first one; `images/*.png` with `masks/*.png` of the same names, of classes where both have
 * folders of these. Either may lie in the folders `train`, `validation` (`val`) and `test`; where there is no test, settings of `foldSplits`
 * part the rows: `folds`, `fold`, `validation`.
 *
 * Settings: `size`, pixels of an edge that every picture is resized to, 0 (all are of one size); `channels`, 1 (grey), 3 (colour) or 0 (colour where
 * a picture has any).
 *
 * Fields: `image` [height, width, channels] uint8; `label` int32 where there are classes; `mask` [height, width, 1] uint8, 1 where the mask is not 0.
 *
 * @throws Nothing; loading throws a UsageError where there are no pictures, sizes differ, a mask is missing, or a file is damaged.
 */
export function imageFolder(name: string): DataSource {
  return {
    id: name,
    description: "PNG pictures, a folder for each class, or pictures and masks",
    licence: "your own",
    files: [],
    settings: { size: 0, channels: 0, ...FOLD_DEFAULTS },
    async load(files, settings, seed) {
      const entries = entriesOf(await files.list(), files.folder);
      const all = await readEntries(files, entries, settings);
      return partition(all, entries, settings, seed);
    },
  };
}

/** Pictures among paths; throws a UsageError where there are none, or they are not in folders of a layout. */
function entriesOf(paths: readonly string[], folder: string): readonly Entry[] {
  const places = paths.filter((path) => /\.png$/i.test(path)).map(placeOf);
  if (places.length === 0) {
    const others = paths.filter((path) => /\.(jpe?g|bmp|tiff?|gif|webp|pgm)$/i.test(path));
    const found = others.length > 0 ? `, but ${others.length} others like ${others[0]}: convert them` : "";
    throw new UsageError(`${folder} holds no PNG pictures${found}. Expected CLASS/NAME.png.`);
  }
  const masks = new Set(places.flatMap(({ role, path }) => (role === "masks" ? path : [])));
  const entries = places.flatMap(({ role, maskPath, ...entry }): Entry[] => {
    if (role === "masks") return [];
    if (entry.className === undefined && masks.size === 0)
      throw new UsageError(`${folder}/${entry.path} lies in no folder of a class. Expected CLASS/NAME.png.`);
    if (masks.size === 0) return [entry];
    if (masks.has(maskPath)) return [{ ...entry, mask: maskPath }];
    throw new UsageError(`${folder}/${entry.path} has no mask: there is no ${folder}/${maskPath}.`);
  });
  const [odd] = entries.filter(
    (entry) => (entry.className === undefined) !== (entries[0]!.className === undefined),
  );
  if (odd)
    throw new UsageError(`${folder}/${odd.path} and ${entries[0]!.path} are not both in folders of classes.`);
  if (entries.length === 0)
    throw new UsageError(`${folder} holds masks only. Expected images/NAME.png as well.`);
  return entries;
}

/** What the folders of a path say. */
function placeOf(path: string): Entry & { readonly role: string | undefined; readonly maskPath: string } {
  const folders = path.split("/").slice(0, -1);
  const part = PARTS[folders[0]?.toLowerCase() ?? ""];
  const inside = part ? folders.slice(1) : folders;
  const role = inside[0] === "images" || inside[0] === "masks" ? inside[0] : undefined;
  const className = role ? inside[1] : inside[0];
  const before = part ? `${folders[0]}/` : "";
  const maskPath = `${before}masks/${path.slice(before.length + (role ? role.length + 1 : 0))}`;
  return {
    path,
    role,
    maskPath,
    ...(part ? { part } : {}),
    ...(className === undefined ? {} : { className }),
  };
}

async function readEntries(
  files: DataFiles,
  entries: readonly Entry[],
  settings: PlainSettings,
): Promise<Dataset> {
  const hashed = hashedFiles(files);
  const resized = wholeSetting(settings, "size", 0, 4096);
  const form = await formOf(files, entries, resized);
  const channels = channelsSetting(settings) || form.channels;
  const { width, height } = form;
  const read = async (path: string) => readPng(await hashed.read(path, LARGEST_FILE), shownPath(files, path));
  const image = new Uint8Array(entries.length * width * height * channels);
  for (const [row, { path }] of entries.entries()) {
    const picture = withChannels(resizePicture(await read(path), width, height), channels);
    image.set(picture.pixels, row * picture.pixels.length);
  }
  const classes = [...new Set(entries.flatMap(({ className }) => className ?? []))].sort();
  const fields: Record<string, DataField> = { image: { shape: [height, width, channels], dtype: "uint8" } };
  const columns: DataArrays = { image };
  if (classes.length > 0) {
    fields.label = { shape: [], dtype: "int32", classes };
    columns.label = Int32Array.from(entries, ({ className }) => classes.indexOf(className!));
  }
  if (entries[0]!.mask !== undefined) {
    fields.mask = { shape: [height, width, 1], dtype: "uint8" };
    columns.mask = new Uint8Array(entries.length * width * height);
    for (const [row, { path, mask }] of entries.entries()) {
      const picture = await read(mask!);
      if (resized === 0 && (picture.width !== width || picture.height !== height))
        throw new UsageError(
          `${shownPath(files, mask!)} has ${picture.width} x ${picture.height} pixels, but its picture ${shownPath(files, path)} ${width} x ${height}.`,
        );
      columns.mask.set(ones(resizeNearest(picture, width, height)), row * width * height);
    }
  }
  return tableDataset(fields, columns, {
    name: files.folder,
    source: files.folder,
    files: hashed.hashes,
    settings,
  });
}

function channelsSetting({ channels }: PlainSettings): number {
  if (channels === 0 || channels === 1 || channels === 3) return channels;
  throw new UsageError(
    `The setting "channels" is ${channels}, expected 1 (grey), 3 (colour) or 0 (as they are).`,
  );
}

interface Form {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** The form that all pictures have, or are resized to: from their headers, before memory is taken for any. */
async function formOf(files: DataFiles, entries: readonly Entry[], resized: number): Promise<Form> {
  let form: Form | undefined;
  for (const { path } of entries) {
    const shown = shownPath(files, path);
    const own = readPngForm(await files.read(path, LARGEST_FILE), shown);
    form ??= own;
    if (resized === 0 && (own.width !== form.width || own.height !== form.height))
      throw new UsageError(
        `${shown} has ${own.width} x ${own.height} pixels, but ${shownPath(files, entries[0]!.path)} ${form.width} x ${form.height}. Set "size" to the pixels of an edge that all are resized to.`,
      );
    form = { ...form, channels: Math.max(form.channels, own.channels) };
  }
  const { channels } = form!;
  const whole = resized > 0 ? { width: resized, height: resized, channels } : form!;
  const bytes = entries.length * whole.width * whole.height * channels;
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `${files.folder} holds ${entries.length} pictures of ${whole.width} x ${whole.height} pixels, ${bytes} bytes, more than ${MOST_BYTES}. Set "size" to fewer pixels, or take fewer pictures.`,
    );
  return whole;
}

/** 1 for each pixel that is not 0 in every channel. */
function ones({ pixels, channels, width, height }: Picture): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const [k, value] of pixels.entries()) if (value > 0) mask[Math.floor(k / channels)] = 1;
  return mask;
}

/** By the folders of parts where there is one to test; else by folds. */
function partition(
  all: Dataset,
  entries: readonly Entry[],
  settings: PlainSettings,
  seed: string,
): DataSplits {
  const strata = all.fields.label ? "label" : undefined;
  const rowsOf = (part: Entry["part"]) =>
    subset(all, Int32Array.from(entries.flatMap((entry, row) => (entry.part === part ? [row] : []))));
  const [train, validation, test] = [rowsOf("train"), rowsOf("validation"), rowsOf("test")];
  if (train.size + test.size + validation.size < all.size && train.size + test.size + validation.size > 0)
    throw new UsageError(
      `${all.provenance.name} has folders of parts (train, validation, test) and others beside them. Move all pictures into parts, or into folders of classes.`,
    );
  if (train.size === 0 || test.size + validation.size === 0) return foldSplits(all, settings, seed, strata);
  if (strata !== undefined) requireClasses(train, strata, all);
  const held = test.size > 0 ? test : validation;
  if (test.size > 0 && validation.size > 0) return { train, validation, test: () => Promise.resolve(held) };
  // two parts only: some of what is learned from is chosen by
  const share = numberSetting(settings, "validation", 0.001, 0.9);
  const rows = splitRows(train, {
    shares: { train: 1 - share, validation: share },
    seed,
    ...(strata === undefined ? {} : { strata }),
  });
  return {
    train: subset(train, rows.train),
    validation: subset(train, rows.validation),
    test: () => Promise.resolve(held),
  };
}
