// The viewer in headless Chromium, which draws in software: first picture, scrubbing, and many plots of many points.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { startViewServer } from "../../src/cli/view/view-server.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { launchChromium } from "../viewer/browser.js";
import { runTiny } from "../viewer/tiny-run.js";
import { median } from "./child.js";

const EPISODES = 200;
const LONG_STEPS = 1000;
const PLOTS = 60;
const POINTS = 5000;
const OPENINGS = 5;
const SCRUBS = 60;

/** Open the run five times, scrub a long episode and one with many plots; medians, and for scrubbing the slowest as well. */
export async function run(): Promise<BenchRow[]> {
  const runs = mkdtempSync(join(tmpdir(), "armgym-viewer-bench-"));
  await runTiny(runs);
  const tiny = readdirSync(runs)[0]!;
  const episodes = join(runs, tiny, "episodes");
  const [first] = readdirSync(episodes);
  for (let seed = 3; seed <= EPISODES; seed++) {
    copyFileSync(join(episodes, first!), join(episodes, `step-00000000-seed-${seed}.mcap`));
  }
  const episode = readRecording(readFileSync(join(episodes, first!)), first!);
  // a run of its own, so that the other one has its number of episodes
  const long = join(runs, "long");
  mkdirSync(join(long, "episodes"), { recursive: true });
  copyFileSync(join(runs, tiny, "config.json"), join(long, "config.json"));
  writeFileSync(join(long, "episodes", "long.mcap"), await writeRecording(lengthened(episode, LONG_STEPS)));
  writeFileSync(join(long, "episodes", "plots.mcap"), await writeRecording(withPlots(episode)));
  const server = await startViewServer({ runs });
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const open = async (run: string, name = "") => {
    // a page of its own each time, so that nothing is kept
    await page.goto("about:blank");
    await page.goto(`${server.address}#run=${run}${name && `&episode=${name}`}`);
    return firstPicture(page);
  };
  try {
    const openings: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening++) openings.push(await open(tiny));
    await open("long", "long.mcap");
    const scrubbed = await scrub(page, LONG_STEPS + 1);
    await open("long", "plots.mcap");
    await page.locator("summary", { hasText: "Observation" }).click();
    await page.waitForFunction((count) => document.querySelectorAll(".plot").length >= count, PLOTS);
    const many = await scrub(page, POINTS);
    const zooms = await zoom(page);
    const row = (what: string, value: number): BenchRow => ({
      what: `viewer: ${what}`,
      value,
      unit: "ms",
      against: null,
      ratio: null,
    });
    const plots = `${PLOTS} plots of ${POINTS} points`;
    return [
      row(`first picture of a run with ${EPISODES} episodes`, median(openings)),
      row(`scrubbing ${LONG_STEPS} steps, plots and clock answer, median`, median(scrubbed.answers)),
      row(`scrubbing ${LONG_STEPS} steps, plots and clock answer, slowest`, Math.max(...scrubbed.answers)),
      row(`scrubbing ${LONG_STEPS} steps, picture drawn in software, median`, median(scrubbed.pictures)),
      row(`${plots}, cursor and values answer, median`, median(many.answers)),
      row(`${plots}, cursor and values answer, slowest`, Math.max(...many.answers)),
      row(`${plots}, zoomed and drawn, median`, median(zooms)),
    ];
  } finally {
    await browser.close();
    await server.close();
    rmSync(runs, { recursive: true });
  }
}

/** One episode of `steps` steps: the frames of a short one over and over, each with an action. */
function lengthened({ header, frames }: EpisodeRecording, steps: number): EpisodeRecording {
  const { controlRate } = header;
  const [start, ...others] = frames as [RecordedFrame, ...RecordedFrame[]];
  const more = Array.from({ length: steps }, (_, k) => ({
    ...others[k % others.length]!,
    time: (k + 1) / controlRate,
  }));
  return { header, frames: [start, ...more] };
}

/** An episode whose observation alone fills `PLOTS` plots with `POINTS` points each. */
function withPlots(episode: EpisodeRecording): EpisodeRecording {
  const { header, frames } = lengthened(episode, POINTS - 1);
  // names without a number or an axis at their ends stand in plots of their own
  const names = Array.from({ length: PLOTS }, (_, k) => `plot_${k}_value`);
  return {
    header: { ...header, observationNames: names, observationUnits: names.map(() => "m") },
    frames: frames.map((frame, step) => ({
      ...frame,
      observation: names.map((_, k) => Math.sin((step * (k + 1)) / 300)),
    })),
  };
}

/** Wait for the first picture of an episode and return how long after the navigation it was, ms. */
async function firstPicture(page: Page): Promise<number> {
  await page.waitForFunction("window.armgymViewer?.numFrames > 0", undefined, { polling: 5 });
  const time = await page.evaluate(
    () =>
      new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))),
  );
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  return time;
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

/** Drag over a plot to zoom in, and press Z to zoom out, several times; return how long all plots took each time, ms. */
async function zoom(page: Page): Promise<number[]> {
  const plot = page.locator(".plot .u-over").first();
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await plot.boundingBox())!;
  const times: number[] = [];
  for (let k = 1; k <= OPENINGS; k++) {
    await page.mouse.move(x + 10, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + (width * k) / (OPENINGS + 1), y + height / 2, { steps: 2 });
    await page.mouse.up();
    times.push(
      await page.evaluate(async () => {
        const begin = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "z", bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return performance.now() - begin;
      }),
    );
  }
  return times;
}
