// Comparing episodes and policies.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, OUTPUT, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  await runTiny(runs, "other", 2048);
  const many = join(runs, "PickPlace-v1__ppo-mlp__1__other", "episodes");
  for (const seed of [3, 4, 5])
    copyFileSync(join(many, "step-00002048-seed-1.mcap"), join(many, `step-00002048-seed-${seed}.mcap`));
  writeFileSync(join(many, "broken.mcap"), "no recording");
});
const RUN = "PickPlace-v1__ppo-mlp__1__tiny";

browserTest("two episodes of the list stand side by side, or as a ghost, on one clock", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=step-00000000-seed-1.mcap` });
  await page.keyboard.press("Space");
  await page.getByRole("slider", { name: "Time" }).fill("30");
  await page.getByRole("button", { name: "Compare seed 2, at 0" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 2);
  expect(await page.locator("#compared li").allTextContents()).toEqual([
    "Aseed 1 · ppo-mlp at 0×",
    "Bseed 2 · ppo-mlp at 0×",
  ]);
  // where the first one was looked at
  expect(await stateOf(page)).toMatchObject({ frame: 30, playing: false });
  expect(await page.locator("#tile-names li").allTextContents()).toEqual(["A", "B"]);
  expect(await page.locator("#continue").isDisabled()).toBe(true);
  expect(await page.locator("#divergence-text").textContent()).toBe(
    "First differ at step 0 (0.00 s), by more than 1 mm.",
  );
  const reward = page.locator(".plot[data-title='Reward'] .legend-entry");
  expect(await reward.count()).toBe(2);
  await page.screenshot({ path: join(OUTPUT, "viewer-compare.png") });
  await page.getByText("Overlay", { exact: true }).click();
  expect(await page.locator("#tile-names").isVisible()).toBe(false);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(OUTPUT, "viewer-overlay.png") });
  await page.getByRole("button", { name: "Go there" }).click();
  expect((await stateOf(page)).frame).toBe(0);
  await page.getByRole("button", { name: "Leave out A" }).click();
  await page.waitForFunction(() => window.armgymViewer.episode === "step-00000000-seed-2.mcap");
  expect(await page.locator("#compare-bar").isVisible()).toBe(false);
  expect(await page.locator("#continue").isDisabled()).toBe(false);
  expect(await page.locator(".plot[data-title='Advantage']").count()).toBe(1);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("two policies are set side by side seed by seed, and a seed opens both", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}` });
  await page.getByRole("tab", { name: "Compare" }).click();
  expect(await page.locator("#outcome-rows tr").count()).toBe(2);
  expect(await page.locator("#outcome-summary").textContent()).toMatch(
    /^Of 2 seeds both solved \d, only A \d, only B \d, neither \d\. Return of B less that of A: [+−]\d+\.\d\d on average\.$/,
  );
  await page.getByRole("button", { name: "Compare both episodes of seed 2" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 2);
  expect(await page.locator("#compared li").allTextContents()).toEqual([
    "Aseed 2 · ppo-mlp at 0×",
    "Bseed 2 · ppo-mlp at 2k×",
  ]);
  // the same seed starts the same to the last bit
  const said = (await page.locator("#divergence-text").textContent())!;
  const step = Number(/^First differ at step (\d+)/.exec(said)![1]);
  expect(step).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Go there" }).click();
  expect((await stateOf(page)).frame).toBeGreaterThanOrEqual(step);
  expect(await page.locator("#divergence-tick").isVisible()).toBe(true);
  await page.getByRole("tab", { name: "Episode" }).click();
  const marks = page.locator("#plots .divergence-line:not([hidden])");
  expect(await marks.count()).toBe(await page.locator("#plots .plot").count());
  await page.getByRole("button", { name: "Compare seed 1, at 0" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 3);
  await page.getByRole("button", { name: "End comparison" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 0);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("four episodes are compared at most, and what cannot be read takes nothing away", async () => {
  const { page, errors } = await viewer.open({
    hash: "#run=PickPlace-v1__ppo-mlp__1__other&episode=step-00002048-seed-1.mcap",
    size: [1440, 900],
  });
  await page.keyboard.press("Space");
  const toggles = page.locator("#episodes li");
  const toggle = (name: string) =>
    toggles.filter({ has: page.locator(`[data-name='${name}']`) }).locator(".compare-toggle");
  const compared = page.locator("#compared li");
  for (const [k, seed] of [2, 3, 4].entries()) {
    await toggle(`step-00002048-seed-${seed}.mcap`).click();
    await page.waitForFunction((count) => document.querySelectorAll("#compared li").length === count, k + 2);
  }
  const before = await compared.allTextContents();
  await toggle("step-00002048-seed-5.mcap").click();
  await page.getByText("4 episodes are compared at most: leave one out first.").waitFor();
  expect(await compared.allTextContents()).toEqual(before);
  await page.getByRole("button", { name: "Leave out D" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 3);
  expect(await page.locator("#compare-note").isVisible()).toBe(false);
  await toggle("broken.mcap").click();
  await page.getByText("broken.mcap is not a whole recording: ").waitFor();
  expect(await compared.count()).toBe(3);
  expect(await page.locator("[aria-pressed='true'].compare-toggle").count()).toBe(3);
  // an episode of a critic has a value, and none has an empty plot
  expect(await page.locator("#plots .plot[data-title='Value']").count()).toBe(1);
  expect(errors).toEqual([]);
  await page.close();
});
