// TensorBoard event files: scalars, histograms, pictures and texts by step, and what the run was set to.
import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { appendToFile } from "./append-file.js";
import { histogramOf } from "./histogram.js";
import { encodeEvent, encodeHyperparameters } from "./tensorboard-messages.js";

/** What a run was set to, by name: numbers, texts and truth values are shown as they are, anything else as JSON. */
export type Hyperparameters = Readonly<Record<string, unknown>>;

/** A picture as a PNG file. */
export interface LoggedPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

const SESSION_START = 1;
const SESSION_SUCCESS = 1;
const FLOAT = 1;
const STRING = 7;
const RGB = 3;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** Appends to an event file of its own in a folder; `now` is the time in milliseconds everywhere. */
export class TensorboardWriter {
  private readonly file: string;

  /**
   * Begin a file, later by name than those that are there: TensorBoard reads them in that order.
   *
   * Of a run that goes on, `repeatedStep` is the first step that will come again: what earlier files hold from there
   * on is not shown any more.
   */
  constructor(folder: string, repeatedStep?: number, now: number = Date.now()) {
    const seconds = Math.max(Math.floor(now / 1000), 1 + lastBeginning(folder));
    this.file = join(folder, `${PREFIX}${seconds}.${hostname()}.${process.pid}`);
    this.append({ wallTime: now / 1000, fileVersion: "brain.Event:2" });
    // TensorBoard's server takes the first start that it meets for the run's own, whatever its step, and drops nothing
    for (const step of repeatedStep === undefined ? [0] : [repeatedStep, repeatedStep])
      this.append({ wallTime: now / 1000, step, sessionLog: { status: SESSION_START } });
  }

  /** Write one event with a value per tag; numbers that are not finite are left out. */
  write(step: number, scalars: Readonly<Record<string, number>>, now: number = Date.now()): void {
    const value = Object.entries(scalars).flatMap(([tag, simpleValue]) =>
      Number.isFinite(simpleValue) ? [{ tag, simpleValue }] : [],
    );
    this.append({ wallTime: now / 1000, step, summary: { value } });
  }

  /** Write one event with a histogram per tag; numbers that are not finite are left out. */
  writeHistograms(
    step: number,
    values: Readonly<Record<string, ArrayLike<number>>>,
    now: number = Date.now(),
  ): void {
    const value = Object.entries(values).flatMap(([tag, numbers]) => {
      const histo = histogramOf(numbers);
      return histo ? [{ tag, histo }] : [];
    });
    this.append({ wallTime: now / 1000, step, summary: { value } });
  }

  /** Write a picture. */
  writePicture(
    step: number,
    tag: string,
    { width, height, png }: LoggedPicture,
    now: number = Date.now(),
  ): void {
    const image = { height, width, colorspace: RGB, encodedImageString: png };
    this.append({ wallTime: now / 1000, step, summary: { value: [{ tag, image }] } });
  }

  /** Write a text, which TensorBoard shows as Markdown. */
  writeText(step: number, tag: string, text: string, now: number = Date.now()): void {
    const value = {
      tag,
      metadata: { pluginData: { pluginName: "text" } },
      tensor: { dtype: STRING, tensorShape: ONE, stringVal: [new TextEncoder().encode(text)] },
    };
    this.append({ wallTime: now / 1000, step, summary: { value: [value] } });
  }

  /** Write what the run was set to, for TensorBoard's page "HParams", which shows it beside the last value of each scalar. */
  writeHyperparameters(settings: Hyperparameters, now: number = Date.now()): void {
    const hparams = Object.entries(settings).map(([key, value]) => ({ key, value: settingOf(value) }));
    this.writeSession("start", { sessionStartInfo: { hparams, startTimeSecs: now / 1000 } }, now);
  }

  /** Write that the run came to its end, for the same page. */
  writeEnd(now: number = Date.now()): void {
    this.writeSession("end", { sessionEndInfo: { status: SESSION_SUCCESS, endTimeSecs: now / 1000 } }, now);
  }

  private writeSession(moment: "start" | "end", info: object, now: number): void {
    const content = encodeHyperparameters({ version: 0, ...info });
    const value = {
      tag: `_hparams_/session_${moment}_info`,
      metadata: { pluginData: { pluginName: "hparams", content } },
      // readers ask for a tensor, whatever it holds
      tensor: { dtype: FLOAT, tensorShape: ONE, floatVal: [0] },
    };
    this.append({ wallTime: now / 1000, summary: { value: [value] } });
  }

  private append(event: object): void {
    appendToFile(this.file, encodeRecord(encodeEvent(event)));
  }
}

const PREFIX = "events.out.tfevents.";
/** The shape of a tensor of one entry. */
const ONE = { dim: [{ size: 1 }] };

/** Return the seconds in the last event file's name; 0 where there is none. */
function lastBeginning(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  return Math.max(0, ...names.map((name) => Number.parseInt(name.slice(PREFIX.length), 10) || 0));
}

function settingOf(value: unknown): object {
  if (typeof value === "number" && Number.isFinite(value)) return { numberValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return { stringValue: typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)) };
}

/** Frame bytes as a TFRecord: length, masked CRC of it, data, masked CRC of it. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + data.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** CRC-32C, rotated and shifted as TensorFlow's record format asks. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8)) >>> 0;
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
