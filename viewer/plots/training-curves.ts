// Which curves a training has, and several runs' rows over one axis.
import type { MetricRow } from "../../src/recording/run-events.js";
import { letterOf } from "../compare/compare-series.js";
import { MAX_LINES } from "./episode-series.js";
import type { PlotLine } from "./plot-content.js";

/** The rows of one run. */
export interface RunRows {
  readonly run: string;
  readonly rows: readonly MetricRow[];
}

/** A chart: its title and the tags in it. */
export type Chart = readonly [title: string, tags: readonly (readonly [tag: string, label: string])[]];

const CHARTS: readonly Chart[] = [
  [
    "Success rate",
    [
      ["rollout/success_rate", "training"],
      ["eval/success_rate", "validation"],
    ],
  ],
  ["Return", [["rollout/ep_rew_mean", "training"]]],
  ["Episode length", [["rollout/ep_len_mean", "steps"]]],
  ["Difficulty", [["curriculum/difficulty", "curriculum"]]],
  ["Approximate KL", [["train/approx_kl", "KL"]]],
  ["Entropy loss", [["train/entropy_loss", "loss"]]],
  ["Policy gradient loss", [["train/policy_gradient_loss", "loss"]]],
  ["Value loss", [["train/value_loss", "loss"]]],
  ["Clip fraction", [["train/clip_fraction", "share"]]],
  ["Explained variance", [["train/explained_variance", "share"]]],
  ["Action standard deviation", [["train/std", "deviation"]]],
  ["Learning rate", [["train/learning_rate", "rate"]]],
  ["Steps per second", [["time/fps", "steps/s"]]],
];

/** List the charts that `runs` have values for; the reward terms of the first run follow the return. */
export function chartsOf(runs: readonly RunRows[]): Chart[] {
  const last = runs[0]?.rows.at(-1) ?? {};
  const terms = Object.keys(last).filter((tag) => tag.startsWith("reward/"));
  const rewards = Array.from({ length: Math.ceil(terms.length / MAX_LINES) }, (_, k): Chart => {
    const some = terms.slice(k * MAX_LINES, (k + 1) * MAX_LINES);
    const part = terms.length > MAX_LINES ? ` (${k + 1} of ${Math.ceil(terms.length / MAX_LINES)})` : "";
    return [`Reward terms, mean${part}`, some.map((tag) => [tag, tag.slice(7)] as const)];
  });
  return [...CHARTS.slice(0, 2), ...rewards, ...CHARTS.slice(2)].flatMap(([title, tags]) => {
    const known = tags.filter(([tag]) => runs.some(({ rows }) => rows.some((row) => tag in row)));
    return known.length > 0 ? [[`${title}, over thousand steps`, known] as const] : [];
  });
}

/** Return the steps of all runs in thousands, and a line per run, by its letter, and tag; a run has gaps at the others' steps. */
export function curvesOf(
  runs: readonly RunRows[],
  tags: Chart[1],
): { readonly steps: number[]; readonly lines: PlotLine[] } {
  const all = new Set(runs.flatMap(({ rows }) => rows.map(({ step = 0 }) => step)));
  const steps = [...all].sort((a, b) => a - b);
  const place = new Map(steps.map((step, index) => [step, index]));
  const lines = runs.flatMap(({ rows }, k) =>
    tags.flatMap(([tag, label], t): PlotLine[] => {
      // every run but the first shows only what it has
      if (k > 0 && !rows.some((row) => tag in row)) return [];
      const values = new Array<number | null>(steps.length).fill(null);
      for (const row of rows) values[place.get(row.step ?? 0)!] = row[tag] ?? null;
      if (runs.length === 1) return [{ label, values }];
      const name = tags.length === 1 ? letterOf(k) : `${letterOf(k)} ${label}`;
      return [{ label: name, values, color: k, dash: tags.length === 1 ? k : t }];
    }),
  );
  return { steps: steps.map((step) => step / 1000), lines };
}
