// Robots that are drawn by meshes: in a page that is served, and in one that opens from disk.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { envs } from "../../envs/index.js";
import type * as viewExport from "../../src/cli/view/view-export.js";
import type * as viewServer from "../../src/cli/view/view-server.js";
import { frameOf, headerOf } from "../../src/episodes/record-episode.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { panda } from "../../src/robots/models/panda.js";
import { hashOfMeshFile } from "../../src/runs/mesh-files.js";
import { writeMeshFile } from "../../src/scene/mesh-file.js";
import { browserTest, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(async () => {});

/** A tetrahedron as large as the arm. */
const bytes = writeMeshFile([
  {
    positions: Float32Array.of(-0.3, -0.3, 0, 0.3, -0.3, 0, 0, 0.3, 0, 0, 0, 1),
    indices: Uint32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3),
  },
]);
const placed = { position: [0, 0, 0], quaternion: [0, 0, 0, 1] } as const;
const base = [
  {
    ...{ type: "mesh", file: hashOfMeshFile(bytes), mesh: 0, low: [-0.3, -0.3, 0], high: [0.3, 0.3, 1] },
    ...{ ...placed, color: [1, 0, 1, 1], seenBy: "people" },
  },
  { type: "sphere", radius: 0.3, ...placed, color: [0, 1, 0, 1], seenBy: "cameras" },
] as const;
const links = Object.fromEntries(panda.articulation.links.map(({ name }) => [name, []]));

/** Shares of the scene's pixels in the colours of the mesh and of what cameras see. */
async function shares(page: Page): Promise<{ readonly mesh: boolean; readonly hull: boolean }> {
  await page.waitForFunction(() => window.armgymViewer?.ready);
  await page.waitForTimeout(1500);
  return page.evaluate(() => {
    const source = document.querySelector<HTMLCanvasElement>("#canvas")!;
    const copy = Object.assign(document.createElement("canvas"), { width: 200, height: 150 });
    const context = copy.getContext("2d")!;
    context.drawImage(source, 0, 0, 200, 150);
    const { data } = context.getImageData(0, 0, 200, 150);
    let [mesh, hull] = [0, 0];
    for (let o = 0; o < data.length; o += 4) {
      const [r, g, b] = [data[o]!, data[o + 1]!, data[o + 2]!];
      if (r > g + 60 && b > g + 60) mesh++;
      if (g > r + 60 && g > b + 60) hull++;
    }
    return { mesh: mesh > 300, hull: hull > 300 };
  });
}

browserTest("meshes are drawn where they are found, else what cameras see, which is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-meshes-"));
  const recording = join(folder, "one.mcap");
  const robot = JSON.stringify({ ...panda, id: "meshy", looks: { base, links } });
  const env = envs["Reach-v1"].create({ robot });
  const start = env.reset({ seed: 1 });
  const source = { agent: "none", policySteps: 0 };
  const frames = [frameOf({ env, time: 0, reward: 0, ...start }, [], null)];
  const header = headerOf(env, "1", source);
  writeFileSync(recording, await writeRecording({ header, frames }));
  const { exportHtml } = (await import(
    "../../dist/src/cli/view/view-export.js" as string
  )) as typeof viewExport;
  const { startViewServer } = (await import(
    "../../dist/src/cli/view/view-server.js" as string
  )) as typeof viewServer;
  const target = { runs: folder, loose: "one.mcap" };
  const see = async (address: string) => {
    const { page, errors } = await viewer.open({ address });
    const seen = await shares(page);
    await page.close();
    return { ...seen, errors };
  };
  const page = join(folder, "out.html");
  // nothing is there yet: a stand-in
  expect(await exportHtml(target, page)).toMatchObject({ leftMeshes: [] });
  expect(await see(pathToFileURL(page).href)).toEqual({ mesh: false, hull: true, errors: [] });
  mkdirSync(join(folder, "robots"));
  writeFileSync(join(folder, "robots/meshy.meshes.glb"), bytes);
  const { leftMeshes, bytes: whole } = await exportHtml(target, page);
  expect(leftMeshes).toEqual([]);
  expect(await see(pathToFileURL(page).href)).toEqual({ mesh: true, hull: false, errors: [] });
  const { leftMeshes: left } = await exportHtml(target, page, whole - 100);
  expect(left).toEqual([
    expect.stringMatching(
      /^The meshes of a robot are not in the page, which would be larger than \d+ MB with them: it is drawn as simple shapes\.$/,
    ),
  ]);
  const server = await startViewServer(target);
  expect(await see(`${server.addresses[0]}#run=one.mcap&episode=one.mcap`)).toEqual({
    ...{ mesh: true, hull: false, errors: [] },
  });
  await server.close();
  rmSync(folder, { recursive: true });
});
