// Environments of Python's Gymnasium at the command line: the real package, with small environments of the tests' own.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBundle } from "../../src/runs/open-bundle.js";
import { MODULES, python } from "../gymnasium/own-python.js";
import {
  checkpointOf,
  metricsOf,
  onlyRun,
  QUICK,
  runCommand,
  startCommand,
  temporaryFolder,
} from "./command.js";

const ENV = "gym:armgym_test_envs:Line-v0";
const OFTEN = ["--set", "evalInterval=512", "--set", "validationEpisodes=8"];
const PLAN = [...QUICK, "--steps", "768", ...OFTEN];
const SCRIPT = resolve("dist/src/gymnasium/gymnasium_process.py");

/** Process ids of the Python processes that these commands started. */
function pythonProcesses(): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(SCRIPT);
    } catch {
      return false;
    }
  });
}

async function untilNoneIsLeft(): Promise<void> {
  while (pythonProcesses().length > 0) await setTimeout(100);
}

async function train(env: string, out: string, more: readonly string[] = [], cwd?: string): Promise<string> {
  const { code, stderr } = await runCommand(["train", env, ...PLAN, "--out", out, ...more], cwd);
  expect(code, stderr).toBe(0);
  return onlyRun(out);
}

describe.skipIf(python === undefined)("environments of Gymnasium", () => {
  beforeEach(() => {
    process.env.PYTHON = python;
    process.env.PYTHONPATH = MODULES;
  });

  afterEach(() => {
    delete process.env.PYTHON;
    delete process.env.PYTHONPATH;
  });

  test("train by any number of workers to the same bits, and leave no process behind", async () => {
    const folder = temporaryFolder();
    const one = await train(ENV, `${folder}/1`, ["--workers", "1"]);
    const two = await train(ENV, `${folder}/2`, ["--workers", "2", "--json"]);
    const state = await checkpointOf(one);
    expect(state).toMatchObject({ steps: 768, finished: true });
    expect(await checkpointOf(two)).toEqual(state);
    expect(metricsOf(two)).toEqual(metricsOf(one));
    if (process.platform === "linux") await untilNoneIsLeft();
  });

  test("are measured, recorded and exported, their versions kept; a module of the user's own is imported where the user names it", async () => {
    const folder = temporaryFolder();
    const env = "gym:own_lines:Goal-v0";
    copyFileSync(join(MODULES, "armgym_test_envs.py"), join(folder, "own_lines.py"));
    delete process.env.PYTHONPATH;
    const trained = await runCommand(["train", env, ...PLAN, "--workers", "1", "--out", "runs"], folder);
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.stdout).toMatch(
      /^gym:own_lines:Goal-v0: success \d.* % of 200 held-out episodes .*\n {2}mean return -\d/,
    );
    const run = onlyRun(join(folder, "runs"));
    expect(trained.stderr).toContain(`Next: npx armgym export ${run} --env ${env} --out policy`);
    const file = join(run, "config.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    expect(config).toMatchObject({
      env,
      envModule: "gymnasium:own_lines",
      versions: { own_lines: "without a version", numpy: expect.any(String), gymnasium: expect.any(String) },
    });
    expect(readdirSync(join(run, "episodes")).length).toBeGreaterThan(0);

    // on the same seeds by the same policy
    const measured = await runCommand(["eval", run, "--env", env, "--json"], folder);
    expect(measured.code, measured.stderr).toBe(0);
    const { successRate, meanReturn } = JSON.parse(measured.stdout);
    expect(trained.stdout).toContain(`success ${(100 * successRate).toFixed(1)} %`);
    expect(trained.stdout).toContain(`mean return ${meanReturn.toPrecision(4)}`);

    const refused = await runCommand(["eval", run], folder);
    expect(refused).toEqual({
      code: 2,
      stdout: "",
      stderr:
        `${run} names the Python module "own_lines" by its environment. A run is data: code is loaded from it only where you say so. ` +
        `If you know the module, name the environment: --env ${env}\n`,
    });

    const exported = await runCommand(["export", run, "--env", env, "--out", "policy"], folder);
    expect(exported.code, exported.stderr).toBe(0);
    const bundle = await openBundle(join(folder, "policy"));
    expect(bundle.manifest).toMatchObject({
      env,
      controlRate: 25,
      action: [
        { name: "action_0", low: -1, high: 1, scale: 1, offset: 0 },
        { name: "action_1", low: -1, high: 1, scale: 1, offset: 0 },
      ],
    });

    const settings = { ...config, versions: { ...config.versions, numpy: "1.0.0" } };
    writeFileSync(file, JSON.stringify(settings));
    const other = await runCommand(
      ["eval", run, "--env", env, "--episodes", "8", "--python", python!],
      folder,
    );
    expect(other.stderr).toBe(
      `This run of ${env} was made by other versions, so that the environment may differ: numpy 1.0.0, now ${config.versions.numpy}.\n`,
    );
  });

  test("are resumed with new episodes", async () => {
    const folder = temporaryFolder();
    const long = ["train", ENV, ...QUICK, "--steps", "1000000", ...OFTEN];
    const first = startCommand([...long, "--workers", "2", "--out", folder]);
    await first.says(" steps/s");
    first.process.kill("SIGINT");
    const stopped = await first.done;
    const run = onlyRun(folder);
    expect(stopped.stderr).toContain(`Saved. Resume with: npx armgym train --resume ${run} --env ${ENV}`);
    const { steps } = await checkpointOf(run);
    const second = startCommand(["train", ENV, "--resume", run]);
    await second.says(`Episodes under way in ${ENV} cannot be gone on with: new ones begin.`);
    await second.says(" steps/s");
    second.process.kill("SIGINT");
    await second.done;
    expect((await checkpointOf(run)).steps).toBeGreaterThan(steps);
  });

  test("that raise, or whose Python dies, end a training with the traceback and exit code 2", async () => {
    const fails = (how: string) =>
      runCommand(["train", ENV, ...QUICK, "--out", temporaryFolder(), "--set", `kwargs.fails=${how}`]);
    const raised = await fails("step");
    expect(raised.code).toBe(2);
    expect(raised.stderr).toMatch(
      /\ngym:armgym_test_envs:Line-v0: step\(\) raised in Python:\nTraceback .*\n[\s\S]*RuntimeError: the motor is hot\nNothing had been saved yet\.\n$/,
    );
    const killed = await fails("killed");
    expect(killed.code).toBe(2);
    expect(killed.stderr).toContain(
      "\ngym:armgym_test_envs:Line-v0: step(): the Python process ended in the middle of it; what it wrote to stderr before may say why.\nNothing had been saved yet.\n",
    );
  });

  test.skipIf(process.platform !== "linux")(
    "leave no process behind where armgym is killed while one hangs in a step",
    async () => {
      const hangs = ["--workers", "2", "--set", "kwargs.fails=hangs"];
      const command = startCommand(["train", ENV, ...QUICK, "--out", temporaryFolder(), ...hangs]);
      await command.says("Training gym:");
      while (pythonProcesses().length < 3) await setTimeout(100);
      command.process.kill("SIGKILL");
      await command.done;
      await untilNoneIsLeft();
    },
  );

  test("are refused where armgym's own environments are asked for", async () => {
    const check = await runCommand(["check", ENV]);
    expect(check).toEqual({
      code: 2,
      stdout: "",
      stderr: `${ENV} is an environment of Gymnasium, and armgym check is for those of armgym. Gymnasium has a checker of its own: gymnasium.utils.env_checker.check_env.\n`,
    });
    const out = join(temporaryFolder(), "demos.mcap");
    const demo = await runCommand(["demo", ENV, "--out", out]);
    expect(demo.code).toBe(2);
    expect(demo.stderr).toMatch(
      /^There is no scripted expert for gym:armgym_test_envs:Line-v0\. There is one for: /,
    );
    expect(existsSync(out)).toBe(false);
    const randomized = await runCommand([
      "train",
      ENV,
      "--randomize",
      "--out",
      join(temporaryFolder(), "runs"),
    ]);
    expect(randomized.code).toBe(2);
    expect(randomized.stderr).toMatch(
      /^Unknown setting "randomization"\. gym:armgym_test_envs:Line-v0 has: kwargs\. /,
    );
  });

  test("a settings file names one of a known package, and no module of the user's own", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "runs"));
    writeFileSync(join(folder, "own.yaml"), `env: ${ENV}\n`);
    const own = await runCommand(["train", "--settings", "own.yaml"], folder);
    expect(own.code).toBe(2);
    expect(own.stderr).toContain(
      `Name the module of an environment of your own: npx armgym train ${ENV} --settings own.yaml\n`,
    );
    writeFileSync(join(folder, "known.yaml"), "env: gym:NoSuchThing-v3\n");
    const known = await runCommand(["train", "--settings", "known.yaml"], folder);
    expect(known.code).toBe(2);
    expect(known.stderr).toMatch(/^gym:NoSuchThing-v3: Gymnasium knows no environment "NoSuchThing-v3"\. /);
  });
});
