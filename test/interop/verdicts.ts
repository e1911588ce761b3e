// What a report of vitest says about each check.
import { resolve } from "node:path";
import type { InteropRow } from "../bench/interop-table.js";
import type { InteropCheck } from "./checks.js";

/** What is read of vitest's report, `--reporter=json`. */
export interface TestReport {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Count the tests of `check` in `report`. A check has passed where one test at least did and none failed. */
export function verdictOf(
  { file, tests = "" }: Pick<InteropCheck, "file" | "tests">,
  { testResults }: TestReport,
): Pick<InteropRow, "verdict" | "passed" | "tests"> {
  const counted = testResults
    .filter(({ name }) => name === resolve(file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.startsWith(tests));
  const of = (status: string) => counted.filter((test) => test.status === status).length;
  const passed = of("passed");
  const verdict = of("failed") > 0 ? "failed" : passed > 0 ? "passed" : "not run";
  return { verdict, passed, tests: counted.length };
}
