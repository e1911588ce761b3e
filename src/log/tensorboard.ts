// TensorBoard event files: scalars by step.
import { hostname } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs";
import { appendToFile } from "./append-file.js";

const schema = protobuf.Root.fromJSON({
  nested: {
    Value: { fields: { tag: { type: "string", id: 1 }, simpleValue: { type: "float", id: 2 } } },
    Summary: { fields: { value: { rule: "repeated", type: "Value", id: 1 } } },
    Event: {
      fields: {
        wallTime: { type: "double", id: 1 },
        step: { type: "int64", id: 2 },
        fileVersion: { type: "string", id: 3 },
        summary: { type: "Summary", id: 5 },
      },
    },
  },
});
const eventType = schema.lookupType("Event");

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** Appends scalars to an event file in a folder. */
export class TensorboardWriter {
  private readonly file: string;

  constructor(folder: string, now: number = Date.now()) {
    this.file = join(folder, `events.out.tfevents.${Math.floor(now / 1000)}.${hostname()}.${process.pid}`);
    this.append({ wallTime: now / 1000, fileVersion: "brain.Event:2" });
  }

  /** Write one event with a value per tag; numbers that are not finite are left out. */
  write(step: number, scalars: Readonly<Record<string, number>>, now: number = Date.now()): void {
    const value = Object.entries(scalars).flatMap(([tag, simpleValue]) =>
      Number.isFinite(simpleValue) ? [{ tag, simpleValue }] : [],
    );
    this.append({ wallTime: now / 1000, step, summary: { value } });
  }

  private append(event: object): void {
    appendToFile(this.file, encodeRecord(eventType.encode(eventType.fromObject(event)).finish()));
  }
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
