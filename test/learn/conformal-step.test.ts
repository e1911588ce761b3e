import { expect, test } from "vitest";
import { conformalCoverage, conformalIntervals, fitConformal } from "../../src/learn/conformal-step.js";
import { createRandom } from "../../src/math/random.js";

const TWO = { quantiles: 2, coverage: 0.6 };

test("the margin is that of the rank that the coverage asks for, below 0 where intervals were too wide", () => {
  // scores -1, 2, -3, 0: by how much a target is outside, the third of four smallest of ⌈5 x 0.6⌉
  const predictions = Float32Array.of(0, 10, 0, 10, 0, 10, 5, 8);
  const step = fitConformal("life", predictions, [9, -2, 3, 8], TWO);
  expect(step).toEqual({ output: "life", coverage: 0.6, margin: 0, count: 4 });
  const narrow = fitConformal("life", predictions, [7, 12, 4, 7], TWO);
  expect(narrow.margin).toBe(-1);
  const { lower, upper } = conformalIntervals(narrow, Float32Array.of(1, 9, 2, 3), 2);
  expect([...lower]).toEqual([2, 2.5]);
  expect([...upper]).toEqual([8, 2.5]);
  expect(conformalCoverage(narrow, Float32Array.of(1, 9, 2, 3), [2, 2.6], 2)).toEqual({
    coverage: 0.5,
    width: 3,
  });
});

test("new rows are covered as often as was asked for, whatever the quantiles were", () => {
  const random = createRandom("conformal");
  const draw = (count: number) => {
    const predictions = new Float32Array(3 * count);
    const targets = Float64Array.from({ length: count }, (_, k) => {
      const middle = 100 * random.uniform();
      // much too sure
      predictions.set([middle - 2, middle, middle + 1], 3 * k);
      return middle + 10 * random.normal();
    });
    return { predictions, targets };
  };
  const [calibration, fresh] = [draw(2000), draw(4000)];
  const step = fitConformal("life", calibration.predictions, calibration.targets, {
    quantiles: 3,
    coverage: 0.9,
  });
  const { coverage } = conformalCoverage(step, fresh.predictions, fresh.targets, 3);
  expect(Math.abs(coverage - 0.9)).toBeLessThan(0.02);
});

test("too few targets, and predictions of other rows, are refused", () => {
  expect(() =>
    fitConformal("life", new Float32Array(16), new Float32Array(8), { quantiles: 2, coverage: 0.9 }),
  ).toThrow("8 targets are too few for a coverage of 0.9, expected at least 9.");
  expect(() => fitConformal("life", new Float32Array(5), [1, 2], TWO)).toThrow(
    "There are 5 predictions for 2 targets of 2 quantiles, expected 2 x 2 and two quantiles at least.",
  );
});
