// MCAP files as armgym writes them, for other programs to read.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { recordExpert } from "../golden/record.js";

/** Two demonstrations, by the command line. */
export async function demonstrationFile(): Promise<string> {
  const file = join(temporaryFolder(), "demos.mcap");
  const { code, stderr } = await runCommand(["demo", "PickPlace-v1", "--episodes", "2", "--out", file]);
  expect(code, stderr).toBe(0);
  return file;
}

/** An episode with the pictures that its policy saw. */
export async function picturesFile(): Promise<string> {
  const episode = recordExpert("Reach-v1", 1, true).episodes[0]!;
  const file = join(temporaryFolder(), "seen.mcap");
  writeFileSync(file, await writeRecording(episode, () => recordedPictures(episode)));
  return file;
}
