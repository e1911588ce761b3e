// armgym data
import type { Command } from "commander";
import type { DataFile, DataFiles, DataSource } from "../../data/data-source.js";
import { type Dataset, emptyRows } from "../../data/dataset.js";
import { exampleSheet } from "../../data/example-sheet.js";
import { loadSource } from "../../data/load-source.js";
import { dataSources } from "../../data/sources/data-sources.js";
import { type DataSummary, type FieldSummary, summarizeData } from "../../data/summarize.js";
import { parseSettings } from "../../env/settings/merge-config.js";
import { sha256 } from "../../math/sha256.js";
import { UsageError } from "../../math/usage-error.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { openDataFolder } from "../../runs/data-folder.js";
import { defaultDataFolder, openData } from "../../runs/open-data.js";
import { jsonOption, setOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface DataFlags {
  readonly data?: string;
  readonly set: readonly string[];
  readonly seed: string;
  readonly picture?: string;
  readonly json?: boolean;
}

/** What is known of a file that a set needs. */
interface FileState extends DataFile {
  /** "ok": as published; "other": another file of that name; "missing". */
  readonly state: "ok" | "other" | "missing";
}

/** Define `armgym data`. */
export function define(command: Command): void {
  command
    .argument("[name]", "a set by its name, or the path of a folder or a file of your own; default: list all")
    .option("--data <folder>", "where public sets lie; default: the variable ARMGYM_DATA, else data")
    .addOption(setOption("what the data is read with, for example size=64, label=state"))
    .option("--seed <text>", "seed of splits and of generated data", "0")
    .option("--picture <file>", "draw examples into this PNG file")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym data digits --picture digits.png\n  armgym data parts/ --set size=64\n",
    )
    .action(dataCommand);
}

async function dataCommand(name: string | undefined, flags: DataFlags): Promise<void> {
  const folder = flags.data ?? defaultDataFolder();
  if (name === undefined) return listSources(folder, flags.json);
  const { source, files } = await openData(name, folder);
  const states = await statesOf(source, files);
  const absent = states.filter(({ state }) => state === "missing");
  if (absent.length > 0) {
    const instead = source.standIn === undefined ? {} : { standIn: source.standIn };
    printAnswer(
      flags.json,
      { ...described(source), ...instead, folder, files: states },
      [...heading(source), ...downloadLines(source, states, folder)].join("\n"),
    );
    return;
  }
  const { train, validation, test } = await loadSource(source, files, parseSettings(flags.set), flags.seed);
  const rows = { train: train.size, validation: validation.size, test: (await test()).size };
  const summary = summarizeData(train);
  if (flags.picture !== undefined) writePicture(flags.picture, train);
  const written = flags.picture === undefined ? {} : { picture: flags.picture };
  printAnswer(
    flags.json,
    { ...described(source), files: states, rows, train: summary, provenance: train.provenance, ...written },
    [
      ...heading(source),
      ...stateLines(states, folder),
      `Rows: ${rows.train} to learn from, ${rows.validation} to choose by, ${rows.test} to test.`,
      ...summaryLines(summary, train),
      ...exampleLines(train),
      ...(flags.picture === undefined ? [] : [`Wrote ${flags.picture}.`]),
    ].join("\n"),
  );
}

function described({ id, description, licence, settings }: DataSource) {
  return { id, description, licence, settings };
}

async function listSources(folder: string, json?: boolean): Promise<void> {
  const there = new Set(await openDataFolder(folder).list());
  const rows = Object.values(dataSources).map((source) => {
    const present = source.files.filter(({ path }) => there.has(path)).length;
    const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
    return { ...described(source), bytes, state: stateOf(source.files.length, present) };
  });
  const lines = rows.map(
    ({ id, state, bytes, description, licence }) =>
      `  ${id.padEnd(17)} ${state.padEnd(10)} ${sizeText(bytes).padStart(8)}  ${description.replace(/\.$/, "")}; ${licence}`,
  );
  printAnswer(
    json,
    { folder, sources: rows },
    [
      `Data sets, those to download under ${folder}:`,
      ...lines,
      "armgym data NAME says what to download from where, verifies and summarises it; armgym data PATH does so with your own.",
    ].join("\n"),
  );
}

function stateOf(needed: number, present: number): string {
  if (needed === 0) return "generated";
  if (present === 0) return "missing";
  return present < needed ? "partly" : "here";
}

function sizeText(bytes: number): string {
  if (bytes === 0) return "";
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

async function statesOf(source: DataSource, files: DataFiles): Promise<readonly FileState[]> {
  const there = new Set(await files.list());
  const states: FileState[] = [];
  for (const file of source.files) {
    if (!there.has(file.path)) states.push({ ...file, state: "missing" });
    else {
      const isPublished = (await sha256(await files.read(file.path))) === file.sha256;
      states.push({ ...file, state: isPublished ? "ok" : "other" });
    }
  }
  return states;
}

function heading({ id, description, licence, settings }: DataSource): string[] {
  const told = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [
    `${id}: ${description.replace(/\.$/, "")}.`,
    `Licence: ${licence}. ${told.length > 0 ? `Settings: ${told.join(" ")}` : ""}`.trimEnd(),
  ];
}

/** What to download from where, and what to do instead. */
function downloadLines({ standIn }: DataSource, states: readonly FileState[], folder: string): string[] {
  const missing = states.filter(({ state }) => state === "missing");
  const addresses = new Set(missing.map(({ url }) => url));
  const lines = [...addresses].flatMap((url) => {
    const files = missing.filter((file) => file.url === url);
    const isArchive = files.length > 1 || !url.endsWith(files[0]!.path.split("/").at(-1)!);
    const how = isArchive && /\.zip$/.test(url) ? ", and unpack" : "";
    return [
      `  download ${url}${how}`,
      ...files.map(
        ({ path, bytes, sha256: hash }) => `    to ${folder}/${path} (${sizeText(bytes)}, SHA-256 ${hash})`,
      ),
    ];
  });
  const instead =
    standIn === undefined ? [] : [`Or take "${standIn}", which is generated and has the same fields.`];
  return [`Missing under ${folder}:`, ...lines, ...instead];
}

function stateLines(states: readonly FileState[], folder: string): string[] {
  return states.map(({ path, state, bytes }) =>
    state === "ok"
      ? `  ${folder}/${path}: as published (${sizeText(bytes)}, SHA-256 verified)`
      : `  ${folder}/${path}: NOT the published file (its SHA-256 is another); it is read as it is`,
  );
}

function summaryLines({ fields, groups }: DataSummary, train: Dataset): string[] {
  const lines = Object.entries(fields).flatMap(([name, field]) => [
    `  ${name.padEnd(16)} ${fieldText(field)}`,
    ...entryLines(train, name),
    ...(field.classes ? classLines(field.classes) : []),
  ]);
  return [
    ...((groups ?? 1) === 1 ? [] : [`Groups to learn from: ${groups}.`]),
    "Fields to learn from:",
    ...lines,
  ];
}

function fieldText({ shape, dtype, unit, min, max, mean, missing }: FieldSummary): string {
  const form = `${dtype} [${shape.join(", ")}]${unit === undefined ? "" : `, ${unit}`}`;
  const range = min === null ? "no finite number" : `${short(min)} to ${short(max!)}, mean ${short(mean!)}`;
  return `${form}: ${range}${missing > 0 ? `, ${missing} numbers MISSING` : ""}`;
}

const short = (value: number) => String(Number(value.toPrecision(5)));

function entryLines({ fields }: Dataset, name: string): string[] {
  const { entries } = fields[name]!;
  if (!entries) return [];
  const texts = entries.map((entry) => (entry.unit === "1" ? entry.name : `${entry.name} [${entry.unit}]`));
  return [`    ${texts.slice(0, MOST_NAMES).join(", ")}${texts.length > MOST_NAMES ? ", ..." : ""}`];
}

/** Names that are listed of classes and entries. */
const MOST_NAMES = 30;

function classLines(classes: Readonly<Record<string, number>>): string[] {
  const all = Object.entries(classes);
  const texts = all.slice(0, MOST_NAMES).map(([label, count]) => `${label} ${count === 0 ? "NONE" : count}`);
  return [`    ${texts.join(", ")}${all.length > MOST_NAMES ? `, and ${all.length - MOST_NAMES} more` : ""}`];
}

/** The first example: a picture in characters, or a text. */
function exampleLines(train: Dataset): string[] {
  const found = Object.entries(train.fields).find(
    ([, { shape, dtype, classes }]) =>
      (shape.length === 3 && dtype === "uint8") || (shape.length === 1 && classes !== undefined),
  );
  if (!found || train.size === 0) return [];
  const [name, field] = found;
  const example = emptyRows({ [name]: field }, 1);
  train.take(Int32Array.of(0), example);
  const values = example[name]!;
  if (field.classes)
    return [`First ${name}: ${JSON.stringify([...values].map((k) => field.classes![k]).join(""))}`];
  return [`First ${name}:`, ...pictureLines(values, field.shape)];
}

/** A picture in characters, dark to bright, at most 56 wide; a line of text stands for two of pixels. */
function pictureLines(pixels: ArrayLike<number>, [height, width, channels]: readonly number[]): string[] {
  const shades = " .:-=+*#%@";
  const step = Math.max(1, width! / 56);
  const lines: string[] = [];
  for (let y = 0; y < height!; y += 2 * step) {
    let line = "  ";
    for (let x = 0; x < width!; x += step) {
      const value = pixels[(Math.floor(y) * width! + Math.floor(x)) * channels!]!;
      line += shades[Math.floor((value / 256) * shades.length)];
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

function writePicture(file: string, train: Dataset): void {
  if (!/\.png$/i.test(file))
    throw new UsageError(`--picture ${file} does not end in .png. For example: --picture examples.png`);
  atomicWrite(file, exampleSheet(train), { option: "picture" });
}
