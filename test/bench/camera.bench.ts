// Frames per second of the cameras on PickPlace-v1, beside three.js in headless Chromium that reads its pixels back.
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { POSE_SIZE } from "../../src/scene/scene.js";
import { Camera } from "../../src/sensors/camera/camera.js";
import { PLAIN_LOOK } from "../../src/sensors/camera/shading/look.js";
import { median } from "./child.js";
import { openThreePage } from "./three-page.js";

const POSES = 64;
const ROUNDS = 7;
const FRAMES = 2000;
const THREE_FRAMES = 60;

/** Measure ours, by processor time, and three.js by turns in one run; one thread draws an arm on its way down to a cube. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const { browser, page } = await openThreePage();
  const add = (what: string, value: number, ratio?: number) =>
    rows.push({
      what,
      value,
      unit: "frames/s",
      against:
        ratio === undefined ? null : "three.js in headless Chromium, pixels read back, both by the clock",
      ratio: ratio ?? null,
    });
  for (const size of [64, 84, 128]) {
    const cameras = ["front", "side", "wrist"].map((name) => ({ name, width: size, height: size }));
    const env = envs["PickPlace-v1"].create({ observationMode: "camera", cameras });
    const scene = env.scene();
    const poses: Float64Array[] = [];
    env.reset({ seed: 1 });
    for (let k = 0; k < POSES; k++) {
      const pose = new Float64Array(POSE_SIZE * scene.entities.length);
      env.poses(pose);
      poses.push(pose);
      if (env.step([0.2, 0.2, -0.4, 1]).truncated) env.reset();
    }
    const [front, side, wrist] = env.spec.image!.cameras.map((camera) => new Camera(scene, camera));
    const shadowed = new Camera(scene, front!.description, { ...PLAIN_LOOK, shadows: true });
    const depth = new Float32Array(size * size);
    const labels = new Uint16Array(size * size);
    const rgb = (camera: Camera) => (pose: Float64Array) => camera.render(pose);
    const works = {
      front: rgb(front!),
      side: rgb(side!),
      wrist: rgb(wrist!),
      "front with depth and segmentation": (pose: Float64Array) => {
        front!.render(pose);
        front!.depth(depth);
        front!.segmentation(labels);
      },
      "front with shadows": rgb(shadowed),
    };
    const rates = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
    // three.js is timed by the clock, so it is compared with the clock of ours
    const [theirs, ours]: [number[], number[]] = [[], []];
    const request = { scene, poses: [...poses[0]!], camera: front!.description };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, work] of Object.entries(works)) {
        const { processor, clock } = framesPerSecond(work, poses);
        rates.get(name)!.push(processor);
        if (name === "front") ours.push(clock);
      }
      const milliseconds = await page.evaluate(([asked, count]) => window.timeThree(asked, count), [
        request,
        THREE_FRAMES,
      ] as const);
      theirs.push((1000 * THREE_FRAMES) / milliseconds);
    }
    const three = median(theirs);
    for (const [name, values] of rates)
      add(
        `${size} x ${size} RGB, ${name}`,
        median(values.slice(1)),
        name === "front" ? median(ours.slice(1)) / three : undefined,
      );
    add(`${size} x ${size} RGB, front, three.js in headless Chromium`, three);
  }
  await browser.close();
  return rows;
}

/** Frames per second of processor time, and of the clock. */
function framesPerSecond(
  work: (pose: Float64Array) => unknown,
  poses: readonly Float64Array[],
): { processor: number; clock: number } {
  const [begin, start] = [performance.now(), process.cpuUsage()];
  for (let k = 0; k < FRAMES; k++) work(poses[k % poses.length]!);
  const { user, system } = process.cpuUsage(start);
  return {
    processor: (1e6 * FRAMES) / (user + system),
    clock: (1000 * FRAMES) / (performance.now() - begin),
  };
}
