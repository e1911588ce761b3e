// How a plot is drawn: colours, dashes, axes and lines across.
import type uPlot from "uplot";
import type { PlotContent } from "./plot-content.js";

/** Colours that stay apart for most kinds of colour blindness (Okabe and Ito), with dashes as a second sign. */
const COLORS = ["#2f86d6", "#d9661f", "#0f9d73", "#c76ba0", "#d99a0b", "#59b3e0", "#98812b", "#868e99"];
const DASHES = [[], [6, 3], [2, 2.5], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2], [1, 4], [10, 2, 2, 2, 2, 2]];
/** What further rounds of the colours are mixed with, and how much of it: darker, then paler. */
const ROUNDS = [
  [0, 0],
  [0, 0.4],
  [255, 0.45],
] as const;
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
    const stroke = lineColor(color ?? k);
    return {
      label,
      stroke,
      width: stacked ? 1 : 1.6,
      spanGaps: true,
      points: { show: false },
      ...(stacked ? { fill: stroke } : { dash: [...lineDash(dash ?? k)] }),
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

/** Return the colour of line `k`; no two of the first 24 are equal. */
export function lineColor(k: number): string {
  const [tone, share] = ROUNDS[Math.floor(k / COLORS.length) % ROUNDS.length]!;
  const color = COLORS[k % COLORS.length]!;
  if (share === 0) return color;
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const mixed = parts.map((part) => Math.round((1 - share) * part + share * tone));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Return the dashes of line `k`, px; no two of the first 8 are equal. */
export function lineDash(k: number): readonly number[] {
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
    stroke: lineColor(color),
    "stroke-width": filled ? 6 : 2,
  };
  for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, String(value));
  if (!filled) line.setAttribute("stroke-dasharray", lineDash(dash).join(" "));
  svg.setAttribute("class", "legend-line");
  svg.append(line);
  return svg;
}
