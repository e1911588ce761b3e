// Robot Execution Failures: forces and torques at a robot's wrist in the 315 ms after something went wrong, or did not.
// Source: L. Seabra Lopes and L. M. Camarinha-Matos, UCI Machine Learning Repository, 1999.
import { UsageError } from "../../math/usage-error.js";
import type { DataSource } from "../data-source.js";
import { type DataProvenance, type Dataset, tableDataset } from "../dataset.js";
import { foldSplits } from "../fold-splits.js";
import { hashedFiles } from "../hashed-files.js";
import { decodeText } from "../readers/text.js";

const PROBLEMS = ["lp1", "lp2", "lp3", "lp4", "lp5"];
const ADDRESS = "https://archive.ics.uci.edu/ml/machine-learning-databases/robotfailure-mld/";
const LICENCE = "CC BY 4.0";
const STEPS = 15;
const ENTRIES = ["Fx", "Fy", "Fz", "Tx", "Ty", "Tz"];

/**
 * One of five problems, "lp1" to "lp5"; the test is fold `fold` of `folds`, and of the rest the share `validation` is chosen by, all stratified.
 *
 * Fields: `wrench` [15, 6] float32, forces and torques in the sensor's own units; `label` int32, classes in alphabetical order. All
 * folds of several seeds make a repeated cross-validation.
 */
export const robotFailures: DataSource = {
  id: "robot-failures",
  description: "force and torque traces of a robot's failures, 15 x 6, five problems of 3 to 5 classes",
  licence: LICENCE,
  files: [
    file("lp1", 27_344, "dcce343c3bb8d4b93a384273510a07ff96a51ecaad8c505e940c03ebee0de635"),
    file("lp2", 14_605, "39d0e6a505004e474ead6b7869845ca7d694b5776da33b28205be952154e2e1a"),
    file("lp3", 14_511, "9afeb5beb427283f1d763ee776575905c36da4b83060c7841c874fe5461fb0c9"),
    file("lp4", 33_618, "57f68e2513daa1a65c7a316386dac2e4de56439da01ab844827ec1156aa0866f"),
    file("lp5", 49_157, "3b76b63eb5368d53b1d977c89ab11a2cf0674731c3d717b225e5c239d344b4fb"),
  ],
  standIn: "contacts",
  settings: { problem: "lp1", folds: 10, fold: 0, validation: 0.1 },
  async load(files, settings, seed) {
    const { problem } = settings;
    if (typeof problem !== "string" || !PROBLEMS.includes(problem))
      throw new UsageError(`The setting "problem" is ${problem}, expected one of: ${PROBLEMS.join(", ")}.`);
    const hashed = hashedFiles(files);
    const path = `robot-failures/${problem}.data`;
    const text = decodeText(await hashed.read(path, 2 ** 24), path);
    const all = failures(text, path, {
      name: "robot-failures",
      source: `${ADDRESS}${problem}.data`,
      licence: LICENCE,
      files: hashed.hashes,
      settings: { ...settings, seed },
    });
    return foldSplits(all, settings, seed, "label");
  },
};

function file(problem: string, bytes: number, sha256: string) {
  return { path: `robot-failures/${problem}.data`, url: `${ADDRESS}${problem}.data`, bytes, sha256 };
}

/** A row for each sample: the line of its class, then 15 lines of 6 whole numbers. */
function failures(text: string, path: string, provenance: DataProvenance): Dataset {
  const lines = text
    .split("\n")
    .map((line, index) => ({ words: line.trim().split(/\s+/).filter(Boolean), number: index + 1 }))
    .filter(({ words }) => words.length > 0);
  const names: string[] = [];
  const wrench: number[] = [];
  for (let at = 0; at < lines.length; at += STEPS + 1) {
    const { words, number } = lines[at]!;
    if (words.length !== 1 || Number.isFinite(Number(words[0])))
      throw new UsageError(
        `${path}, line ${number} is "${words.join(" ").slice(0, 40)}", expected the name of a class.`,
      );
    names.push(words[0]!);
    for (let step = 1; step <= STEPS; step++) wrench.push(...readings(lines[at + step], path, number));
  }
  if (names.length === 0) throw new UsageError(`${path} holds no samples.`);
  const classes = [...new Set(names)].sort();
  return tableDataset(
    {
      wrench: { shape: [STEPS, ENTRIES.length], entries: ENTRIES.map((name) => ({ name, unit: "1" })) },
      label: { shape: [], dtype: "int32", classes },
    },
    { wrench: Float32Array.from(wrench), label: Int32Array.from(names, (name) => classes.indexOf(name)) },
    provenance,
  );
}

function readings(
  line: { readonly words: readonly string[]; readonly number: number } | undefined,
  path: string,
  sample: number,
): readonly number[] {
  if (!line)
    throw new UsageError(
      `${path} is cut short: the sample of line ${sample} has fewer than ${STEPS} lines. Download it again.`,
    );
  const numbers = line.words.map(Number);
  if (numbers.length === ENTRIES.length && numbers.every(Number.isFinite)) return numbers;
  throw new UsageError(
    `${path}, line ${line.number} is "${line.words.join(" ").slice(0, 40)}", expected ${ENTRIES.length} numbers.`,
  );
}
