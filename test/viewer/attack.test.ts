// Whatever is sent to the viewer's port: nothing gets through, and a training beside it does not notice.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type * as viewServer from "../../src/cli/view/view-server.js";
import {
  checkpointOf,
  metricsOf,
  QUICK,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  writeLineEnv,
} from "../cli/command.js";
import { attackRequests, PLANTED, plant, SECRET, sendRaw } from "./attack-requests.js";

const built = (await import("../../dist/src/cli/view/view-server.js" as string)) as typeof viewServer;

/** Serve `runs` until the test ends. */
async function serve(options: viewServer.ViewServerOptions): Promise<viewServer.ViewServer> {
  const server = await built.startViewServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** Ids of the processes that `parent` has started. */
function childrenOf(parent: number): number[] {
  const listed = execFileSync("ps", ["-e", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  return listed
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, name]) => Number(ppid) === parent && name !== "ps")
    .map(([pid]) => Number(pid));
}

/** Ask again and again until the server answers, at most 20 s. */
async function answers(address: string): Promise<boolean> {
  for (let k = 0; k < 100; k++) {
    const response = await fetch(`${address}api/runs`).catch(() => undefined);
    if (response) return response.ok;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

/** Wait until a training goes on; returns where it is served, and what it has said so far. */
async function watch(training: RunningCommand): Promise<{ address: string; said: () => string }> {
  let said = "";
  training.process.stderr!.on("data", (text: Buffer) => (said += text));
  await training.says("Training Line-v1");
  return { address: /Viewer: (\S+)/.exec(said)![1]!, said: () => said };
}

test("no request of the list gets through, and the training beside it ends with the same bits", async () => {
  const folder = temporaryFolder();
  // slow enough to outlast the requests whatever the processor
  const slow = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);";
  const options = ["--workers", "1", "--steps", "8192", ...QUICK];
  const quick = writeLineEnv(join(folder, "quick"), "line.ts");
  const plain = await runCommand(["train", quick, ...options, "--json", "--out", join(folder, "plain")]);
  const out = join(folder, "watched");
  plant(out);
  const training = startCommand([
    "train",
    writeLineEnv(join(folder, "slow"), "line.ts", { afterStep: slow }),
    ...options,
    "--view",
    "--out",
    out,
  ]);
  const { address, said } = await watch(training);
  const through: unknown[] = [];
  await Promise.all(
    attackRequests.map(async ({ what, sent, answers: right }, index) => {
      await new Promise((resolve) => setTimeout(resolve, 15 * index));
      const { status, head, body } = await sendRaw(address, sent);
      const isRight = status !== undefined && right.includes(status) && !`${head}${body}`.includes(SECRET);
      if (!isRight) through.push({ what, right, status, head, body: body.slice(0, 200) });
    }),
  );
  expect(through).toEqual([]);
  expect(attackRequests.length).toBeGreaterThanOrEqual(60);
  expect(await answers(address)).toBe(true);
  // the server's process and no other
  const servers = childrenOf(training.process.pid!);
  expect(servers).toHaveLength(1);
  process.kill(servers[0]!, "SIGKILL");
  await training.says("The viewer's server ended (SIGKILL) and is started again at ");
  expect(await answers(address)).toBe(true);
  expect(said()).not.toContain("Measuring the best policy");
  await training.says("The viewer stays at ");
  training.process.kill("SIGINT");
  const { code, stderr } = await training.done;
  expect(code).toBe(0);
  expect(stderr.split("\n").filter((line) => line.includes("The viewer's server ended"))).toEqual([
    `The viewer's server ended (SIGKILL) and is started again at ${address}. Training continues.`,
  ]);
  const [run, ...others] = readdirSync(out).filter((name) => name.startsWith("Line-v1"));
  expect(others).toEqual([]);
  const expected = JSON.parse(plain.stdout).run as string;
  expect(await checkpointOf(join(out, run!))).toEqual(await checkpointOf(expected));
  expect(metricsOf(join(out, run!))).toEqual(metricsOf(expected));
});

test("more connections than a server takes, and pages that do not read, hold up nobody", async () => {
  const runs = temporaryFolder();
  const episodes = join(runs, PLANTED.run, "episodes");
  mkdirSync(episodes, { recursive: true });
  writeFileSync(join(runs, PLANTED.run, "config.json"), JSON.stringify({ env: "Line-v1", agent: "ppo-mlp" }));
  writeFileSync(join(episodes, "long.mcap"), new Uint8Array(2 ** 24));
  const { address, broadcast } = await serve({ runs });
  const { hostname, port, host } = new URL(address);
  const lazy = Array.from({ length: 20 }, () => {
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on("error", () => undefined);
    socket.write(`GET /api/recording?run=${PLANTED.run}&name=long.mcap HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    return socket;
  });
  const pages = Array.from(
    { length: 30 },
    () => new WebSocket(`ws://${host}/live`, { origin: `http://${host}` }),
  );
  const opened = await Promise.all(
    pages.map(
      (page) =>
        new Promise<boolean>((resolve) => {
          page.once("open", () => resolve(true));
          page.on("error", () => resolve(false));
        }),
    ),
  );
  expect(opened.filter(Boolean)).toHaveLength(24);
  const [deaf, ...others] = pages.filter((_, index) => opened[index]);
  deaf!.pause();
  // more than the buffers of the system and those of the server
  const values = { step: 1, ["x".repeat(20_000)]: 1 };
  let heard = 0;
  others[0]!.on("message", () => heard++);
  for (let step = 0; step < 1000; step++) {
    broadcast({ type: "metrics", run: "run", values });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await expect.poll(() => heard, { timeout: 20_000 }).toBeGreaterThanOrEqual(900);
  const gone = new Promise((resolve) => deaf!.once("close", resolve));
  deaf!.resume();
  await gone;
  const flood = Array.from({ length: 300 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    return socket;
  });
  for (const socket of [...flood, ...lazy]) socket.destroy();
  for (const page of others) page.terminate();
  expect(await answers(address)).toBe(true);
});

test("a server that hangs takes neither memory nor time from whoever tells it events", async () => {
  const before = childrenOf(process.pid);
  const server = await built.startViewServer({ runs: temporaryFolder() });
  const [pid] = childrenOf(process.pid).filter((id) => !before.includes(id));
  process.kill(pid!, "SIGSTOP");
  const values = { step: 1, ["x".repeat(10_000)]: 1 };
  const start = process.memoryUsage().rss;
  for (let step = 0; step < 20_000; step++) server.broadcast({ type: "metrics", run: "run", values });
  // unbounded it would be 200 MB and more
  expect((process.memoryUsage().rss - start) / 2 ** 20).toBeLessThan(100);
  const begin = performance.now();
  await server.close();
  expect(performance.now() - begin).toBeLessThan(10_000);
});

test("every answer tells browsers what they may not do with it, and is packed for those that unpack", async () => {
  const runs = temporaryFolder();
  const episodes = join(runs, PLANTED.run, "episodes");
  mkdirSync(episodes, { recursive: true });
  const config = { env: "Line-v1", agent: "ppo-mlp", note: "a".repeat(5000) };
  writeFileSync(join(runs, PLANTED.run, "config.json"), JSON.stringify(config));
  writeFileSync(join(episodes, "long.mcap"), new Uint8Array(100_000));
  const { address } = await serve({ runs, stop: () => undefined });
  const page = await (await fetch(address)).text();
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)![1]!;
  const recording = `api/recording?run=${PLANTED.run}&name=long.mcap`;
  // the script of the worker that continues episodes, too: nothing may make code of text
  const worker = `assets/${readdirSync("dist/viewer/assets").find((name) => /^live\.worker-.*\.js$/.test(name))}`;
  for (const path of ["", script, worker, "api/runs", recording, "api/unknown"]) {
    const { headers } = await fetch(address + path);
    expect(Object.fromEntries(headers), path).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; " +
        "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
  }
  for (const path of [script, "api/runs", recording]) {
    const ask = (encoding: string) =>
      sendRaw(
        address,
        `GET /${path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nAccept-Encoding: ${encoding}\r\n\r\n`,
      );
    const [plain, packed, refused] = [await ask("identity"), await ask("br, gzip"), await ask("gzip;q=0")];
    expect(packed.head, path).toMatch(/content-encoding: gzip/i);
    expect(packed.body.length, path).toBeLessThan(plain.body.length / 2);
    expect(refused.body.length, path).toBe(plain.body.length);
  }
  const unpacked = new Uint8Array(await (await fetch(address + recording)).arrayBuffer());
  expect(unpacked).toEqual(new Uint8Array(100_000));
});

test("a run that is a link is listed and opens; what leads out of a run is neither", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-links-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const runs = join(folder, "runs");
  const elsewhere = join(folder, "elsewhere");
  plant(elsewhere);
  writeFileSync(join(elsewhere, PLANTED.run, "episodes", "own.mcap"), "own");
  mkdirSync(runs);
  symlinkSync(join(elsewhere, PLANTED.run), join(runs, "linked"));
  symlinkSync(join(folder, "nowhere"), join(runs, "broken"));
  mkdirSync(join(runs, "stolen"));
  symlinkSync(join(elsewhere, PLANTED.run, "config.json"), join(runs, "stolen", "config.json"));
  const { address } = await serve({ runs });
  const listed = (await (await fetch(`${address}api/runs`)).json()) as {
    run: string;
    episodes: { name: string }[];
  }[];
  expect(listed.map(({ run, episodes }) => [run, episodes.map(({ name }) => name)])).toEqual([
    ["linked", ["own.mcap"]],
  ]);
  const open = async (name: string) =>
    (await fetch(`${address}api/recording?run=linked&name=${name}`)).status;
  expect([await open("own.mcap"), await open(PLANTED.link), await open(PLANTED.pipe)]).toEqual([
    200, 404, 404,
  ]);
  // a recording that the user names may be a link as well
  symlinkSync(join(elsewhere, PLANTED.run, "episodes", "own.mcap"), join(runs, "loose.mcap"));
  const loose = await serve({ runs, loose: "loose.mcap" });
  const response = await fetch(`${loose.address}api/recording?run=loose.mcap&name=loose.mcap`);
  expect(await response.text()).toBe("own");
});

test("a server for the whole network tells addresses that work, and answers to their names alone", async () => {
  const server = await serve({ runs: temporaryFolder(), host: "0.0.0.0" });
  const cards = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const own = cards.filter(({ internal, family }) => !internal && family === "IPv4");
  const { port } = new URL(server.address);
  expect(server.addresses).toEqual(
    ["127.0.0.1", ...own.map(({ address }) => address)].map((name) => `http://${name}:${port}/`),
  );
  for (const address of server.addresses) {
    const origin = address.replace(/\/$/, "");
    expect((await fetch(`${address}api/runs`, { headers: { origin } })).status, address).toBe(200);
  }
  const foreign = "GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n";
  expect((await sendRaw(server.address, foreign)).status).toBe(403);
});
