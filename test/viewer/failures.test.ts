// What the page says where a recording, the browser or the robot fails.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { POSE_SIZE } from "../../src/scene/scene.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, stateOf, viewerFixture } from "./viewer-page.js";

const RUN = "PickPlace-v1__ppo-mlp__1__tiny";
const viewer = viewerFixture(async (runs) => {
  await runTiny(runs);
  const folder = join(runs, RUN, "episodes");
  const bytes = readFileSync(join(folder, "step-00000000-seed-1.mcap"));
  writeFileSync(join(folder, "cut.mcap"), bytes.subarray(0, bytes.length / 2));
  const whole = readRecording(bytes, "step-00000000-seed-1.mcap");
  writeFileSync(join(folder, "robotless.mcap"), await writeRecording(withoutLinks(whole)));
  writeFileSync(join(folder, "cameras.mcap"), await writeRecording(withCameras(whole)));
  writeFileSync(join(folder, "old.mcap"), await writeRecording(asBefore(whole)));
  writeFileSync(join(folder, "step-00000000-seed-77.mcap"), "no recording");
});

function withoutLinks({ header, frames }: EpisodeRecording): EpisodeRecording {
  const kept = header.scene.entities.map(({ kind }) => kind !== "link");
  return {
    header: { ...header, scene: { entities: header.scene.entities.filter((_, k) => kept[k]) } },
    frames: frames.map((frame) => ({
      ...frame,
      poses: frame.poses.filter((_, k) => kept[Math.floor(k / POSE_SIZE)]),
    })),
  };
}

function withCameras({ header, frames }: EpisodeRecording): EpisodeRecording {
  const camera = {
    width: 64,
    height: 48,
    fovDeg: 50,
    position: [0, 0, 0.4] as [number, number, number],
    quaternion: [0, 0, 0, 1] as [number, number, number, number],
    goalMarker: "hidden" as const,
    goalFootprint: false,
  };
  const cameras = [
    { ...camera, name: "front" },
    { ...camera, name: "wrist", link: "lost_link" },
  ];
  return { header: { ...header, cameras }, frames };
}

/** A recording as it was made before limits, units and commands were kept. */
function asBefore({ header, frames }: EpisodeRecording): EpisodeRecording {
  const {
    observationUnits: _u,
    jointLimits: _l,
    toolLinks: _t,
    rewardWeights: _w,
    gamma: _g,
    ...old
  } = header;
  return {
    header: old,
    frames: frames.map(({ actionMean: _m, actionStd: _s, tool: _p, commandedTool: _c, ...frame }) => frame),
  };
}

browserTest("a recording that breaks off is played as far as it goes, and says so", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=cut.mcap` });
  const { numFrames } = await stateOf(page);
  expect(numFrames > 5 && numFrames < 51, String(numFrames)).toBe(true);
  expect(await page.locator("#banner").textContent()).toMatch(
    /^This recording breaks off \(.+\)\. Shown is what is there: the first \d+ states\.$/,
  );
  await page.keyboard.press("End");
  expect((await stateOf(page)).frame).toBe(numFrames - 1);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("a recording without its robot says so, and its plots are there", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=robotless.mcap` });
  expect(await page.locator("#banner").textContent()).toMatch(
    /^This recording does not hold the shapes of panda, so no arm is drawn\. The plots show all that was recorded/,
  );
  expect(await page.locator("#plots .plot").count()).toBeGreaterThan(6);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("a camera on a link that is not there is named, the others are drawn", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=cameras.mcap` });
  expect(await page.locator("#banner").textContent()).toBe(
    'Camera "wrist" is fixed to "lost_link", which the scene lacks, so it is not drawn.',
  );
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("an old recording opens with what it has", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=old.mcap` });
  expect((await stateOf(page)).numFrames).toBe(51);
  expect(await page.locator("#banner").isVisible()).toBe(false);
  expect(await page.locator(".plot[data-title='Reward terms']").count()).toBe(1);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest("without WebGL the page says what to do, and the plots still follow the time", async () => {
  const { page } = await viewer.open({ webgl: false });
  expect(await page.locator("#banner").textContent()).toBe(
    "This browser shows no WebGL, so there is no picture. Switch on hardware acceleration, or open the page in another browser.",
  );
  await page.getByRole("slider", { name: "Time" }).fill("40");
  expect((await stateOf(page)).frame).toBe(40);
  expect(await page.locator("#clock").textContent()).toBe("2.00 s · step 40");
  await page.locator(".episode[data-name='step-00000000-seed-2.mcap']").click();
  await page.waitForFunction(() => window.armgymViewer.episode?.includes("seed-2"));
  expect(await page.locator("#banner").isVisible()).toBe(true);
  await page.close();
});

/** What the scene looks like: how many colours it has, and a number that is equal for equal pictures. */
const PICTURE = `(() => {
  const canvas = document.querySelector("canvas#canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const colors = new Set();
  let sum = 7;
  for (let k = 0; k < data.length; k += 4) {
    const color = (data[k] << 16) | (data[k + 1] << 8) | data[k + 2];
    colors.add(color);
    sum = (sum * 31 + color) % 1000003;
  }
  return { colors: colors.size, sum };
})()`;

async function pictureOf(page: Page): Promise<{ readonly colors: number; readonly sum: number }> {
  // coarse while it changes, fine at rest
  await page.waitForFunction(() => {
    const canvas = document.querySelector("canvas#canvas") as HTMLCanvasElement;
    return Math.abs(canvas.width / canvas.clientWidth - 1.5) < 0.01;
  });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(PICTURE);
}

browserTest("nothing of another episode stays under the name of a file that cannot be read", async () => {
  const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=step-00000000-seed-1.mcap` });
  await page.keyboard.press("Space");
  const unreadable = page.locator(".episode[data-name='step-00000000-seed-77.mcap']");
  // the name of the file tells the seed
  expect(await unreadable.textContent()).toBe("?Seed 77unreadable · at 0");
  expect((await pictureOf(page)).colors).toBeGreaterThan(200);
  await unreadable.click();
  await page.getByText("step-00000000-seed-77.mcap is not a whole recording: ").waitFor();
  expect(await stateOf(page)).toMatchObject({ numFrames: 0, playing: false });
  expect(await page.locator("#plots .plot, #plots .plot-section").count()).toBe(0);
  for (const id of ["badge", "joint-warning", "drawn", "banner"])
    expect(await page.locator(`#${id}`).isVisible(), id).toBe(false);
  expect(await page.locator("#clock").textContent()).toBe("–");
  expect(await page.locator("#controls").evaluate((controls) => (controls as HTMLElement).inert)).toBe(true);
  expect(await page.locator("#continue").isDisabled()).toBe(true);
  expect((await pictureOf(page)).colors).toBe(1);
  await page.getByRole("tab", { name: "Policy" }).click();
  await page.getByText("No episode is shown.").waitFor();
  await page.getByRole("tab", { name: "Episode" }).click();
  await page.locator(".episode[data-name='step-00000000-seed-2.mcap']").click();
  await page.waitForFunction(() => window.armgymViewer.numFrames === 51);
  expect(await page.locator("#controls").evaluate((controls) => (controls as HTMLElement).inert)).toBe(false);
  expect(errors).toEqual([]);
  await page.close();
});

browserTest(
  "graphics that the browser takes away are said, and come back with the same picture",
  async () => {
    const { page, errors } = await viewer.open({ hash: `#run=${RUN}&episode=cameras.mcap` });
    await page.keyboard.press("Space");
    await page.getByRole("slider", { name: "Time" }).fill("30");
    // drawn coarsely while it changes and finely at rest, which a busy machine takes its time for
    await page.waitForTimeout(1500);
    const before = await pictureOf(page);
    const camera = await page.locator("#banner").textContent();
    await page.evaluate(() => {
      const gl = document.querySelector<HTMLCanvasElement>("canvas#canvas")!.getContext("webgl2")!;
      const taken = gl.getExtension("WEBGL_lose_context")!;
      Object.assign(window, { giveBack: () => taken.restoreContext() });
      taken.loseContext();
    });
    const lost =
      "The browser has taken the graphics away from this page, so there is no picture. The plots go on; the picture comes back as soon as the browser allows it.";
    await page.getByText(lost).waitFor();
    // what was said of the recording is still said
    expect(await page.locator("#banner").textContent()).toBe(`${lost} ${camera}`);
    expect(await page.locator("#canvas").isVisible()).toBe(false);
    await page.getByRole("slider", { name: "Time" }).fill("40");
    expect(await page.locator("#clock").textContent()).toBe("2.00 s · step 40");
    await page.getByRole("button", { name: "Save a picture" }).click();
    await page.getByText("There is no picture to save until the browser gives the graphics back.").waitFor();
    await page.getByRole("slider", { name: "Time" }).fill("30");
    await page.evaluate(() => (window as unknown as { giveBack(): void }).giveBack());
    await page.waitForFunction((wanted) => document.querySelector("#banner")!.textContent === wanted, camera);
    expect(await page.locator("#canvas").isVisible()).toBe(true);
    await expect.poll(() => pictureOf(page), { timeout: 60_000, interval: 1000 }).toEqual(before);
    expect(errors.filter((text) => !/CONTEXT_LOST|Context Lost/i.test(text))).toEqual([]);
    await page.close();
  },
);
