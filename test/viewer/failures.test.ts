// What the page says where a recording, the browser or the robot fails.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readRecording } from "../../src/replay/mcap-read.js";
import { writeRecording } from "../../src/replay/mcap-write.js";
import type { EpisodeRecording } from "../../src/replay/recording.js";
import { POSE_SIZE } from "../../src/replay/scene.js";
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
