// A picture of curves against the strength of attacks, as SVG.

/** A curve as it is drawn. */
export interface DrawnCurve {
  /** Beside it in the legend. */
  readonly name: string;
  /** By rising strength; `interval` is drawn as a bar. */
  readonly points: readonly {
    readonly strength: number;
    readonly value: number;
    readonly interval?: readonly [number, number];
  }[];
}

const [WIDTH, HEIGHT] = [480, 240];
const [LEFT, TOP, BOTTOM, LEGEND] = [64, 40, 44, 190];
/** Colours that people with any colour vision tell apart; each curve has its dashes as well. */
const STROKES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"];
const DASHES = ["", "6 2", "2 2", "8 2 2 2", "1 3"];

/** Return an SVG of curves; `axis` says what their values are, and those of "share" are drawn from 0 to 100 %. */
export function curvesPicture(
  title: string,
  axis: { readonly label: string; readonly kind: "share" | "number" },
  curves: readonly DrawnCurve[],
): string {
  const all = curves.flatMap(({ points }) => points);
  const finite = all.map(({ value }) => value).filter(Number.isFinite);
  const greatest = axis.kind === "share" ? 1 : Math.max(0, ...finite) || 1;
  const least = axis.kind === "share" ? 0 : Math.min(0, ...finite);
  const farthest = Math.max(0, ...all.map(({ strength }) => strength)) || 1;
  const x = (strength: number) => (LEFT + (WIDTH * strength) / farthest).toFixed(1);
  const y = (value: number) => (TOP + (HEIGHT * (greatest - value)) / (greatest - least)).toFixed(1);
  const text = (value: number) => (axis.kind === "share" ? `${100 * value} %` : value.toPrecision(3));
  const marks = [least, (least + greatest) / 2, greatest].map(
    (value) =>
      `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
      `<text x="${LEFT - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${text(value)}</text>`,
  );
  const strengths = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(share * farthest)}" y="${TOP + HEIGHT + 16}" text-anchor="middle">${Number((share * farthest).toPrecision(3))}</text>`,
  );
  const lines = curves.map(({ name, points }, k) => {
    const stroke = STROKES[k % STROKES.length]!;
    const dash = DASHES[k % DASHES.length]!;
    const drawn = points.filter(({ value }) => Number.isFinite(value));
    const path = drawn.map(({ strength, value }) => `${x(strength)},${y(value)}`).join(" ");
    const bars = drawn.map(({ strength, interval }) =>
      interval
        ? `<line x1="${x(strength)}" x2="${x(strength)}" y1="${y(interval[0])}" y2="${y(interval[1])}" stroke="${stroke}"/>`
        : "",
    );
    const [right, row] = [LEFT + WIDTH + 16, TOP + 8 + 18 * k];
    return [
      `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      ...bars.filter((bar) => bar !== ""),
      `<line x1="${right}" x2="${right + 24}" y1="${row}" y2="${row}" stroke="${stroke}" stroke-width="1.5" stroke-dasharray="${dash}"/>`,
      `<text x="${right + 30}" y="${row + 4}">${escaped(name)}</text>`,
    ].join("\n");
  });
  const [width, height] = [LEFT + WIDTH + LEGEND, TOP + HEIGHT + BOTTOM];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="20" font-weight="bold">${escaped(title)}</text>
${marks.join("\n")}
${strengths.join("\n")}
<text x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 34}" text-anchor="middle">strength (bars: 95 % intervals of ${escaped(axis.label)})</text>
${lines.join("\n")}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
