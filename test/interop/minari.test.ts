import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { splitEpisodes } from "../../src/recording/recording.js";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

/** Record demonstrations of PickPlace-v1, and let Minari compare its data set with them; what it says. */
async function checked(...options: string[]): Promise<string> {
  const parent = temporaryFolder();
  const [folder, recording] = [join(parent, "pickplace-expert-v0"), join(parent, "demos.mcap")];
  const { code, stderr } = await runCommand([
    ...["demo", "PickPlace-v1", "--episodes", "2", "--out", recording, "--minari", folder, ...options],
  ]);
  expect(code, stderr).toBe(0);
  const read = readRecording(readFileSync(recording), recording);
  const recorded = splitEpisodes(read).map((frames, episode) => ({
    seed: read.header.episodes![episode]!.seed,
    observations: frames.map(({ observation }) => observation),
    actions: frames.slice(1).map(({ action, actionSample = action }) => actionSample),
    rewards: frames.slice(1).map(({ reward }) => reward),
    success: frames.map(({ success }) => (success ? 1 : 0)),
  }));
  const file = join(parent, "recorded.json");
  writeFileSync(file, JSON.stringify(recorded));
  return runScript("check_minari.py", [folder, file]).trim();
}

interopTest(
  "Minari loads demonstrations as they were recorded, and knows the environment",
  "minari",
  async () => {
    expect(await checked("--robot", "ur5e")).toBe(
      "ok: 100 steps of 2 episodes, 0 pictures, armgym/PickPlace-v1 {'env': 'PickPlace-v1', 'robot': 'ur5e'}",
    );
  },
);

interopTest("Minari loads what the cameras saw at every state", "minari", async () => {
  expect(await checked("--obs", "camera")).toBe(
    "ok: 100 steps of 2 episodes, 102 pictures, armgym/PickPlace-v1 {'env': 'PickPlace-v1', 'observationMode': 'camera'}",
  );
});
