import { join } from "node:path";
import { expect } from "vitest";
import { envs } from "../../envs/index.js";
import { loadDemonstrations } from "../../src/runs/load-demonstrations.js";
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

interopTest(
  "LeRobot writes again what it read, and the demonstrations are the same bits",
  "lerobot",
  async () => {
    const parent = temporaryFolder();
    const [own, again] = [join(parent, "own"), join(parent, "again")];
    const { code, stderr } = await runCommand([
      ...["demo", "PickPlace-v1", "--episodes", "3"],
      ...["--out", join(parent, "demos.mcap"), "--lerobot", own],
    ]);
    expect(code, stderr).toBe(0);
    expect(runScript("rewrite_lerobot.py", [own, again])).toMatch(/^ok: 3 episodes, 150 rows$/m);
    const { spec } = envs["PickPlace-v1"].create();
    // how much noise there was, LeRobot does not know
    const { noise, ...original } = await loadDemonstrations(own, spec);
    expect(noise).toBe(0.2);
    expect(await loadDemonstrations(again, spec)).toEqual(original);
  },
);
