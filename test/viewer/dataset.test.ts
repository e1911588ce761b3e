// A data set of LeRobot in the page: its numbers and the pictures that it holds.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { decode } from "fast-png";
import { expect } from "vitest";
import { openLeRobot, readEpisodeRows } from "../../src/recording/lerobot-read.js";
import { datasetFolder } from "../../src/runs/dataset-folder.js";
import { runCommand } from "../cli/command.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const DATASET = resolve("test/recording/lerobot/image");
const viewer = viewerFixture(async () => {});

browserTest("the pictures of a data set are shown pixel by pixel, beside its numbers", async () => {
  const file = join(viewer.runs, "out.html");
  const { code, stderr } = await runCommand(["view", DATASET, "--html", file]);
  expect(code, stderr).toBe(0);
  const { page, errors, foreign } = await viewer.open({ address: pathToFileURL(file).href });
  await page.locator("#episodes button[data-name='episode-000001.mcap']").click();
  await page.waitForFunction(() => window.armgymViewer.episode === "episode-000001.mcap");
  expect((await stateOf(page)).numFrames).toBe(16);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("slider", { name: "Time" }).fill("4");
  await page.getByRole("tab", { name: "Policy" }).click();
  const canvas = page.locator(".sight-stage canvas").first();
  await canvas.waitFor();
  const rows = await readEpisodeRows(await openLeRobot(datasetFolder(DATASET)), 1, [
    "observation.images.front",
  ]);
  const { bytes } = rows[4]!["observation.images.front"] as { readonly bytes: Uint8Array };
  const drawn = await canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
    return [...data].filter((_, k) => k % 4 !== 3);
  });
  expect(drawn).toEqual([...decode(bytes).data]);
  expect(await page.locator(".sight figcaption").first().textContent()).toBe("front 64 × 48");
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await page.close();
});
