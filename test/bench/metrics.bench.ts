// Do our metrics say what scikit-learn, SciPy and rliable say? The greatest difference over random cases.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { expectedCalibrationError } from "../../src/learn/metrics/calibration.js";
import { classificationReport, confusionMatrix } from "../../src/learn/metrics/classification.js";
import { interquartileMean, stratifiedIqm } from "../../src/learn/metrics/intervals.js";
import { mcnemarTest } from "../../src/learn/metrics/paired.js";
import { averagePrecision, rocAuc } from "../../src/learn/metrics/ranking.js";
import { mae, nasaScore, rmse } from "../../src/learn/metrics/regression.js";
import { maskIou } from "../../src/learn/metrics/segmentation.js";
import { createRandom, type Random } from "../../src/math/random.js";
import { pythonWith, runPython } from "./python-peer.js";

const SCRIPT = fileURLToPath(new URL("../../../test/bench/metrics_peer.py", import.meta.url));
/** Cases of each kind; together 10,020. */
const CASES = 1666;
const INTERVAL_CASES = 24;

/** A kind of case: what is drawn, and what we say of it. */
interface Kind<Case> {
  readonly draw: (random: Random) => Case;
  readonly measure: (drawn: Case) => number[];
}

const list = (length: number, of: () => number) => Array.from({ length }, of);
const kind = <Case>(made: Kind<Case>): Kind<Case> => made;

const KINDS = {
  classification: kind({
    draw: (random) => {
      const numClasses = 2 + random.integer(6);
      const size = 1 + random.integer(60);
      const labels = list(size, () => random.integer(numClasses));
      const predictions = labels.map((label) =>
        random.uniform() < 0.6 ? label : random.integer(numClasses),
      );
      return { numClasses, labels, predictions };
    },
    measure({ labels, predictions, numClasses }) {
      const matrix = confusionMatrix(labels, predictions, numClasses);
      const { accuracy, micro, macro, weighted } = classificationReport(matrix);
      const averages = [micro, macro, weighted].flatMap(({ precision, recall, f1 }) => [
        precision,
        recall,
        f1,
      ]);
      return [accuracy, ...averages, ...matrix.flat()];
    },
  }),
  ranking: kind({
    draw: (random) => {
      const labels = [0, 1, ...list(random.integer(60), () => random.integer(2))];
      // a grid of scores, so that there are ties
      return { labels, scores: labels.map((label) => (label + random.integer(8)) / 8) };
    },
    measure: ({ labels, scores }) => [rocAuc(labels, scores), averagePrecision(labels, scores)],
  }),
  regression: kind({
    draw: (random) => {
      const targets = list(1 + random.integer(60), () => random.uniform(0, 125));
      return { targets, predictions: targets.map((target) => target + 20 * random.normal()) };
    },
    measure: ({ targets, predictions }) => [
      rmse(targets, predictions),
      mae(targets, predictions),
      nasaScore(targets, predictions),
    ],
  }),
  mask: kind({
    draw: (random) => {
      const truth = [1, ...list(1 + random.integer(99), () => random.integer(2))];
      return { truth, mask: truth.map((pixel) => (random.uniform() < 0.7 ? pixel : random.integer(2))) };
    },
    measure: ({ truth, mask }) => [maskIou(truth, mask)!],
  }),
  calibration: kind({
    draw: (random) => {
      const confidences = list(1 + random.integer(99), () => random.uniform());
      return { confidences, correct: confidences.map((confidence) => Number(random.uniform() < confidence)) };
    },
    measure: ({ confidences, correct }) => [expectedCalibrationError(confidences, correct)],
  }),
  paired: kind({
    draw: (random) => {
      const size = 1 + random.integer(400);
      const mark = (rate: number) => list(size, () => Number(random.uniform() < rate));
      return { first: mark(0.8), second: mark(0.75), values: list(size, () => random.normal()) };
    },
    measure: ({ first, second, values }) => [mcnemarTest(first, second).pValue, interquartileMean(values)],
  }),
};

/** Draw the cases, measure them here and there, and compare. */
export async function run(): Promise<BenchRow[]> {
  const python = pythonWith("scikit-learn", "rliable", ["rliable==1.2.0", "pandas<3"]);
  if (!python) return [];
  const random = createRandom("metrics");
  const drawn = Object.entries(KINDS).flatMap(([name, { draw, measure }]) =>
    list(CASES, () => 0).map(() => {
      const made = draw(random);
      return { name, made, ours: (measure as (drawn: unknown) => number[])(made) };
    }),
  );
  const intervals = list(INTERVAL_CASES, () => 0).map(() => {
    const scores = list(2 + random.integer(4), () => 0).map(() => list(5, () => random.uniform()));
    const { value, interval } = stratifiedIqm(scores, { seed: "metrics", resamples: 20_000 });
    return { name: "intervals", made: { scores }, ours: [value, ...interval] };
  });
  const cases = [...drawn, ...intervals];
  const theirs = peerMeasures(
    python,
    cases.map(({ name, made }) => ({ kind: name, ...made })),
  );
  return [...Object.keys(KINDS), "intervals"].map((name) => {
    const differences = cases.flatMap((one, index) =>
      one.name === name ? [differenceOf(one.ours, theirs[index]!)] : [],
    );
    const what = `${name}: greatest difference of ${differences.length} cases, relative above 1`;
    return {
      what,
      value: Math.max(...differences),
      unit: "",
      against: "scikit-learn, SciPy, rliable",
      ratio: null,
    };
  });
}

function peerMeasures(python: string, cases: readonly object[]): number[][] {
  const folder = mkdtempSync(join(tmpdir(), "armgym-metrics-"));
  const [input, output] = [join(folder, "cases.json"), join(folder, "measures.json")];
  writeFileSync(input, JSON.stringify(cases));
  runPython(python, SCRIPT, [input, output]);
  const measures = JSON.parse(readFileSync(output, "utf8")) as number[][];
  rmSync(folder, { recursive: true });
  return measures;
}

function differenceOf(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...ours.map((value, k) => Math.abs(value - theirs[k]!) / Math.max(1, Math.abs(theirs[k]!))),
  );
}
