// Make viewer/assets/viewer.png anew: train a run, then "npm run screenshot -- RUN [OUT.png] [WIDTHxHEIGHT] [dark]".
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { RunFolder } from "../../src/cli/run-folder.js";
import type * as viewServer from "../../src/cli/view-server.js";
import { loadEngine } from "../../src/compile/engine.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { writeRecording } from "../../src/replay/mcap-write.js";
import { HELD_OUT_SEED } from "../../src/rl/evaluate.js";
import { actingState, inference, inferenceInputs } from "../../src/rl/inference.js";
import { recordEpisode } from "../../src/rl/record-episode.js";
import { launchChromium } from "./browser.js";

const EPISODES = 10;

/** Record episodes of the run's best policy into a copy, so that the picture shows the robot as it looks now. */
async function copyWithEpisodes(path: string, runs: string): Promise<void> {
  const folder = RunFolder.open(path);
  const { best, steps } = await folder.loadCheckpoint();
  if (!best) throw new Error(`${path} has no best policy yet: train it longer.`);
  const copy = join(runs, basename(folder.path));
  for (const name of ["config.json", "evaluation.json", "metrics.jsonl", "checkpoints"]) {
    cpSync(join(folder.path, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, "episodes"));
  const env = envs[folder.config.env as keyof typeof envs].create(folder.config.envConfig);
  const { observation, action } = env.spec;
  const policy = ppoMlp.createPolicy(observation.length, action.length, ppoMlp.settings);
  const engine = await loadEngine("native");
  const compiled = await engine.compile(inference(policy), inferenceInputs(policy, 1));
  const statistics = new RunningStatistics(observation.length);
  statistics.restore(best.statistics);
  const acting = actingState(best.parameters, statistics);
  for (let seed = HELD_OUT_SEED; seed < HELD_OUT_SEED + EPISODES; seed++) {
    const source = { agent: ppoMlp.id, policySteps: best.steps ?? steps };
    const recording = await recordEpisode(env, compiled, acting, seed, source);
    const name = `step-${String(best.steps).padStart(8, "0")}-seed-${seed}.mcap`;
    writeFileSync(join(copy, "episodes", name), await writeRecording(recording));
  }
  await compiled.dispose();
}

const [run, out = "viewer/assets/viewer.png", size = "1280x800", scheme] = process.argv.slice(2);
if (!run) throw new Error("Which run? npm run screenshot -- runs/PickPlace-v1__...");
const [width, height] = size.split("x").map(Number) as [number, number];
const runs = mkdtempSync(join(tmpdir(), "armgym-screenshot-"));
try {
  await copyWithEpisodes(run, runs);
  const built = (await import("../../dist/src/cli/view-server.js" as string)) as typeof viewServer;
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
  await page.waitForTimeout(1000);
  await page.screenshot({ path: out, fullPage: width < 860 });
  await browser.close();
  await server.close();
} finally {
  rmSync(runs, { recursive: true, force: true });
}
