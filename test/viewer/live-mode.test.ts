// Episodes that go on in the page, in headless Chromium.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, Worker } from "playwright-core";
import { expect } from "vitest";
import { envs } from "../../envs/index.js";
import { replayRecording } from "../../src/episodes/replay-recording.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { type LiveRun, liveRun } from "./live-run.js";
import { browserTest, OUTPUT, pauseLiveAt, viewerFixture } from "./viewer-page.js";

let run: LiveRun;
const viewer = viewerFixture(async (runs) => {
  run = await liveRun(runs);
});
const TIMEOUT = 400_000;

async function openAt(name: keyof LiveRun["episodes"], frame: number, size?: readonly [number, number]) {
  const opened = await viewer.open({ hash: `#run=${run.name}&episode=${name}`, ...(size ? { size } : {}) });
  const { page } = opened;
  page.setDefaultTimeout(180_000);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("slider", { name: "Time" }).fill(String(frame));
  return opened;
}

/** Continue from the frame shown, and stand still there. */
async function begin(page: Page, driver?: string): Promise<void> {
  if (driver) {
    await page.getByRole("tab", { name: "Live" }).click();
    await page.getByLabel("Who acts").selectOption(driver);
  }
  await page.locator("#continue").click();
  await page.waitForFunction(() => ["running", "paused"].includes(window.armgymLive.state));
}

/** The step at which it stands still, nothing under way. */
async function standsAt(page: Page): Promise<number> {
  for (let index = -1; ; ) {
    const now = await page.evaluate(() => window.armgymLive.index);
    if (now === index) return index;
    index = now;
    await page.waitForTimeout(300);
  }
}

/** Stop, download what came of it, and read the file. */
async function keep(page: Page): Promise<EpisodeRecording> {
  await page.getByRole("button", { name: "Stop and keep" }).click();
  await page.waitForFunction(() => window.armgymLive.state === "off");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download MCAP" }).click(),
  ]);
  const file = join(OUTPUT, download.suggestedFilename());
  await download.saveAs(file);
  return readRecording(new Uint8Array(readFileSync(file)), file);
}

function greatestDifference(a: EpisodeRecording, b: EpisodeRecording): { poses: number; action: number } {
  let [poses, action] = [0, 0];
  for (const [k, frame] of a.frames.entries()) {
    const other = b.frames[k];
    if (!other) break;
    for (const [i, value] of frame.poses.entries())
      poses = Math.max(poses, Math.abs(value - other.poses[i]!));
    for (const [i, value] of frame.action.entries())
      action = Math.max(action, Math.abs(value - other.action[i]!));
  }
  return { poses, action };
}

/** Let a worker's script make code of text; returns the name of the error, if any. */
function makesCode(worker: Worker): Promise<string> {
  return worker.evaluate(async () => {
    // the browser's tools may, so it is not done within their call
    await new Promise((resolve) => setTimeout(resolve));
    try {
      return String(new Function("return 1")());
    } catch (error) {
      return (error as Error).name;
    }
  });
}

/** Where an entity is on the screen. */
async function screenPoint(page: Page, recording: EpisodeRecording, id: string): Promise<[number, number]> {
  const entity = recording.header.scene.entities.findIndex((found) => found.id === id);
  return page.evaluate((index) => window.armgymLive.screenPoint(index), entity);
}

browserTest(
  "the policy carries on from a frame as it did in the recording, and what comes of it is saved and read back",
  async () => {
    const { page, errors, foreign } = await openAt("wasm.mcap", 15);
    const worker = page.waitForEvent("worker");
    await begin(page);
    // and all that where the page's policy lets no code be made of text
    expect(await makesCode(await worker)).toBe("EvalError");
    const difference = await page.evaluate(() => window.armgymLive.difference!);
    await pauseLiveAt(page, 50);
    await page.screenshot({ path: join(OUTPUT, "live-desktop.png") });
    const made = await keep(page);
    expect(made.header).toMatchObject({ env: "PickPlace-v1", agent: "ppo-mlp", takenOver: 15 });
    const recorded = run.episodes["wasm.mcap"];
    const found = greatestDifference(recorded, made);
    console.log(`wasm recording: replay ${difference} m, continued ${JSON.stringify(found)}`);
    // the engine is the same, so the actions are; sines and such may differ in the last bit between Node and the browser
    expect(difference).toBeLessThan(1e-9);
    expect(found.poses).toBeLessThan(1e-9);
    expect(found.action).toBeLessThan(1e-6);
    expect(made.frames[30]!.value).toBeCloseTo(recorded.frames[30]!.value!, 5);
    expect(await page.evaluate(() => window.armgymViewer.numFrames)).toBe(made.frames.length);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  },
  TIMEOUT,
);

browserTest(
  "recorded actions repeat a grasp in the browser, and a native engine's policy is followed within a micrometre",
  async () => {
    const { page, errors } = await openAt("expert.mcap", 5);
    await begin(page, "recorded");
    // it stands still by itself where the recording ends
    await page.waitForFunction(() => window.armgymLive.state === "paused");
    expect(await page.evaluate(() => window.armgymLive.index)).toBe(50);
    const grasp = greatestDifference(run.episodes["expert.mcap"], await keep(page));
    await page.locator("#episodes button[data-name='native.mcap']").click();
    await page.waitForFunction(() => window.armgymViewer.episode === "native.mcap");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("slider", { name: "Time" }).fill("20");
    await page.getByLabel("Who acts").selectOption(`run:${run.name}`);
    await begin(page);
    await pauseLiveAt(page, 50);
    const policy = greatestDifference(run.episodes["native.mcap"], await keep(page));
    console.log(`grasp ${JSON.stringify(grasp)}, native policy ${JSON.stringify(policy)}`);
    expect(grasp.action).toBe(0);
    expect(grasp.poses).toBeLessThan(1e-6);
    expect(policy.poses).toBeLessThan(1e-6);
    expect(errors).toEqual([]);
    await page.close();
  },
  TIMEOUT,
);

browserTest(
  "objects, the arm and the goal are dragged, masses and friction changed, and all of it is recorded",
  async () => {
    const recorded = run.episodes["expert.mcap"];
    const { page, errors } = await openAt("expert.mcap", 0);
    await begin(page, "manual");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    const start = await standsAt(page);
    const drag = async (id: string, by: readonly [number, number], steps: number) => {
      const [x, y] = await screenPoint(page, recorded, id);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + by[0], y + by[1], { steps: 3 });
      const before = await standsAt(page);
      for (let step = 0; step < steps; step++) await page.keyboard.press(".");
      await page.waitForFunction((wanted) => window.armgymLive.index >= wanted, before + steps);
      if (id === "cube") await page.screenshot({ path: join(OUTPUT, "live-drag.png") });
      await page.mouse.up();
    };
    await drag("cube", [0, -90], 12);
    await drag("goal", [40, 20], 1);
    await drag("robot/link5", [-60, 0], 6);
    await page.getByLabel("Mass of cube").fill("0.5");
    await page.getByLabel("Friction", { exact: true }).fill("-0.3");
    await page.keyboard.down("e");
    for (let step = 0; step < 4; step++) await page.keyboard.press(".");
    await page.keyboard.up("e");
    await page.keyboard.press("g");
    await page.keyboard.press(".");
    await page.waitForFunction((wanted) => window.armgymLive.index >= wanted, start + 24);
    // what is typed into a text is no command: neither the gripper's nor the one to end
    const seed = page.getByLabel("Find a seed");
    await seed.focus();
    await page.keyboard.type("gw.");
    expect(await seed.inputValue()).toBe("gw.");
    expect(await standsAt(page)).toBe(start + 24);
    await seed.fill("");
    await seed.blur();
    await page.keyboard.press(".");
    await page.waitForFunction((wanted) => window.armgymLive.index >= wanted, start + 25);
    const made = await keep(page);
    const place = (id: string, frame: number) => {
      const entity = made.header.scene.entities.findIndex((found) => found.id === id);
      return made.frames[start + frame]!.poses.slice(7 * entity, 7 * entity + 3);
    };
    expect(place("cube", 12)[2]!).toBeGreaterThan(place("cube", 0)[2]! + 0.03);
    expect(made.frames[start + 12]!.hand?.pull?.entity).toBe("cube");
    expect(made.frames[start + 13]!.hand?.goal).toEqual(place("goal", 13));
    expect(place("goal", 13)).not.toEqual(place("goal", 12));
    expect(made.frames[start + 19]!.hand?.pull?.entity).toBe("robot/link5");
    const changed = made.frames.find(({ hand }) => hand?.mass);
    expect(changed?.hand?.mass?.cube).toBeCloseTo(10 ** 0.5, 10);
    expect(changed?.hand?.friction).toBeCloseTo(10 ** -0.3, 10);
    expect(made.frames[start + 22]!.action).toEqual([0, 0, 1, 1]);
    expect(made.frames.at(-1)!.action[3]).toBe(-1);
    // and Node makes the same of it
    const replayed = replayRecording(envs["PickPlace-v1"], made, made.frames.length - 1);
    console.log(`with a hand in it, replayed in Node: ${replayed.difference} m`);
    expect(replayed.difference).toBeLessThan(1e-6);
    expect(errors).toEqual([]);
    await page.close();
  },
  TIMEOUT,
);

browserTest(
  "on a narrow screen live mode has all its controls in reach, and leaving it shows the recording again",
  async () => {
    const { page, errors } = await openAt("native.mcap", 10, [380, 800]);
    await begin(page);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    for (const name of ["Go on", "Step", "Stop and keep"]) {
      const { x, width } = (await page.getByRole("button", { name, exact: true }).boundingBox())!;
      expect(x >= 0 && x + width <= 380, name).toBe(true);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
    // the plots go with it: as long as the live episode, read at its last step
    await page.getByRole("tab", { name: "Episode" }).click();
    await page.locator(".plot[data-title='Reward']").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => {
      const clock = document.querySelector(".live-clock")!.textContent!;
      const cursor = document.querySelector<HTMLElement>(".plot[data-title='Reward'] .time-cursor")!;
      const { width } = cursor.parentElement!.getBoundingClientRect();
      return clock !== "" && !cursor.hidden && Math.abs(Number.parseFloat(cursor.style.left) - width) < 2;
    });
    const reward = await page.evaluate(() => window.armgymLive.frame!.reward);
    const readout = page.locator(".plot[data-title='Reward'] .legend-value");
    expect(Number(await readout.textContent())).toBeCloseTo(reward, 2);
    await page.getByRole("tab", { name: "Live" }).click();
    await page.screenshot({ path: join(OUTPUT, "live-narrow.png"), fullPage: true });
    // a gamepad drives as well: left stick forward
    await page.evaluate(() => {
      const pad = { connected: true, axes: [0.05, -0.8, 0, 0.5], buttons: [{ pressed: true }] };
      Object.defineProperty(navigator, "getGamepads", { value: () => [null, pad] });
    });
    await page.getByLabel("Who acts").selectOption("manual");
    const before = await standsAt(page);
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.waitForFunction((old) => window.armgymLive.index > old, before);
    expect(await page.evaluate(() => window.armgymLive.frame!.action)).toEqual([0.8, 0, -0.5, -1]);
    // nothing is lost unasked
    const other = page.locator("#episodes button[data-name='wasm.mcap']");
    const question = page.getByRole("dialog", { name: "Leave the live episode?" });
    await other.click();
    expect(await question.locator("p").textContent()).toMatch(
      /^\d+ steps that were made in this page would be lost\.$/,
    );
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => window.armgymLive.state)).toBe("paused");
    expect(await page.evaluate(() => window.armgymViewer.episode)).toBe("native.mcap");
    await other.click();
    await question.getByRole("button", { name: "Leave without it" }).click();
    await page.waitForFunction(() => window.armgymViewer.episode === "wasm.mcap");
    expect(await page.evaluate(() => window.armgymLive.state)).toBe("off");
    // nor when it was stopped and is shown as any other; downloaded, it may be left
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("slider", { name: "Time" }).fill("5");
    await begin(page);
    await pauseLiveAt(page, 7);
    await page.getByRole("button", { name: "Stop and keep" }).click();
    await page.waitForFunction(() => window.armgymLive.state === "off");
    await other.click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      question.getByRole("button", { name: "Download MCAP and leave" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("PickPlace-v1-seed-7-live.mcap");
    await page.waitForFunction(() => window.armgymViewer.episode === "wasm.mcap");
    expect(await page.locator("#controls").isVisible()).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  },
  TIMEOUT,
);
