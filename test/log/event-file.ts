// Read event files by hand, without what wrote them.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { fieldsOf, message, type ProtobufFields, text } from "../math/protobuf-fields.js";

/** CRC-32C bit by bit: slow, and independent of the table in the code. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Rotate and shift a checksum as TensorFlow's record format asks. */
export const mask = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/** Read the events of a file, with their checksums checked. */
export function eventsOf(file: string): ProtobufFields[] {
  const bytes = new Uint8Array(readFileSync(file));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: ProtobufFields[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = Number(view.getBigUint64(offset, true));
    expect(view.getUint32(offset + 8, true)).toBe(mask(crc32c(bytes.subarray(offset, offset + 8))));
    const data = bytes.slice(offset + 12, offset + 12 + length);
    expect(view.getUint32(offset + 12 + length, true)).toBe(mask(crc32c(data)));
    events.push(fieldsOf(data));
    offset += 16 + length;
  }
  return events;
}

/** List what an event's summary holds, by tag. */
export function valuesOf(event: ProtobufFields): ReadonlyMap<string, ProtobufFields> {
  const values = event[5] === undefined ? [] : (message(event[5][0])[1] ?? []);
  return new Map(values.map(message).map((value) => [text(value[1]![0]), value]));
}
