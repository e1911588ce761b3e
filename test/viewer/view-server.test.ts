// The viewer's server gives nothing away and says what is wrong.
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect } from "vitest";
import { WebSocket } from "ws";
import type * as viewServer from "../../src/cli/view-server.js";
import { runTiny } from "./tiny-run.js";
import { browserTest, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(runTiny);
const RUN = "PickPlace-v1__ppo-mlp__1__tiny";

/** Ask without the clean-up of paths that fetch does. */
function ask(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(viewer.server.address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
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

browserTest("a port in use is said with the way out", async () => {
  const built = (await import("../../dist/src/cli/view-server.js" as string)) as typeof viewServer;
  const port = Number(new URL(viewer.server.address).port);
  await expect(built.startViewServer({ runs: viewer.runs, port })).rejects.toThrow(
    `Port ${port} is in use. Choose another with --port, or leave it out for any free one.`,
  );
});

browserTest("a recording outside of any run is served alone, and opens", async () => {
  const built = (await import("../../dist/src/cli/view-server.js" as string)) as typeof viewServer;
  const folder = join(viewer.runs, "elsewhere");
  mkdirSync(folder);
  const [name] = readdirSync(join(viewer.runs, RUN, "episodes")).filter((file) => file.startsWith("step"));
  for (const copy of ["demos.mcap", "other.mcap"])
    copyFileSync(join(viewer.runs, RUN, "episodes", name!), join(folder, copy));
  const target = built.viewTarget(join(folder, "demos.mcap"));
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
