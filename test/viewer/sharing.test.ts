// A run as one page, and as a folder for any web host.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sirv from "sirv";
import { expect } from "vitest";
import type * as viewExport from "../../src/cli/view-export.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const RUN = "PickPlace-v1__ppo-mlp__1__tiny";
const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  const rows = [2048, 4096].map((step) => JSON.stringify({ step, "rollout/ep_rew_mean": step / 1000 }));
  writeFileSync(join(runs, RUN, "metrics.jsonl"), `${rows.join("\n")}\n`);
  mkdirSync(join(runs, RUN, "policy"));
  writeFileSync(join(runs, RUN, "policy", "policy.json"), "{}");
});
const sharing = async () =>
  (await import("../../dist/src/cli/view-export.js" as string)) as typeof viewExport;

browserTest(
  "one page opens from disk with scene, episodes and curves, and asks nothing of anyone",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
    const file = join(folder, "out.html");
    const { exportHtml } = await sharing();
    expect(await exportHtml({ runs: viewer.runs, only: RUN }, file)).toMatchObject({
      path: file,
      episodes: 2,
    });
    const { page, errors, foreign } = await viewer.open({ address: pathToFileURL(file).href });
    expect(await page.locator("#connection").textContent()).toBe("Saved page");
    expect((await stateOf(page)).numFrames).toBe(51);
    await page.locator(".episode").last().click();
    await page.waitForFunction(() => window.armgymViewer.episode?.includes("seed-1"));
    await page.getByRole("slider", { name: "Time" }).fill("40");
    expect((await stateOf(page)).frame).toBe(40);
    await page.getByRole("tab", { name: "Training" }).click();
    expect(await page.locator("#training .legend-value").first().textContent()).toBe("4.096");
    expect(await page.locator("#live-training").isVisible()).toBe(false);
    const policy = await page.evaluate(
      (run) => document.querySelectorAll(`script[data-file="${run}/policy/policy.json"]`).length,
      RUN,
    );
    expect(policy).toBe(1);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
    rmSync(folder, { recursive: true });
  },
);

browserTest("a folder is served by any web server, from any place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-share-"));
  const { exportFolder } = await sharing();
  await exportFolder({ runs: viewer.runs, only: RUN }, join(folder, "deep", "down"));
  await expect(exportFolder({ runs: viewer.runs }, join(folder, "deep"))).rejects.toThrow(
    `The folder ${join(folder, "deep")} is not empty. Give --folder a new one.`,
  );
  expect(JSON.parse(readFileSync(join(folder, `deep/down/data/${RUN}/policy/policy.json`), "utf8"))).toEqual(
    {},
  );
  const host = createServer(sirv(folder));
  await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${(host.address() as AddressInfo).port}/deep/down/`;
  const { page, errors, foreign } = await viewer.open({ address });
  expect((await stateOf(page)).numFrames).toBe(51);
  expect(await page.locator(".episode").count()).toBe(2);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await page.close();
  host.closeAllConnections();
  await new Promise((done) => host.close(done));
  rmSync(folder, { recursive: true });
});

browserTest("a file that no browser would open is refused", async () => {
  const { exportHtml } = await sharing();
  await expect(exportHtml({ runs: viewer.runs }, "out.txt")).rejects.toThrow(
    "--html out.txt does not end in .html. For example: --html out.html",
  );
});
