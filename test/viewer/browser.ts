// Headless Chromium for the viewer's tests and screenshots.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Path of the browser; set CHROMIUM for another one. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Whether the browser is there. */
export const hasChromium = existsSync(CHROMIUM);

/** Start the browser; it draws WebGL in software, so that any machine can run it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}
