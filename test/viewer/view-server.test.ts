// The viewer's server gives nothing away and says what is wrong.
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect } from "vitest";
import { WebSocket } from "ws";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type * as viewServer from "../../src/cli/view/view-server.js";
import type * as viewTargets from "../../src/cli/view/view-target.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { joinEpisodes } from "../../src/recording/recording.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, pauseLiveAt, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);
const RUN = "PickPlace-v1__ppo-mlp__1__tiny";

/** Ask without the clean-up of paths that fetch does. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> {
  const { hostname, port } = new URL(viewer.server.address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

/** Open the live channel as a page of `origin` would; resolves to whether it was let in. */
function connects(origin: string): Promise<boolean> {
  const socket = new WebSocket(`${viewer.server.address.replace("http", "ws")}live`, { origin });
  return new Promise((resolve) => {
    socket.once("open", () => {
      socket.close();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

browserTest("nothing outside the served folders is given", async () => {
  writeFileSync(join(viewer.runs, "secret.txt"), "secret");
  symlinkSync("/etc/passwd", join(viewer.runs, RUN, "episodes", "link.mcap"));
  expect(await ask("/")).toBe(200);
  expect(await ask("/api/runs")).toBe(200);
  for (const path of ["/../package.json", "/..%2f..%2fpackage.json", "/%2e%2e/package.json", "/etc/passwd"]) {
    expect(await ask(path), path).toBe(404);
  }
  for (const name of ["../../secret.txt", "..%2F..%2Fsecret.txt", "%2Fetc%2Fpasswd", ""]) {
    expect(await ask(`/api/recording?run=..&name=${name}`), name).toBe(404);
    expect(await ask(`/api/recording?run=${RUN}&name=${name}`), name).toBe(404);
  }
  expect(await ask(`/api/recording?run=${RUN}&name=link.mcap`)).toBe(404);
  expect(await ask("/", { huge: "x".repeat(40_000) })).toBe(431);
});

browserTest("no other site may ask or listen", async () => {
  expect(await ask("/api/runs", { origin: "http://elsewhere.example" })).toBe(403);
  expect(await ask("/api/runs", { host: "elsewhere.example" })).toBe(403);
  expect(await connects("http://elsewhere.example")).toBe(false);
  expect(await connects(viewer.server.address.replace(/\/$/, ""))).toBe(true);
});

browserTest(
  "a run without a checkpoint has no policy to give, and one that is not there neither",
  async () => {
    const folder = join(viewer.runs, "Reach-v1__ppo-mlp__3__early");
    mkdirSync(folder);
    const config = {
      version: "0.1.0",
      env: "Reach-v1",
      agent: "ppo-mlp",
      envModule: "armgym",
      agentModule: "armgym",
      seed: 3,
      engine: "native",
      workers: 1,
      envConfig: {},
      settings: {},
      resolved: { settings: {}, envConfig: {}, trainEnv: {} },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const early = await fetch(`${viewer.server.address}api/policy?run=Reach-v1__ppo-mlp__3__early`);
    expect([early.status, await early.text()]).toEqual([
      409,
      `${folder} has no checkpoint: the run ended before its first one. Train again.\n`,
    ]);
    expect(await ask("/api/policy?run=..%2F..")).toBe(404);
  },
);
browserTest("only a page of the viewer stops a training, and only by POST", async () => {
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  let stops = 0;
  const server = await built.startViewServer({ runs: viewer.runs, stop: () => stops++ });
  const origin = server.address.replace(/\/$/, "");
  const post = async (headers: Record<string, string>, method = "POST") =>
    (await fetch(`${server.address}api/stop`, { method, headers })).status;
  try {
    expect(await post({ origin: "http://elsewhere.example" })).toBe(403);
    expect(await post({})).toBe(403);
    expect(await post({ origin }, "GET")).toBe(405);
    expect(stops).toBe(0);
    expect(await post({ origin })).toBe(403);
    expect(stops).toBe(0);
    // only the page itself tells it, and no other site can read that
    const page = await (await fetch(server.address)).text();
    const token = /<meta name="armgym-token" content="([\w-]{32})" \/>/.exec(page)![1]!;
    expect(await post({ origin: "http://elsewhere.example", "x-armgym-token": token })).toBe(403);
    expect(await post({ origin, "x-armgym-token": token.replace(/.$/, "!") })).toBe(403);
    expect(await post({ origin, "x-armgym-token": token })).toBe(200);
    // the server's process tells this one
    await expect.poll(() => stops).toBe(1);
    expect(await ask("/api/stop", { origin: viewer.server.address.replace(/\/$/, "") }, "POST")).toBe(404);
  } finally {
    await server.close();
  }
});

browserTest("a page catches up with what happened while the server was gone", async () => {
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  const first = await built.startViewServer({ runs: viewer.runs });
  const { page, errors } = await viewer.open({ address: first.address, hash: `#run=${RUN}` });
  await page.getByText("Connected", { exact: true }).waitFor();
  const count = await page.locator("#episodes li").count();
  await first.close();
  await page.getByText("Connection lost, trying again. Is armgym still running?").waitFor();
  const episodes = join(viewer.runs, RUN, "episodes");
  const [known] = readdirSync(episodes).filter((name) => name.startsWith("step"));
  copyFileSync(join(episodes, known!), join(episodes, "step-00004096-seed-3.mcap"));
  const row = { step: 4096, "rollout/success_rate": 0.25 };
  writeFileSync(join(viewer.runs, RUN, "metrics.jsonl"), `${JSON.stringify(row)}\n`);
  const second = await built.startViewServer({
    runs: viewer.runs,
    port: Number(new URL(first.address).port),
  });
  try {
    await page.getByText("Connected", { exact: true }).waitFor();
    await page.waitForFunction((old) => document.querySelectorAll("#episodes li").length === old + 1, count);
    await page.getByRole("tab", { name: "Training" }).click();
    await page.locator("#training .legend-value").getByText("0.250").waitFor();
    expect(errors.filter((text) => !text.includes("ERR_CONNECTION_REFUSED"))).toEqual([]);
    await page.close();
  } finally {
    await second.close();
    rmSync(join(episodes, "step-00004096-seed-3.mcap"));
    rmSync(join(viewer.runs, RUN, "metrics.jsonl"));
  }
});

browserTest("a port in use is said with the way out", async () => {
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  const port = Number(new URL(viewer.server.address).port);
  await expect(built.startViewServer({ runs: viewer.runs, port })).rejects.toThrow(
    `Port ${port} is in use. Choose another with --port, or leave it out for any free one.`,
  );
});

browserTest(
  "a file of demonstrations plays as separate episodes, each of which goes on in the page",
  async () => {
    const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
    const folder = join(viewer.runs, "demonstrations");
    mkdirSync(folder);
    const env = envs["PickPlace-v1"].create();
    const actor = expertPolicy(experts["PickPlace-v1"], env.spec);
    const recorded = [4, 5].map((seed) =>
      recordDemonstration(env, actor, seed, { agent: "expert", noise: 0 }),
    );
    writeFileSync(join(folder, "demos.mcap"), await writeRecording(joinEpisodes(recorded)));
    const server = await built.startViewServer({ runs: folder, loose: "demos.mcap" });
    try {
      const { page, errors } = await viewer.open({
        address: server.address,
        hash: "#run=demos.mcap&episode=demos.mcap",
      });
      expect(await page.locator(".episode").allTextContents()).toEqual([
        expect.stringContaining("Seed 5"),
        expect.stringContaining("Seed 4"),
      ]);
      expect(await stateOf(page)).toMatchObject({ episode: "demos.mcap:0", numFrames: 51 });
      await page.locator("#episodes button[data-name='demos.mcap:1']").click();
      await page.waitForFunction(() => window.armgymViewer.episode === "demos.mcap:1");
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await page.keyboard.press("End");
      expect(await page.locator("#clock").textContent()).toContain("2.50");
      await page.getByRole("slider", { name: "Time" }).fill("20");
      await page.getByRole("tab", { name: "Live" }).click();
      await page.getByLabel("Who acts").selectOption("recorded");
      await page.locator("#continue").click();
      await pauseLiveAt(page, 22);
      const { index, poses } = await page.evaluate(() => ({
        index: window.armgymLive.index,
        poses: window.armgymLive.frame!.poses,
      }));
      expect(poses).toEqual(recorded[1]!.frames[index]!.poses.map((value) => expect.closeTo(value, 6)));
      expect(errors).toEqual([]);
      await page.close();
    } finally {
      await server.close();
    }
  },
);

browserTest("a recording outside of any run is served alone, and opens", async () => {
  const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;
  const folder = join(viewer.runs, "elsewhere");
  mkdirSync(folder);
  const [name] = readdirSync(join(viewer.runs, RUN, "episodes")).filter((file) => file.startsWith("step"));
  for (const copy of ["demos.mcap", "other.mcap"])
    copyFileSync(join(viewer.runs, RUN, "episodes", name!), join(folder, copy));
  const { viewTarget } = (await import(
    "../../dist/src/cli/view/view-target.js" as string
  )) as typeof viewTargets;
  const target = viewTarget(join(folder, "demos.mcap"));
  expect(target).toEqual({ runs: folder, loose: "demos.mcap", episode: "demos.mcap" });
  const server = await built.startViewServer(target);
  try {
    const listed = (await (await fetch(`${server.address}api/runs`)).json()) as { run: string }[];
    expect(listed.map(({ run }) => run)).toEqual(["demos.mcap"]);
    const status = async (file: string) =>
      (await fetch(`${server.address}api/recording?run=${file}&name=${file}`)).status;
    expect([await status("demos.mcap"), await status("other.mcap")]).toEqual([200, 404]);
  } finally {
    await server.close();
  }
});
