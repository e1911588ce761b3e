// Opening and closing episodes leaves nothing behind.
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);
const EPISODES = 50;

browserTest(
  "memory is flat after 50 episodes and comparisons: graphics card, page and listeners",
  async () => {
    const { page, errors } = await viewer.open({ size: [480, 600], countListeners: true });
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelectorAll(".thumbnail canvas").length === 2);
    const held = () =>
      page.evaluate(async () => {
        const drawn = () => new Promise((done) => requestAnimationFrame(done));
        for (let k = 0; k < 3; k++) await drawn();
        const { listenersOnWindow } = window as unknown as { listenersOnWindow: number };
        const nodes = document.querySelectorAll("*").length;
        return { ...window.armgymViewer.resources, nodes, listeners: listenersOnWindow };
      });
    const open = async (seed: number) => {
      await page.locator(`.episode[data-name$='seed-${seed}.mcap']`).click();
      await page.waitForFunction((name) => window.armgymViewer.episode?.endsWith(name), `seed-${seed}.mcap`);
      await page.waitForFunction(() => window.armgymViewer.playing);
      await page.keyboard.press("Space");
      await page.getByRole("slider", { name: "Time" }).fill("50");
    };
    // what is made once only, such as arrows for contacts, is there after the first round
    for (const seed of [1, 2]) await open(seed);
    const before = await held();
    for (let k = 0; k < EPISODES; k++) await open(1 + (k % 2));
    expectFlat(await held(), before);
    await page.getByRole("button", { name: "Compare seed 1, at 0" }).click();
    await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 2);
    expect((await held()).geometries).toBeGreaterThan(before.geometries!);
    await page.getByRole("button", { name: "End comparison" }).click();
    await page.waitForFunction(() => document.querySelectorAll("#compared li").length === 0);
    expectFlat(await held(), before);
    expect(errors).toEqual([]);
    await page.close();
  },
);

/** Arrows of contacts come and go; what 50 episodes left behind would be far more. */
function expectFlat(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(before)) {
    expect(after[what], what).toBeLessThanOrEqual(count + 4);
  }
}
