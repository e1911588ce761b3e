// The data sets of defects: balanced, in two domains, drawn when taken, and what they refuse.
import { expect, test } from "vitest";
import { emptyRows } from "../../../src/data/dataset.js";
import { defects, defectsUnseen } from "../../../src/data/defects/defects-source.js";
import { DEFECT_CLASSES, drawPart } from "../../../src/data/defects/draw-part.js";

const NO_FILES = {
  folder: "none",
  list: async () => [],
  read: async () => {
    throw new Error("a generator reads no file");
  },
};
const SMALL = { ...defects.settings, rows: 56, validationRows: 28, testRows: 28 };

const rowsOf = (count: number) => Int32Array.from({ length: count }, (_, n) => n);

test("every class lies on every surface equally often", async () => {
  const { train } = await defects.load(NO_FILES, SMALL, "7");
  const { label, surface } = emptyRows(train.fields, 56);
  train.take(rowsOf(56), { label: label!, surface: surface! });
  const pairs = [...label!].map((value, n) => 10 * value + surface![n]!);
  expect(new Set(pairs).size).toBe(28);
  for (const pair of pairs) expect(pairs.filter((other) => other === pair).length).toBe(2);
  expect(train.fields.label!.classes).toEqual(DEFECT_CLASSES);
});

test("rows are the same in any order, and those of the splits differ", async () => {
  const [first, second] = [
    await defects.load(NO_FILES, SMALL, "7"),
    await defects.load(NO_FILES, SMALL, "7"),
  ];
  const [forward, backward] = [emptyRows(first.train.fields, 3), emptyRows(first.train.fields, 3)];
  first.train.take(Int32Array.of(4, 9, 30), forward);
  second.train.take(Int32Array.of(30, 9, 4), backward);
  const size = 64 * 64;
  for (let n = 0; n < 3; n++)
    expect(forward.image!.slice(n * size, (n + 1) * size)).toEqual(
      backward.image!.slice((2 - n) * size, (3 - n) * size),
    );
  const [one] = [first.validation, await first.test()].map((split) => {
    const into = { image: new Uint8Array(size) };
    split.take(Int32Array.of(4), into);
    return into.image;
  });
  expect(one).not.toEqual(forward.image!.slice(0, size));
});

test("a row has the picture, the mask and the labels of its part", async () => {
  const { train } = await defectsUnseen.load(NO_FILES, { ...SMALL, size: 80, contrast: 0.5 }, "7");
  const row = emptyRows(train.fields, 1);
  train.take(Int32Array.of(11), row);
  const options = { size: 80, defect: "stain", surface: "cast", domain: "unseen", contrast: 0.5 } as const;
  const part = drawPart("7/train/11", options);
  expect(row.image).toEqual(part.image);
  expect(row.mask).toEqual(part.mask);
  expect([...row.label!, ...row.surface!]).toEqual([4, 1]);
  expect([...row.contrast!, ...row.size!]).toEqual([Math.fround(part.contrast), Math.fround(part.size)]);
  expect([...row.position!]).toEqual(part.position.map(Math.fround));
  expect([...row.light!, ...row.texture!]).toEqual(
    (["direction", "falloff", "highlight", "vignetting", "scale", "strength"] as const).map((name) =>
      Math.fround(part.appearance[name]),
    ),
  );
  expect(train.provenance).toMatchObject({ name: "defects-unseen", settings: { seed: "7/train", size: 80 } });
});

test("settings out of range are refused with what is expected", async () => {
  await expect(defects.load(NO_FILES, { ...SMALL, size: 63 }, "7")).rejects.toThrow(
    'The setting "size" is 63, expected a whole number from 64 to 256.',
  );
  await expect(defects.load(NO_FILES, { ...SMALL, rows: 2.5 }, "7")).rejects.toThrow(
    'The setting "rows" is 2.5, expected a whole number from 1 to 1000000.',
  );
  await expect(defectsUnseen.load(NO_FILES, { ...SMALL, contrast: "high" }, "7")).rejects.toThrow(
    'The setting "contrast" is high, expected a number from 0 to 1.',
  );
  await expect(defects.load(NO_FILES, { ...SMALL, size: 256, rows: 10_000 }, "7")).rejects.toThrow(
    "10000 pictures of 256 x 256 with their masks take 1.2 GiB, defects keeps at most 1: ask for 8192 rows at most, or for a smaller size.",
  );
});
