// One plot with its legend; time cursor, hover line and brush are ours, so that all plots and the scene share them.
import uPlot from "uplot";
import { bindPlotPointer, type PlotPointer } from "./plot-pointer.js";
import { stackLines } from "./stack-lines.js";

/** Colours that stay apart for most kinds of colour blindness (Okabe and Ito), with dashes as a second sign. */
const COLORS = ["#2f86d6", "#d9661f", "#0f9d73", "#c76ba0", "#d99a0b", "#59b3e0", "#98812b", "#868e99"];
const DASHES = [[], [6, 3], [2, 2.5], [9, 3, 2, 3]];
const HEIGHT = 104;

/** A line of a plot. */
export interface PlotLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Index of its colour and of its dashes; default: its place among the lines. */
  readonly color?: number;
  readonly dash?: number;
}

/** What a plot shows. */
export interface PlotContent {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** Whether lines are filled and stand on each other, those below 0 hanging from it. */
  readonly stacked?: boolean;
  /** Fixed range of the values; default: what the lines need. */
  readonly range?: readonly [number, number];
  /** Values that are drawn as dashed lines across. */
  readonly marks?: readonly number[];
}

/** A heading, a legend with the values under the cursor, and curves over one axis. */
export class Plot {
  readonly title: string;
  private readonly box = document.createElement("div");
  private readonly cursor = bar("time-cursor");
  private readonly hover = bar("hover-line");
  private readonly mark = bar("divergence-line");
  private readonly readouts: HTMLElement[];
  private readonly chart: uPlot;
  private lines: readonly PlotLine[];
  private readonly stacked: boolean;
  private marked: number | undefined;

  /** `pointer` is told what the user does with the mouse or a finger; without it the plot only shows. */
  constructor(parent: HTMLElement, xs: readonly number[], content: PlotContent, pointer?: PlotPointer) {
    const { title, lines, stacked = false } = content;
    this.title = title;
    this.lines = lines;
    this.stacked = stacked;
    this.box.className = "plot";
    this.box.dataset.title = title;
    const heading = document.createElement("h3");
    heading.className = "plot-title";
    heading.textContent = title;
    const legend = document.createElement("div");
    legend.className = "legend";
    this.readouts = lines.map(({ label, color, dash }, k) => {
      const entry = document.createElement("span");
      const value = document.createElement("b");
      entry.className = "legend-entry";
      value.className = "legend-value";
      if (lines.length > 1) entry.append(sample(color ?? k, dash ?? k, stacked), label);
      entry.append(value);
      legend.append(entry);
      return value;
    });
    this.box.append(heading, legend);
    parent.append(this.box);
    this.chart = new uPlot(options(parent, content), this.data(xs), this.box);
    const { over } = this.chart;
    over.append(this.hover, this.mark);
    this.hover.hidden = true;
    this.mark.hidden = true;
    if (pointer) {
      over.append(this.cursor);
      bindPlotPointer(this.chart, () => Number.parseFloat(this.cursor.style.left), pointer);
    }
  }

  /** Take other values for the same lines. */
  update(xs: readonly number[], lines: readonly PlotLine[]): void {
    this.lines = lines;
    this.chart.setData(this.data(xs));
    // the last value of each: validation has one in a few rows only
    for (const [k, { values }] of lines.entries()) {
      this.readouts[k]!.textContent = read(values.findLast((value) => Number.isFinite(value)));
    }
  }

  /** Put the cursor on `index` and read the lines there. */
  show(index: number): void {
    this.place(this.cursor, index);
    this.place(this.mark, this.marked);
    this.read(index);
  }

  /** Draw a thin line at `index` and read the lines there; without it, none. */
  showHover(index: number | undefined): void {
    this.place(this.hover, index);
    if (index !== undefined) this.read(index);
  }

  /** Mark where compared episodes part; without it, nothing. */
  showMark(index: number | undefined): void {
    this.marked = index;
    this.place(this.mark, index);
  }

  /** Show a part of the axis, or all of it. */
  zoom(from: number | undefined, to: number | undefined): void {
    const xs = this.chart.data[0];
    // at once, as the cursor is placed by the new scale
    this.chart.batch(() => this.chart.setScale("x", { min: from ?? xs[0]!, max: to ?? xs.at(-1)! }));
  }

  get numLines(): number {
    return this.readouts.length;
  }

  /** Let `other` stand where this plot stands. */
  replaceBy(other: Plot): void {
    this.box.before(other.box);
  }

  /** Follow the width of the panel. */
  resize(width: number): void {
    if (width > 40) this.chart.batch(() => this.chart.setSize({ width, height: HEIGHT }));
  }

  close(): void {
    this.chart.destroy();
    this.box.remove();
  }

  private place(line: HTMLElement, index: number | undefined): void {
    const x = index === undefined ? undefined : this.chart.data[0][index];
    const { min, max } = this.chart.scales.x!;
    line.hidden = x === undefined || x < min! || x > max!;
    if (x !== undefined) line.style.left = `${this.chart.valToPos(x, "x")}px`;
  }

  private read(index: number): void {
    for (const [k, readout] of this.readouts.entries()) {
      const text = read(this.lines[k]?.values[index]);
      if (readout.textContent !== text) readout.textContent = text;
    }
  }

  private data(xs: readonly number[]): uPlot.AlignedData {
    // what is not finite is a gap
    const drawn = (value: number | null) => (Number.isFinite(value) ? value : null);
    const values = this.lines.map((line) => line.values.map(drawn));
    // the outermost is painted first, so that those inside stay to be seen
    return [[...xs], ...(this.stacked ? stackLines(values).reverse() : values)];
  }
}

function options(parent: HTMLElement, { lines, stacked, range, marks = [] }: PlotContent): uPlot.Options {
  const faint = () => getComputedStyle(parent).getPropertyValue("color");
  const axis = {
    stroke: faint,
    grid: { stroke: "#8883", width: 1 },
    ticks: { show: false },
    font: "10.5px system-ui, sans-serif",
    gap: 3,
  };
  const series = lines.map(({ label, color, dash }, k): uPlot.Series => {
    const stroke = COLORS[(color ?? k) % COLORS.length]!;
    return {
      label,
      stroke,
      width: stacked ? 1 : 1.6,
      spanGaps: true,
      points: { show: false },
      ...(stacked ? { fill: stroke } : { dash: [...dashOf(dash ?? k)] }),
    };
  });
  if (stacked) series.reverse();
  return {
    width: Math.max(200, parent.clientWidth - 4),
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    scales: { x: { time: false }, ...(range ? { y: { range: [...range] as [number, number] } } : {}) },
    axes: [
      { ...axis, size: 18, space: 50 },
      { ...axis, size: 40, space: 26 },
    ],
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [(chart) => drawMarks(chart, marks)] },
    series: [{}, ...series],
  };
}

function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly number[]): void {
  if (marks.length === 0) return;
  ctx.save();
  ctx.strokeStyle = "#c2410c";
  ctx.lineWidth = 2;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  for (const value of marks) {
    const y = valToPos(value, "y", true);
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
  }
  ctx.stroke();
  ctx.restore();
}

function bar(className: string): HTMLElement {
  const line = document.createElement("div");
  line.className = className;
  return line;
}

function dashOf(k: number): readonly number[] {
  return DASHES[k % DASHES.length]!;
}

/** A piece of the line for the legend. */
function sample(color: number, dash: number, filled: boolean): SVGSVGElement {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const line = document.createElementNS(name, "line");
  const attributes = {
    x1: 0,
    x2: 18,
    y1: 3,
    y2: 3,
    stroke: COLORS[color % COLORS.length]!,
    "stroke-width": filled ? 6 : 2,
  };
  for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, String(value));
  if (!filled) line.setAttribute("stroke-dasharray", dashOf(dash).join(" "));
  svg.setAttribute("class", "legend-line");
  svg.append(line);
  return svg;
}

function read(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}
