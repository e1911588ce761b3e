// One plot with its legend; time cursor, hover line and brush are ours, so that all plots and the scene share them.
import uPlot from "uplot";
import type { PlotContent, PlotLine } from "./plot-content.js";
import { lineSample, PLOT_HEIGHT, plotOptions } from "./plot-drawing.js";
import { bindPlotPointer, type PlotPointer } from "./plot-pointer.js";
import { nearestIndex, sampledIndices } from "./plot-sampling.js";
import { stackLines } from "./stack-lines.js";

/** Tells plots whether they are on the screen. */
const seers = new WeakMap<Element, (isSeen: boolean) => void>();
const onScreen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) seers.get(target)?.(isIntersecting);
});

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
  /** All of the axis; drawn is a sample of it where it is long. */
  private xs: readonly number[];
  private readonly stacked: boolean;
  private marked: number | undefined;
  private index = 0;
  /** Whether it is on the screen: what is not is drawn anew when it comes there. */
  private isSeen = false;
  /** Whether values have come since it was drawn. */
  private isStale = false;
  /** What is shown of the axis; undefined for all of it. */
  private shown: readonly [from: number, to: number] | undefined;
  private stretch: readonly [from: number | undefined, to: number | undefined] | undefined;
  private width: number | undefined;

  /** `pointer` is told what the user does with the mouse or a finger; without it the plot only shows. */
  constructor(parent: HTMLElement, xs: readonly number[], content: PlotContent, pointer?: PlotPointer) {
    const { title, lines, stacked = false } = content;
    this.title = title;
    this.lines = lines;
    this.xs = xs;
    this.stacked = stacked;
    this.box.className = "plot";
    const see = (isSeen: boolean) => {
      this.isSeen = isSeen;
      this.catchUp();
    };
    onScreen.observe(this.box);
    seers.set(this.box, see);
    // the mouse may be quicker than the browser's word that the plot is on the screen
    this.box.addEventListener("pointerenter", () => see(true));
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
      if (lines.length > 1) entry.append(lineSample(color ?? k, dash ?? k, stacked), label);
      entry.append(value);
      legend.append(entry);
      return value;
    });
    this.box.append(heading, legend);
    parent.append(this.box);
    this.chart = new uPlot(plotOptions(parent, content), this.data(), this.box);
    const { over } = this.chart;
    // a browser takes 2-D canvases away, too, and gives them back empty
    this.chart.ctx.canvas.addEventListener("contextrestored", () => this.chart.redraw());
    over.append(this.hover, this.mark);
    this.hover.hidden = true;
    this.mark.hidden = true;
    if (pointer) {
      over.append(this.cursor);
      const indexAt = (left: number) => nearestIndex(this.xs, this.chart.posToVal(left, "x"));
      bindPlotPointer(this.chart, indexAt, () => Number.parseFloat(this.cursor.style.left), pointer);
    }
  }

  /** Take other values for the same lines. */
  update(xs: readonly number[], lines: readonly PlotLine[]): void {
    this.lines = lines;
    this.xs = xs;
    this.isStale = true;
    this.catchUp();
    // the last value of each: validation has one in a few rows only
    for (const [k, { values }] of lines.entries()) {
      this.readouts[k]!.textContent = read(values.findLast((value) => Number.isFinite(value)));
    }
  }

  /** Put the cursor on `index` and read the lines there. */
  show(index: number): void {
    this.index = index;
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
    this.stretch = [from, to];
    this.catchUp();
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
    if (width <= 40 || width === (this.width ?? this.chart.width)) return;
    this.width = width;
    this.catchUp();
  }

  close(): void {
    onScreen.unobserve(this.box);
    this.chart.destroy();
    this.box.remove();
  }

  /** Draw what has changed while nobody saw it. */
  private catchUp(): void {
    const { chart, stretch, width, xs } = this;
    if (!this.isSeen || (!stretch && width === undefined && !this.isStale)) return;
    if (stretch) this.shown = stretch[0] === undefined ? undefined : [stretch[0], stretch[1] ?? xs.at(-1)!];
    // at once, as the cursor is placed by the new scale
    chart.batch(() => {
      if (width !== undefined) chart.setSize({ width, height: PLOT_HEIGHT });
      if (!stretch && !this.isStale) return;
      // what is drawn of a long line hangs on what is shown of it
      chart.setData(this.data(), !this.shown);
      if (this.shown) chart.setScale("x", { min: this.shown[0], max: this.shown[1] });
    });
    this.stretch = undefined;
    this.width = undefined;
    this.isStale = false;
    this.place(this.cursor, this.index);
    this.place(this.mark, this.marked);
  }

  private place(line: HTMLElement, index: number | undefined): void {
    const x = index === undefined ? undefined : this.xs[index];
    const { min, max } = this.chart.scales.x!;
    const [from = -Infinity, to = Infinity] = this.stretch ?? [min!, max!];
    line.hidden = x === undefined || x < from || x > to;
    if (x !== undefined) line.style.left = `${this.chart.valToPos(x, "x")}px`;
  }

  private read(index: number): void {
    for (const [k, readout] of this.readouts.entries()) {
      const text = read(this.lines[k]?.values[index]);
      if (readout.textContent !== text) readout.textContent = text;
    }
  }

  private data(): uPlot.AlignedData {
    const { xs, lines, shown } = this;
    const first = shown ? xs.findIndex((x) => x >= shown[0]) : 0;
    const last = shown ? xs.findLastIndex((x) => x <= shown[1]) : xs.length - 1;
    const all = lines.map(({ values }) => values);
    const kept = sampledIndices(all, Math.max(0, first), Math.max(0, last), xs.length);
    // what is not finite is a gap
    const drawn = (value: number | null | undefined) => (Number.isFinite(value) ? value! : null);
    const values = all.map((line) => kept.map((index) => drawn(line[index])));
    // the outermost is painted first, so that those inside stay to be seen
    return [kept.map((index) => xs[index]!), ...(this.stacked ? stackLines(values).reverse() : values)];
  }
}

function bar(className: string): HTMLElement {
  const line = document.createElement("div");
  line.className = className;
  return line;
}

function read(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}
