// A link opens what it names, is kept as what is shown, and a bad one is said, in headless Chromium.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  await runTiny(runs, "other", 2048);
});
const RUN = "PickPlace-v1__ppo-mlp__1__tiny";
const EPISODE = "step-00000000-seed-1.mcap";

/** Wait until the page's address ends so. */
function waitForLink(page: Page, hash: string): Promise<unknown> {
  return page.waitForFunction((wanted) => location.hash === wanted, hash);
}

browserTest("a link opens its run, episode, frame and tab, and follows what the user does", async () => {
  const { page, errors } = await viewer.open({
    hash: `#run=${RUN}&episode=${EPISODE}&frame=17&tab=compare`,
  });
  expect(await stateOf(page)).toEqual({ frame: 17, playing: false, numFrames: 51, episode: EPISODE });
  expect(await page.locator("#clock").textContent()).toBe("0.85 s · step 17");
  expect(await page.getByLabel("Run").inputValue()).toBe(RUN);
  expect(await page.getByRole("tab", { name: "Compare" }).getAttribute("aria-selected")).toBe("true");
  expect(await page.locator("#compare").isVisible()).toBe(true);
  expect(await page.locator("#banner").isVisible()).toBe(false);
  // what the user does is in the link
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "Training" }).click();
  await waitForLink(page, `#run=${RUN}&episode=${EPISODE}&frame=18&tab=training`);
  await page.getByRole("button", { name: "Play" }).click();
  await waitForLink(page, `#run=${RUN}&episode=${EPISODE}&tab=training`);
  // a link that is pasted into the page's address
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#run=${RUN}&episode=step-00000000-seed-2.mcap&compare=${EPISODE}&frame=30&tab=episode`);
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 2);
  expect(await page.locator("#compared li").allTextContents()).toEqual([
    "Aseed 2 · ppo-mlp at 0×",
    "Bseed 1 · ppo-mlp at 0×",
  ]);
  expect(await stateOf(page)).toMatchObject({ frame: 30, playing: false });
  // and back
  await page.goBack();
  await page.waitForFunction((wanted) => window.armgymViewer.episode === wanted, EPISODE);
  expect(await page.getByRole("tab", { name: "Training" }).getAttribute("aria-selected")).toBe("true");
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("a link to what is not there is said, and something else is shown", async () => {
  const { page, errors } = await viewer.open({ hash: "#run=gone&episode=a.mcap&frame=5&tab=plots" });
  expect(await page.locator("#banner").textContent()).toBe(
    'The link names the tab "plots"; there are episode, policy, live, training, compare. The link names the run "gone", which is not here. The newest is shown.',
  );
  expect((await stateOf(page)).numFrames).toBe(51);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#run=${RUN}&episode=${EPISODE}&frame=51`);
  await page
    .getByText("The link names frame 51, but the episode ends at frame 50, which is shown.")
    .waitFor();
  expect(await stateOf(page)).toMatchObject({ frame: 50, playing: false, episode: EPISODE });
  await waitForLink(page, `#run=${RUN}&episode=${EPISODE}&frame=50`);
  await page.locator(".episode").first().click();
  await page.locator("#banner").waitFor({ state: "hidden" });
  expect(errors).toEqual([]);
  await page.close();
});
