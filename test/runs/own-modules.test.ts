import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { UsageError } from "../../src/math/usage-error.js";
import { moduleInProject } from "../../src/runs/own-modules.js";
import { RunFolder } from "../../src/runs/run-folder.js";
import { VERSION } from "../../src/version.js";
import { onlyRun, QUICK, runCommand, startCommand, temporaryFolder, writeLineEnv } from "../cli/command.js";

/** A project with modules in places good and bad, and a run in it. */
function makeProject() {
  const outside = temporaryFolder();
  const project = join(outside, "project");
  const run = join(project, "runs", "one");
  for (const folder of [run, join(project, "envs"), join(project, "node_modules")])
    mkdirSync(folder, { recursive: true });
  const files = ["../evil.ts", "mine.ts", "envs/mine.mjs", "envs/data.json", "node_modules/evil.js"];
  for (const file of [...files, "runs/evil.ts", "runs/one/evil.ts"])
    writeFileSync(join(project, file), "export {};");
  symlinkSync(join(outside, "evil.ts"), join(project, "link-out.ts"));
  symlinkSync(outside, join(project, "folder-out"));
  symlinkSync(join(project, "mine.ts"), join(project, "link-in.ts"));
  return { project, run, outside };
}

test("a module inside the project is loaded, by links within it, too", () => {
  const { project, run } = makeProject();
  const load = (module: string) => moduleInProject({ module, run }, project);
  const mine = pathToFileURL(join(project, "mine.ts")).href;
  expect([load("./mine.ts"), load("mine.ts"), load("./link-in.ts")]).toEqual([mine, mine, mine]);
  expect(load("./envs/mine.mjs")).toBe(pathToFileURL(join(project, "envs/mine.mjs")).href);
});

test("whatever else a run names as its module is refused with the reason and the way out", () => {
  const { project, run, outside } = makeProject();
  const plain = "is no plain path relative to this folder";
  const inside = "is no plain path inside this folder";
  const cases: [string, string][] = [
    ["data:text/javascript,console.log(1)", plain],
    [pathToFileURL(join(outside, "evil.ts")).href, plain],
    [pathToFileURL(join(project, "mine.ts")).href, plain],
    ["https://example.org/evil.js", plain],
    ["node:fs.js", plain],
    [join(outside, "evil.ts"), plain],
    ["C:\\evil.ts", plain],
    ["C:/evil.ts", plain],
    ["\\\\server\\share\\evil.ts", plain],
    ["//server/share/evil.ts", plain],
    ["..\\evil.ts", plain],
    ["%2e%2e/evil.ts", plain],
    ["mine.ts?x", plain],
    ["mine.ts\u0000.ts", plain],
    ["../evil.ts", inside],
    ["envs/../../evil.ts", inside],
    ["./envs/./mine.mjs", inside],
    ["envs//mine.mjs", inside],
    ["././mine.ts", inside],
    ["", inside],
    [".", inside],
    ["envs/data.json", "is no JavaScript or TypeScript file"],
    ["envs", "is no JavaScript or TypeScript file"],
    ["node_modules/evil.js", "lies in node_modules"],
    ["missing.ts", `is not in this folder (${project})`],
    ["link-out.ts", `is a link that leads out of this folder (${project})`],
    ["folder-out/evil.ts", `is a link that leads out of this folder (${project})`],
    ["runs/one/evil.ts", "lies in the run's own folder"],
    ["runs/evil.ts", 'lies in "runs", as the run does'],
  ];
  for (const [module, reason] of cases) {
    expect(() => moduleInProject({ module, run }, project), module).toThrow(
      new UsageError(
        `${run} names the module ${JSON.stringify(module)}, which ${reason}. A run is data: code is loaded from it ` +
          'only where you say so. If you know the module, name it: the option "modules" as "./my-env.ts"',
      ),
    );
  }
  // somebody stands in the run's folder itself
  expect(() => moduleInProject({ module: "evil.ts", run }, run)).toThrow("lies in the run's own folder");
});

/** The folder of a run of Reach-v1 whose config names code as the module of its environment, or of its agent. */
function runOfCode(kind: "envModule" | "agentModule", module: string, parent: string): string {
  return RunFolder.create(parent, {
    version: VERSION,
    env: "Reach-v1",
    agent: "ppo-mlp",
    envModule: "armgym",
    agentModule: "armgym",
    [kind]: module,
    seed: 1,
    engine: "native",
    workers: 1,
    envConfig: {},
    settings: {},
    resolved: { settings: {}, envConfig: {}, trainEnv: {} },
  }).path;
}

test("no command runs what a run names as its module", async () => {
  const folder = temporaryFolder();
  const runs = join(folder, "runs");
  const canary = join(folder, "canary");
  const code = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(canary)}, "");`;
  const trained = await runCommand(["train", "Reach-v1", ...QUICK, "--steps", "256", "--out", runs], folder);
  expect(trained.code).toBe(0);
  const theirs = join(folder, "theirs");
  mkdirSync(theirs);
  writeFileSync(join(theirs, "evil.mjs"), code);
  const planted = (kind: "envModule" | "agentModule", module: string) => {
    const run = runOfCode(kind, module, theirs);
    const checkpoint = join("checkpoints", "latest.safetensors");
    writeFileSync(join(run, checkpoint), readFileSync(join(onlyRun(runs), checkpoint)));
    return run;
  };
  const data = `data:text/javascript,${encodeURIComponent(code)}`;
  const run = planted("envModule", data);
  const commands = [
    ["eval", run],
    ["export", run, "--out", join(folder, "policy")],
    ["train", "--resume", run],
    ["train", "Reach-v1", "--teacher", run],
    ["train", "Reach-v1", "--from", run],
    ["eval", planted("agentModule", data)],
    ["eval", planted("envModule", pathToFileURL(join(theirs, "evil.mjs")).href)],
    ["eval", planted("envModule", "theirs/evil.mjs")],
  ];
  const results = await Promise.all(commands.map((args) => runCommand(args, folder)));
  const refusal = /(^|\n).+ names the module ".+", which .+ name it: --env \.\/my-env\.ts\n$/;
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(
    commands.map(() => [2, expect.stringMatching(refusal)]),
  );
  const pages = ["--html", join(folder, "page.html"), "--folder", join(folder, "site")];
  const written = await runCommand(["view", run, ...pages], folder);
  expect([
    written.code,
    written.stdout.match(/^Without a policy: .+ names the module "data:/gm)?.length,
  ]).toEqual([0, 2]);
  const viewer = startCommand(["view", theirs], folder);
  try {
    const address = await new Promise<string>((resolve) =>
      viewer.process.stdout!.on("data", (text) => resolve(/http\S+\//.exec(String(text))![0])),
    );
    const answer = await fetch(`${address}api/policy?run=${encodeURIComponent(basename(run))}`);
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining("names the module")]);
  } finally {
    viewer.process.kill("SIGKILL");
    await viewer.done;
  }
  expect(existsSync(canary)).toBe(false);
});

test("a project moves with its runs, and a run alone is used by naming its module", async () => {
  const folder = temporaryFolder();
  const [project, moved] = [join(folder, "project"), join(folder, "moved")];
  writeLineEnv(project, "line.ts");
  const args = ["train", "./line.ts", ...QUICK, "--steps", "512", "--workers", "2"];
  expect((await runCommand(args, project)).code).toBe(0);
  const before = onlyRun(join(project, "runs"));
  expect(JSON.parse(readFileSync(join(before, "config.json"), "utf8"))).toMatchObject({
    envModule: "./line.ts",
  });
  const json = ["--episodes", "4", "--json"];
  const measured = await runCommand(["eval", before, ...json], project);

  renameSync(project, moved);
  const run = onlyRun(join(moved, "runs"));
  const again = await runCommand(["eval", run, ...json], moved);
  expect([again.code, JSON.parse(again.stdout)]).toEqual([0, { ...JSON.parse(measured.stdout), run }]);

  const elsewhere = join(folder, "elsewhere");
  renameSync(run, elsewhere);
  const refused = await runCommand(["eval", elsewhere, ...json], folder);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    `${elsewhere} names the module "./line.ts", which is not in this folder (${folder}). A run is data: code is loaded ` +
      "from it only where you say so. If you know the module, name it: --env ./my-env.ts\n",
  ]);
  const named = await runCommand(["eval", elsewhere, ...json, "--env", "moved/line.ts"], folder);
  expect([named.code, JSON.parse(named.stdout)]).toEqual([
    0,
    { ...JSON.parse(measured.stdout), run: elsewhere },
  ]);
  const others: [string[], string][] = [
    [
      ["--env", "nowhere.ts"],
      "There is no file nowhere.ts. Give --env the module that exports the run's env.\n",
    ],
    [
      ["--env", "moved"],
      "moved is a folder, not a module. Give --env the module that exports the run's env.\n",
    ],
  ];
  for (const [option, message] of others) {
    const { code, stderr } = await runCommand(["eval", elsewhere, ...option], folder);
    expect([code, stderr]).toEqual([2, message]);
  }
  writeFileSync(join(folder, "other.mjs"), "export const nothing = 1;");
  const wrong = await runCommand(["eval", elsewhere, "--env", "other.mjs"], folder);
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    `${elsewhere} was trained with the env "Line-v1"; other.mjs exports no env.\n`,
  ]);
});
