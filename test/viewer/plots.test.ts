// Numbers under one time cursor.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);

async function boxOf(page: Page, title: string) {
  const plot = page.locator(`.plot[data-title='${title}'] .u-over`);
  await plot.scrollIntoViewIfNeeded();
  return (await plot.boundingBox())!;
}

browserTest("everything that is recorded is plotted, observations by name and unit", async () => {
  const { page, errors } = await viewer.open();
  const titles = () =>
    page.locator(".plot").evaluateAll((all) => all.map((plot) => (plot as HTMLElement).dataset.title));
  expect(await titles()).toEqual(
    expect.arrayContaining([
      "Reward by term, stacked",
      "Reward",
      "Value and return to go",
      "Advantage",
      "Success",
      "Action",
      "Action, standard deviation",
      "Joint positions, rad",
      "Joints against their limits, %",
      "Gripper",
      "Largest contact force, N",
    ]),
  );
  const before = (await titles()).length;
  await page.getByText("Observation", { exact: false }).first().click();
  await page.waitForFunction((old) => document.querySelectorAll(".plot").length > old, before);
  expect((await titles()).slice(before).some((title) => title!.endsWith(", m"))).toBe(true);
  await page.locator(".episode").last().click();
  // sections stay as the user left them
  await page.waitForFunction((old) => document.querySelectorAll(".plot").length > old, before);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("the mouse over a plot reads all plots there, and leaves the cursor where it was", async () => {
  const { page } = await viewer.open();
  await page.keyboard.press("Space");
  await page.getByRole("slider", { name: "Time" }).fill("10");
  const reading = () => page.locator(".plot[data-title='Reward'] .legend-value").textContent();
  const atTen = await reading();
  const box = await boxOf(page, "Value and return to go");
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 30);
  await page.waitForFunction(
    () =>
      document.querySelectorAll(".hover-line:not([hidden])").length ===
      document.querySelectorAll(".plot").length,
  );
  expect(await reading()).not.toBe(atTen);
  expect((await stateOf(page)).frame).toBe(10);
  await page.mouse.move(box.x + 10, box.y - 60);
  await page.waitForFunction(() => document.querySelectorAll(".hover-line:not([hidden])").length === 0);
  expect(await reading()).toBe(atTen);
  await page.close();
});

browserTest("a drag zooms time in every plot and keeps playing inside; a double press ends it", async () => {
  const { page, errors } = await viewer.open();
  await page.keyboard.press("Space");
  await page.getByRole("slider", { name: "Time" }).fill("0");
  const box = await boxOf(page, "Action");
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 24, { steps: 4 });
  await page.mouse.up();
  expect(await page.locator("#zoom-note").textContent()).toMatch(/^(0\.99|1\.00) to (1\.49|1\.50) s$/);
  // the cursor, at 0 s, is outside in all of them
  expect(await page.locator("#plots .time-cursor:not([hidden])").count()).toBe(0);
  await page.getByLabel("Speed").selectOption("4");
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction(() => window.armgymViewer.frame >= 29);
  for (let look = 0; look < 10; look++) {
    const { frame } = await stateOf(page);
    expect(frame >= 20 && frame <= 30, String(frame)).toBe(true);
  }
  await page.getByRole("button", { name: "Pause" }).click();
  const inside = await boxOf(page, "Reward");
  await page.mouse.click(inside.x + 1, inside.y + 20);
  // the first frame in sight, or the one beside it where a pixel is wider than a frame
  expect([20, 21]).toContain((await stateOf(page)).frame);
  await page.mouse.dblclick(inside.x + 0.5 * inside.width, inside.y + 20);
  expect(await page.locator("#zoom").isVisible()).toBe(false);
  await page.mouse.click(inside.x + inside.width - 1, inside.y + 20);
  expect((await stateOf(page)).frame).toBe(50);
  expect(errors).toEqual([]);
  await page.close();
});
