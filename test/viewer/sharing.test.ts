// A run as one page, and as a folder for any web host.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import sirv from "sirv";
import { expect } from "vitest";
import type * as viewExport from "../../src/cli/view/view-export.js";
import { type LiveRun, liveRun } from "./live-run.js";
import { browserTest, pauseLiveAt, stateOf, viewerFixture } from "./viewer-page.js";

let run: LiveRun;
const viewer = viewerFixture(async (runs) => {
  run = await liveRun(runs);
  const rows = [2048, 4096].map((step) => JSON.stringify({ step, "rollout/ep_rew_mean": step / 1000 }));
  writeFileSync(join(runs, run.name, "metrics.jsonl"), `${rows.join("\n")}\n`);
});
const sharing = async () =>
  (await import("../../dist/src/cli/view/view-export.js" as string)) as typeof viewExport;

/** Continue from step 15, four steps far, and compare with what was recorded. */
async function continues(page: Page): Promise<void> {
  await page.locator("#episodes button[data-name='wasm.mcap']").click();
  await page.waitForFunction(() => window.armgymViewer.episode === "wasm.mcap");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("slider", { name: "Time" }).fill("15");
  await page.locator("#continue").click();
  await pauseLiveAt(page, 19);
  const { index, frame } = await page.evaluate(() => ({
    index: window.armgymLive.index,
    frame: window.armgymLive.frame!,
  }));
  const recorded = run.episodes["wasm.mcap"].frames[index]!;
  expect(frame.action).toEqual(recorded.action.map((value) => expect.closeTo(value, 6)));
  expect(frame.poses).toEqual(recorded.poses.map((value) => expect.closeTo(value, 9)));
}

browserTest(
  "one page opens from disk, continues an episode by its policy, and asks nothing of anyone",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
    const file = join(folder, "out.html");
    const { exportHtml } = await sharing();
    const written = await exportHtml({ runs: viewer.runs, only: run.name }, file);
    expect(written).toMatchObject({ path: file, episodes: 3, left: [] });
    const { page, errors, foreign } = await viewer.open({ address: pathToFileURL(file).href });
    expect(await page.locator("#connection").textContent()).toBe("Saved page");
    expect((await stateOf(page)).numFrames).toBe(51);
    await page.getByRole("tab", { name: "Training" }).click();
    expect(await page.locator("#training .legend-value").first().textContent()).toBe("4.096");
    expect(await page.locator("#live-training").isVisible()).toBe(false);
    await continues(page);
    await page.getByRole("tab", { name: "Policy" }).click();
    await page.locator("#insight .saliency li").first().waitFor();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
    rmSync(folder, { recursive: true });
  },
);

browserTest("a page too large for its policy says so, and still continues by recorded actions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
  const file = join(folder, "out.html");
  const { exportHtml } = await sharing();
  const { left, bytes } = await exportHtml({ runs: viewer.runs, only: run.name }, file, 4 * 2 ** 20);
  expect(left).toEqual([
    `${run.name}: its policy is not in the page, which would be larger than 4 MB with it. Use --folder, or fewer episodes.`,
  ]);
  expect(bytes).toBeLessThan(4 * 2 ** 20);
  const { page, errors } = await viewer.open({ address: pathToFileURL(file).href });
  await page.getByRole("tab", { name: "Policy" }).click();
  await page.getByText(`No reasons to show: ${left[0]}`).waitFor();
  await page.getByRole("tab", { name: "Live" }).click();
  await page.getByLabel("Who acts").selectOption("recorded");
  await page.locator("#continue").click();
  await page.waitForFunction(() => window.armgymLive.index >= 2);
  expect(errors).toEqual([]);
  await page.close();
  rmSync(folder, { recursive: true });
});

browserTest(
  "a folder is served by any web server, from any place, and continues episodes there",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
    const { exportFolder } = await sharing();
    await exportFolder({ runs: viewer.runs, only: run.name }, join(folder, "deep", "down"));
    await expect(exportFolder({ runs: viewer.runs }, join(folder, "deep"))).rejects.toThrow(
      `The folder ${join(folder, "deep")} is not empty. Give --folder a new one.`,
    );
    const host = createServer(sirv(folder));
    await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
    const address = `http://127.0.0.1:${(host.address() as AddressInfo).port}/deep/down/`;
    const { page, errors, foreign } = await viewer.open({ address });
    expect(await page.locator(".episode").count()).toBe(3);
    await continues(page);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
    host.closeAllConnections();
    await new Promise((done) => host.close(done));
    rmSync(folder, { recursive: true });
  },
);

browserTest("a run without a checkpoint is shared without a policy, for the reason told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
  mkdirSync(join(folder, "early"));
  copyFileSync(join(viewer.runs, run.name, "config.json"), join(folder, "early", "config.json"));
  const { exportHtml } = await sharing();
  const { left } = await exportHtml({ runs: folder }, join(folder, "out.html"));
  expect(left).toEqual([
    `${join(folder, "early")} has no checkpoint: the run ended before its first one. Train again.`,
  ]);
  rmSync(folder, { recursive: true });
});

browserTest("a file that no browser would open is refused", async () => {
  const { exportHtml } = await sharing();
  await expect(exportHtml({ runs: viewer.runs }, "out.txt")).rejects.toThrow(
    "--html out.txt does not end in .html. For example: --html out.html",
  );
});
