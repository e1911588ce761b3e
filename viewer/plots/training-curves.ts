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

/** Loss of a fit, in its minibatches, epochs and validations. */
const FIT_LOSS: Chart[1] = [
  ["train/minibatch_loss", "minibatch"],
  ["train/loss", "training"],
  ["eval/loss", "validation"],
];

/** What only a fit logs. */
const FIT_TAGS = ["train/minibatch_loss", "time/rows_per_second"];

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
  ["Gradient norm", [["train/grad_norm", "norm"]]],
  ["Steps per second", [["time/fps", "steps/s"]]],
  ["Rows per second", [["time/rows_per_second", "rows/s"]]],
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
  const charts = isFit(runs)
    ? [["Loss", FIT_LOSS] as const, ...evaluationCharts(runs), ...CHARTS.slice(2)]
    : [...CHARTS.slice(0, 2), ...rewards, ...CHARTS.slice(2)];
  const over = isFit(runs) ? "minibatches" : "thousand steps";
  return charts.flatMap(([title, tags]) => {
    const known = tags.filter(([tag]) => runs.some(({ rows }) => rows.some((row) => tag in row)));
    return known.length > 0 ? [[`${title}, over ${over}`, known] as const] : [];
  });
}

/** Whether the first run is a fit, whose steps are minibatches. */
function isFit(runs: readonly RunRows[]): boolean {
  return runs[0]?.rows.some((row) => FIT_TAGS.some((tag) => tag in row)) ?? false;
}

/** A chart for each metric of a fit's validation. */
function evaluationCharts(runs: readonly RunRows[]): Chart[] {
  const tags = new Set(runs[0]!.rows.flatMap((row) => Object.keys(row)));
  const own = [...tags].filter((tag) => tag.startsWith("eval/") && tag !== "eval/loss");
  return own.map((tag): Chart => [`Validation ${tag.slice(5)}`, [[tag, "validation"]]]);
}

/** Return the steps of all runs, in thousands but for fits, and a line per run, by its letter, and tag; a run has gaps at the others' steps. */
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
  return { steps: isFit(runs) ? steps : steps.map((step) => step / 1000), lines };
}
