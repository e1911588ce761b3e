// The tables of our physics beside MuJoCo's, from the rows of the benchmark "fidelity".
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { unique } from "./figures.js";

/** Why the engines differ, by the start of a table's title. */
const REASONS: Readonly<Record<string, string>> = {
  "Free motion": "The same equations and the same integrator: what is left is rounding.",
  Slide:
    "Both move a step at the speed of its end and so stop v₀ Δt / 2 short: 1.04 mm at 240 Hz, 0.5 mm at 2 ms. MuJoCo's mesh goes too far; why is not known.",
  "Ball that slides": "The cause of what is missing is not known; rigid MuJoCo misses nothing.",
  "Tilted drop":
    "MuJoCo's contacts are springs of 20 ms and give way under an impact; ours are entered by one step's travel at most, 6.7 mm at 1.6 m/s.",
  "Stack of four":
    "MuJoCo's friction creeps. 20 sweeps are too few for our stack of prisms, with eight contacts per face; with 40 it drifts by 0.001 mm in 3 s.",
  "Push, way ahead":
    "What a face pushes stays at the pusher in both. Balls and lying capsules leave it and roll on: MuJoCo's two settings scatter there, ours stays below most of them; why is not known.",
  "Push, way sideways":
    "By symmetry near 0, but for the SO-101: MuJoCo's boxes and prisms drift, presumably by creep. A cylinder on a flat pusher is not stable in any.",
  "Push, turn": "A ball has no heading. A cylinder that has left the pusher's middle goes on turning.",
  "Grasp, slip": "MuJoCo's friction creeps under load; ours holds still below the Coulomb limit.",
};

/** Write the rows "table: line, column" as one Markdown table per title; cells hold our figure and the others'. */
export function fidelityTables(rows: readonly BenchRow[]): string {
  const parsed = rows.map((row) => {
    const [, title, line, column] = /^(.*): (.*), (.*?)$/.exec(row.what)!;
    return { ...row, title: title!, line: line!, column: column! };
  });
  const tables = unique(parsed.map(({ title }) => title)).map((title) => {
    const of = parsed.filter((row) => row.title === title);
    const others = Object.keys(of.find((row) => row.others)?.others ?? {});
    const columns = unique(of.map(({ column }) => column));
    const unitOf = (column: string) => of.find((row) => row.column === column)!.unit;
    const lines = unique(of.map(({ line }) => line)).map((line) => {
      const cells = columns.map((column) =>
        cell(of.find((row) => row.line === line && row.column === column)),
      );
      return `| ${line} | ${cells.join(" | ")} |`;
    });
    const reason = Object.entries(REASONS).find(([start]) => title.startsWith(start))?.[1];
    return [
      `**${title}** (${["ours", ...others].join(" / ")})${reason ? `. ${reason}` : ""}`,
      "",
      `| | ${columns.map((column) => [column, unitOf(column)].filter(Boolean).join(", ")).join(" | ")} |`,
      `|---|${"---|".repeat(columns.length)}`,
      ...lines,
      "",
    ].join("\n");
  });
  return tables.join("\n");
}

function cell(row: BenchRow | undefined): string {
  if (!row) return "";
  return [row.value, ...Object.values(row.others ?? {})].map(short).join(" / ");
}

/** Two or three digits, tiny ones with an exponent. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-6) return value.toExponential(0);
  if (size < 1e-3) return "< 0.001";
  return String(Number(value.toPrecision(size >= 100 ? 4 : size >= 1 ? 3 : 2)));
}
