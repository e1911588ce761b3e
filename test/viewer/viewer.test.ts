// What people do in the viewer, done in headless Chromium.
import { join } from "node:path";
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, OUTPUT, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);

browserTest(
  "the viewer loads a run, plays, pauses, steps and scrubs without errors or foreign requests",
  async () => {
    const { page, errors, foreign } = await viewer.open();
    expect((await stateOf(page)).numFrames).toBe(51);
    await page.waitForFunction(() => window.armgymViewer.frame > 3);
    await page.getByRole("button", { name: "Pause" }).click();
    // a slow machine may have come to the end by now
    await page.getByRole("slider", { name: "Time" }).fill("20");
    const { frame } = await stateOf(page);
    await page.getByRole("button", { name: "Step forward" }).click();
    expect((await stateOf(page)).frame).toBe(frame + 1);
    await page.getByRole("button", { name: "Step back" }).click();
    expect((await stateOf(page)).frame).toBe(frame);
    await page.getByRole("slider", { name: "Time" }).fill("40");
    expect(await stateOf(page)).toMatchObject({ frame: 40, playing: false });
    expect(await page.locator("#clock").textContent()).toBe("2.00 s · step 40");
    expect(await page.locator("#plots .plot").count()).toBeGreaterThanOrEqual(6);
    await page.locator("#show summary").click();
    await page.getByLabel("Forces at contacts").check();
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(OUTPUT, "viewer-desktop.png") });
    const colors = await page.evaluate(() => {
      const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set<number>();
      for (let k = 0; k < data.length; k += 4)
        seen.add((data[k]! << 16) | (data[k + 1]! << 8) | data[k + 2]!);
      return seen.size;
    });
    expect(colors).toBeGreaterThan(200);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  },
);

browserTest("the workspace of the robot is outlined where that is asked for", async () => {
  const { page, errors } = await viewer.open();
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await page.evaluateHandle(() => ({ pixels: new Uint8ClampedArray() }));
  /** Share of the picture, drawn finely, that differs from the one before; 1 where there was none. */
  const changed = async () => {
    await page.waitForFunction(() => {
      const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
      return canvas.width / canvas.clientWidth > 1.4;
    });
    return before.evaluate((last) => {
      const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let k = 0; k < data.length; k++) if (data[k] !== last.pixels[k]) count++;
      last.pixels = data;
      return count / data.length;
    });
  };
  await page.locator("#show summary").click();
  const toggle = page.getByLabel("Workspace");
  expect(await toggle.isChecked()).toBe(false);
  expect(await changed()).toBe(1);
  await toggle.check();
  await page.waitForTimeout(100);
  // thin lines
  const lines = await changed();
  expect(lines).toBeGreaterThan(0.0005);
  expect(lines).toBeLessThan(0.05);
  await toggle.uncheck();
  await page.waitForTimeout(100);
  expect(await changed()).toBe(lines);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("without a graphics card the scene is coarse while it changes and fine at rest", async () => {
  const { page, errors } = await viewer.open();
  await page.getByRole("button", { name: "Pause" }).click();
  const isFineness = (expected: number) =>
    page.waitForFunction((wanted) => {
      const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
      return Math.abs(canvas.width / canvas.clientWidth - wanted) < 0.01;
    }, expected);
  await isFineness(1.5);
  await page.getByRole("slider", { name: "Time" }).fill("30");
  await isFineness(0.6);
  await isFineness(1.5);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("the keyboard plays, steps, changes speed and loop, and goes through the episodes", async () => {
  const { page, errors } = await viewer.open();
  const { keyboard } = page;
  await keyboard.press("Space");
  expect((await stateOf(page)).playing).toBe(false);
  await page.getByRole("slider", { name: "Time" }).fill("20");
  const frames: number[] = [];
  for (const key of ["ArrowRight", "ArrowLeft", ".", ",", "Shift+ArrowRight", "Home", "End"]) {
    await keyboard.press(key);
    frames.push((await stateOf(page)).frame);
  }
  expect(frames).toEqual([21, 20, 21, 20, 30, 0, 50]);
  await keyboard.press("+");
  expect(await page.getByLabel("Speed").inputValue()).toBe("2");
  await keyboard.press("-");
  await keyboard.press("-");
  expect(await page.getByLabel("Speed").inputValue()).toBe("0.5");
  await keyboard.press("l");
  expect(await page.getByLabel("Loop").isChecked()).toBe(false);
  const names = await page
    .locator(".episode")
    .evaluateAll((all) => all.map((button) => (button as HTMLElement).dataset.name));
  for (const [key, name] of [
    ["[", names[0]],
    ["]", names[1]],
    ["[", names[0]],
  ] as const) {
    await keyboard.press(key);
    await keyboard.press(key);
    await page.waitForFunction((wanted) => window.armgymViewer.episode === wanted, name);
  }
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("without loop the end stands still; with loop it starts over; speed is kept", async () => {
  const { page } = await viewer.open();
  await page.getByLabel("Speed").selectOption("4");
  await page.getByLabel("Loop").uncheck();
  await page.waitForFunction(() => !window.armgymViewer.playing && window.armgymViewer.frame === 50);
  await page.getByLabel("Loop").check();
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction(() => window.armgymViewer.frame > 40);
  await page.waitForFunction(() => window.armgymViewer.frame < 20);
  expect((await stateOf(page)).playing).toBe(true);
  await page.close();
});

browserTest("a press on the cursor of a plot stops playing there", async () => {
  const { page } = await viewer.open();
  await page.waitForFunction(() => window.armgymViewer.frame > 5);
  // in one task, so that the cursor does not move between the look at it and the press
  const pressed = await page.evaluate(() => {
    const over = document.querySelector<HTMLElement>(".plot[data-title='Action'] .u-over")!;
    const cursor = document.querySelector<HTMLElement>(".plot[data-title='Action'] .time-cursor")!;
    const { left, top } = over.getBoundingClientRect();
    const at = { clientX: left + Number.parseFloat(cursor.style.left), clientY: top + 20, pointerId: 1 };
    const wasPlaying = window.armgymViewer.playing;
    for (const type of ["pointerdown", "pointerup"]) over.dispatchEvent(new PointerEvent(type, at));
    return { wasPlaying, isPlaying: window.armgymViewer.playing };
  });
  expect(pressed).toEqual({ wasPlaying: true, isPlaying: false });
  await page.close();
});

browserTest(
  "a press in a plot, or a drag of its cursor, moves the scene and the cursor of every plot",
  async () => {
    const { page, errors } = await viewer.open();
    const plot = page.locator(".plot[data-title='Action'] .u-over");
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    await page.mouse.click(box.x + 0.5 * box.width, box.y + 20);
    expect(await stateOf(page)).toMatchObject({ frame: 25, playing: false });
    await page.mouse.move(box.x + 0.5 * box.width + 3, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.8 * box.width, box.y + 20);
    await page.mouse.up();
    expect((await stateOf(page)).frame).toBe(40);
    const cursors = await page
      .locator("#plots .time-cursor")
      .evaluateAll((all) => all.map((cursor) => Number.parseFloat((cursor as HTMLElement).style.left)));
    expect(cursors.length).toBeGreaterThanOrEqual(6);
    for (const left of cursors) expect(Math.abs(left - 0.8 * box.width)).toBeLessThan(2);
    expect(await page.locator("#clock").textContent()).toBe("2.00 s · step 40");
    expect(errors).toEqual([]);
    await page.close();
  },
);

browserTest("the list is filtered by outcome and says so where nothing is left", async () => {
  const { page } = await viewer.open();
  const all = await page.locator("#episodes li").count();
  expect(all).toBe(2);
  await page.locator("#filter").getByText("Failure").click();
  const failed = await page.locator("#episodes li").count();
  await page.locator("#filter").getByText("Success").click();
  expect((await page.locator("#episodes li").count()) + failed).toBe(all);
  if (failed === all) expect(await page.locator("#no-episodes").textContent()).toBe("None succeeded.");
  await page.close();
});

browserTest(
  "everything is reached on a narrow screen without scrolling sideways, in dark colours too",
  async () => {
    const { page, errors } = await viewer.open({ size: [390, 844], dark: true });
    const before = (await stateOf(page)).episode;
    const other = page.locator(".episode:not([aria-current='true'])").last();
    await other.click();
    await page.waitForFunction((old) => window.armgymViewer.episode !== old, before);
    await page.getByRole("tab", { name: "Training" }).click();
    expect(await page.locator("#no-training").isVisible()).toBe(true);
    await page.getByRole("tab", { name: "Episode" }).click();
    for (const name of ["Play", "Pause", "Step back", "Step forward"]) {
      const button = page.getByRole("button", { name, exact: true });
      if ((await button.count()) === 0) continue;
      const { x, width } = (await button.boundingBox())!;
      expect(x >= 0 && x + width <= 390, name).toBe(true);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(OUTPUT, "viewer-narrow.png"), fullPage: true });
    expect(errors).toEqual([]);
    await page.close();
  },
);

browserTest("every control has a name, and the focus can be seen", async () => {
  const { page } = await viewer.open();
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input")]
      .filter((control) => {
        const { labels } = control as HTMLInputElement;
        return !(control.getAttribute("aria-label") || control.textContent?.trim() || labels?.length);
      })
      .map((control) => control.id),
  );
  expect(nameless).toEqual([]);
  await page.getByRole("button", { name: "Step back" }).click();
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
  expect(outline).toBe("solid");
  await page.close();
});
