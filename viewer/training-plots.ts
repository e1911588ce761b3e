// Curves of a training run that grow while it goes on.
import { Plot, type PlotLine } from "./plot.js";

/** One iteration's metrics by tag. */
export type MetricRow = Readonly<Record<string, number>>;

const CHARTS: readonly (readonly [
  title: string,
  lines: readonly (readonly [tag: string, label: string])[],
])[] = [
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
  ["Value loss", [["train/value_loss", "loss"]]],
  ["Approximate KL", [["train/approx_kl", "KL"]]],
  ["Clip fraction", [["train/clip_fraction", "share"]]],
  ["Explained variance", [["train/explained_variance", "share"]]],
  ["Action standard deviation", [["train/std", "deviation"]]],
  ["Learning rate", [["train/learning_rate", "rate"]]],
  ["Steps per second", [["time/fps", "steps/s"]]],
];

/** Draws the metrics of one run over its steps. */
export class TrainingPlots {
  private readonly parent: HTMLElement;
  private readonly empty: HTMLElement;
  private rows: MetricRow[] = [];
  private readonly plots = new Map<string, Plot>();
  private due = false;

  /** `empty` is shown while there is nothing to draw. */
  constructor(parent: HTMLElement, empty: HTMLElement) {
    this.parent = parent;
    this.empty = empty;
    new ResizeObserver(() => {
      for (const plot of this.plots.values()) plot.resize(parent.clientWidth - 4);
    }).observe(parent);
  }

  /** Start over with the rows of another run. */
  open(rows: readonly MetricRow[]): void {
    this.rows = [...rows];
    for (const plot of this.plots.values()) plot.close();
    this.plots.clear();
    this.draw();
  }

  /** Add a row; drawn at most once per picture of the screen. */
  add(row: MetricRow): void {
    this.rows.push(row);
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.draw();
    });
  }

  private draw(): void {
    this.empty.hidden = this.rows.length > 0;
    const terms = Object.keys(this.rows.at(-1) ?? {}).filter((tag) => tag.startsWith("reward/"));
    const rewards = terms.map((tag) => [tag, tag.slice(7)] as const);
    for (const [title, tags] of [
      ...CHARTS.slice(0, 2),
      ["Reward terms, mean", rewards] as const,
      ...CHARTS.slice(2),
    ]) {
      const known = tags.filter(([tag]) => this.rows.some((row) => tag in row));
      if (known.length > 0) this.chart(`${title}, over thousand steps`, known);
    }
  }

  private chart(title: string, tags: readonly (readonly [string, string])[]): void {
    const steps = this.rows.map(({ step }) => (step ?? 0) / 1000);
    const lines: PlotLine[] = tags.map(([tag, label]) => ({
      label,
      values: this.rows.map((row) => row[tag] ?? null),
    }));
    const plot = this.plots.get(title);
    if (plot?.numLines === lines.length) {
      plot.update(steps, lines);
      return;
    }
    // a line more, such as the first validation: drawn anew in the same place
    const made = new Plot(this.parent, title, steps, lines);
    if (plot) {
      plot.replaceBy(made);
      plot.close();
    }
    made.update(steps, lines);
    this.plots.set(title, made);
  }
}
