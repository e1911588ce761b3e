// One plot with its legend; the time cursor is ours, so that all plots and the scene share it.
import uPlot from "uplot";

/** Colours that stay apart for most kinds of colour blindness (Okabe and Ito), with dashes as a second sign. */
const COLORS = ["#2f86d6", "#d9661f", "#0f9d73", "#c76ba0", "#d99a0b", "#59b3e0", "#98812b", "#868e99"];
const DASHES = [[], [6, 3], [2, 2.5], [9, 3, 2, 3]];
const HEIGHT = 104;

/** A line of a plot. */
export interface PlotLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** A heading, a legend with the values under the cursor, and curves over one axis. */
export class Plot {
  readonly title: string;
  private readonly box = document.createElement("div");
  private readonly cursor = document.createElement("div");
  private readonly readouts: HTMLElement[];
  private readonly chart: uPlot;

  /** `seek` is called with the index under a press or a drag. */
  constructor(
    parent: HTMLElement,
    title: string,
    xs: readonly number[],
    lines: readonly PlotLine[],
    seek?: (index: number) => void,
  ) {
    this.title = title;
    this.box.className = "plot";
    this.box.dataset.title = title;
    const heading = document.createElement("h3");
    heading.className = "plot-title";
    heading.textContent = title;
    const legend = document.createElement("div");
    legend.className = "legend";
    this.readouts = lines.map(({ label }, k) => {
      const entry = document.createElement("span");
      const value = document.createElement("b");
      entry.className = "legend-entry";
      value.className = "legend-value";
      if (lines.length > 1) entry.append(sample(k), label);
      entry.append(value);
      legend.append(entry);
      return value;
    });
    this.box.append(heading, legend);
    parent.append(this.box);
    this.chart = new uPlot(options(parent, lines), dataOf(xs, lines), this.box);
    this.cursor.className = "time-cursor";
    if (seek) this.scrubBy(seek);
  }

  /** Take other values for the same lines. */
  update(xs: readonly number[], lines: readonly PlotLine[]): void {
    this.chart.setData(dataOf(xs, lines));
    // the last value of each: validation has one in a few rows only
    for (const [k, { values }] of lines.entries()) {
      this.readouts[k]!.textContent = read(values.findLast((value) => Number.isFinite(value)));
    }
  }

  /** Put the cursor on `index` and read the lines there. */
  show(index: number): void {
    const x = this.chart.data[0][index];
    if (x !== undefined) this.cursor.style.left = `${this.chart.valToPos(x, "x")}px`;
    this.read(index);
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
    if (width > 40) this.chart.setSize({ width, height: HEIGHT });
  }

  close(): void {
    this.chart.destroy();
    this.box.remove();
  }

  private read(index: number): void {
    for (const [k, readout] of this.readouts.entries()) {
      readout.textContent = read(this.chart.data[k + 1]?.[index]);
    }
  }

  private scrubBy(seek: (index: number) => void): void {
    const { over } = this.chart;
    over.append(this.cursor);
    const seekTo = ({ clientX }: PointerEvent) =>
      seek(this.chart.posToIdx(clientX - over.getBoundingClientRect().left));
    over.addEventListener("pointerdown", (event) => {
      over.setPointerCapture(event.pointerId);
      seekTo(event);
    });
    over.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) seekTo(event);
    });
  }
}

function dataOf(xs: readonly number[], lines: readonly PlotLine[]): uPlot.AlignedData {
  // what is not finite is a gap
  const drawn = (value: number | null) => (Number.isFinite(value) ? value : null);
  return [[...xs], ...lines.map(({ values }) => values.map(drawn))];
}

function options(parent: HTMLElement, lines: readonly PlotLine[]): uPlot.Options {
  const faint = () => getComputedStyle(parent).getPropertyValue("color");
  const axis = {
    stroke: faint,
    grid: { stroke: "#8883", width: 1 },
    ticks: { show: false },
    font: "10.5px system-ui, sans-serif",
    gap: 3,
  };
  return {
    width: Math.max(200, parent.clientWidth - 4),
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 18, space: 50 },
      { ...axis, size: 40, space: 26 },
    ],
    legend: { show: false },
    cursor: { show: false },
    series: [
      {},
      ...lines.map(({ label }, k) => ({
        label,
        stroke: COLORS[k % COLORS.length]!,
        dash: [...dashOf(k)],
        width: 1.6,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}

function dashOf(k: number): readonly number[] {
  return DASHES[k % DASHES.length]!;
}

/** A piece of the line for the legend. */
function sample(k: number): SVGSVGElement {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const line = document.createElementNS(name, "line");
  const attributes = { x1: 0, x2: 18, y1: 3, y2: 3, stroke: COLORS[k % COLORS.length]!, "stroke-width": 2 };
  for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, String(value));
  line.setAttribute("stroke-dasharray", dashOf(k).join(" "));
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
