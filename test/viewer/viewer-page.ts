// Opens the viewer in headless Chromium for the tests beside this file.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import type * as viewServer from "../../src/cli/view/view-server.js";
import { CHROMIUM, hasChromium, launchChromium } from "./browser.js";

/** Where screenshots of the tests go; not kept by git. */
export const OUTPUT = new URL("../../test-output/", import.meta.url).pathname;

/** A test that needs the browser: skipped where it is not installed, except on the build server. */
export const browserTest = test.skipIf(!hasChromium && !process.env.CI);

/** A page of the viewer, with what went wrong on it and what it asked of other hosts. */
export interface OpenedViewer {
  readonly page: Page;
  readonly errors: string[];
  readonly foreign: string[];
}

/** Serves the runs of one test file. */
export interface ViewerFixture {
  readonly runs: string;
  readonly server: viewServer.ViewServer;
  open(options?: {
    readonly size?: readonly [number, number];
    readonly hash?: string;
    readonly dark?: boolean;
    /** Page to open; default: that of the fixture's server. */
    readonly address?: string;
    /** Whether the browser has WebGL; default true. */
    readonly webgl?: boolean;
    /** Count the listeners on window and document in `window.listenersOnWindow`. */
    readonly countListeners?: boolean;
  }): Promise<OpenedViewer>;
}

/** Serve what `fill` writes into a fresh folder, for all tests of a file. */
export function viewerFixture(fill: (runs: string) => Promise<void>): ViewerFixture {
  const fixture = { runs: "", server: undefined as viewServer.ViewServer | undefined };
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!hasChromium && !process.env.CI) {
      console.log(`viewer tests skipped: no Chromium at ${CHROMIUM} (Debian: apt install chromium)`);
      return;
    }
    mkdirSync(OUTPUT, { recursive: true });
    fixture.runs = mkdtempSync(join(tmpdir(), "armgym-viewer-"));
    await fill(fixture.runs);
    const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
    fixture.server = await built.startViewServer({ runs: fixture.runs });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await fixture.server?.close();
    if (fixture.runs) rmSync(fixture.runs, { recursive: true, force: true });
  });
  return {
    get runs() {
      return fixture.runs;
    },
    get server() {
      return fixture.server!;
    },
    async open(options = {}) {
      const { size: [width, height] = [1024, 640], hash = "", dark = false } = options;
      const { address = fixture.server!.address, webgl = true, countListeners = false } = options;
      const colorScheme = dark ? "dark" : "light";
      const page = await browser!.newPage({ viewport: { width, height }, colorScheme });
      if (!webgl) await page.addInitScript(withoutWebGl);
      if (countListeners) await page.addInitScript(countingListeners);
      const errors: string[] = [];
      const foreign: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address))
          foreign.push(request.url());
      });
      page.setDefaultTimeout(60_000);
      await page.goto(address + hash);
      await page.waitForFunction(() => window.armgymViewer?.ready);
      return { page, errors, foreign };
    },
  };
}

function withoutWebGl(): void {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (
    this: HTMLCanvasElement,
    kind: string,
    ...more: unknown[]
  ) {
    return kind.startsWith("webgl") ? null : Reflect.apply(getContext, this, [kind, ...more]);
  } as typeof getContext;
}

function countingListeners(): void {
  const counted = window as unknown as { listenersOnWindow: number };
  counted.listenersOnWindow = 0;
  for (const target of [window, document] as EventTarget[]) {
    const { addEventListener: add, removeEventListener: remove } = target;
    target.addEventListener = (...all: Parameters<typeof add>) => {
      counted.listenersOnWindow++;
      Reflect.apply(add, target, all);
    };
    target.removeEventListener = (...all: Parameters<typeof remove>) => {
      counted.listenersOnWindow--;
      Reflect.apply(remove, target, all);
    };
  }
}

/** Read where the page is. */
export function stateOf(page: Page) {
  return page.evaluate(() => {
    const { frame, playing, numFrames, episode } = window.armgymViewer;
    return { frame, playing, numFrames, episode };
  });
}

/** Let a live episode run until a step is reached, and stand still there or shortly after. */
export async function pauseLiveAt(page: Page, index: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      if (window.armgymLive.index < wanted) return false;
      // at once: a click from outside may come many steps later
      const buttons = [...document.querySelectorAll<HTMLButtonElement>(".live-bar button")];
      buttons.find(({ textContent }) => textContent === "Pause")?.click();
      return true;
    },
    index,
    { polling: 20 },
  );
  await page.waitForFunction(() => window.armgymLive.state === "paused");
}
