// The package as a user gets it: packed, installed in an empty folder, imported and run.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** As the README tells to write it. */
const ALLOW_SCRIPTS = JSON.parse(
  /"allowScripts": (\{[^}]*\})/.exec(readFileSync("README.md", "utf8"))![1]!,
) as Record<string, boolean>;
/** A program of a user's own that names the public types. */
const PROGRAM = `import { type AgentDefinition, checkEnv, type Env, readRecording, train, VERSION } from "armgym";
import { agents } from "armgym/agents";
import { envs } from "armgym/envs";

const env: Env = envs["Reach-v1"].create({ controlRate: 20 });
const agent: AgentDefinition = agents["ppo-mlp"];
const { observation } = env.reset({ seed: 3 });
export const report: string = checkEnv(envs["Reach-v1"]).env + agent.id + VERSION;
export async function learn(): Promise<number> {
  const seed = observation.state.length;
  const result = await train({ env: envs["Reach-v1"], agent, seed, engine: "native" });
  return result.state.steps;
}
export function heights(file: Uint8Array): (number | undefined)[] {
  return readRecording(file, "episode.mcap").frames.map(({ poses }) => poses[2]);
}
`;

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
      allowScripts: ALLOW_SCRIPTS,
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

test("only what a user needs is packed: no tests, no benchmarks", () => {
  const packed = readdirSync(join(folder, "node_modules/armgym"));
  expect(packed.sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "dist",
    "package.json",
  ]);
  const built = readdirSync(join(folder, "node_modules/armgym/dist"));
  expect(built.sort()).toEqual(["agents", "envs", "src", "viewer"]);
});

test("bench says where the benchmarks are, and the help does not offer it", () => {
  const bench = spawnSync("npx", ["armgym", "bench", "physics"], { cwd: folder, encoding: "utf8" });
  expect([bench.status, bench.stdout, bench.stderr]).toEqual([
    2,
    "",
    "Benchmarks live in armgym's repository, not in the package. In a checkout of it: npm install, then npm run bench -- physics\n",
  ]);
  expect(run("npx", ["armgym", "--help"], folder)).not.toMatch(/\bbench\b/);
});

test("the README names every package whose install script npm would ask about", () => {
  const lock = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(Object.keys(ALLOW_SCRIPTS).sort()).toEqual(
    scripted.map(([path]) => path.split("node_modules/").at(-1)).sort(),
  );
});

test.each([
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])(
  "a user's program passes with our declaration files checked, module %s, resolution %s",
  (module, moduleResolution) => {
    writeFileSync(join(folder, "program.ts"), PROGRAM);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2023",
      lib: ["es2023", "dom"],
      skipLibCheck: false,
      module,
      moduleResolution,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    const tsc = resolve("node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["-p", "."], { cwd: folder, encoding: "utf8" });
    const errors = stdout.split("\n").filter((line) => / error TS\d+: /.test(line));
    // TensorFlow.js declares WebGPU and Long in its own way, against TypeScript's: nothing of ours can help that
    const isTheirs = /node_modules\/@(tensorflow\/tfjs-core|webgpu\/types)\/|\/lib\.dom\.d\.ts\(/;
    expect(errors.filter((line) => !isTheirs.test(line))).toEqual([]);
    // the compiler ran, and looked into declaration files
    expect(errors.some((line) => line.includes("@webgpu/types"))).toBe(true);
  },
);
