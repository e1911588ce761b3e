// The server against openpi's own client, from PyPI.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { pythonWith } from "../../bench/python-peer.js";
import { temporaryFolder } from "../../cli/command.js";
import { OPENPI } from "./openpi-client.js";
import { bundleOfKind, open, serve, writeBundle } from "./served.js";

const CHECKS = "test/serve/policy/openpi_checks.py";
const python = pythonWith(...OPENPI);

/** Run a check and return the lines that it prints before "ok"; throws with all that Python said where it fails. */
async function check(name: string, ...args: readonly (string | number)[]): Promise<string[]> {
  const env = { ...process.env, no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" };
  const { stdout } = await promisify(execFile)(python!, [CHECKS, name, ...args.map(String)], { env });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toBe("ok");
  return lines.slice(0, -1);
}

describe.skipIf(python === undefined)("openpi-client", () => {
  test.each([
    ["mlp", "Reach-v1", "['prompt', 'state']"],
    ["lstm", "RememberGoal-v1", "['prompt', 'state']"],
    ["patches and lstm", "PickPlace-v1", "['images', 'prompt', 'state']"],
  ])(
    "gets the golden vectors' commands of a policy (%s), and its episodes are forgotten",
    async (kind, env, given) => {
      const { bundle, manifest } = await bundleOfKind(kind, 6);
      const server = await serve(await open(bundle));
      const vectors = join(writeBundle(temporaryFolder(), "policy", bundle), "vectors.json");
      expect(await check("vectors", server.port, vectors)).toEqual([
        `${env} ${manifest.controlRate} ${manifest.observation.length} ${given}`,
      ]);
    },
  );

  test("eight at once get each their own answers", async () => {
    const { bundle } = await bundleOfKind("lstm", 12);
    const server = await serve(await open(bundle));
    const vectors = join(writeBundle(temporaryFolder(), "policy", bundle), "vectors.json");
    // 3 episodes of 1 + place, 2 + place, 3 + place steps each
    expect(await check("many", server.port, vectors)).toEqual(["132 True"]);
  });

  test("is told what was wrong, and its session goes on", async () => {
    const { bundle, manifest } = await bundleOfKind("mlp", 1);
    const server = await serve(await open(bundle));
    const size = manifest.observation.length;
    const { name, unit } = manifest.observation[0]!;
    expect(await check("refusals", server.port, size)).toEqual([
      `"state" has the shape ${size + 1}, expected ${size}.`,
      `Observation entry 0, "${name}" (${unit}), is NaN, expected a finite number.`,
      '"state" has the dtype int64, expected float32 or float64.',
      'The policy reads no images; "image" was given. Leave it out.',
      'The message has "observation/state". It may have state, observation, image, images, reset, prompt.',
      'The message has neither "state" nor "observation".',
    ]);
  });

  test("shows its key, and gets nothing without", async () => {
    const { bundle } = await bundleOfKind("mlp", 1);
    const token = "0123456789abcdef";
    const server = await serve(await open(bundle), { token });
    expect(await check("token", server.port, token)).toEqual([
      "server rejected WebSocket connection: HTTP 401",
    ]);
  });
});
