// The Python file as it is written out, against the server.
import { execFile, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { servePolicy } from "../../../src/serve/policy/policy-server.js";
import { policyPythonClient } from "../../../src/serve/policy/python-client.js";
import { pythonWith } from "../../bench/python-peer.js";
import { temporaryFolder } from "../../cli/command.js";

import { bundleOfKind, open, serve, writeBundle } from "./served.js";

const CHECKS = "test/serve/policy/policy_checks.py";
/** numpy is all it needs. */
const python = pythonWith("numpy", "numpy");

function written(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "armgym_policy.py"), policyPythonClient());
  return folder;
}

/** Run a check and return the lines that it prints before "ok"; throws with all that Python said where it fails. */
async function check(name: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(python!, [CHECKS, written(), name, ...args]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toBe("ok");
  return lines.slice(0, -1);
}

describe.skipIf(python === undefined)("armgym_policy.py", () => {
  test.each([
    ["mlp", "Reach-v1"],
    ["lstm", "RememberGoal-v1"],
    ["patches and lstm", "PickPlace-v1"],
  ])("gets the golden vectors' commands of a policy (%s)", async (kind, env) => {
    const { bundle } = await bundleOfKind(kind, 6);
    const server = await serve(await open(bundle));
    const vectors = join(writeBundle(temporaryFolder(), "policy", bundle), "vectors.json");
    expect(await check("vectors", server.address, vectors)).toEqual([`${env} True`]);
  });

  test("says what is wrong in the caller's terms", async () => {
    const { bundle, manifest } = await bundleOfKind("mlp", 1);
    const server = await serve(await open(bundle));
    const size = manifest.observation.length;
    const [first] = manifest.observation;
    const lines = await check("refusals", server.address);
    expect(lines).toEqual([
      `ValueError: the observation is float64 of the shape (${size + 1},), expected ${size} numbers`,
      `ValueError: entry 0, "${first!.name}", of the observation is nan, expected a finite number`,
      `ValueError: the observation is <U1 of the shape (${size},), expected ${size} numbers`,
      expect.stringMatching(
        /^ValueError: The observation has "x", which the policy does not read\. It reads /,
      ),
      'ValueError: the policy reads no images; "image" was given',
      "PolicyError: the session is closed",
      'ValueError: the address is "http://127.0.0.1:1", expected one as "ws://127.0.0.1:8000"',
      "PolicyError: no policy server can be reached at ws://127.0.0.1:1: [Errno 111] Connection refused",
      `PolicyError: ${server.address}/live refuses: 404 Not Found: there is no such channel. openpi's is /, the one for JSON /json`,
    ]);
  });

  test("refuses pictures of another type or shape", async () => {
    const { bundle } = await bundleOfKind("patches and lstm", 1);
    const server = await serve(await open(bundle));
    expect(await check("images", server.address)).toEqual([
      'ValueError: "image" is uint8 of the shape (16, 48, 6), expected uint8 of (48, 48, 6)',
      'ValueError: "front" is float64 of the shape (48, 48, 3), expected uint8 of (48, 48, 3)',
    ]);
  });

  test("shows its token, and is told where that is missing", async () => {
    const { bundle } = await bundleOfKind("mlp", 1);
    const server = await serve(await open(bundle), { token: "0123456789abcdef" });
    expect(await check("token", server.address, "0123456789abcdef")).toEqual([
      `PolicyError: ${server.address} refuses: 401 Unauthorized: the token is missing or wrong. Show it as Authorization: Api-Key TOKEN`,
    ]);
  });

  test.skipIf(spawnSync("openssl", ["version"]).status !== 0)(
    "speaks to an encrypted server whose certificate it is given",
    async () => {
      const folder = temporaryFolder();
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      spawnSync("openssl", [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "2",
        ],
        ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
      ]);
      const { bundle } = await bundleOfKind("mlp", 1);
      const server = await serve(await open(bundle), {
        tls: { cert: readFileSync(cert), key: readFileSync(key) },
      });
      const [refused] = await check("encrypted", server.address, cert);
      expect(refused).toContain("certificate verify failed");
    },
  );

  test("is told that its server ended", async () => {
    const { bundle } = await bundleOfKind("mlp", 1);
    const server = await servePolicy(await open(bundle));
    const child = spawn(python!, [CHECKS, written(), "ended", server.address], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let said = "";
    const connected = new Promise<void>((resolve) =>
      child.stdout.on("data", (piece: Buffer) => {
        said += piece.toString();
        if (said.includes("connected")) resolve();
      }),
    );
    const exited = new Promise((resolve) => child.once("close", resolve));
    await connected;
    await server.close();
    child.stdin.end("\n");
    await exited;
    expect(said.split("\n")).toEqual([
      "connected",
      `PolicyError: ${server.address} ended the session (1001, the server ends); what it remembered is gone`,
      "PolicyError: the session is closed",
      ...["ok", ""],
    ]);
  });
});
