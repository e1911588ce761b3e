// MNIST: handwritten digits, 28 x 28, read from the four IDX files.
import { isSameShape } from "../../math/shape.js";
import { UsageError } from "../../math/usage-error.js";
import type { DataSource } from "../data-source.js";
import { type DataProvenance, type Dataset, subset, tableDataset } from "../dataset.js";
import { hashedFiles } from "../hashed-files.js";
import { type IdxArray, readIdx } from "../readers/idx.js";
import { wholeSetting } from "../source-settings.js";
import { splitRows } from "../split-rows.js";

const SIZE = 28;
const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));
const ADDRESS = "https://storage.googleapis.com/cvdf-datasets/mnist/";
const LICENCE = "CC BY-SA 3.0";

/**
 * 60,000 digits to learn from, of which `validation` are held back, as many of each digit as it has its share; the official 10,000 to test.
 *
 * Fields: `image` [28, 28, 1] uint8, 0 (paper) to 255 (ink); `label` int32, 0 to 9.
 */
export const mnist: DataSource = {
  id: "mnist",
  description: "70,000 handwritten digits, 28 x 28, 10 classes",
  licence: LICENCE,
  files: [
    file(
      "train-images-idx3-ubyte.gz",
      9_912_422,
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    file(
      "train-labels-idx1-ubyte.gz",
      28_881,
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    file(
      "t10k-images-idx3-ubyte.gz",
      1_648_877,
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    file(
      "t10k-labels-idx1-ubyte.gz",
      4_542,
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
  ],
  standIn: "digits",
  settings: { validation: 5000 },
  async load(files, settings, seed) {
    const read = async (part: "train" | "t10k") => {
      const hashed = hashedFiles(files);
      const [images, labels] = [`mnist/${part}-images-idx3-ubyte.gz`, `mnist/${part}-labels-idx1-ubyte.gz`];
      return digits(
        { name: images, ...(await readIdx(await hashed.read(images), images)) },
        { name: labels, ...(await readIdx(await hashed.read(labels), labels)) },
        {
          name: "mnist",
          source: ADDRESS,
          licence: LICENCE,
          files: hashed.hashes,
          settings: { ...settings, seed },
        },
      );
    };
    const all = await read("train");
    const validation = wholeSetting(settings, "validation", 1, all.size - 1) / all.size;
    const rows = splitRows(all, { shares: { train: 1 - validation, validation }, seed, strata: "label" });
    return {
      train: subset(all, rows.train),
      validation: subset(all, rows.validation),
      test: () => read("t10k"),
    };
  },
};

function file(name: string, bytes: number, sha256: string) {
  return { path: `mnist/${name}`, url: `${ADDRESS}${name}`, bytes, sha256 };
}

type NamedArray = IdxArray & { readonly name: string };

/** Images and their labels as a data set; throws a UsageError where they do not go together. */
function digits(images: NamedArray, labels: NamedArray, provenance: DataProvenance): Dataset {
  const [count, ...shape] = images.shape;
  if (!isSameShape(shape, [SIZE, SIZE]) || !(images.data instanceof Uint8Array))
    throw new UsageError(
      `${images.name} has the shape ${images.shape.join(" x ")}, expected bytes of N x ${SIZE} x ${SIZE}.`,
    );
  if (!isSameShape(labels.shape, [count!]))
    throw new UsageError(
      `${labels.name} has the shape ${labels.shape.join(" x ")}, expected the ${count} labels of ${images.name}.`,
    );
  const wrong = labels.data.findIndex((label) => label >= DIGITS.length || label < 0);
  if (wrong >= 0)
    throw new UsageError(`${labels.name}: label ${wrong} is ${labels.data[wrong]}, expected 0 to 9.`);
  return tableDataset(
    {
      image: { shape: [SIZE, SIZE, 1], dtype: "uint8" },
      label: { shape: [], dtype: "int32", classes: DIGITS },
    },
    { image: images.data, label: Int32Array.from(labels.data) },
    provenance,
  );
}
