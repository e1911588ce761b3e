import { join } from "node:path";
import { expect } from "vitest";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

interopTest(
  "MCAP's indexed reader finds every message of a recording, and Rerun draws shapes, frames, joints and the log",
  async () => {
    const file = join(temporaryFolder(), "demos.mcap");
    const { code, stderr } = await runCommand(["demo", "PickPlace-v1", "--episodes", "2", "--out", file]);
    expect(code, stderr).toBe(0);
    const lines = runScript("check_mcap.py", [file]).trimEnd().split("\n");
    expect(lines[0]).toMatch(
      /: Rerun: \d{4,} rows of 9 entities; .*'Boxes3D', .*'Scalars', .*'TextLog', .*'Transform3D'\]$/,
    );
    expect(lines.slice(1)).toEqual([`${file}: ok`]);
  },
);
