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
