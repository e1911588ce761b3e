// What arrives while the page is open, and what is said where something is missing or damaged.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type * as viewServer from "../../src/cli/view/view-server.js";
import { tinyDump } from "./tiny-dump.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, OUTPUT, stateOf, viewerFixture } from "./viewer-page.js";

const RUN = "PickPlace-v1__ppo-mlp__1__tiny";
const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  const episodes = join(runs, RUN, "episodes");
  writeFileSync(join(episodes, "broken.mcap"), "this is no recording");
  writeFileSync(join(episodes, "dump-4096-3.mcap"), await tinyDump());
  writeFileSync(join(episodes, "dump-8192-seed-31.mcap"), await tinyDump("31", Number.NaN));
});

browserTest(
  "live metrics and new episodes appear, and are followed until another one is chosen",
  async () => {
    const { page, errors } = await viewer.open();
    await page.getByText("Connected", { exact: true }).waitFor();
    const run = join(viewer.runs, RUN);
    const count = await page.locator("#episodes li").count();
    for (let step = 1; step <= 3; step++) {
      const values = {
        step: 2000 * step,
        "rollout/success_rate": 0.2 * step,
        "rollout/ep_rew_mean": 3 * step,
      };
      viewer.server.broadcast({ type: "metrics", run, values });
    }
    await page.waitForFunction(() => document.querySelectorAll("#training .plot").length === 2);
    expect(await page.getByRole("tab", { name: "Training" }).getAttribute("aria-selected")).toBe("true");
    await page.waitForFunction(
      () => document.querySelector("#training .legend-value")?.textContent === "0.600",
    );
    const values = { step: 8000, "rollout/success_rate": 0.8, "eval/success_rate": 0.75 };
    viewer.server.broadcast({ type: "metrics", run, values });
    await page.waitForFunction(() =>
      document.querySelector("#training .plot")?.textContent?.includes("validation"),
    );
    const outcome = { seed: "9", return: 1.5, length: 50, success: true };
    const current = (await stateOf(page)).episode;
    const name = `step-00000000-seed-${current?.includes("seed-1") ? 2 : 1}.mcap`;
    viewer.server.broadcast({ type: "episode", run, name, ...outcome });
    await page.waitForFunction((wanted) => window.armgymViewer.episode === wanted, name);
    await page.locator(".episode").filter({ hasText: "success" }).first().click();
    expect(await page.getByLabel("Follow", { exact: true }).isChecked()).toBe(false);
    viewer.server.broadcast({ type: "episode", run, name: "live.mcap", ...outcome });
    await page.waitForFunction((old) => document.querySelectorAll("#episodes li").length === old + 1, count);
    expect((await stateOf(page)).episode).toBe(name);
    expect(errors).toEqual([]);
    await page.close();
  },
);

browserTest("a damaged recording is told in plain words, and the others still open", async () => {
  const { page } = await viewer.open({ hash: `#run=${RUN}&episode=broken.mcap` });
  await page.getByText("broken.mcap is not a whole recording: ").waitFor();
  expect(await page.getByText("unreadable").count()).toBe(1);
  await page.locator(".episode").filter({ hasText: "Seed 2" }).click();
  await page.waitForFunction(() => window.armgymViewer.numFrames === 51);
  expect(await page.locator("#message").isVisible()).toBe(false);
  await page.close();
});

browserTest("a dump of the NaN guard opens under a banner that says what was not finite", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=dump-4096-3.mcap` });
  expect(await page.locator("#banner").textContent()).toMatch(
    /^Dropped by the NaN guard: observation entry 0 \(tcp_x\) was not finite\. Shown are the last 6 states/,
  );
  await page.keyboard.press("End");
  expect((await stateOf(page)).frame).toBe(5);
  await page.screenshot({ path: join(OUTPUT, "viewer-dump.png") });
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("a dump whose rewards are not finite is listed by its seed, and opens", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=dump-8192-seed-31.mcap` });
  const item = page.locator(".episode[data-name='dump-8192-seed-31.mcap']");
  expect(await item.textContent()).toBe("!Seed 31dropped5 steps · NaN guard");
  expect((await stateOf(page)).numFrames).toBe(6);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("no runs, no episodes and a lost connection are said in plain words", async () => {
  const empty = mkdtempSync(join(tmpdir(), "armgym-empty-"));
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  const server = await built.startViewServer({ runs: empty });
  const { page } = await viewer.open();
  await page.goto(server.address);
  await page.getByText("There are no runs here yet. Train one: armgym train Reach-v1 --view").waitFor();
  await page.getByText("Connected", { exact: true }).waitFor();
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(empty, "run"));
  writeFileSync(join(empty, "run", "config.json"), JSON.stringify({ env: "Reach-v1", agent: "ppo-mlp" }));
  server.broadcast({ type: "metrics", run: join(empty, "run"), values: { step: 1 } });
  await page.getByText("This run has no episodes yet. They appear here as they are recorded.").waitFor();
  await server.close();
  await page.getByText("Connection lost, trying again. Is armgym still running?").waitFor();
  expect(await page.locator("#connection").getAttribute("class")).toBe("bad");
  await page.close();
  rmSync(empty, { recursive: true });
});

browserTest("the newest run is shown first, whatever it is called", async () => {
  const { mkdirSync } = await import("node:fs");
  const older = join(viewer.runs, "Zebra");
  mkdirSync(older);
  writeFileSync(join(older, "config.json"), JSON.stringify({ env: "Reach-v1", agent: "ppo-mlp" }));
  utimesSync(join(older, "config.json"), 1000, 1000);
  const { page } = await viewer.open();
  expect(await page.getByLabel("Run").inputValue()).toBe(RUN);
  rmSync(older, { recursive: true });
  await page.close();
});
