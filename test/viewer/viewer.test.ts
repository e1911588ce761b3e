import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as viewServer from "../../src/cli/view-server.js";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(CHROMIUM);
if (!present && !process.env.CI)
  console.log(`viewer tests skipped: no Chromium at ${CHROMIUM} (Debian: apt install chromium)`);
const browserTest = test.skipIf(!present && !process.env.CI);
const OUTPUT = new URL("../output/", import.meta.url).pathname;

let runs: string;
let server: viewServer.ViewServer;
let browser: Browser;

/** A run folder with two real episodes: a random policy's, and a short scripted one. */
beforeAll(async () => {
  if (!present && !process.env.CI) return;
  const { runTiny } = await import("./tiny-run.js");
  runs = mkdtempSync(join(tmpdir(), "armgym-viewer-"));
  await runTiny(runs);
  mkdirSync(OUTPUT, { recursive: true });
  const built = (await import("../../dist/src/cli/view-server.js" as string)) as typeof viewServer;
  server = await built.startViewServer({ runs });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (runs) rmSync(runs, { recursive: true, force: true });
});

async function openViewer(
  width: number,
  height: number,
  hash = "",
): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width, height } });
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(server.address + hash);
  await page.waitForFunction(() => window.armgymViewer?.ready);
  return { page, errors };
}

const state = (page: Page) =>
  page.evaluate(() => {
    const { frame, playing, numFrames, episode } = window.armgymViewer;
    return { frame, playing, numFrames, episode };
  });

browserTest("the viewer loads a run, plays, pauses, steps and scrubs without console errors", async () => {
  const { page, errors } = await openViewer(1280, 800);
  expect((await state(page)).numFrames).toBe(51);
  await page.waitForFunction(() => window.armgymViewer.frame > 3);
  await page.getByRole("button", { name: "Pause" }).click();
  const { frame } = await state(page);
  await page.getByRole("button", { name: "Step forward" }).click();
  expect((await state(page)).frame).toBe(frame + 1);
  await page.getByRole("button", { name: "Step back" }).click();
  expect((await state(page)).frame).toBe(frame);
  await page.getByRole("slider", { name: "Time" }).fill("40");
  expect(await state(page)).toMatchObject({ frame: 40, playing: false });
  expect(await page.locator("#clock").textContent()).toBe("2.00 s · step 40");
  expect(await page.locator(".plot").count()).toBeGreaterThanOrEqual(5);
  await page.screenshot({ path: join(OUTPUT, "viewer-desktop.png") });
  const colors = await page.evaluate(() => {
    const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set<number>();
    for (let k = 0; k < data.length; k += 4) seen.add((data[k]! << 16) | (data[k + 1]! << 8) | data[k + 2]!);
    return seen.size;
  });
  expect(colors).toBeGreaterThan(200);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("another episode opens by a click and fits a narrow screen", async () => {
  const { page, errors } = await openViewer(390, 844);
  const before = (await state(page)).episode;
  await page.locator("#episodes button").last().click();
  await page.waitForFunction((old) => window.armgymViewer.episode !== old, before);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: join(OUTPUT, "viewer-narrow.png"), fullPage: true });
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("live metrics and new episodes appear while the page is open", async () => {
  const { page } = await openViewer(1280, 800);
  const run = await page.locator("#run").inputValue();
  await page.waitForFunction(() => document.querySelector("#connection")?.textContent?.includes("connected"));
  const count = await page.locator("#episodes li").count();
  server.broadcast({
    type: "episode",
    run,
    name: "live.mcap",
    seed: "9",
    return: 1.5,
    length: 50,
    success: true,
  });
  await page.waitForFunction((old) => document.querySelectorAll("#episodes li").length === old + 1, count);
  const plots = await page.locator("#training .plot").count();
  server.broadcast({
    type: "metrics",
    run,
    values: { step: 5000, "rollout/success_rate": 0.5, "rollout/ep_rew_mean": 3 },
  });
  await page.waitForFunction(() => document.querySelectorAll("#training .plot").length > 0);
  expect(plots).toBeLessThanOrEqual(2);
  await page.close();
});

browserTest("a damaged recording is told in plain words", async () => {
  const { page } = await openViewer(1280, 800);
  const run = await page.locator("#run").inputValue();
  writeFileSync(join(runs, run, "episodes", "broken.mcap"), "this is no recording");
  const { page: second } = await openViewer(1280, 800, `#run=${run}&episode=broken.mcap`);
  expect(await second.locator("#message").textContent()).toMatch(/^broken\.mcap is not a whole recording: /);
  rmSync(join(runs, run, "episodes", "broken.mcap"));
  await page.close();
  await second.close();
});

/** Ask without the clean-up of paths that fetch does. */
function ask(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

browserTest("nothing outside the served folders is given, and no other site may ask", async () => {
  writeFileSync(join(runs, "secret.txt"), "secret");
  expect(await ask("/")).toBe(200);
  expect(await ask("/api/runs")).toBe(200);
  for (const path of ["/../package.json", "/..%2f..%2fpackage.json", "/%2e%2e/package.json", "/etc/passwd"]) {
    expect(await ask(path), path).toBe(404);
  }
  for (const name of ["../../secret.txt", "..%2F..%2Fsecret.txt", "%2Fetc%2Fpasswd", ""]) {
    expect(await ask(`/api/recording?run=..&name=${name}`), name).toBe(404);
  }
  expect(await ask("/api/runs", { origin: "http://elsewhere.example" })).toBe(403);
  expect(await ask("/api/runs", { host: "elsewhere.example" })).toBe(403);
});
