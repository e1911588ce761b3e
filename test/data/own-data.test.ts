// Data of the user's own: folders of pictures, tables, text.
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { type Dataset, emptyRows } from "../../src/data/dataset.js";
import { loadSource } from "../../src/data/load-source.js";
import { ownData } from "../../src/data/own-data.js";
import { memoryFiles } from "./memory-files.js";

type Contents = Parameters<typeof memoryFiles>[0];

async function load(contents: Contents, settings: Readonly<Record<string, unknown>> = {}, file?: string) {
  const files = memoryFiles(contents);
  return loadSource(await ownData(files, file), files, settings, "0");
}

async function refused(contents: Contents, settings: Readonly<Record<string, unknown>> = {}, file?: string) {
  const splits = load(contents, settings, file);
  return splits.then(
    () => "loaded",
    (error: Error) => error.message,
  );
}

function all(dataset: Dataset) {
  const into = emptyRows(dataset.fields, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return into;
}

/** A picture filled with a value. */
const png = (value: number, width = 4, height = 3, channels = 1) =>
  encode({ width, height, channels, data: new Uint8Array(width * height * channels).fill(value) });

/** Pictures of two classes, filled with 1 to 20 and 101 to 120. */
const CLASSES: Record<string, Uint8Array> = Object.fromEntries(
  Array.from({ length: 20 }, (_, k) => [
    [`good/${k}.png`, png(k + 1)],
    [`bad/deep/${k}.PNG`, png(k + 101)],
  ]).flat(),
);

describe("a folder of pictures", () => {
  test("has a class for each folder, in all parts", async () => {
    const { train, validation, test: held } = await load({ ...CLASSES, "readme.md": "hello" });
    expect(train.fields).toEqual({
      image: { shape: [3, 4, 1], dtype: "uint8" },
      label: { shape: [], dtype: "int32", classes: ["bad", "good"] },
    });
    const parts = [train, validation, await held()].map(all);
    expect(parts.map(({ label }) => [label!.length, label!.filter((value) => value === 1).length])).toEqual([
      [28, 14],
      [4, 2],
      [8, 4],
    ]);
    for (const { image, label } of parts)
      for (const [row, value] of label!.entries()) expect(image![row * 12]! < 100 ? 1 : 0).toBe(value);
    expect(Object.keys(train.provenance.files!).length).toBe(40);
  });

  test("keeps the parts that it has folders of", async () => {
    const files = {
      "train/a/1.png": png(1),
      "train/b/1.png": png(2),
      "val/a/1.png": png(3),
      "val/b/1.png": png(4),
      "test/a/1.png": png(5),
    };
    const { train, validation, test: held } = await load(files);
    expect(
      [train, validation, await held()].map((part) => [...all(part).image!.filter((_, k) => k % 12 === 0)]),
    ).toEqual([[1, 2], [3, 4], [5]]);
    expect(await refused({ ...files, "extra/1.png": png(1) })).toBe(
      "memory has folders of parts (train, validation, test) and others beside them. Move all pictures into parts, or into folders of classes.",
    );
    expect(await refused({ "train/a/1.png": png(1), "train/a/2.png": png(1), "test/b/1.png": png(2) })).toBe(
      'memory has no row to learn from of the classes of "label": "b" (1 in all). Take more rows of them, or leave them out.',
    );
  });

  test("has masks where there are some", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, k) => [
        [`images/${k}.png`, png(k, 2, 2, 3)],
        [`masks/${k}.png`, encode({ width: 2, height: 2, channels: 1, data: Uint8Array.of(0, k, 255, 0) })],
      ]).flat(),
    );
    const { train } = await load(files, { validation: 0.2 });
    expect(train.fields).toEqual({
      image: { shape: [2, 2, 3], dtype: "uint8" },
      mask: { shape: [2, 2, 1], dtype: "uint8" },
    });
    const { image, mask } = all(train);
    for (let row = 0; row < train.size; row++)
      expect([...mask!.subarray(row * 4, row * 4 + 4)]).toEqual([0, image![row * 12]! > 0 ? 1 : 0, 1, 0]);
    const { "masks/3.png": removed, ...without } = files;
    expect(removed).toBeDefined();
    expect(await refused(without)).toBe("memory/images/3.png has no mask: there is no memory/masks/3.png.");
    expect(await refused({ ...files, "masks/3.png": png(1, 3, 2) })).toBe(
      "memory/masks/3.png has 3 x 2 pixels, but its picture memory/images/3.png 2 x 2.",
    );
    expect(await refused({ "masks/3.png": png(1) })).toBe(
      "memory holds masks only. Expected images/NAME.png as well.",
    );
  });

  test("of mixed sizes is refused by name, and resized where that is asked for", async () => {
    const mixed = { ...CLASSES, "good/3.png": png(4, 8, 8) };
    expect(await refused(mixed)).toBe(
      'memory/good/3.png has 8 x 8 pixels, but memory/bad/deep/0.PNG 4 x 3. Set "size" to the pixels of an edge that all are resized to.',
    );
    const { train } = await load(mixed, { size: 5 });
    expect(train.fields.image!.shape).toEqual([5, 5, 1]);
    expect(all(train).image!.every((value) => value > 0)).toBe(true);
  });

  test("has colour where a picture has any, or as it is told", async () => {
    const mixed = { ...CLASSES, "good/3.png": png(4, 4, 3, 3) };
    expect((await load(mixed)).train.fields.image!.shape).toEqual([3, 4, 3]);
    expect((await load(mixed, { channels: 1 })).train.fields.image!.shape).toEqual([3, 4, 1]);
    expect(await refused(mixed, { channels: 2 })).toBe(
      'The setting "channels" is 2, expected 1 (grey), 3 (colour) or 0 (as they are).',
    );
  });

  test("without pictures, or of others, is refused", async () => {
    expect(await refused({ "readme.md": "hello" })).toBe(
      "memory holds no PNG pictures. Expected CLASS/NAME.png.",
    );
    expect(await refused({ "a/1.jpg": "x", "a/2.bmp": "x" })).toBe(
      "memory holds no PNG pictures, but 2 others like a/1.jpg: convert them. Expected CLASS/NAME.png.",
    );
    expect(await refused({ "1.png": png(1) })).toBe(
      "memory/1.png lies in no folder of a class. Expected CLASS/NAME.png.",
    );
    expect(await refused({ ...CLASSES, "good/5.png": "hello" })).toBe(
      'memory/good/5.png is no PNG: it begins with the bytes "68 65 6c 6c". Convert it to PNG.',
    );
    expect(await refused({ "a/1.png": png(1), "b/1.png": png(2) })).toBe(
      "memory cannot be parted into 5 folds: there are 2 rows. Take fewer folds.",
    );
  });

  test("of too many pixels is refused before they are read", async () => {
    const header = png(1).slice();
    new DataView(header.buffer).setUint32(16, 4096);
    new DataView(header.buffer).setUint32(20, 4096);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, k) => [`a/${k}.png`, header]));
    expect(await refused(many)).toBe(
      'memory holds 40 pictures of 4096 x 4096 pixels, 671088640 bytes, more than 536870912. Set "size" to fewer pixels, or take fewer pictures.',
    );
  });
});

describe("a table", () => {
  const CSV = `part,force [N],depth (mm),state\n${Array.from(
    { length: 40 },
    (_, k) => `${k >> 2},${k},${k / 2},${k % 4 === 0 ? "bad" : "good"}`,
  ).join("\n")}`;
  const named = (settings: Readonly<Record<string, unknown>>, text = CSV) =>
    load({ "a.csv": text }, settings, "a.csv");

  test("has its numbers side by side with their units, a label, and groups that stay together", async () => {
    const { train, validation, test: held } = await named({ label: "state", group: "part" });
    expect(train.fields).toEqual({
      values: {
        shape: [2],
        entries: [
          { name: "force", unit: "N" },
          { name: "depth", unit: "mm" },
        ],
      },
      label: { shape: [], dtype: "int32", classes: ["bad", "good"] },
    });
    const groups = [train, validation, await held()].map((part) => new Set(part.groups));
    expect(groups.reduce((sum, set) => sum + set.size, 0)).toBe(10);
    const { values, label } = all(train);
    for (const [row, code] of label!.entries()) {
      expect(values![2 * row]).toBe(2 * values![2 * row + 1]!);
      expect(code).toBe(values![2 * row]! % 4 === 0 ? 0 : 1);
    }
  });

  test("becomes windows of each group, with the target at the last row and at every row", async () => {
    const { train } = await named({
      group: "part",
      target: "depth",
      skip: "state",
      window: 3,
      field: "sensors",
    });
    expect(train.fields).toEqual({
      sensors: { shape: [3, 1], entries: [{ name: "force", unit: "N" }] },
      depth: { shape: [], unit: "mm" },
      depth_steps: { shape: [3], unit: "mm" },
    });
    const { sensors, depth, depth_steps: steps } = all(train);
    expect(train.size).toBe(2 * new Set(train.groups).size);
    for (const [row, value] of depth!.entries()) {
      expect(value * 2).toBe(sensors![3 * row + 2]);
      expect([...steps!.subarray(3 * row, 3 * row + 3)]).toEqual([value - 1, value - 0.5, value]);
    }
  });

  test("without groups is one series, parted in its order", async () => {
    const { train, validation, test: held } = await named({ skip: "state,part", window: 2 });
    const first = (part: Dataset) => [all(part).values![0], part.size];
    expect([first(train), first(validation), first(await held())]).toEqual([
      [0, 27],
      [28, 3],
      [32, 7],
    ]);
  });

  test("with missing values is refused with the line, or loses such rows", async () => {
    const gap = CSV.replace("3,13,6.5", "3,,6.5");
    expect(await refused({ "a.csv": gap }, { label: "state" }, "a.csv")).toBe(
      'memory/a.csv, line 15: "force [N]" is missing. Fill it in, leave out the column by "skip", or such rows by "missing" as "drop".',
    );
    const { train, validation, test: held } = await named({ label: "state", missing: "drop" }, gap);
    expect(train.size + validation.size + (await held()).size).toBe(39);
  });

  test("whose settings or values do not fit is refused", async () => {
    const message = (settings: Readonly<Record<string, unknown>>, text = CSV) =>
      refused({ "a.csv": text }, settings, "a.csv");
    expect(await message({})).toBe(
      'memory/a.csv, line 2: "state" is "bad", expected a number. Say what the column is by "label", "target" or "group", or leave it out by "skip".',
    );
    expect(await message({ label: "stat" })).toBe(
      'The setting "label" is "stat", but memory/a.csv has no such column. Did you mean "state"? It has: part, force, depth, state.',
    );
    expect(await message({ label: "state", skip: "part,force,depth" })).toBe(
      "memory/a.csv has no column of values beside label, target and group: part, force, depth, state.",
    );
    expect(await message({ skip: "state", missing: "fill" })).toBe(
      'The setting "missing" is "fill", expected "refuse" or "drop".',
    );
    expect(await message({ label: "state" }, CSV.replace("3,13,6.5", "3,Infinity,6.5"))).toBe(
      'memory/a.csv, line 15: "force [N]" is "Infinity", expected a number. Say what the column is by "label", "target" or "group", or leave it out by "skip".',
    );
    expect(await message({ group: "part", skip: "state", window: 9 })).toBe(
      "No series of memory/a.csv is as long as a window: the longest has 4 rows, a window 9. Take shorter windows, or longer series.",
    );
  });
});

describe("files", () => {
  test("a text has windows of characters", async () => {
    const { train } = await load({ "a.txt": "abc".repeat(100) }, { length: 8, stride: 8 }, "a.txt");
    expect(train.fields.tokens!.classes).toEqual(["a", "b", "c"]);
  });

  test("that are several, or of no kind that is known, are refused", async () => {
    expect(await refused({ "a.csv": "a\n1", "b.csv": "a\n1" })).toBe(
      "memory holds 2 files of data, a.csv, b.csv and so on. Name one of them.",
    );
    expect(await refused({ "a.xlsx": "x" }, {}, "a.xlsx")).toBe(
      "a.xlsx is no data that is read: expected a folder of PNG pictures, or a .csv, .parquet, .txt or .mcap file.",
    );
    expect(await refused({ "a.csv": Uint8Array.of(97, 10, 0xff) }, {}, "a.csv")).toBe(
      "memory/a.csv is no UTF-8 text: line 2 has the byte ff at 2. Save it as UTF-8.",
    );
  });
});
