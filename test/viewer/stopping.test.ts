// A training is watched and ended from the page.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { runTiny } from "./tiny-run.js";
import { browserTest, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);
const MAIN = new URL("../../dist/src/cli/main.js", import.meta.url).pathname;

browserTest(
  "curves grow while a training goes on, and a button pressed twice saves and ends it",
  async () => {
    const out = mkdtempSync(join(tmpdir(), "armgym-stop-"));
    const options = ["--steps", "5000000", "--workers", "1", "--view", "--out", out];
    const training = spawn(process.execPath, [MAIN, "train", "PickPlace-v1", ...options]);
    let said = "";
    const ended = new Promise<number | null>((done) => training.once("exit", done));
    const address = await new Promise<string>((found, lost) => {
      training.stderr.on("data", (text) => {
        said += text;
        const match = /Viewer: (\S+)/.exec(said);
        if (match) found(match[1]!);
      });
      training.once("exit", () => lost(new Error(said)));
    });
    const { page } = await viewer.open({ address });
    await page.getByRole("tab", { name: "Training" }).click();
    await page.waitForFunction(() => document.querySelectorAll("#training .plot").length >= 8);
    const titles = await page
      .locator("#training .plot")
      .evaluateAll((all) => all.map((plot) => (plot as HTMLElement).dataset.title!.split(",")[0]));
    expect(titles).toEqual(
      expect.arrayContaining([
        "Return",
        "Success rate",
        "Approximate KL",
        "Entropy loss",
        "Policy gradient loss",
        "Value loss",
        "Steps per second",
      ]),
    );
    const stop = page.getByRole("button", { name: /stop and save/i });
    await stop.click();
    expect(await stop.textContent()).toBe("Press again to stop and save");
    await stop.click();
    await page.getByText(/^Stopped and saved\. Resume with: /).waitFor();
    expect(await ended).toBe(130);
    // an end that was wanted looks like one, not like a broken connection
    await page.waitForFunction(() => document.querySelector("#connection")!.className === "ended");
    expect(await page.locator("#connection").textContent()).toMatch(/^Stopped and saved\./);
    const [run] = readdirSync(out);
    expect(existsSync(join(out, run!, "checkpoints"))).toBe(true);
    expect(said).toContain("Saved. Resume with: ");
    await page.close();
    rmSync(out, { recursive: true });
  },
);
