// The package as a user gets it: packed, installed in an empty folder, imported and run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;

function run(command: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(command, parameters, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "armgym-package-"));
  // --ignore-scripts: the test set-up has built dist/ already
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], process.cwd());
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "user",
      private: true,
      type: "module",
      allowScripts: { "onnxruntime-node": false },
    }),
  );
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", `./${tarball}`], folder);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an empty folder installs the tarball and steps an environment", () => {
  const program = `
    import { VERSION } from "armgym";
    import { envs } from "armgym/envs";
    import { agents } from "armgym/agents";
    const env = envs["Reach-v1"].create();
    env.reset({ seed: 3 });
    const { reward } = env.step([0, 0, 0]);
    console.log(JSON.stringify({ VERSION, agents: Object.keys(agents), finite: Number.isFinite(reward) }));
  `;
  const printed = JSON.parse(run("node", ["--input-type=module", "--eval", program], folder));
  expect(printed).toEqual({ VERSION: "0.1.0", agents: expect.arrayContaining(["ppo-mlp"]), finite: true });
});

test("npx armgym list names the environments", () => {
  const listed = run("npx", ["armgym", "list"], folder);
  expect(listed).toContain("Reach-v1");
  expect(listed).toContain("PickPlace-v1");
});

test("the native engine is in place after a plain install", () => {
  const program = `
    import { loadEngine } from "armgym";
    console.log((await loadEngine("native")).name);
  `;
  expect(run("node", ["--input-type=module", "--eval", program], folder).trim()).toBe("native");
});
