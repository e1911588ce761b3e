// One picture of all learning curves, drawn from the committed CSV files: a panel per training, a line per seed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Curve {
  readonly seed: number;
  /** Environment steps and the share of validation episodes that succeeded. */
  readonly points: readonly (readonly [number, number])[];
}

const COLUMNS = 3;
const [WIDTH, HEIGHT] = [260, 150];
const [LEFT, TOP, BOTTOM, GAP] = [44, 34, 34, 20];
/** Colours that people with any colour vision tell apart; each seed has its dashes as well. */
const STROKES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"];
const DASHES = ["", "6 2", "2 2", "8 2 2 2", "1 3"];

/** Return an SVG of the curves in `folder`: files named TRAINING-seed-N.csv as a run's progress.csv. */
export function curvesPicture(folder: string): string {
  const trainings = new Map<string, Curve[]>();
  for (const file of readdirSync(folder).sort()) {
    const match = /^(.+)-seed-(\d+)\.csv$/.exec(file);
    if (!match) continue;
    const curve = { seed: Number(match[2]), points: readCurve(readFileSync(join(folder, file), "utf8")) };
    const title = match[1]!;
    trainings.set(title, [...(trainings.get(title) ?? []), curve]);
  }
  const rows = Math.ceil(trainings.size / COLUMNS);
  const [stepX, stepY] = [LEFT + WIDTH + GAP, TOP + HEIGHT + BOTTOM];
  const panels = [...trainings].map(([title, curves], index) =>
    panel(title, curves, (index % COLUMNS) * stepX, Math.floor(index / COLUMNS) * stepY),
  );
  const [width, height] = [COLUMNS * stepX, rows * stepY];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<title>Success of validation episodes over environment steps</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.join("\n")}
</svg>
`;
}

/** Pick the rows that have a validation. */
function readCurve(csv: string): [number, number][] {
  const [head, ...lines] = csv.trim().split("\n");
  const names = head!.split(",");
  const [step, success] = [names.indexOf("step"), names.indexOf("eval/success_rate")];
  return lines
    .map((line) => line.split(","))
    .filter((cells) => cells[success])
    .map((cells) => [Number(cells[step]), Number(cells[success])]);
}

function panel(title: string, curves: readonly Curve[], left: number, top: number): string {
  const last = Math.max(...curves.flatMap(({ points }) => points.map(([step]) => step)));
  const [x0, y0] = [left + LEFT, top + TOP];
  const x = (step: number) => (x0 + (WIDTH * step) / last).toFixed(1);
  const y = (share: number) => (y0 + HEIGHT * (1 - share)).toFixed(1);
  const lines = curves.map(({ seed, points }) => {
    const path = points.map(([step, share]) => `${x(step)},${y(share)}`).join(" ");
    const style = (seed - 1) % STROKES.length;
    return `<polyline points="${path}" fill="none" stroke="${STROKES[style]}" stroke-width="1.5" stroke-dasharray="${DASHES[style]}"/>`;
  });
  const marks = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${x0}" x2="${x0 + WIDTH}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/>` +
      `<text x="${x0 - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${100 * share} %</text>`,
  );
  return `<g>
<text x="${x0}" y="${y0 - 12}" font-weight="bold">${title.replaceAll("-v1", "-v1 ").trim()}</text>
${marks.join("\n")}
<text x="${x0}" y="${y0 + HEIGHT + 16}">0</text>
<text x="${x0 + WIDTH}" y="${y0 + HEIGHT + 16}" text-anchor="end">${describeSteps(last)} steps</text>
${lines.join("\n")}
</g>`;
}

function describeSteps(steps: number): string {
  return steps >= 1e6 ? `${(steps / 1e6).toFixed(2)}M` : `${Math.round(steps / 1000)}k`;
}
