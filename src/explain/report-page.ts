// Explanations as one HTML page that needs no other file.
import { escapeXml } from "../math/escape-xml.js";
import type { MethodMaps } from "./explain-rows.js";
import { dataUri, heatColors, overlayColors, pictureColors, transposed } from "./map-picture.js";
import type { InputGrid } from "./picture-grid.js";

/** What a page says of a row. */
export interface ReportRow {
  /** For example "Row 12". */
  readonly title: string;
  /** Truth, prediction and others, by what each is. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What a page shows. */
export interface ExplanationReport {
  readonly title: string;
  /** Sentences on top. */
  readonly lines: readonly string[];
  /** The input that the maps are of. */
  readonly grid: InputGrid;
  readonly kind: "picture" | "series" | "vector";
  /** Names of the entries of a series' step, or of a vector. */
  readonly entries: readonly string[];
  /** The rows of that input, bytes or other numbers. [rows * height * width * channels] */
  readonly values: ArrayLike<number>;
  readonly isBytes: boolean;
  readonly rows: readonly ReportRow[];
  readonly methods: readonly MethodMaps[];
  /** Methods that were left out, and why. */
  readonly skipped: readonly { readonly method: string; readonly reason: string }[];
}

/** Entries of a vector that a row's bars show, the ones that count most. */
const MOST_BARS = 12;

/** Write the page. All text is escaped, pictures are PNGs inside of it. */
export function explanationPage(report: ExplanationReport): string {
  const { title, lines, rows, skipped, kind } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body class="${kind}">
<h1>${escapeXml(title)}</h1>
${lines.map((line) => `<p>${escapeXml(line)}</p>`).join("\n")}
<p class="key"><i class="for"></i> speaks for what is explained <i class="against"></i> speaks against it; saliency and smoothgrad tell how much, not which way</p>
<h2>How good the explanations are</h2>
${qualityTable(report)}
${skipped.map(({ method, reason }) => `<p>${escapeXml(`Left out: ${method}, because ${reason}.`)}</p>`).join("\n")}
<h2>Rows</h2>
${rows.map((row, k) => rowSection(report, row, k)).join("\n")}
</body>
</html>
`;
}

function qualityTable({ methods }: ExplanationReport): string {
  const hasMask = methods.some(({ quality }) => (quality.masked ?? 0) > 0);
  const heads = [
    ...["Method", "Deletion AUC (less is better)", "Insertion AUC (more is better)"],
    ...["Correlation with untrained weights (0 is best)", "Completeness error, median / worst"],
    ...(hasMask ? ["Pointing game", "Energy inside the mask", "Area of the mask", "Rows with a mask"] : []),
  ];
  const lines = methods.map(({ method, quality }) => {
    const { completeness, deletion, insertion, randomization, pointing, energy, area, masked } = quality;
    const open = completeness ? `${percent(completeness.median)} / ${percent(completeness.worst)}` : "–";
    return [
      ...[method, figure(deletion), figure(insertion), randomization.toFixed(2), open],
      ...(hasMask ? [percent(pointing!), percent(energy!), percent(area!), String(masked)] : []),
    ];
  });
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table>\n${row(heads, "th")}\n${lines.map((cells) => row(cells, "td")).join("\n")}\n</table></div>`;
}

function rowSection(report: ExplanationReport, { title, facts }: ReportRow, row: number): string {
  const said = Object.entries(facts).map(
    ([name, value]) => `<span>${escapeXml(name)} <b>${escapeXml(value)}</b></span>`,
  );
  const drawn = report.methods.map((maps) => methodFigure(report, maps, row));
  const input = report.kind === "vector" ? "" : inputFigure(report, row);
  return `<section>\n<h3>${escapeXml(title)}</h3>\n<p class="facts">${said.join("")}</p>\n<div class="strip">\n${input}${drawn.join("\n")}\n</div>\n</section>`;
}

/** What a row looks like without a map. */
function inputFigure(report: ExplanationReport, row: number): string {
  const { grid, kind } = report;
  const size = [grid.height, grid.width] as const;
  const values = rowOf(report, row);
  if (kind === "picture") return pictureFigure("input", pictureColorsOf(report, row), size);
  return seriesFigure("input, each entry about its mean", entryDeviations(values, grid), report);
}

function methodFigure(
  report: ExplanationReport,
  { method, maps, completenessError }: MethodMaps,
  row: number,
): string {
  const { grid, kind } = report;
  const places = grid.height * grid.width;
  const map = maps.slice(row * places, (row + 1) * places);
  const open = completenessError ? `, ${percent(completenessError[row]!)} left open` : "";
  const caption = `${method}${open}`;
  if (kind === "vector") return barFigure(caption, map, report, row);
  if (kind === "series") return seriesFigure(caption, map, report);
  return pictureFigure(caption, overlayColors(pictureColorsOf(report, row), map), [grid.height, grid.width]);
}

function pictureColorsOf(report: ExplanationReport, row: number): Uint8Array {
  const { grid, isBytes } = report;
  return pictureColors(rowOf(report, row), [grid.height, grid.width], grid.channels, isBytes);
}

function pictureFigure(caption: string, colors: Uint8Array, size: readonly [number, number]): string {
  const text = escapeXml(caption);
  return `<figure><img alt="${text}" src="${dataUri(colors, size)}"><figcaption>${text}</figcaption></figure>`;
}

/** A heat map: steps across, entries down. */
function seriesFigure(caption: string, map: Float32Array, { grid, entries }: ExplanationReport): string {
  const { height: steps, width } = grid;
  const text = escapeXml(caption);
  const names = entries.map((name) => `<li>${escapeXml(name)}</li>`).join("");
  const uri = dataUri(heatColors(transposed(map, [steps, width])), [width, steps]);
  const height = Math.max(14 * width, 28);
  return `<figure><div class="heat"><ol>${names}</ol><img alt="${text}" style="height:${height}px" src="${uri}"></div><figcaption>${text}; ${steps} steps from left to right</figcaption></figure>`;
}

function barFigure(caption: string, map: Float32Array, report: ExplanationReport, row: number): string {
  const values = rowOf(report, row);
  const order = [...map.keys()].sort((a, b) => Math.abs(map[b]!) - Math.abs(map[a]!) || a - b);
  const most = Math.abs(map[order[0]!]!) || 1;
  const bars = order.slice(0, MOST_BARS).map((entry) => {
    const weight = map[entry]!;
    const width = ((100 * Math.abs(weight)) / most).toFixed(1);
    const name = `${report.entries[entry] ?? entry} = ${figure(values[entry]!)}`;
    return `<tr><td>${escapeXml(name)}</td><td class="bar"><i class="${weight < 0 ? "against" : "for"}" style="width:${width}%"></i></td><td>${escapeXml(figure(weight))}</td></tr>`;
  });
  const left = map.length - bars.length;
  const rest = left > 0 ? `; ${left} entries that count less are not shown` : "";
  return `<figure><table class="bars">${bars.join("")}</table><figcaption>${escapeXml(caption + rest)}</figcaption></figure>`;
}

function rowOf({ values, grid }: ExplanationReport, row: number): Float32Array {
  const size = grid.height * grid.width * grid.channels;
  return Float32Array.from({ length: size }, (_, k) => values[row * size + k]!);
}

/** Each entry of a series minus its mean, over its standard deviation. */
function entryDeviations(values: Float32Array, { height: steps, width }: InputGrid): Float32Array {
  const result = new Float32Array(values.length);
  for (let entry = 0; entry < width; entry++) {
    let [sum, squares] = [0, 0];
    for (let k = entry; k < values.length; k += width) sum += values[k]! / steps;
    for (let k = entry; k < values.length; k += width) squares += (values[k]! - sum) ** 2 / steps;
    const deviation = Math.sqrt(squares);
    if (deviation > 0)
      for (let k = entry; k < values.length; k += width) result[k] = (values[k]! - sum) / deviation;
  }
  return result;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
}

const LINE = "light-dark(#dde1e7, #31363f)";
const FAINT = "light-dark(#5b6472, #9ba5b4)";
const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  background: light-dark(#ffffff, #14161a); color: light-dark(#1b2027, #e8ebf0); }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
p { margin: 0.3rem 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
.wide th { text-align: left; font-weight: 500; color: ${FAINT}; max-width: 11rem; vertical-align: bottom; }
.wide th, .wide td { padding: 0.25rem 1.2rem 0.25rem 0; border-bottom: 1px solid ${LINE}; }
.wide td { font-variant-numeric: tabular-nums; }
section { border-top: 1px solid ${LINE}; padding: 0.8rem 0; }
.facts span { margin-right: 1.2rem; color: ${FAINT}; } .facts b { color: light-dark(#1b2027, #e8ebf0); font-weight: 600; }
.strip { display: flex; flex-wrap: wrap; gap: 0.8rem; }
figure { margin: 0; } figcaption { font-size: 0.8rem; color: ${FAINT}; }
img { image-rendering: pixelated; display: block; } .picture img { width: 8rem; } .picture figure { width: 8rem; }
.heat { display: flex; gap: 0.4rem; } .heat img { width: 26rem; }
.heat ol { list-style: none; margin: 0; padding: 0; font-size: 11px; line-height: 14px; text-align: right; white-space: nowrap; }
.bars { font-size: 0.8rem; width: 27rem; } .bars td { padding: 0 0.5rem 0 0; white-space: nowrap; } .bars .bar { width: 8rem; }
.bars i { display: block; height: 0.7rem; } .key i { display: inline-block; width: 0.8rem; height: 0.8rem; margin-left: 0.8rem; }
.for { background: rgb(217, 102, 31); } .against { background: rgb(47, 134, 214); }
`;
