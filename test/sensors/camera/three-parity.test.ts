// Our pictures beside those of three.js, and those of the browser beside those of Node.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";
import { Camera } from "../../../src/sensors/camera/camera.js";
import { openThreePage } from "../../bench/three-page.js";
import { hasChromium } from "../../viewer/browser.js";

const SIZE = 96;
const runs = hasChromium || Boolean(process.env.CI);
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (runs) ({ browser, page } = await openThreePage());
});
afterAll(() => browser?.close());

test.skipIf(!runs).each(["panda", "ur5e"])(
  "on %s each camera sees what three.js draws, and in the browser the same bits as in Node",
  async (robot) => {
    const cameras = ["front", "side", "wrist"].map((name) => ({
      name,
      width: SIZE,
      height: SIZE,
      goalMarker: "hidden" as const,
      goalFootprint: false,
    }));
    const env = envs["PickPlace-v1"].create({ robot, observationMode: "camera", cameras });
    env.reset({ seed: 11 });
    for (let step = 0; step < 5; step++) env.step([0.5, -0.4, -0.8, 0.5]);
    const scene = env.scene();
    const poses = new Float64Array(POSE_SIZE * scene.entities.length);
    env.poses(poses);
    for (const camera of env.spec.image!.cameras) {
      const drawn = await page.evaluate((request) => window.drawBoth(request), {
        scene,
        poses: [...poses],
        camera,
      });
      const ours = new Camera(scene, camera);
      expect([...ours.render(poses)]).toEqual(drawn.ours);
      const labels = ours.segmentation(new Uint16Array(SIZE * SIZE));
      expect([...labels]).toEqual(drawn.ourLabels);
      const difference = drawn.ours.reduce((sum, value, o) => sum + Math.abs(value - drawn.theirs[o]!), 0);
      let [inside, equal] = [0, 0];
      for (let row = 1; row < SIZE - 1; row++) {
        for (let column = 1; column < SIZE - 1; column++) {
          const o = row * SIZE + column;
          const near = [-SIZE - 1, -SIZE, -SIZE + 1, -1, 1, SIZE - 1, SIZE, SIZE + 1];
          if (near.some((step) => labels[o + step] !== labels[o])) continue;
          inside++;
          if (drawn.theirLabels[o] === labels[o]) equal++;
        }
      }
      const mean = difference / drawn.ours.length;
      console.log(
        `${robot} ${camera.name}: mean absolute difference ${mean.toFixed(3)} of 255, labels equal ${((100 * equal) / inside).toFixed(2)} %`,
      );
      expect([camera.name, equal / inside]).toEqual([camera.name, expect.closeTo(1, 2)]);
      expect(equal / inside).toBeGreaterThanOrEqual(0.99);
      expect(mean).toBeLessThan(1);
    }
  },
);
