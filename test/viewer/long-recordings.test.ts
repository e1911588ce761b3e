// Recordings of very many frames, in headless Chromium.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { longRecording } from "./long-recording.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const RUN = "PickPlace-v1__ppo-mlp__1__tiny";
const NUM_FRAMES = 60_000;
const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  writeFileSync(join(runs, RUN, "episodes", "long.mcap"), await longRecording(NUM_FRAMES));
});

browserTest(
  "while a long recording is read the page says how far it is and does something else, and then shows it",
  async () => {
    const { page, errors } = await viewer.open({
      hash: `#run=${RUN}&episode=step-00000000-seed-1.mcap`,
    });
    const long = page.locator(".episode[data-name='long.mcap']");
    await long.click();
    await page.getByText(/^Reading long\.mcap: [\d,]+ of 60,000 states$/).waitFor();
    // nothing of another episode stands under its name
    expect(await page.locator("#plots .plot").count()).toBe(0);
    expect((await stateOf(page)).numFrames).toBe(0);
    await page.locator(".episode[data-name='step-00000000-seed-2.mcap']").click();
    await page.waitForFunction(() => window.armgymViewer.numFrames === 51);
    expect(await page.locator("#loading").isVisible()).toBe(false);
    await long.click();
    await page.waitForFunction((wanted) => window.armgymViewer.numFrames === wanted, NUM_FRAMES);
    await page.keyboard.press("Space");
    await page.getByRole("slider", { name: "Time" }).fill("31416");
    expect(await page.locator("#clock").textContent()).toBe("1570.80 s · step 31416");
    const reading = page.locator(".plot[data-title='Reward'] .legend-value");
    expect(Number(await reading.textContent())).toBeCloseTo(0.3 * Math.sin(31_416 / 50), 3);
    expect(await page.locator(".thumbnail canvas").count()).toBeLessThanOrEqual(2);
    expect(errors).toEqual([]);
    await page.close();
  },
);
