import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { recordExpert } from "../golden/record.js";
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

interopTest("Rerun shows the pictures of a recorded episode in the cameras that saw them", async () => {
  const episode = recordExpert("Reach-v1", 1, true).episodes[0]!;
  const file = join(temporaryFolder(), "seen.mcap");
  writeFileSync(file, await writeRecording(episode, () => recordedPictures(episode)));
  const lines = runScript("check_mcap.py", [file]).trimEnd().split("\n");
  expect(lines[0]).toMatch(/ rows of 13 entities; .*'EncodedImage', .*'Pinhole', /);
  expect(lines.slice(1)).toEqual([`${file}: ok`]);
});
