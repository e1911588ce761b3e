// Tables of what other programs read, from the rows of `npm run interop`.

/** What a program made of what armgym writes. */
export interface InteropRow {
  readonly program: string;
  readonly version: string;
  /** What it read. */
  readonly reads: string;
  readonly verdict: "passed" | "failed" | "not run";
  /** Tests that passed, of `tests`; the rest failed or were skipped. */
  readonly passed: number;
  readonly tests: number;
  readonly date: string;
  readonly commit: string;
}

const HEAD = ["program", "version", "what it read", "verdict"] as const;

/** Write the rows as a table for a terminal. */
export function interopText(rows: readonly InteropRow[]): string {
  const cells = [HEAD, ...rows.map((row) => [row.program, row.version, row.reads, verdict(row)])];
  const widths = HEAD.map((_, k) => Math.max(...cells.map((line) => line[k]!.length)));
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, k) => cell.padEnd(widths[k]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Write the rows as a table of Markdown, each with its date and commit. */
export function interopTable(rows: readonly InteropRow[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.program} ${row.version} | ${row.reads} | ${verdict(row)} | ${row.date}, commit ${row.commit} |`,
  );
  return `| program | what it read | verdict | when |\n|---|---|---|---|\n${lines.join("\n")}\n`;
}

/** Say in one line of the summary how many programs read what they are to. */
export function interopLine(rows: readonly InteropRow[]): string {
  const passed = rows.filter((row) => row.verdict === "passed").length;
  return `| Checks by other programs, installed from their registries | ${passed} of ${rows.length} passed | \`npm run interop\` |`;
}

function verdict({ verdict, passed, tests }: InteropRow): string {
  return `${verdict}, ${passed} of ${tests} ${tests === 1 ? "test" : "tests"}`;
}
