// TensorBoard event files: scalars by step, and what the run was set to.
import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { protobufEncoder, repeated, single } from "../math/protobuf.js";
import { appendToFile } from "./append-file.js";

const encodeEvent = protobufEncoder(
  {
    Value: {
      tag: single("string", 1),
      simpleValue: single("float", 2),
      tensor: single("Tensor", 8),
      metadata: single("Metadata", 9),
    },
    Summary: { value: repeated("Value", 1) },
    Metadata: { pluginData: single("PluginData", 1) },
    PluginData: { pluginName: single("string", 1), content: single("bytes", 2) },
    Tensor: { dtype: single("int32", 1), tensorShape: single("Shape", 2), floatVal: repeated("float", 5) },
    Shape: { dim: repeated("Dimension", 2) },
    Dimension: { size: single("int64", 1) },
    SessionLog: { status: single("int32", 1) },
    Event: {
      wallTime: single("double", 1),
      step: single("int64", 2),
      fileVersion: single("string", 3),
      summary: single("Summary", 5),
      sessionLog: single("SessionLog", 7),
    },
  },
  "Event",
);

const encodeHyperparameters = protobufEncoder(
  {
    // a oneof
    Setting: {
      numberValue: single("double", 2),
      stringValue: single("string", 3),
      boolValue: single("bool", 4),
    },
    // the entry of a map
    NamedSetting: { key: single("string", 1), value: single("Setting", 2) },
    SessionStartInfo: { hparams: repeated("NamedSetting", 1), startTimeSecs: single("double", 5) },
    HParamsPluginData: { version: single("int32", 1), sessionStartInfo: single("SessionStartInfo", 3) },
  },
  "HParamsPluginData",
);

/** What a run was set to, by name: numbers, texts and truth values are shown as they are, anything else as JSON. */
export type Hyperparameters = Readonly<Record<string, unknown>>;

const SESSION_START = 1;
const FLOAT = 1;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** Appends scalars to an event file of its own in a folder. */
export class TensorboardWriter {
  private readonly file: string;

  /**
   * Begin a file, later by name than those that are there: TensorBoard reads them in that order.
   *
   * Of a run that goes on, `repeatedStep` is the first step that will come again: what earlier files hold from there
   * on is not shown any more. `now` in milliseconds.
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

  /** Write what the run was set to, for TensorBoard's page "HParams". */
  writeHyperparameters(settings: Hyperparameters, now: number = Date.now()): void {
    const hparams = Object.entries(settings).map(([key, value]) => ({ key, value: settingOf(value) }));
    const content = encodeHyperparameters({
      version: 0,
      sessionStartInfo: { hparams, startTimeSecs: now / 1000 },
    });
    const value = {
      tag: "_hparams_/session_start_info",
      metadata: { pluginData: { pluginName: "hparams", content } },
      // readers ask for a tensor, whatever it holds
      tensor: { dtype: FLOAT, tensorShape: { dim: [{ size: 1 }] }, floatVal: [0] },
    };
    this.append({ wallTime: now / 1000, summary: { value: [value] } });
  }

  private append(event: object): void {
    appendToFile(this.file, encodeRecord(encodeEvent(event)));
  }
}

const PREFIX = "events.out.tfevents.";

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
