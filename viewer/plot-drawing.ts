// How a plot is drawn: colours, dashes, axes and lines across.
import type uPlot from "uplot";
import type { PlotContent } from "./plot.js";

/** Colours that stay apart for most kinds of colour blindness (Okabe and Ito), with dashes as a second sign. */
const COLORS = ["#2f86d6", "#d9661f", "#0f9d73", "#c76ba0", "#d99a0b", "#59b3e0", "#98812b", "#868e99"];
const DASHES = [[], [6, 3], [2, 2.5], [9, 3, 2, 3]];
/** Height of a plot without its heading, pixels. */
export const PLOT_HEIGHT = 104;

/** What uPlot is to draw for `content` inside `parent`. */
export function plotOptions(
  parent: HTMLElement,
  { lines, stacked, range, marks = [] }: PlotContent,
): uPlot.Options {
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
    height: PLOT_HEIGHT,
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

function dashOf(k: number): readonly number[] {
  return DASHES[k % DASHES.length]!;
}

/** A piece of the line for the legend. */
export function lineSample(color: number, dash: number, filled: boolean): SVGSVGElement {
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
