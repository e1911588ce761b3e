import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { encodeRecord, TensorboardWriter } from "../../src/log/tensorboard.js";
import { float, message, text } from "../math/protobuf-fields.js";
import { crc32c, eventsOf, mask, valuesOf } from "./event-file.js";

test("the checksum is CRC-32C: the standard's check value", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  const record = encodeRecord(new TextEncoder().encode("123456789"));
  expect(new DataView(record.buffer).getUint32(12 + 9, true)).toBe(mask(0xe3069283));
});

/** Make a folder that is removed after the test. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "armgym-events-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("event files hold framed events with tags, steps and values as TensorBoard reads them", () => {
  const path = folder();
  const writer = new TensorboardWriter(path, undefined, 1_700_000_000_000);
  writer.write(2048, { "rollout/success_rate": 0.5, "train/broken": Number.NaN }, 1_700_000_001_000);
  const [file] = readdirSync(path);
  expect(file).toMatch(/^events\.out\.tfevents\.1700000000\./);
  const [first, start, second, ...others] = eventsOf(join(path, file!));
  expect(others).toEqual([]);
  // SessionLog with status START
  expect([start![2], message(start![7]![0])]).toEqual([[0n], { 1: [1n] }]);
  expect(text(first![3]![0])).toBe("brain.Event:2");
  expect(second![2]).toEqual([2048n]);
  const [value, ...more] = message(second![5]![0])[1]!;
  expect(more).toEqual([]);
  expect(text(message(value)[1]![0])).toBe("rollout/success_rate");
  expect(float(message(value)[2]![0])).toBe(0.5);
});

test("a value of 0 and a step of 0 are written like any other", () => {
  const path = folder();
  new TensorboardWriter(path).write(0, { "rollout/success_rate": 0 });
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  expect(event[2]).toEqual([0n]);
  const [value] = message(event[5]![0])[1]!;
  expect(message(value)[2]).toEqual([new Uint8Array(4)]);
});

test("a run that goes on begins a later file by what TensorBoard drops the repeated steps for", () => {
  const path = folder();
  new TensorboardWriter(path, undefined, 1_700_000_000_900);
  // in the same second, by another process whose number may be smaller
  new TensorboardWriter(path, 4097, 1_700_000_000_950);
  const files = readdirSync(path).sort();
  expect(files.map((name) => name.split(".")[3])).toEqual(["1700000000", "1700000001"]);
  expect(eventsOf(join(path, files[0]!))).toHaveLength(2);
  const [version, ...starts] = eventsOf(join(path, files[1]!));
  expect(text(version![3]![0])).toBe("brain.Event:2");
  // twice: of a run whose first file has no start TensorBoard's server would take the only one for its beginning
  expect(starts.map((start) => [start[2], message(start[7]![0])])).toEqual([
    [[4097n], { 1: [1n] }],
    [[4097n], { 1: [1n] }],
  ]);
});

test("settings are written for the page of hyperparameters, those of 0 and false as well", () => {
  const path = folder();
  new TensorboardWriter(path).writeHyperparameters({
    gamma: 0.5,
    entropyBonus: 0,
    clip: false,
    env: "Reach-v1",
  });
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  const value = message(message(event[5]![0])[1]![0]);
  expect(text(value[1]![0])).toBe("_hparams_/session_start_info");
  const plugin = message(message(value[9]![0])[1]![0]);
  expect(text(plugin[1]![0])).toBe("hparams");
  const session = message(message(plugin[2]![0])[3]![0]);
  const settings = session[1]!.map((entry) => {
    const { 1: name, 2: setting } = message(entry);
    return [text(name![0]), Object.keys(message(setting![0]))];
  });
  // google.protobuf.Value: 2 a number, 3 a text, 4 a truth value
  expect(settings).toEqual([
    ["gamma", ["2"]],
    ["entropyBonus", ["2"]],
    ["clip", ["4"]],
    ["env", ["3"]],
  ]);
});

/** Doubles of a packed list. */
function doubles(packed: bigint | Uint8Array | undefined): number[] {
  const bytes = packed as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, k) => view.getFloat64(8 * k, true));
}

test("histograms are written with their sums and buckets, zeros too; a tag without finite numbers is left out", () => {
  const path = folder();
  const values = { "actions/push": [0, 0, 0, 0], "rollout/values": [Number.NaN] };
  new TensorboardWriter(path).writeHistograms(512, values);
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  expect(event[2]).toEqual([512n]);
  expect([...valuesOf(event).keys()]).toEqual(["actions/push"]);
  const histogram = message(valuesOf(event).get("actions/push")![5]![0]);
  // min, max, num, sum, sum of squares, limits, counts
  expect([1, 2, 3, 4, 5, 6, 7].map((field) => doubles(histogram[field]![0]))).toEqual([
    [0],
    [0],
    [4],
    [0],
    [0],
    [0],
    [4],
  ]);
});

test("a picture is written with its size and its PNG", () => {
  const path = folder();
  const png = Uint8Array.of(137, 80, 78, 71);
  new TensorboardWriter(path).writePicture(0, "episodes/test", { width: 30, height: 20, png });
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  expect(event[2]).toEqual([0n]);
  const image = message(valuesOf(event).get("episodes/test")![4]![0]);
  expect(image).toEqual({ 1: [20n], 2: [30n], 3: [3n], 4: [png] });
});

test("a text is a tensor of one string that the plugin of texts shows", () => {
  const path = folder();
  new TensorboardWriter(path).writeText(0, "config", "**ä**");
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  const value = valuesOf(event).get("config")!;
  expect(text(message(message(value[9]![0])[1]![0])[1]![0])).toBe("text");
  const tensor = message(value[8]![0]);
  // DT_STRING, a shape of one dimension with one entry
  expect(tensor[1]).toEqual([7n]);
  expect(message(message(tensor[2]![0])[2]![0])).toEqual({ 1: [1n] });
  expect(text(tensor[8]![0])).toBe("**ä**");
});

test("the end of a run is written for the page of hyperparameters", () => {
  const path = folder();
  new TensorboardWriter(path).writeEnd(1_700_000_000_500);
  const event = eventsOf(join(path, readdirSync(path)[0]!))[2]!;
  const value = valuesOf(event).get("_hparams_/session_end_info")!;
  const session = message(message(message(message(value[9]![0])[1]![0])[2]![0])[4]![0]);
  // STATUS_SUCCESS, and when
  expect(session[1]).toEqual([1n]);
  expect(doubles(session[2]![0])).toEqual([1_700_000_000.5]);
});
