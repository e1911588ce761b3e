// Lines of a plot can be told apart.
import { expect, test } from "vitest";
import { lineColor, lineDash } from "../../../viewer/plots/plot-drawing.js";
import { chartsOf, curvesOf } from "../../../viewer/plots/training-curves.js";

test("24 fillings have 24 colours, and 8 lines 8 dashes", () => {
  const colors = Array.from({ length: 24 }, (_, k) => lineColor(k));
  expect(new Set(colors).size).toBe(24);
  for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  const dashes = Array.from({ length: 8 }, (_, k) => JSON.stringify(lineDash(k)));
  expect(new Set(dashes).size).toBe(8);
  expect(lineDash(0)).toEqual([]);
});

test("eight runs with eleven reward terms each: no two curves of a chart look the same", () => {
  const terms = Array.from({ length: 11 }, (_, k) => `reward/term${k}`);
  const runs = Array.from({ length: 8 }, (_, k) => ({
    run: `run ${k}`,
    rows: [{ step: 2000, ...Object.fromEntries(terms.map((term) => [term, k])) }],
  }));
  const charts = chartsOf(runs);
  expect(charts.map(([title]) => title)).toEqual([
    "Reward terms, mean (1 of 2), over thousand steps",
    "Reward terms, mean (2 of 2), over thousand steps",
  ]);
  for (const shown of [runs, runs.slice(0, 1)]) {
    for (const [title, tags] of charts) {
      const { lines } = curvesOf(shown, tags);
      const looks = lines.map(({ color, dash }, k) => `${lineColor(color ?? k)} ${lineDash(dash ?? k)}`);
      expect(new Set(looks).size, title).toBe(lines.length);
    }
  }
});
