import { join } from "node:path";
import { expect } from "vitest";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

/** What the script misses beside the messages themselves: channels that recordings do not have yet. */
const NOT_WRITTEN = ["Rerun sees no shapes (robot_description)", "Rerun sees no joints and rewards to plot"];

interopTest("MCAP's indexed reader and Rerun find every message of a recording", async () => {
  const file = join(temporaryFolder(), "demos.mcap");
  const { code, stderr } = await runCommand(["demo", "PickPlace-v1", "--episodes", "2", "--out", file]);
  expect(code, stderr).toBe(0);
  const said = faultsOf(file);
  expect(said).toMatch(/Rerun: \d{4,} rows of 3 entities/);
  expect(said.split("\n").filter((line) => line.includes("FAULT"))).toEqual(
    NOT_WRITTEN.map((fault) => `${file}: FAULT ${fault}`),
  );
});

function faultsOf(file: string): string {
  try {
    return runScript("check_mcap.py", [file]);
  } catch (error) {
    return (error as Error).message;
  }
}
