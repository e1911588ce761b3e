// Policies that see, in headless Chromium: what they see, why they act, and how they go on in the page.
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { envs } from "../../envs/index.js";
import { CameraRig } from "../../src/sensors/camera/camera-rig.js";
import { type LiveRun, liveRun } from "./live-run.js";
import { browserTest, OUTPUT, pauseLiveAt, viewerFixture } from "./viewer-page.js";

const FRAME = 12;
let run: LiveRun;
const viewer = viewerFixture(async (runs) => {
  run = await liveRun(runs, true);
});

async function openPolicy(name: keyof LiveRun["episodes"], size?: readonly [number, number]) {
  const opened = await viewer.open({ hash: `#run=${run.name}&episode=${name}`, ...(size ? { size } : {}) });
  const { page } = opened;
  page.setDefaultTimeout(180_000);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("slider", { name: "Time" }).fill(String(FRAME));
  await page.getByRole("tab", { name: "Policy" }).click();
  await page.waitForFunction(
    (frame) => document.querySelector<HTMLElement>("#insight")!.dataset.frame === frame,
    String(FRAME),
  );
  return opened;
}

/** The bytes of a canvas in the policy's panel, opacity left out. */
function drawn(page: Page, selector: string): Promise<number[]> {
  return page
    .locator(selector)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data].filter((_, k) => k % 4 !== 3);
    });
}

browserTest(
  "the pictures are the bytes that the policy was fed with, with what counts and what it predicts over them",
  async () => {
    const { page, errors } = await openPolicy("wasm.mcap", [1440, 900]);
    const { header, frames } = run.episodes["wasm.mcap"];
    const rig = new CameraRig(header.scene, header.cameras!, frames[0]!.look!);
    const stacked = rig.render(Float64Array.from(frames[FRAME]!.poses), FRAME);
    const [front] = rig.cameras;
    expect(await drawn(page, ".sight-stage canvas")).toEqual([...front!.rgb]);
    // and those are what the environment gives
    const env = envs["PickPlace-v1"].create(header.config!);
    let { image } = env.reset({ seed: header.seed }).observation;
    for (const { action } of frames.slice(1, FRAME + 1)) image = env.step(action).observation.image;
    expect(stacked).toEqual(image);
    await page.screenshot({ path: join(OUTPUT, "sight-desktop.png") });
    await page.getByText("Depth", { exact: true }).click();
    const depths = front!.depth(new Float32Array(48 * 32)).filter(Number.isFinite);
    const range = `${Math.min(...depths).toFixed(2)} to ${Math.max(...depths).toFixed(2)} m`;
    expect(await page.locator(".sight figcaption").first().textContent()).toBe(`front ${range}`);
    await page.getByText("Segments", { exact: true }).click();
    const colors = await drawn(page, ".sight-stage canvas");
    const labels = front!.segmentation(new Uint16Array(48 * 32));
    const distinct = new Set([...labels.keys()].map((k) => colors.slice(3 * k, 3 * k + 3).join()));
    expect(distinct.size).toBe(new Set(labels).size);
    const cube = header.scene.entities.findIndex(({ id }) => id === "cube");
    const pixel = labels.indexOf(cube + 1);
    const stage = (await page.locator(".sight-stage").first().boundingBox())!;
    const at = (k: number, count: number, size: number) => ((k + 0.5) / count) * size;
    await page.mouse.move(
      stage.x + at(pixel % 48, 48, stage.width),
      stage.y + at(Math.floor(pixel / 48), 32, stage.height),
    );
    expect(await page.locator(".sight-readout").textContent()).toMatch(/^cube · \d\.\d{3} m · rgb /);
    const overlay = () =>
      page
        .locator(".sight-overlay")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          return [...data].filter((_, k) => k % 4 === 3);
        });
    const gradient = await overlay();
    expect(Math.max(...gradient)).toBeGreaterThan(100);
    await page.getByLabel("Method").selectOption("integrated");
    await page.waitForFunction(() =>
      document.querySelector(".insight-sum")?.textContent?.includes("of it by the pictures"),
    );
    expect(await overlay()).not.toEqual(gradient);
    const entries = page.locator("#insight .saliency-name");
    expect(await entries.allTextContents()).toEqual(run.episodes["wasm.mcap"].header.observationNames);
    // the critic reads the full state instead
    await page.getByLabel("Method").selectOption("gradient");
    await page.getByLabel("Output to explain").selectOption("value");
    await page.waitForFunction(() => document.querySelectorAll("#insight .saliency-name").length === 20);
    expect(Math.max(...(await overlay()))).toBe(0);
    expect(await page.locator(".insight-notice").textContent()).toBe("");
    const rows = page.locator(".predictions tbody tr");
    expect(await rows.count()).toBe(6);
    const cells = (await rows.first().locator("td").allTextContents()) as string[];
    const { privileged } = run.episodes["wasm.mcap"].frames[FRAME]!;
    expect(cells[0]).toBe("cube_from_tcp_x");
    expect(cells[2]).toBe(`${privileged![11]!.toFixed(3)} m`);
    expect(await page.locator(".predictions p").textContent()).toMatch(
      /^cube off by \d+ mm, goal off by \d+ mm\./,
    );
    expect(errors).toEqual([]);
    await page.close();
  },
);

browserTest("a policy that sees carries on in the page as it did in the recording", async () => {
  const { page, errors } = await openPolicy("wasm.mcap");
  await page.locator("#continue").click();
  await pauseLiveAt(page, 20);
  await page.getByRole("tab", { name: "Policy" }).click();
  const { index, frame } = await page.evaluate(() => ({
    index: window.armgymLive.index,
    frame: window.armgymLive.frame!,
  }));
  const recorded = run.episodes["wasm.mcap"].frames[index]!;
  const away = Math.max(...frame.action.map((value, k) => Math.abs(value - recorded.action[k]!)));
  const poses = Math.max(...frame.poses.map((value, k) => Math.abs(value - recorded.poses[k]!)));
  console.log(`step ${index}: action ${away}, poses ${poses}`);
  expect(away).toBeLessThan(1e-6);
  expect(poses).toBeLessThan(1e-6);
  expect(frame.value).toBeCloseTo(recorded.value!, 5);
  await page.waitForFunction(
    (shown) => document.querySelector<HTMLElement>("#insight")!.dataset.frame === shown,
    String(index),
  );
  expect(errors).toEqual([]);
  await page.close();
});
