// The public sets: from small files of the same form, what is wrong with files, and the published numbers where these lie here.
import { describe, expect, test } from "vitest";
import type { PlainSettings } from "../../../src/data/data-source.js";
import { type Dataset, emptyRows } from "../../../src/data/dataset.js";
import { sourceSettings } from "../../../src/data/source-settings.js";
import { dataSources } from "../../../src/data/sources/data-sources.js";
import { memoryFiles, packedIdx, publicTest } from "../memory-files.js";

type Contents = Parameters<typeof memoryFiles>[0];

function load(id: string, contents: Contents, settings: PlainSettings = {}, seed = "0") {
  const source = dataSources[id]!;
  return source.load(memoryFiles(contents), sourceSettings(source, settings), seed);
}

function all(dataset: Dataset): Record<string, number[]> {
  const into = emptyRows(dataset.fields, dataset.size);
  dataset.take(
    Int32Array.from({ length: dataset.size }, (_, row) => row),
    into,
  );
  return Object.fromEntries(Object.entries(into).map(([name, column]) => [name, [...column]]));
}

const histogram = (labels: readonly number[], classes: number) =>
  Array.from({ length: classes }, (_, label) => labels.filter((other) => other === label).length);

describe("mnist", () => {
  /** 40 training images of 20 classes' worth, each filled with its number, and 3 to test. */
  const FILES = {
    "mnist/train-images-idx3-ubyte.gz": packedIdx(
      [40, 28, 28],
      Uint8Array.from({ length: 40 * 784 }, (_, k) => Math.floor(k / 784)),
    ),
    "mnist/train-labels-idx1-ubyte.gz": packedIdx(
      [40],
      Uint8Array.from({ length: 40 }, (_, k) => k % 10),
    ),
    "mnist/t10k-images-idx3-ubyte.gz": packedIdx([3, 28, 28], new Uint8Array(3 * 784).fill(9)),
    "mnist/t10k-labels-idx1-ubyte.gz": packedIdx([3], [7, 0, 9]),
  };

  test("images keep their labels, and validation has as many of each digit", async () => {
    const { train, validation, test: held } = await load("mnist", FILES, { validation: 10 });
    expect([train.size, validation.size]).toEqual([30, 10]);
    const { image, label } = all(validation);
    expect([...label!].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(label!.map((_, row) => image![row * 784]! % 10)).toEqual(label);
    expect(all(await held()).label).toEqual([7, 0, 9]);
    expect(Object.keys(train.provenance.files!)).toEqual(Object.keys(FILES).slice(0, 2));
  });

  test("files that do not go together are refused", async () => {
    const images = "mnist/train-images-idx3-ubyte.gz";
    const labels = "mnist/train-labels-idx1-ubyte.gz";
    await expect(load("mnist", { ...FILES, [labels]: packedIdx([39], new Uint8Array(39)) })).rejects.toThrow(
      `${labels} has the shape 39, expected the 40 labels of ${images}.`,
    );
    const wrong = Uint8Array.from({ length: 40 }, (_, k) => k % 11);
    await expect(load("mnist", { ...FILES, [labels]: packedIdx([40], wrong) })).rejects.toThrow(
      `${labels}: label 10 is 10, expected 0 to 9.`,
    );
    const small = packedIdx([40, 27, 28], new Uint8Array(40 * 27 * 28));
    await expect(load("mnist", { ...FILES, [images]: small })).rejects.toThrow(
      `${images} has the shape 40 x 27 x 28, expected bytes of N x 28 x 28.`,
    );
    await expect(load("mnist", FILES, { validation: 40 })).rejects.toThrow(
      'The setting "validation" is 40, expected a whole number from 1 to 39.',
    );
    await expect(load("mnist", {})).rejects.toThrow(
      `memory/${images} cannot be read: there is no such file.`,
    );
  });

  publicTest("mnist/t10k-labels-idx1-ubyte.gz", "the 70,000 digits are as published", async (files) => {
    const source = dataSources.mnist!;
    const { train, validation, test: held } = await source.load(files, source.settings, "0");
    const counts = [train, validation, await held()].map((part) => {
      const label = new Int32Array(part.size);
      part.take(
        Int32Array.from({ length: part.size }, (_, row) => row),
        { label },
      );
      return histogram([...label], 10);
    });
    const both = counts[0]!.map((count, digit) => count + counts[1]![digit]!);
    expect(both).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(counts[2]).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([train.size, validation.size]).toEqual([55_000, 5000]);
  });
});

describe("cmapss-fd001", () => {
  /** Engines that run for so many cycles; sensor 2 is 100 times the engine plus the cycle. */
  const table = (lengths: readonly number[]) =>
    lengths
      .flatMap((length, engine) =>
        Array.from({ length }, (_, cycle) =>
          [engine + 1, cycle + 1, 0, 0, 100, 1, 100 * (engine + 1) + cycle + 1, ...Array(19).fill(5)].join(
            " ",
          ),
        ),
      )
      .join(" \n");
  const FILES = {
    "cmapss/train_FD001.txt": table([6, 7, 8, 9, 10]),
    "cmapss/test_FD001.txt": table([4, 2]),
    "cmapss/RUL_FD001.txt": "3 \n9 \n",
  };
  const SETTINGS = { window: 3, cap: 5, cuts: 2 };

  test("windows hold the sensors, smoothed and raw, and the cycles that remain, capped", async () => {
    const { train, validation, test: held } = await load("cmapss-fd001", FILES, SETTINGS);
    expect(train.fields.sensors!.shape).toEqual([3, 28]);
    expect([train.fields.sensors!.entries![0]!.name, train.fields.sensors!.entries![14]!.name]).toEqual([
      "T24_smooth",
      "T24",
    ]);
    const engines = [...new Set(train.groups)];
    expect(engines.length).toBe(4);
    expect(engines.filter((engine) => validation.groups!.includes(engine))).toEqual([]);
    expect(validation.size).toBe(2);
    const { sensors, remaining, remaining_steps } = all(train);
    for (const [window, engine] of train.groups!.entries()) {
      const length = engine + 5;
      for (let t = 0; t < 3; t++) {
        const cycle = sensors![(window * 3 + t) * 28 + 14]! - 100 * engine;
        expect(remaining_steps![window * 3 + t]).toBe(Math.min(5, length - cycle));
      }
      expect(remaining![window]).toBe(remaining_steps![window * 3 + 2]);
    }
    // the first smoothed value of an engine is its first reading, later ones lag behind
    expect(sensors![0]).toBe(sensors![14]);
    expect(sensors![28]).toBeLessThan(sensors![28 + 14]!);
    const last = all(await held());
    expect(last.remaining).toEqual([3, 5]);
    expect(last.remaining_steps).toEqual([5, 4, 3, 5, 5, 5]);
    expect(last.sensors!.filter((_, k) => k % 28 === 14)).toEqual([102, 103, 104, 201, 201, 202]);
  });

  test("without smoothing there are the raw readings only", async () => {
    const { train } = await load("cmapss-fd001", FILES, { ...SETTINGS, smoothing: 1 });
    expect(train.fields.sensors!.shape).toEqual([3, 14]);
  });

  test("damaged files are refused with their line", async () => {
    const path = "cmapss/train_FD001.txt";
    const lines = FILES[path].split("\n");
    const changed = (text: string) => load("cmapss-fd001", { ...FILES, [path]: text }, SETTINGS);
    await expect(changed(FILES[path].slice(0, -5))).rejects.toThrow(
      `${path}, line 40 has 23 columns, expected 26. Is the file whole?`,
    );
    await expect(changed(FILES[path].replace("102", "NaN"))).rejects.toThrow(
      `${path}, line 2, column 7 is "NaN", expected a number.`,
    );
    await expect(changed(lines.filter((_, k) => k !== 3).join("\n"))).rejects.toThrow(
      `${path}: row 4 is cycle 5 of engine 1, expected cycle 4 of engine 1 or cycle 1 of the next.`,
    );
    const splits = await load("cmapss-fd001", { ...FILES, "cmapss/RUL_FD001.txt": "3" }, SETTINGS);
    await expect(splits.test()).rejects.toThrow(
      "cmapss/RUL_FD001.txt has 1 numbers, expected one for each of the 2 engines of cmapss/test_FD001.txt.",
    );
  });

  publicTest("cmapss/train_FD001.txt", "the engines are as published", async (files) => {
    const source = dataSources["cmapss-fd001"]!;
    const { train, validation, test: held } = await source.load(files, source.settings, "0");
    const windows = await held();
    expect([new Set(train.groups).size, new Set(validation.groups).size, windows.size]).toEqual([
      80, 20, 100,
    ]);
    // 20,631 cycles, of which each engine's first 29 end no window, and those of the engines held back
    expect(train.size).toBeGreaterThan(13_000);
    expect(all(windows).remaining!.slice(0, 5)).toEqual([112, 98, 69, 82, 91]);
  });
});

describe("tiny-shakespeare", () => {
  const PATH = "text/tinyshakespeare.txt";
  const TEXT = "abcde".repeat(40);

  test("each character is to be followed by the next one, in windows in the order of the text", async () => {
    const {
      train,
      validation,
      test: held,
    } = await load("tiny-shakespeare", { [PATH]: TEXT }, { length: 6, stride: 4 });
    expect(train.fields.tokens).toEqual({
      shape: [6],
      dtype: "int32",
      classes: ["a", "b", "c", "d", "e"],
    });
    const { tokens, next } = all(train);
    expect([tokens!.slice(0, 12), next!.slice(0, 12)]).toEqual([
      [0, 1, 2, 3, 4, 0, 4, 0, 1, 2, 3, 4],
      [1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4, 0],
    ]);
    // 170 characters, 10 and 20: windows with their next character
    expect([train.size, validation.size, (await held()).size]).toEqual([41, 1, 3]);
  });

  test("text that is too short, empty, or not UTF-8 is refused", async () => {
    await expect(load("tiny-shakespeare", { [PATH]: TEXT }, { length: 10 })).rejects.toThrow(
      `${PATH} is too short: validation gets 10 of its 200 characters, and a window with the next one needs 11. Take more text, or shorter windows.`,
    );
    await expect(load("tiny-shakespeare", { [PATH]: "" })).rejects.toThrow(
      `${PATH} is empty, expected text.`,
    );
    const bytes = new TextEncoder().encode("Grüße\nÄrger");
    bytes[9] = 0x41;
    await expect(load("tiny-shakespeare", { [PATH]: bytes })).rejects.toThrow(
      `${PATH} is no UTF-8 text: line 2 has the byte c3 at 8. Save it as UTF-8.`,
    );
  });

  publicTest(PATH, "the text has its alphabet of 65 characters", async (files) => {
    const source = dataSources["tiny-shakespeare"]!;
    const { train } = await source.load(files, source.settings, "0");
    expect(train.fields.tokens!.classes!.length).toBe(65);
    expect(train.provenance.files).toEqual({ [PATH]: source.files[0]!.sha256 });
  });
});

describe("robot-failures", () => {
  const PATH = "robot-failures/lp1.data";
  const sample = (name: string, value: number) =>
    `${name}\n${Array(15).fill(`\t${value}\t-1\t63\t-3\t-1\t0`).join("\n")}\n\n\n`;
  const TEXT = Array.from({ length: 40 }, (_, k) => sample(k % 4 === 0 ? "normal" : "collision", k)).join("");

  test("folds hold each sample once, with each class", async () => {
    const tested: number[] = [];
    for (let fold = 0; fold < 5; fold++) {
      const {
        train,
        validation,
        test: held,
      } = await load("robot-failures", { [PATH]: TEXT }, { folds: 5, fold });
      const { wrench, label } = all(await held());
      expect(train.fields.label!.classes).toEqual(["collision", "normal"]);
      expect(histogram(label!, 2)).toEqual([6, 2]);
      expect([train.size, validation.size]).toEqual([29, 3]);
      const values = label!.map((_, row) => wrench![row * 90]!);
      expect(values.map((value) => (value % 4 === 0 ? 1 : 0))).toEqual(label);
      tested.push(...values);
    }
    expect(tested.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, k) => k));
  });

  test("damaged files are refused with their line", async () => {
    const changed = (text: string) => load("robot-failures", { [PATH]: text });
    await expect(changed(TEXT.trimEnd().split("\n").slice(0, -3).join("\n"))).rejects.toThrow(
      `${PATH} is cut short: the sample of line 703 has fewer than 15 lines. Download it again.`,
    );
    await expect(changed(TEXT.replace("\t-1\t63", "\t63"))).rejects.toThrow(
      `${PATH}, line 2 is "0 63 -3 -1 0", expected 6 numbers.`,
    );
    await expect(changed(TEXT.replace("normal\n", ""))).rejects.toThrow(
      `${PATH}, line 1 is "0 -1 63 -3 -1 0", expected the name of a class.`,
    );
    await expect(changed("")).rejects.toThrow(`${PATH} holds no samples.`);
    await expect(load("robot-failures", {}, { problem: "lp6" })).rejects.toThrow(
      'The setting "problem" is lp6, expected one of: lp1, lp2, lp3, lp4, lp5.',
    );
  });

  publicTest(PATH, "the five problems have as many samples as published", async (files) => {
    const source = dataSources["robot-failures"]!;
    const sizes = ["lp1", "lp2", "lp3", "lp4", "lp5"].map(async (problem) => {
      const {
        train,
        validation,
        test: held,
      } = await source.load(files, { ...source.settings, problem }, "0");
      return train.size + validation.size + (await held()).size;
    });
    expect(await Promise.all(sizes)).toEqual([88, 47, 47, 117, 164]);
  });
});

test("settings that a source does not have, or of another type, are refused", () => {
  const source = dataSources["cmapss-fd001"]!;
  expect(() => sourceSettings(source, { windows: 30 })).toThrow(
    'The data "cmapss-fd001" has no setting "windows". Did you mean "window"? It has: window, cap, smoothing, validation, cuts.',
  );
  expect(() => sourceSettings(source, { cap: "high" })).toThrow(
    'The setting "cap" of the data "cmapss-fd001" is "high", expected a number, for example 125.',
  );
});
