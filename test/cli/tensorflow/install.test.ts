// Setting up TensorFlow where something is in the way; that it works is tested with what was installed, by
// test/compile/engines/tensorflow.test.ts in `npm run interop -- tensorflow`.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { requirePlatform } from "../../../src/cli/tensorflow/tools.js";
import { temporaryFolder } from "../command.js";

const isSupported = process.platform === "linux" && process.arch === "x64";
const [EXPECTED, FIRST] = [
  "the npm registry gives @tensorflow/tfjs-node 4.22.0 with the digest",
  "1 of 4: @tensorflow/tfjs-node 4.22.0 from the npm registry",
];

/** Start `armgym install-tensorflow` into `folder`; resolves with how it ended. */
function install(folder: string, env: Readonly<Record<string, string>> = {}) {
  const args = [resolve("dist/src/cli/main.js"), "install-tensorflow", "--folder", folder];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, npm_config_fetch_retry_mintimeout: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
  const done = once(child, "close").then(([code]) => ({
    code: code as number,
    lines: stderr.trimEnd().split("\n"),
  }));
  return { child, done };
}

/** Serve a registry of packages on a free port; its address. */
async function registry(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("other platforms are told that there is nothing for them", () => {
  expect(() => requirePlatform("darwin", "arm64")).toThrow(
    'TensorFlow can be set up on Linux x64 only, and this is darwin arm64. Use the engine "native", which is faster.',
  );
  expect(() => requirePlatform("linux", "arm64")).toThrow("this is linux arm64");
  expect(() => requirePlatform("linux", "x64")).not.toThrow();
});

describe.skipIf(!isSupported)("armgym install-tensorflow", () => {
  test("names every program that is missing, and what brings it", async () => {
    const [folder, path] = [join(temporaryFolder(), "tensorflow"), temporaryFolder()];
    symlinkSync(process.execPath, join(path, "node"));
    const { code, lines } = await install(folder, { PATH: path }).done;
    expect([code, lines]).toEqual([
      2,
      [
        "Setting up TensorFlow needs npm, pip for python3, g++, strip: not there, or it does not run. On Debian: apt-get install npm python3-pip g++ binutils",
      ],
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  test("leaves a folder alone that holds something else", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "thesis.tex"), "");
    const { code, lines } = await install(folder).done;
    expect([code, lines]).toEqual([
      2,
      [
        `${folder} is there, and is no installation of TensorFlow by armgym. Remove it, or choose another place by --folder.`,
      ],
    ]);
    expect(readdirSync(folder)).toEqual(["thesis.tex"]);
  });

  test("a registry that cannot be reached is told, and nothing is left", async () => {
    const parent = temporaryFolder();
    const { code, lines } = await install(join(parent, "tensorflow"), {
      npm_config_registry: "http://127.0.0.1:9",
    }).done;
    expect([code, lines[0]]).toEqual([2, FIRST]);
    expect(lines[1]).toMatch(
      /^Setting up TensorFlow failed: npm: npm error .*connect ECONNREFUSED 127\.0\.0\.1:9.* Nothing was changed\.$/,
    );
    expect(readdirSync(parent)).toEqual([]);
  });

  test("a package that is not the one that was tested is refused, and nothing of it is kept or run", async () => {
    const [parent, source] = [temporaryFolder(), temporaryFolder()];
    const run = join(parent, "run");
    const packages = Object.fromEntries(
      Object.entries({ "@tensorflow/tfjs-node": "4.22.0", "node-api-headers": "1.9.0" }).map(
        ([name, version]) => {
          const folder = join(source, name.replaceAll("/", "-"));
          mkdirSync(folder);
          const scripts = { install: `touch ${run}` };
          writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, scripts }));
          const tarball = execFileSync("npm", ["pack", "--silent", "--pack-destination", source], {
            cwd: folder,
            encoding: "utf8",
          }).trim();
          const integrity = `sha512-${createHash("sha512")
            .update(readFileSync(join(source, tarball)))
            .digest("base64")}`;
          return [`/${name.replace("/", "%2f")}`, { name, version, tarball, integrity }];
        },
      ),
    );
    const address = await registry(({ url = "", headers }, response) => {
      const asked = packages[url];
      if (!asked) return response.end(readFileSync(join(source, url)));
      const { name, version, integrity } = asked;
      const dist = { tarball: `http://${headers.host}/${asked.tarball}`, integrity };
      response.end(
        JSON.stringify({
          name,
          "dist-tags": { latest: version },
          versions: { [version]: { name, version, dist } },
        }),
      );
    });
    const { code, lines } = await install(join(parent, "tensorflow"), {
      npm_config_registry: address,
      npm_config_cache: join(source, "cache"),
    }).done;
    expect([code, lines[0]]).toEqual([2, FIRST]);
    expect(lines[1]).toMatch(
      new RegExp(
        `^Setting up TensorFlow failed: ${EXPECTED} sha512-\\S+, expected sha512-\\S+\\. It is not what was tested\\. Nothing was changed\\.$`,
      ),
    );
    expect(readdirSync(parent)).toEqual([]);
  });

  test("interrupted, it ends npm and leaves nothing", async () => {
    const parent = temporaryFolder();
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    // never answers
    const address = await registry(() => isAsked());
    const { child, done } = install(join(parent, "tensorflow"), {
      npm_config_registry: address,
      npm_config_cache: join(parent, "cache"),
    });
    await asked;
    child.kill("SIGTERM");
    expect(await done).toEqual({ code: 143, lines: [FIRST, "Interrupted by SIGTERM: nothing was changed."] });
    expect(readdirSync(parent)).toEqual(["cache"]);
  });
});
