// An episode that another program steps through the environment server, seen in the viewer.
import { expect } from "vitest";
import { FRAME } from "../../src/serve/frames.js";
import { Client } from "../serve/client.js";
import { launchChromium } from "./browser.js";
import { browserTest, stateOf } from "./viewer-page.js";

const NEXT_STEP = 0;

browserTest(
  "the page shows each step of the episode as it is made, and the next episode after it",
  async () => {
    const client = new Client(["Reach-v1"]);
    await client.next();
    await client.reset({ seeds: ["3"] });
    const shown = async () => {
      const { type, payload } = await client.show(0);
      expect(type).toBe(FRAME.show);
      return JSON.parse(Buffer.from(payload).toString()) as { address: string; pages: number };
    };
    const { address, pages } = await shown();
    expect(pages).toBe(0);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(address);
      // the state from before the page was opened
      await page.waitForFunction(() => window.armgymViewer?.numFrames === 1);
      for (let step = 0; step < 12; step++) {
        await client.step(NEXT_STEP, [1, 0.5, -0.5]);
        expect((await shown()).pages).toBe(1);
      }
      await page.waitForFunction(() => window.armgymViewer.numFrames === 13);
      expect(await stateOf(page)).toMatchObject({ frame: 12, playing: false });
      await page.locator("#episode-plots .plot").first().waitFor();
      // who has gone back stays there
      await page.keyboard.press("ArrowLeft");
      await client.step(NEXT_STEP, [1, 0.5, -0.5]);
      await shown();
      await page.waitForFunction(() => window.armgymViewer.numFrames === 14);
      expect((await stateOf(page)).frame).toBe(11);
      await client.reset({ seeds: ["4"] });
      await shown();
      await page.waitForFunction(() => window.armgymViewer?.numFrames === 1);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
