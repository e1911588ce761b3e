// Make viewer/assets/viewer.png anew: train a run, then "npm run screenshot -- RUN [OUT.png] [WIDTHxHEIGHT] [dark]".
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type * as viewServer from "../../src/cli/view/view-server.js";
import { TEST_SEED } from "../../src/rl/evaluation-seeds.js";
import { recordRunEpisode } from "../../src/runs/run-episodes.js";
import { RunFolder } from "../../src/runs/run-folder.js";
import { launchChromium } from "./browser.js";

const EPISODES = 10;

/** Record episodes of the run's best policy into a copy, so that the picture shows the robot as it looks now. */
async function copyWithEpisodes(path: string, runs: string): Promise<void> {
  const folder = RunFolder.open(path);
  const { best } = await folder.loadCheckpoint();
  if (!best) throw new Error(`${path} has no best policy yet: train it longer.`);
  const copy = join(runs, basename(folder.path));
  for (const name of ["config.json", "evaluation.json", "metrics.jsonl", "checkpoints"]) {
    cpSync(join(folder.path, name), join(copy, name), { recursive: true });
  }
  const copied = RunFolder.open(copy);
  for (let seed = TEST_SEED; seed < TEST_SEED + EPISODES; seed++)
    await recordRunEpisode(copied, best, seed, best.steps);
}

const [run, out = "viewer/assets/viewer.png", size = "1280x800", scheme] = process.argv.slice(2);
if (!run) throw new Error("Which run? npm run screenshot -- runs/PickPlace-v1__...");
const [width, height] = size.split("x").map(Number) as [number, number];
const runs = mkdtempSync(join(tmpdir(), "armgym-screenshot-"));
try {
  await copyWithEpisodes(run, runs);
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  const server = await built.startViewServer({ runs });
  const browser = await launchChromium();
  const colorScheme = scheme === "dark" ? "dark" : "light";
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(server.address);
  await page.waitForFunction(() => window.armgymViewer?.ready);
  // shortly after the cube has reached its goal
  const frame = process.env.FRAME ?? "24";
  await page.getByRole("slider", { name: "Time" }).fill(frame);
  if (process.env.TAB) await page.getByRole("tab", { name: process.env.TAB }).click();
  if (process.env.LIVE) {
    await page.locator("#continue").click();
    await page.waitForFunction((steps) => window.armgymLive.index >= steps, Number(process.env.LIVE));
    await page.getByRole("button", { name: "Pause", exact: true }).click();
  }
  if (process.env.FORCES) await page.getByLabel("Forces").check();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  // small pictures are made of episodes in sight only
  if (width >= 860) await page.waitForFunction(() => !document.querySelector(".thumbnail:not(:has(canvas))"));
  await page.waitForTimeout(1000);
  await page.screenshot({ path: out, fullPage: width < 860 });
  await browser.close();
  await server.close();
} finally {
  rmSync(runs, { recursive: true, force: true });
}
