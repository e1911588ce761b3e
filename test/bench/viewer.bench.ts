// The viewer in headless Chromium, which draws in software: first picture of a run with 200 episodes, and scrubbing.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { BenchRow } from "../../src/cli/bench-command.js";
import { startViewServer } from "../../src/cli/view-server.js";
import { readRecording } from "../../src/replay/mcap-read.js";
import { writeRecording } from "../../src/replay/mcap-write.js";
import { joinEpisodes } from "../../src/replay/recording.js";
import { launchChromium } from "../viewer/browser.js";
import { runTiny } from "../viewer/tiny-run.js";
import { median } from "./child.js";

const EPISODES = 200;
const LONG_STEPS = 1000;
const OPENINGS = 5;
const SCRUBS = 60;

/** Open the run five times and scrub a long episode; medians, and for scrubbing the slowest as well. */
export async function run(): Promise<BenchRow[]> {
  const runs = mkdtempSync(join(tmpdir(), "armgym-viewer-bench-"));
  await runTiny(runs);
  const episodes = join(runs, readdirSync(runs)[0]!, "episodes");
  const [first] = readdirSync(episodes);
  for (let seed = 3; seed <= EPISODES; seed++) {
    copyFileSync(join(episodes, first!), join(episodes, `step-00000000-seed-${seed}.mcap`));
  }
  const episode = readRecording(readFileSync(join(episodes, first!)), first!);
  const parts = Math.ceil((LONG_STEPS + 1) / episode.frames.length);
  const long = joinEpisodes(new Array(parts).fill(episode));
  writeFileSync(join(episodes, "long.mcap"), await writeRecording(long));
  const server = await startViewServer({ runs });
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    const openings: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening++) {
      // a page of its own each time, so that nothing is kept
      await page.goto("about:blank");
      await page.goto(server.address);
      openings.push(await firstPicture(page));
    }
    await page.goto("about:blank");
    await page.goto(`${server.address}#episode=long.mcap`);
    await firstPicture(page);
    const { answers, pictures } = await scrub(page, long.frames.length);
    const row = (what: string, value: number): BenchRow => ({
      what,
      value,
      unit: "ms",
      against: null,
      ratio: null,
    });
    return [
      row(`viewer: first picture of a run with ${EPISODES} episodes`, median(openings)),
      row(`viewer: scrubbing ${LONG_STEPS} steps, plots and clock answer, median`, median(answers)),
      row(`viewer: scrubbing ${LONG_STEPS} steps, plots and clock answer, slowest`, Math.max(...answers)),
      row(`viewer: scrubbing ${LONG_STEPS} steps, picture drawn in software, median`, median(pictures)),
    ];
  } finally {
    await browser.close();
    await server.close();
    rmSync(runs, { recursive: true });
  }
}

/** Wait for the first picture of an episode and return how long after the navigation it was, ms. */
async function firstPicture(page: Page): Promise<number> {
  await page.waitForFunction("window.armgymViewer?.numFrames > 0");
  return page.evaluate(
    () =>
      new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))),
  );
}

/** Move the time to many places; return how long the page took each time, ms. */
function scrub(page: Page, numFrames: number): Promise<{ answers: number[]; pictures: number[] }> {
  return page.evaluate(
    async ([last, count]) => {
      const slider = document.getElementById("scrub") as HTMLInputElement;
      const answers: number[] = [];
      const pictures: number[] = [];
      for (let k = 1; k <= count; k++) {
        const begin = performance.now();
        // jumps all over the episode
        slider.value = String((k * 617) % last);
        slider.dispatchEvent(new Event("input"));
        answers.push(performance.now() - begin);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        pictures.push(performance.now() - begin);
      }
      return { answers, pictures };
    },
    [numFrames - 1, SCRUBS] as const,
  );
}
