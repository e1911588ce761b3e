import { join } from "node:path";
import { expect } from "vitest";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

interopTest("LeRobot loads demonstrations, and finds in them what their tables say", "lerobot", async () => {
  const parent = temporaryFolder();
  const folder = join(parent, "data-set");
  const { code, stderr } = await runCommand([
    ...["demo", "PickPlace-v1", "--episodes", "3"],
    ...["--out", join(parent, "demos.mcap"), "--lerobot", folder],
  ]);
  expect(code, stderr).toBe(0);
  expect(runScript("check_lerobot.py", [folder])).toMatch(/^ok: \d{3} rows, 3 episodes, cameras \[\]$/m);
});
