import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeRecord, TensorboardWriter } from "../../src/log/tensorboard.js";

/** CRC-32C bit by bit: slow, and independent of the table in the code. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const mask = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

test("the checksum is CRC-32C: the standard's check value", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  const record = encodeRecord(new TextEncoder().encode("123456789"));
  expect(new DataView(record.buffer).getUint32(12 + 9, true)).toBe(mask(0xe3069283));
});

test("event files hold framed events with tags, steps and values as TensorBoard reads them", () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-events-"));
  const writer = new TensorboardWriter(folder, 1_700_000_000_000);
  writer.write(2048, { "rollout/success_rate": 0.5, "train/broken": Number.NaN }, 1_700_000_001_000);
  const [file] = readdirSync(folder);
  expect(file).toMatch(/^events\.out\.tfevents\.1700000000\./);
  const bytes = new Uint8Array(readFileSync(join(folder, file!)));
  rmSync(folder, { recursive: true });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = Number(view.getBigUint64(offset, true));
    expect(view.getUint32(offset + 8, true)).toBe(mask(crc32c(bytes.subarray(offset, offset + 8))));
    const data = bytes.subarray(offset + 12, offset + 12 + length);
    expect(view.getUint32(offset + 12 + length, true)).toBe(mask(crc32c(data)));
    events.push(data);
    offset += 16 + length;
  }
  expect(events).toHaveLength(2);
  expect(new TextDecoder().decode(events[0])).toContain("brain.Event:2");
  // step: field 2, varint 2048 = 0x80 0x10; then the summary with one value
  const second = [...events[1]!];
  expect(second.slice(9, 12)).toEqual([0x10, 0x80, 0x10]);
  const text = new TextDecoder().decode(events[1]);
  expect(text).toContain("rollout/success_rate");
  expect(text).not.toContain("train/broken");
  const value = new DataView(events[1]!.slice(-4).buffer).getFloat32(0, true);
  expect(value).toBe(0.5);
});
