import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { connectPolicy, UsageError } from "../../../src/index.js";
import { servePolicy } from "../../../src/serve/policy/policy-server.js";
import { bundleOfKind, connect, open, serve } from "./served.js";

/** A server that begins with this message, and says nothing more. */
async function impostor(message: string): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => socket.send(message));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("an observation is given by names as well, and what the policy cannot take is refused before it is sent", async () => {
  const { bundle, examples, manifest } = await bundleOfKind("mlp", 1);
  const server = await serve(await open(bundle));
  const client = await connect(server);
  const { obs } = examples[0]!;
  const named = Object.fromEntries(manifest.observation.map(({ name }, k) => [name, obs[k]!]));
  expect(await client.infer(named)).toEqual(await client.infer(obs));
  const { name, unit } = manifest.observation[1]!;
  await expect(client.infer(obs.with(1, Number.NaN))).rejects.toThrow(
    new UsageError(`Observation entry 1, "${name}" (${unit}), is NaN, expected a finite number.`),
  );
  await expect(client.infer(obs, Uint8Array.of(1))).rejects.toThrow(
    new UsageError('The policy reads no images; "image" was given. Leave it out.'),
  );
  expect(server.status()).toMatchObject({ steps: 2, refused: 0 });
});

test("pictures are given by the names of the cameras", async () => {
  const { bundle, examples, manifest } = await bundleOfKind("patches and lstm", 1);
  const client = await connect(await serve(await open(bundle)));
  const { height, width } = manifest.image!;
  const whole = Uint8Array.from(Buffer.from(examples[0]!.image!, "base64"));
  const channels = (first: number) =>
    Uint8Array.from(
      { length: height * width * 3 },
      (_, k) => whole[6 * Math.floor(k / 3) + first + (k % 3)]!,
    );
  const { obs } = examples[0]!;
  const answer = await client.infer(obs, whole);
  await client.reset();
  expect(await client.infer(obs, { wrist: channels(3), front: channels(0) })).toEqual(answer);
  await expect(client.infer(obs, { front: channels(0) })).rejects.toThrow('"images" lacks "wrist".');
});

test("requests that do not wait for each other get their own answers", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 5);
  const policy = await open(bundle);
  const client = await connect(await serve(policy));
  const answers = await Promise.all(examples.map(({ obs }) => client.infer(obs)));
  for (const [step, { obs }] of examples.entries()) expect(answers[step]).toEqual(await policy.command(obs));
});

test("a token is shown without headers, as pages must", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const token = "a+token/of=signs~";
  const server = await serve(await open(bundle), { token });
  const client = await connectPolicy(server.address, { token });
  expect(await client.infer(examples[0]!.obs)).toHaveLength(client.metadata.action.length);
  await client.close();
  await expect(connectPolicy(server.address)).rejects.toThrow(
    /^No policy is served to this client at ws:\/\/127\.0\.0\.1:\d+\/json.*Is the server there, and the token right\?$/,
  );
});

test("a session that the server ended is an error, at once and later", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const server = await servePolicy(await open(bundle));
  const client = await connectPolicy(server.address);
  await server.close();
  const gone = `${server.address}/json ended the session (1001, the server ends); what it remembered is gone.`;
  await expect(client.infer(examples[0]!.obs)).rejects.toThrow(gone);
  await expect(client.reset()).rejects.toThrow(gone);
  await client.close();
});

test("what is no policy server, or of another protocol, is refused", async () => {
  await expect(connectPolicy("http://127.0.0.1:1")).rejects.toThrow(
    new UsageError('The server\'s address is "http://127.0.0.1:1", expected one as ws://127.0.0.1:8000.'),
  );
  await expect(connectPolicy("ws://127.0.0.1:1")).rejects.toThrow(
    /^No policy is served to this client at ws:\/\/127\.0\.0\.1:1\/json/,
  );
  await expect(connectPolicy(await impostor("hello"))).rejects.toThrow(
    /\/json is no policy server of armgym: /,
  );
  const { bundle } = await bundleOfKind("mlp", 1);
  const { metadata } = await connect(await serve(await open(bundle)));
  const later = JSON.stringify({ type: "metadata", ...metadata, protocol: 2, armgymVersion: "9.0.0" });
  await expect(connectPolicy(await impostor(later))).rejects.toThrow(
    /^The server of armgym 9\.0\.0 speaks protocol 2, this client, of [\d.]+, protocol 1\.$/,
  );
});

test("a server that does not answer is given up", async () => {
  const { bundle, examples } = await bundleOfKind("mlp", 1);
  const { metadata } = await connect(await serve(await open(bundle)));
  const client = await connectPolicy(await impostor(JSON.stringify({ type: "metadata", ...metadata })), {
    timeoutMs: 100,
  });
  await expect(client.infer(examples[0]!.obs)).rejects.toThrow(/ did not answer within 100 ms\.$/);
  await expect(client.infer(examples[0]!.obs)).rejects.toThrow(/ did not answer within 100 ms\.$/);
});
