// Plots that share one time cursor.
import uPlot from "uplot";
import type { EpisodeRecording } from "../src/replay/recording.js";

/** Colours that stay apart for most kinds of colour blindness (Okabe and Ito), with dashes as a second sign. */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d00", "#7a7a7a"];
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** A plot's title and lines. */
interface PlotData {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

/** The plots of the episode shown. */
export class EpisodePlots {
  private readonly parent: HTMLElement;
  private readonly seek: (frame: number) => void;
  private plots: uPlot[] = [];

  /** `seek` is called with the frame under a click. */
  constructor(parent: HTMLElement, seek: (frame: number) => void) {
    this.parent = parent;
    this.seek = seek;
    new ResizeObserver(() => {
      for (const plot of this.plots) plot.setSize({ width: this.width(), height: 130 });
    }).observe(parent);
  }

  /** Show another recording. */
  open({ header, frames }: EpisodeRecording): void {
    for (const plot of this.plots) plot.destroy();
    for (const old of this.parent.querySelectorAll(".plot")) old.remove();
    const times = frames.map(({ time }) => time);
    const terms = Object.keys(frames.at(-1)?.rewardTerms ?? {});
    const entry = (values: readonly number[], k: number) => values[k] ?? null;
    const all: PlotData[] = [
      { title: "Reward", lines: [{ label: "reward", values: frames.map(({ reward }) => reward) }] },
      {
        title: "Reward terms",
        lines: terms.map((label) => ({
          label,
          values: frames.map(({ rewardTerms }) => rewardTerms[label] ?? null),
        })),
      },
      { title: "Value", lines: [{ label: "value", values: frames.map(({ value }) => value) }] },
      {
        title: "Action",
        lines: header.actionNames.map((label, k) => ({
          label,
          values: frames.map(({ action }) => entry(action, k)),
        })),
      },
      {
        title: "Joint positions",
        lines: header.jointNames.map((label, k) => ({
          label,
          values: frames.map(({ jointPositions }) => entry(jointPositions, k)),
        })),
      },
      {
        title: "Contact force, N",
        lines: [
          {
            label: "greatest",
            values: frames.map(({ contacts }) =>
              Math.max(0, ...contacts.map(({ force }) => Math.hypot(...force))),
            ),
          },
        ],
      },
    ];
    this.plots = all.filter(({ lines }) => lines.length > 0).map((data) => this.draw(data, times));
  }

  /** Move the cursor of all plots to `frame`. */
  show(frame: number): void {
    for (const plot of this.plots) {
      const left = plot.valToPos(plot.data[0][frame] ?? 0, "x");
      plot.setCursor({ left, top: plot.cursor.top ?? 0 }, false);
    }
  }

  private width(): number {
    return Math.max(240, this.parent.clientWidth - 4);
  }

  private draw({ title, lines }: PlotData, times: readonly number[]): uPlot {
    const box = document.createElement("div");
    box.className = "plot";
    const heading = document.createElement("h3");
    heading.textContent = title;
    box.append(heading);
    this.parent.append(box);
    const plot = new uPlot(
      {
        ...chartOptions(this.width()),
        series: [
          {
            label: "time",
            value: (_: uPlot, time: number | null) => (time === null ? "" : `${time.toFixed(2)} s`),
          },
          ...lines.map(({ label }, k) => seriesOptions(label, k)),
        ],
        hooks: {
          ready: [
            (chart) =>
              chart.over.addEventListener("click", () => {
                if (chart.cursor.idx !== null && chart.cursor.idx !== undefined) this.seek(chart.cursor.idx);
              }),
          ],
        },
      },
      [[...times], ...lines.map(({ values }) => [...values])],
      box,
    );
    return plot;
  }
}

/** Curves of a training run that grow while it goes on. */
export class TrainingPlots {
  private readonly parent: HTMLElement;
  private rows: Readonly<Record<string, number>>[] = [];
  private readonly charts = new Map<string, uPlot>();

  constructor(parent: HTMLElement) {
    this.parent = parent;
  }

  /** Start over with the rows of another run. */
  open(rows: readonly Readonly<Record<string, number>>[]): void {
    this.rows = [...rows];
    this.refresh();
  }

  /** Add a row. */
  add(row: Readonly<Record<string, number>>): void {
    this.rows.push(row);
    this.refresh();
  }

  private refresh(): void {
    this.parent.hidden = this.rows.length === 0;
    if (this.parent.hidden) return;
    this.chart("Success rate", ["rollout/success_rate", "eval/success_rate"]);
    this.chart("Return", ["rollout/ep_rew_mean"]);
  }

  private chart(title: string, tags: readonly string[]): void {
    const column = (tag: string) => this.rows.map((row) => row[tag] ?? null);
    const data: uPlot.AlignedData = [this.rows.map(({ step }) => (step ?? 0) / 1000), ...tags.map(column)];
    const known = this.charts.get(title);
    if (known) {
      known.setData(data);
      return;
    }
    const box = document.createElement("div");
    box.className = "plot";
    const heading = document.createElement("h3");
    heading.textContent = `${title} over thousand steps`;
    box.append(heading);
    this.parent.append(box);
    const lines = tags.map((tag, k) => ({ ...seriesOptions(tag.split("/")[0]!, k), spanGaps: true }));
    const options = {
      ...chartOptions(Math.max(240, this.parent.clientWidth - 4)),
      series: [{ label: "thousand steps" }, ...lines],
    };
    this.charts.set(title, new uPlot(options, data, box));
  }
}

function chartOptions(width: number) {
  const style = getComputedStyle(document.documentElement);
  const faint = style.color;
  const axis = {
    stroke: faint,
    grid: { stroke: "#8886", width: 0.5 },
    ticks: { stroke: "#8886", width: 0.5 },
    font: "11px system-ui",
  };
  return {
    width,
    height: 130,
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 28 },
      { ...axis, size: 44 },
    ],
    legend: { live: true },
    cursor: { drag: { x: true, y: false } },
  };
}

function seriesOptions(label: string, k: number): uPlot.Series {
  const dash = [...DASHES[Math.floor(k / 2) % DASHES.length]!];
  return { label, stroke: COLORS[k % COLORS.length]!, width: 1.5, dash, points: { show: false } };
}
