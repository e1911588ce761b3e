// Curves of several runs over one axis.
import { expect, test } from "vitest";
import { chartsOf, curvesOf } from "../../../viewer/plots/training-curves.js";

const one = {
  run: "one",
  rows: [
    { step: 2000, "rollout/ep_rew_mean": 1, "reward/reach": 0.5 },
    { step: 4000, "rollout/ep_rew_mean": 3, "reward/reach": 0.7 },
  ],
};
const two = { run: "two", rows: [{ step: 3000, "rollout/ep_rew_mean": 9 }] };

test("charts are listed for what was measured", () => {
  expect(chartsOf([one]).map(([title]) => title)).toEqual([
    "Return, over thousand steps",
    "Reward terms, mean, over thousand steps",
  ]);
  expect(chartsOf([{ run: "none", rows: [] }])).toEqual([]);
});

test("a fit has a chart for its loss and each metric of its validation, over minibatches", () => {
  const fit = {
    run: "fit",
    rows: [
      { step: 5, "train/minibatch_loss": 2 },
      { step: 10, "train/loss": 1.5, "eval/loss": 1.2, "eval/accuracy": 0.8, "time/rows_per_second": 100 },
    ],
  };
  const charts = chartsOf([fit]);
  expect(charts.map(([title]) => title)).toEqual([
    "Loss, over minibatches",
    "Validation accuracy, over minibatches",
    "Rows per second, over minibatches",
  ]);
  expect(curvesOf([fit], charts[0]![1])).toEqual({
    steps: [5, 10],
    lines: [
      { label: "minibatch", values: [2, null] },
      { label: "training", values: [null, 1.5] },
      { label: "validation", values: [null, 1.2] },
    ],
  });
});

test("runs share the axis, and have gaps where only another run has a value", () => {
  const tags = [["rollout/ep_rew_mean", "training"]] as const;
  expect(curvesOf([one], tags)).toEqual({ steps: [2, 4], lines: [{ label: "training", values: [1, 3] }] });
  expect(curvesOf([one, two], tags)).toEqual({
    steps: [2, 3, 4],
    lines: [
      { label: "A", values: [1, null, 3], color: 0, dash: 0 },
      { label: "B", values: [null, 9, null], color: 1, dash: 1 },
    ],
  });
});
