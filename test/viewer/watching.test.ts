// Watching an episode: help, list, what is drawn, views, pictures and videos.
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { envs } from "../../envs/index.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  // the smallest robot, looked at as it fits
  const env = envs["PickPlace-v1"].create({ robot: "so101" });
  env.reset({ seed: 1 });
  const small = recordDemonstration(env, () => [0, 0, 0, 1], 1, { agent: "still", noise: 0 });
  const folder = join(runs, SMALL, "episodes");
  mkdirSync(folder, { recursive: true });
  const config = { env: "PickPlace-v1", agent: "still", seed: 3, envConfig: { robot: "so101" } };
  writeFileSync(join(runs, SMALL, "config.json"), JSON.stringify(config));
  utimesSync(join(runs, SMALL, "config.json"), 1000, 1000);
  writeFileSync(join(folder, "small.mcap"), await writeRecording(small));
});
const SMALL = "PickPlace-v1__still__3__small";

/** What the scene looks like now, as one number; equal pictures are equal numbers. */
const LOOK = `(() => {
  const canvas = document.querySelector("canvas#canvas");
  const copy = new OffscreenCanvas(160, 100).getContext("2d");
  copy.drawImage(canvas, 0, 0, 160, 100);
  return copy.getImageData(0, 0, 160, 100).data.reduce((sum, value, k) => (sum * 31 + value + k) % 1000003, 7);
})()`;

browserTest("? shows the shortcuts, and Escape closes them", async () => {
  const { page, errors } = await viewer.open();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await help.getByText("previous and next episode").waitFor();
  const { frame } = await stateOf(page);
  await page.keyboard.press("Escape");
  expect(await help.isVisible()).toBe(false);
  expect((await stateOf(page)).frame).toBeGreaterThanOrEqual(frame);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("the list is ordered, finds a seed, and shows how each episode ended", async () => {
  const { page, errors } = await viewer.open();
  await page.keyboard.press("Space");
  const names = () =>
    page.locator(".episode").evaluateAll((all) => all.map((item) => (item as HTMLElement).dataset.name));
  expect(await names()).toEqual(["step-00000000-seed-2.mcap", "step-00000000-seed-1.mcap"]);
  await page.getByLabel("Order of episodes").selectOption("seed");
  expect(await names()).toEqual(["step-00000000-seed-1.mcap", "step-00000000-seed-2.mcap"]);
  await page.getByLabel("Find a seed").fill("2");
  expect(await names()).toEqual(["step-00000000-seed-2.mcap"]);
  await page.getByLabel("Find a seed").fill("7");
  expect(await page.locator("#no-episodes").textContent()).toBe("No seed here holds 7.");
  await page.getByLabel("Find a seed").fill("");
  await page.waitForFunction(() => document.querySelectorAll(".thumbnail canvas").length === 2);
  const colors = await page
    .locator(".thumbnail canvas")
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      return new Set(Array.from({ length: data.length / 4 }, (_, k) => data.slice(4 * k, 4 * k + 3).join()))
        .size;
    });
  expect(colors).toBeGreaterThan(100);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("what is drawn and where it is seen from can be chosen, by mouse and by key", async () => {
  const { page, errors } = await viewer.open();
  await page.keyboard.press("Space");
  await page.getByRole("slider", { name: "Time" }).fill("50");
  const look = async () => {
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    return page.evaluate(LOOK);
  };
  let before = await look();
  const changes = async (what: string, act: () => Promise<unknown>) => {
    await act();
    const now = await look();
    expect(now, what).not.toBe(before);
    before = now;
  };
  await page.locator("#show summary").click();
  await changes("axes", () => page.getByLabel("Axes").check());
  await changes("path", () => page.getByLabel("Path of tool and object").uncheck());
  await changes("areas", () => page.getByLabel("Start and goal areas").uncheck());
  await page.keyboard.press("c");
  expect(await page.getByLabel("Commanded pose").isChecked()).toBe(false);
  await page.keyboard.press("f");
  expect(await page.getByLabel("Forces at contacts").isChecked()).toBe(true);
  expect(await page.locator("#force-scale").textContent()).toBe("contact force: an arrow of 10 cm is 10 N");
  for (const view of ["Front", "Left", "Right", "Top", "Close", "Start"]) {
    await changes(view, () => page.getByLabel("Look from").selectOption({ label: view }));
  }
  await changes("follow", () => page.getByLabel("Follow tool").check());
  await changes("reset", () => page.getByRole("button", { name: "Reset view" }).click());
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("a joint near its limit is named over the scene", async () => {
  const { page } = await viewer.open();
  await page.keyboard.press("Space");
  await page.getByText("Joints against their limits, %").waitFor();
  // the untrained arm stays clear of its limits
  expect(await page.locator("#joint-warning").isVisible()).toBe(false);
  await page.close();
});

browserTest("the scene is saved as a picture, and an episode as a video", async () => {
  const { page, errors } = await viewer.open();
  await page.keyboard.press("Space");
  await page.getByRole("slider", { name: "Time" }).fill("12");
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save a picture" }).click(),
  ]);
  expect(picture.suggestedFilename()).toMatch(/^armgym-step-00000000-seed-\d-step-12\.png$/);
  const bytes = readFileSync(await picture.path());
  expect([...bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join("")).toBe("PNG");
  await page.getByLabel("Speed").selectOption("8");
  const [video] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save a video" }).click(),
  ]);
  expect(video.suggestedFilename()).toMatch(/\.webm$/);
  // the first bytes of every Matroska file
  expect([...readFileSync(await video.path()).subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
  expect(await stateOf(page)).toMatchObject({ playing: false, frame: 50 });
  expect(await page.getByLabel("Loop").isChecked()).toBe(true);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("small pictures come while an episode loops, and time has a line of its own", async () => {
  const { page, errors } = await viewer.open();
  await page.waitForFunction(() => document.querySelectorAll(".thumbnail canvas").length === 2);
  expect((await stateOf(page)).playing).toBe(true);
  const [bar, time] = await Promise.all([
    page.locator("#controls").boundingBox(),
    page.getByRole("slider", { name: "Time" }).boundingBox(),
  ]);
  expect(time!.width).toBeGreaterThan(0.92 * bar!.width);
  // an untrained policy solves nothing, so what is told is how long it tried
  expect(await page.locator(".episode small").first().textContent()).toMatch(/ · 50 steps · at 0$/);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest(
  "the camera fits robot and task, keeps what the user chose, and stays above the table",
  async () => {
    const { page, errors } = await viewer.open();
    await page.keyboard.press("Space");
    const eye = () => page.evaluate(() => window.armgymViewer.eye!);
    const panda = await eye();
    expect(await page.getByLabel("Run").locator("option").allTextContents()).toEqual([
      "PickPlace-v1 · ppo-mlp",
      "PickPlace-v1 · still · so101 · seed 3",
    ]);
    await page.getByLabel("Run").selectOption(SMALL);
    await page.waitForFunction(() => window.armgymViewer.episode === "small.mcap");
    await page.waitForFunction(() => window.armgymViewer.numFrames === 51);
    const small = await eye();
    // less than half as far away, as the arm is less than half as large
    expect(small[2]).toBeLessThan(0.7 * panda[2]!);
    expect(Math.hypot(...small)).toBeLessThan(0.7 * Math.hypot(...panda));
    const { x, y, width, height } = (await page.locator("#canvas").boundingBox())!;
    const drag = async (button: "left" | "right", by: number) => {
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down({ button });
      await page.mouse.move(x + width / 2, y + height / 2 + by, { steps: 6 });
      await page.mouse.up({ button });
    };
    for (let turn = 0; turn < 4; turn++) await drag("left", -height / 3);
    for (let move = 0; move < 4; move++) await drag("right", -height / 3);
    const low = await eye();
    expect(low[2]).toBeGreaterThanOrEqual(0.03);
    expect(low[2]).toBeLessThan(0.2);
    // a view that somebody chose is not taken away by another episode of the same task and robot
    await page.locator(".episode").first().click();
    await page.waitForFunction(() => window.armgymViewer.numFrames === 51);
    expect(await eye()).toEqual(low);
    await page.getByRole("button", { name: "Reset view" }).click();
    expect(await eye()).toEqual(small);
    expect(errors).toEqual([]);
    await page.close();
  },
);

browserTest("what is drawn is chosen from a list that Escape and a press beside it close", async () => {
  const { page } = await viewer.open();
  await page.keyboard.press("Space");
  const list = page.locator("#show");
  const isOpen = () => list.evaluate((menu) => (menu as HTMLDetailsElement).open);
  await list.locator("summary").click();
  await page.getByLabel("Axes").check();
  expect(await isOpen()).toBe(true);
  await page.keyboard.press("Escape");
  expect(await isOpen()).toBe(false);
  expect(await page.evaluate(() => document.activeElement!.localName)).toBe("summary");
  await list.locator("summary").click();
  await page.locator("#run-summary").click();
  expect(await isOpen()).toBe(false);
  await page.close();
});
