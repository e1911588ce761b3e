// `npm run interop [-- ENVIRONMENT...]`: other programs, from their registries, read what armgym writes; a table says which did.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { resultHead } from "../../src/cli/commands/bench.js";
import { atomicWrite } from "../../src/runs/atomic-write.js";
import { readResult } from "../bench/figures.js";
import { type InteropRow, interopText } from "../bench/interop-table.js";
import { CHECKS, ENVIRONMENTS, type InteropCheck } from "./checks.js";
import { makeEnvironment, type ReadyEnvironment } from "./environments.js";
import { type TestReport, verdictOf } from "./verdicts.js";

type EnvironmentName = keyof typeof ENVIRONMENTS;

const RESULTS = "test/bench/results";
const ALL = Object.keys(ENVIRONMENTS) as EnvironmentName[];
/** How long an installation may take, s: in `.ci/run` it must not hold up everything. */
const LIMIT = { usual: 3600, optional: 150 };

const HELP = `npm run interop [-- ENVIRONMENT...] [--optional]

Installs other programs from their registries, once, lets them read what armgym writes, prints a table and keeps it in
${RESULTS}/interop.json. Environments: ${ALL.join(", ")}.
Without a name all are run but ${ALL.filter((name) => ENVIRONMENTS[name].apart).join(", ")}. What is checked: test/interop/checks.ts.

--optional  what cannot be installed, within ${LIMIT.optional} s, is no failure: one line says so; the table is not kept
ARMGYM_INTEROP_PYTHON=/path/to/python  take this Python, which has the programs, and install nothing
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { optional: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
process.exitCode = values.help ? help() : interop(positionals, values.optional);

function help(): number {
  process.stdout.write(HELP);
  return 0;
}

/** Run the checks of the environments `named`; the exit code. */
function interop(named: readonly string[], isOptional: boolean): number {
  const unknown = named.find((name) => !(ALL as readonly string[]).includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`Unknown environment "${unknown}". There are: ${ALL.join(", ")}.\n`);
    return 2;
  }
  const asked = ALL.filter((name) => (named.length > 0 ? named.includes(name) : !ENVIRONMENTS[name].apart));
  const rows: InteropRow[] = [];
  let code = 0;
  for (const name of asked) {
    const environment = makeEnvironment(name, isOptional ? LIMIT.optional : LIMIT.usual);
    if ("missing" in environment) {
      process.stderr.write(`Not checked with the programs of "${name}": ${environment.missing}\n`);
      if (!isOptional) code = 1;
      continue;
    }
    const found = runChecks(name, environment);
    if (!isOptional) keep(found);
    rows.push(...found);
  }
  if (rows.length === 0) return code;
  process.stdout.write(interopText(rows));
  return rows.every(({ verdict }) => verdict === "passed") ? code : 1;
}

/** Run the tests of an environment's checks by vitest. */
function runChecks(name: EnvironmentName, { python, versionOf }: ReadyEnvironment): InteropRow[] {
  const checks = CHECKS.filter(({ environment }) => environment === name);
  const report = runTests(checks, python);
  const { date, commit } = resultHead("interop");
  return checks.map((check) => ({
    program: check.program,
    version: versionOf(check.version),
    reads: check.reads,
    ...verdictOf(check, report),
    date,
    commit,
  }));
}

function runTests(checks: readonly InteropCheck[], python: string | undefined): TestReport {
  const folder = mkdtempSync(join(tmpdir(), "armgym-interop-report-"));
  const output = join(folder, "report.json");
  const named = checks.flatMap(({ tests }) => tests ?? []);
  // where only some tests of the files count, the others need not run
  const pattern = named.length === checks.length ? ["--testNamePattern", `^(${named.join("|")})`] : [];
  const files = [...new Set(checks.map(({ file }) => file))];
  try {
    spawnSync(
      process.execPath,
      [
        ...[resolve("node_modules/vitest/vitest.mjs"), "run", ...files, ...pattern],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=${output}`],
      ],
      {
        // what vitest says goes to stderr: stdout is the table
        stdio: ["ignore", 2, 2],
        env: { ...process.env, ...(python ? { ARMGYM_INTEROP_PYTHON: python, PYTHON: python } : {}) },
      },
    );
    if (!existsSync(output)) return { testResults: [] };
    return JSON.parse(readFileSync(output, "utf8")) as TestReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Write the rows into the committed result, in place of earlier ones of the same checks. */
function keep(rows: readonly InteropRow[]): void {
  const earlier = readResult(RESULTS, "interop")?.checks ?? [];
  const rowOf = ({ program, reads }: InteropCheck) =>
    [...rows, ...earlier].find((row) => row.program === program && row.reads === reads);
  const checks = CHECKS.flatMap((check) => rowOf(check) ?? []);
  const result = { ...resultHead("interop"), rows: [], checks };
  atomicWrite(join(RESULTS, "interop.json"), `${JSON.stringify(result, null, 2)}\n`);
}
