import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import type { ExportedPolicy } from "../../../src/deploy/bundle.js";
import { servePolicy } from "../../../src/serve/policy/policy-server.js";
import { MOST_WAITING } from "../../../src/serve/policy/session.js";
import { VERSION } from "../../../src/version.js";
import { temporaryFolder } from "../../cli/command.js";
import { RawClient, refusalOf } from "./raw-client.js";
import { bundleOfKind, connect, open, serve } from "./served.js";

const TOKEN = "0123456789abcdef";
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** The policy, but no step is computed before `go` is called, or it fails. */
function held(policy: ExportedPolicy, fail = false) {
  let go = () => {};
  const released = new Promise<void>((resolve) => {
    go = resolve;
  });
  const hold = (one: ExportedPolicy): ExportedPolicy => ({
    ...one,
    fork: () => hold(one.fork()),
    async command(...given) {
      await released;
      if (fail) throw new TypeError("no such tensor");
      return one.command(...given);
    },
  });
  return { policy: hold(policy), go };
}

test.each(["mlp", "lstm", "patches and lstm"])(
  "a served policy (%s) answers as its bundle does, bit for bit",
  async (kind) => {
    const { bundle, examples } = await bundleOfKind(kind, 9);
    const policy = await open(bundle);
    const client = await connect(await serve(policy));
    const { image } = policy.manifest;
    for (let episode = 0; episode < 2; episode++) {
      policy.reset();
      await client.reset();
      for (const { obs, actions, image: seen } of examples) {
        const bytes = image && Uint8Array.from(Buffer.from(seen!, "base64"));
        const answer = await client.infer(obs, bytes);
        expect(answer).toEqual(await policy.command(obs, bytes));
        for (const [k, wanted] of actions.entries()) expect(answer[k]).toBeCloseTo(wanted, 5);
      }
    }
  },
);

test("the metadata names what is read and answered, the rate, the versions, and whether it remembers", async () => {
  const { bundle, manifest } = await bundleOfKind("lstm", 3);
  const { metadata } = await connect(await serve(await open(bundle)));
  expect(metadata).toEqual({
    ...{ protocol: 1, armgymVersion: VERSION, policyVersion: "0.1.0", hasMemory: true },
    ...{ env: "RememberGoal-v1", agent: "ppo-lstm", robot: "panda", jointNames: manifest.jointNames },
    ...{ controlMode: manifest.controlMode, controlRate: 20, training: manifest.training },
    observation: manifest.observation,
    action: JSON.parse(JSON.stringify(manifest.action)),
    maxMessageBytes: 2 ** 16 + 256 * manifest.observation.length,
  });
});

test("sessions at the same time keep their memories apart, over thousands of steps with clients killed", async () => {
  const { bundle, examples } = await bundleOfKind("lstm", 40);
  const policy = await open(bundle);
  const server = await serve(policy);
  const expected: number[][] = [];
  for (const { obs } of examples) expected.push([...(await policy.command(obs))]);
  let [right, killed] = [0, 0];
  /** Play episodes of lengths of its own; every third one is killed in the middle of a step. */
  const play = async (place: number) => {
    let client = new RawClient(`${server.address}/json`);
    await client.next();
    for (let episode = 0; episode < 16; episode++) {
      const steps = 5 + ((7 * place + 11 * episode) % (examples.length - 5));
      for (let step = 0; step < steps; step++) {
        client.send({ type: "infer", id: step, observation: examples[step]!.obs, reset: step === 0 });
        if (step === steps - 1 && episode % 3 === 2) {
          client.socket.terminate();
          killed++;
          client = new RawClient(`${server.address}/json`);
          await client.next();
          break;
        }
        const answer = await client.nextJson<{ id: number; actions: number[] }>();
        expect([answer.id, answer.actions]).toEqual([step, expected[step]]);
        right++;
      }
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, place) => play(place)));
  expect(killed).toBe(12 * 5);
  expect(right).toBeGreaterThan(3000);
  expect(server.status()).toMatchObject({ refused: 0, sessionsOpened: 12 + killed });
  expect(server.status().steps).toBeGreaterThanOrEqual(right);
});

test("a refused request changes nothing: memory and session go on", async () => {
  const { bundle, examples } = await bundleOfKind("lstm", 4);
  const policy = await open(bundle);
  const server = await serve(policy);
  const client = new RawClient(`${server.address}/json`);
  await client.next();
  for (const [step, { obs }] of examples.entries()) {
    client.send({ type: "infer", id: "wrong", reset: true, observation: obs.slice(1) });
    expect(await client.nextJson()).toEqual({
      ...{ type: "error", id: "wrong", code: "bad_request" },
      message: expect.stringContaining(
        `The observation has ${obs.length - 1} entries, the policy needs ${obs.length}`,
      ),
    });
    client.send({ type: "infer", observation: obs });
    const { actions } = await client.nextJson<{ actions: number[] }>();
    expect(actions, `step ${step}`).toEqual([...(await policy.command(obs))]);
  }
  expect(server.status()).toMatchObject({ steps: 4, refused: 4 });
});

test("one request of a session is computed at a time, four wait, more are refused by their ids", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const { policy, go } = held(await open(bundle));
  const server = await serve(policy);
  const client = new RawClient(`${server.address}/json`);
  await client.next();
  const { obs } = examples[0]!;
  for (let id = 0; id < 8; id++) client.send({ type: "infer", id, observation: obs });
  for (const id of [5, 6, 7])
    expect(await client.nextJson()).toEqual({
      ...{ type: "error", id, code: "busy" },
      message: `${MOST_WAITING} requests of this session wait already. Wait for an answer before the next.`,
    });
  go();
  for (const id of [0, 1, 2, 3, 4]) expect(await client.nextJson()).toMatchObject({ type: "actions", id });
});

test("openpi's protocol, whose answers have no ids, ends a session that asks out of turn", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const { policy } = held(await open(bundle));
  const server = await serve(policy);
  const client = new RawClient(server.address);
  await client.next();
  for (let k = 0; k < 6; k++) client.send(encode({ state: examples[0]!.obs }));
  expect(await client.next()).toBe(
    `${MOST_WAITING} requests of this session wait already. Wait for an answer before the next.`,
  );
  expect(await client.closed).toEqual({ code: 1013, reason: "too many requests wait" });
});

test("a server that ends answers what has arrived, refuses what comes, and closes idle sessions at once", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const { policy, go } = held(await open(bundle));
  const server = await servePolicy(policy);
  const [busy, idle] = [new RawClient(`${server.address}/json`), new RawClient(`${server.address}/json`)];
  await Promise.all([busy.next(), idle.next()]);
  const { obs } = examples[0]!;
  busy.send({ type: "infer", id: 1, observation: obs });
  busy.send({ type: "infer", id: 2, observation: obs });
  // answered only when both have arrived
  busy.send({ type: "infer", id: 3, observation: obs });
  while (server.status().sessionsOpened < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ended = server.close();
  expect(await idle.closed).toEqual({ code: 1001, reason: "the server ends" });
  busy.send({ type: "infer", id: 4, observation: obs });
  expect(await busy.nextJson()).toEqual({
    ...{ type: "error", id: 4, code: "ending" },
    message: "The server ends; nothing new is answered.",
  });
  await expect(refusalOf(server.address)).rejects.toThrow("ECONNREFUSED");
  go();
  for (const id of [1, 2, 3]) expect(await busy.nextJson()).toMatchObject({ type: "actions", id });
  expect(await busy.closed).toEqual({ code: 1001, reason: "the server ends" });
  await ended;
  expect(server.status()).toMatchObject({ sessions: 0, steps: 3, refused: 1 });
});

test("a fault of the policy itself ends the session and says so", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const { policy, go } = held(await open(bundle), true);
  const client = new RawClient(`${(await serve(policy)).address}/json`);
  await client.next();
  client.send({ type: "infer", id: 1, observation: examples[0]!.obs });
  go();
  expect(await client.nextJson()).toEqual({
    ...{ type: "error", id: 1, code: "internal" },
    message: "The policy failed: no such tensor",
  });
  expect(await client.closed).toEqual({ code: 1011, reason: "the policy failed" });
});

test("a message that is longer than any right one closes its session, and no other", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 2);
  const server = await serve(await open(bundle));
  const client = await connect(server);
  const foe = new RawClient(server.address);
  await foe.next();
  foe.send(Buffer.alloc(client.metadata.maxMessageBytes + 1));
  expect((await foe.closed).code).toBe(1009);
  expect(await client.infer(examples[0]!.obs)).toHaveLength(client.metadata.action.length);
});

test("a client that does not read its answers is left", async () => {
  const { bundle } = await bundleOfKind("mlp", 1);
  const server = await serve(await open(bundle));
  const client = new RawClient(`${server.address}/json`);
  await client.next();
  client.socket.pause();
  const wrong = JSON.stringify({ type: "infer", observation: "x".repeat(2000) });
  // each is answered by a refusal of a thousand characters; the kernel holds some megabytes of them
  for (let sent = 0; server.status().sessions > 0; sent++) {
    expect(sent).toBeLessThan(100_000);
    client.send(wrong);
    if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(server.status().refused).toBeGreaterThan(1000);
});

test("status, schema and health are there over HTTP; what is not there is refused", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 2);
  const server = await serve(await open(bundle));
  const client = await connect(server);
  for (const { obs } of examples) await client.infer(obs);
  const base = server.address.replace("ws:", "http:");
  const got = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${base}${path}`, init);
    return [response.status, await response.text()] as const;
  };
  expect(await got("/healthz")).toEqual([200, "OK\n"]);
  const [code, text] = await got("/status");
  const time = { p50: expect.any(Number), p99: expect.any(Number) };
  expect([code, JSON.parse(text)]).toEqual([
    200,
    {
      ...{ policy: client.metadata, sessions: 1, sessionsOpened: 1, steps: 2, resets: 0, refused: 0 },
      ...{ inferMs: time, totalMs: time, cpuSeconds: expect.any(Number), upSeconds: expect.any(Number) },
    },
  ]);
  const schema = JSON.parse((await got("/schema?x"))[1]);
  expect(Object.keys(schema.$defs)).toEqual(["request", "answer"]);
  expect((await got("/status", { method: "POST" }))[0]).toBe(405);
  expect((await got("/etc/passwd"))[0]).toBe(404);
  expect(await refusalOf(`${server.address}/live`)).toEqual([
    404,
    "there is no such channel. openpi's is /, the one for JSON /json",
  ]);
  expect(await refusalOf(server.address, { headers: { origin: "https://foreign.example" } })).toEqual([
    403,
    "pages of other sites need a token, and this server has none",
  ]);
});

test("with a token, only who shows it gets in; that the server is there everybody may know", async () => {
  const { bundle } = await bundleOfKind("mlp", 1);
  const server = await serve(await open(bundle), { token: TOKEN });
  const base = server.address.replace("ws:", "http:");
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  for (const path of ["/status", "/schema", "/"]) expect((await fetch(`${base}${path}`)).status).toBe(401);
  const shown = { headers: { authorization: `Api-Key ${TOKEN}` } };
  expect((await fetch(`${base}/status`, shown)).status).toBe(200);
  const reason = "the token is missing or wrong. Show it as Authorization: Api-Key TOKEN";
  for (const path of ["", "/json"]) {
    expect(await refusalOf(server.address + path)).toEqual([401, reason]);
    expect(
      await refusalOf(server.address + path, { headers: { authorization: `Bearer ${TOKEN}x` } }),
    ).toEqual([401, reason]);
    await new RawClient(server.address + path, shown).next();
  }
});

test("what cannot be served is refused before anything listens", async () => {
  const { bundle } = await bundleOfKind("mlp", 1);
  const policy = await open(bundle);
  const server = await serve(policy);
  await expect(servePolicy(policy, { host: "0.0.0.0" })).rejects.toThrow(
    'Other machines reach a server on "0.0.0.0", and whoever does could have its answers. Give the option "token" a secret of 8 or more characters, or leave the host out for this machine alone.',
  );
  await expect(servePolicy(policy, { port: server.port })).rejects.toThrow(
    `Port ${server.port} of 127.0.0.1 is in use. Choose another by the option "port"; 0 is any free one.`,
  );
  await expect(servePolicy(policy, { tls: { cert: "x", key: "y" } })).rejects.toThrow(
    /^Nothing can be encrypted by the option "cert" and the option "key": .*\. Expected a certificate and its private key as PEM\.$/,
  );
});

test.skipIf(!hasOpenssl)("with a certificate everything is encrypted", async () => {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
  ]);
  expect(made.status, made.stderr.toString()).toBe(0);
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const policy = await open(bundle);
  const tls = { cert: readFileSync(cert), key: readFileSync(key) };
  const server = await serve(policy, { tls });
  expect(server.address).toBe(`wss://127.0.0.1:${server.port}`);
  const client = new RawClient(`${server.address}/json`, { ca: tls.cert });
  await client.next();
  client.send({ type: "infer", observation: examples[0]!.obs });
  expect((await client.nextJson<{ actions: number[] }>()).actions).toEqual([
    ...(await policy.command(examples[0]!.obs)),
  ]);
  const status = await new Promise((resolve, reject) =>
    httpsRequest(`https://127.0.0.1:${server.port}/healthz`, { ca: tls.cert }, ({ statusCode }) =>
      resolve(statusCode),
    )
      .on("error", reject)
      .end(),
  );
  expect(status).toBe(200);
  await expect(new RawClient(`ws://127.0.0.1:${server.port}/json`).next()).rejects.toThrow(
    "the connection was closed",
  );
});
