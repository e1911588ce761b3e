// Opens a page in headless Chromium that draws scenes with three.js and with our own camera.
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { launchChromium } from "../viewer/browser.js";

/** Bundle `three-pictures.ts`, of the checkout that is the working directory, and load it; close the browser when done. */
export async function openThreePage(): Promise<{ readonly browser: Browser; readonly page: Page }> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    root: process.cwd(),
    build: {
      write: false,
      minify: false,
      lib: { entry: join(process.cwd(), "test/bench/three-pictures.ts"), formats: ["es"], fileName: "page" },
    },
  });
  const [{ output: files }] = output as unknown as [{ output: { code: string }[] }];
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>pictures</title>");
  await page.addScriptTag({ type: "module", content: files[0]!.code });
  await page.waitForFunction(() => "drawBoth" in window);
  return { browser, page };
}
