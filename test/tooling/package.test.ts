// The package as a user gets it: packed, installed in an empty folder, imported and run.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** A robot as its URDF says: six joints and no hand; the tool's frame has z along the last link. */
const URDF = `<robot name="six axes">
  <link name="base"/>${[3, 3, 2, 1, 1, 0.5]
    .map(
      (mass, k) => `<link name="l${k + 1}"><inertial><mass value="${mass}"/>
   <inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial></link>`,
    )
    .join("")}
  ${[
    ["base", "l1", "0 0 0.3", "0 0 1"],
    ["l1", "l2", "0 0 0", "0 1 0"],
    ["l2", "l3", "0.35 0 0", "0 1 0"],
    ["l3", "l4", "0.3 0 0", "1 0 0"],
    ["l4", "l5", "0.05 0 0", "0 1 0"],
    ["l5", "l6", "0.05 0 0", "1 0 0"],
  ]
    .map(
      ([
        parent,
        child,
        xyz,
        axis,
      ]) => `<joint name="${parent}_${child}" type="revolute"><parent link="${parent}"/>
   <child link="${child}"/><origin xyz="${xyz}"/><axis xyz="${axis}"/>
   <limit lower="-2.9" upper="2.9" effort="50" velocity="3"/></joint>`,
    )
    .join("\n  ")}
  <link name="tool0"/>
  <joint name="flange" type="fixed"><parent link="l6"/><child link="tool0"/>
    <origin xyz="0.05 0 0" rpy="0 1.5707963 0"/></joint>
</robot>`;
/** An environment and an agent of a user's own, and a program that trains one by the other and uses what was trained. */
const PROJECT = {
  "hover.ts": `import { defineEnv, RobotCell } from "armgym";
import { CELL_DEFAULTS, toolObservation } from "armgym/envs";

export const hover = defineEnv({
  id: "Hover-v1",
  description: "Hold the tool centre point 20 cm above the table.",
  maxEpisodeSteps: 10,
  defaults: { ...CELL_DEFAULTS, height: 0.2, rewardWeights: { near: 1 } },
  ranges: { height: { above: 0, most: 1, unit: "m" } },
  build: (config) => ({ simulation: new RobotCell({ ...config, gripper: false }) }),
  reset: ({ simulation }) => simulation.reset(simulation.model.start),
  observation: [toolObservation],
  reward: ({ simulation: { tcp } }, { height }) => ({ near: 1 - Math.tanh(Math.abs(tcp.position[2]! - height)) }),
  success: ({ simulation: { tcp } }, { height }) => Math.abs(tcp.position[2]! - height) < 0.05,
});
`,
  "agent.ts": `import type { AgentDefinition } from "armgym";
import { agents } from "armgym/agents";

export const small: AgentDefinition = {
  ...agents["ppo-mlp"],
  id: "small",
  tuned: {},
  settings: { ...agents["ppo-mlp"].settings, hiddenSize: 8, numEnvs: 8, numSteps: 16, numMinibatches: 2, numEpochs: 1 },
};
`,
  "train.ts": `import { createRun, openBundle, openRun, type RunPolicy, type TrainingOutcome } from "armgym/node";

const made = await createRun({
  env: "./hover.ts",
  agent: "./agent.ts",
  robot: "./mine.ts",
  settings: { totalSteps: 256, evalInterval: 128, validationEpisodes: 8 },
  envConfig: { height: 0.25 },
  workers: 1,
});
const outcome: TrainingOutcome | undefined = await made.train();
const run = await openRun(made.path);
const env = await run.createEnv();
const policy: RunPolicy = await run.best();
let { observation } = env.reset({ seed: 1 });
let steps = 0;
for (let done = false; !done; steps++) {
  const result = env.step(await policy.act(observation));
  observation = result.observation;
  done = result.terminated || result.truncated;
}
const { recording } = await run.record({ seed: 1 });
const { episodes } = await run.evaluate({ episodes: 8 });
const { folder, tfjs } = await run.export("policy", { tfjs: true });
const bundle = await openBundle(folder);
const { rows } = await run.settings();
console.log(
  JSON.stringify({
    trained: outcome?.steps,
    robot: env.spec.robot,
    steps,
    frames: recording.frames.length,
    metrics: run.metrics().length,
    recorded: run.episodes().length > 0,
    episodes,
    agent: bundle.manifest.agent,
    difference: (await bundle.verify()) <= 1e-6,
    tfjs,
    height: rows.envConfig.find(({ path }) => path === "height"),
  }),
);
process.exit(0);
`,
};

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
  expect(printed).toEqual({ VERSION: "0.2.0", agents: expect.arrayContaining(["ppo-mlp"]), finite: true });
});

test("a user's own environment, agent and robot are trained, opened, played, measured, recorded and exported", () => {
  const project = join(folder, "project");
  mkdirSync(project);
  for (const [name, text] of Object.entries(PROJECT)) writeFileSync(join(project, name), text);
  writeFileSync(join(project, "six.urdf"), URDF);
  run("npx", ["armgym", "import", "six.urdf", "--out", "mine.ts", "--id", "mine"], project);
  const compilerOptions = {
    strict: true,
    target: "es2023",
    lib: ["es2023", "dom"],
    types: ["node"],
    typeRoots: [resolve("node_modules/@types")],
    skipLibCheck: true,
    module: "nodenext",
    outDir: "out",
    rootDir: ".",
  };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["hover.ts", "agent.ts", "mine.ts", "train.ts"] }),
  );
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  run(resolve("node_modules/.bin/tsc"), ["-p", "."], project);
  const printed = JSON.parse(run("node", ["out/train.js"], project));
  expect(printed).toEqual({
    trained: 256,
    robot: "mine",
    steps: 10,
    frames: 11,
    metrics: 2,
    recorded: true,
    episodes: 8,
    agent: "small",
    difference: true,
    // nothing of TensorFlow.js that is for pages comes along
    tfjs: {
      graphModelDifference: null,
      layersModelDifference: null,
      noLayersModel: null,
      unchecked: "@tensorflow/tfjs-converter is not installed (npm install @tensorflow/tfjs@4.22.0)",
    },
    height: { path: "height", value: 0.25, unit: "m", origin: "user", today: { value: 0.2 } },
  });
  const shown = run("npx", ["armgym", "show", readdirSync(join(project, "runs"))[0]!], join(project, "runs"));
  expect(shown).toContain('env: "Hover-v1"');
}, 300_000);

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

test("TensorFlow, an optional peer, is declared and does not come along", () => {
  const modules = join(folder, "node_modules");
  const manifest = JSON.parse(readFileSync(join(modules, "armgym", "package.json"), "utf8"));
  expect([manifest.peerDependencies, manifest.peerDependenciesMeta]).toEqual([
    { "@tensorflow/tfjs-node": "4.22.0" },
    { "@tensorflow/tfjs-node": { optional: true } },
  ]);
  expect(readdirSync(join(modules, "@tensorflow")).sort()).toEqual(["tfjs-backend-cpu", "tfjs-core"]);
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
