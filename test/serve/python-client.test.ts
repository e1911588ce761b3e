// The Python file as it is written out, against Gymnasium and Stable-Baselines3 themselves.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { panda } from "../../src/robots/models/panda.js";
import { pythonClient } from "../../src/serve/python-client.js";
import { pythonWith } from "../bench/python-peer.js";
import { temporaryFolder, writeLineEnv } from "../cli/command.js";

const CHECKS = "test/serve/gymnasium_checks.py";
/** Gymnasium in a virtual environment of its own, or the Python that PYTHON names; the reason is said where there is none. */
const python = pythonWith("gymnasium", "gymnasium");

/** Run a check with a command as the browser, and return the lines that it prints before "ok"; throws with all that Python said where it fails. */
async function check(name: string, args: readonly string[] = [], browser = "true"): Promise<string[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "armgym_gym.py"), pythonClient(Object.keys(envs)));
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...others } = process.env;
  const env = { ...others, BROWSER: browser };
  const { stdout } = await promisify(execFile)(python!, [CHECKS, folder, name, ...args], { env });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toBe("ok");
  return lines.slice(0, -1);
}

describe.skipIf(python === undefined)("armgym_gym.py", () => {
  test("passes check_env of Gymnasium, and of Stable-Baselines3 where that is there, without a warning", async () => {
    const [said] = (await check("checkers")).slice(-1);
    expect(said).toMatch(/^with(out)? Stable-Baselines3$/);
  });

  test("a batch gives what SyncVectorEnv over single environments gives, bit for bit, infos too", async () => {
    expect(await check("batches")).toEqual([
      "state NextStep: 6 ends",
      "state SameStep: 6 ends",
      "state Disabled: 6 ends",
      "goal SameStep: 6 ends",
      "camera SameStep: 6 ends",
      "randomised Disabled: 6 ends",
    ]);
  });

  test("computes the reward of any goal, and refuses tasks whose goals cannot be relabelled", async () => {
    expect(await check("goals")).toEqual([
      "ValueError: Sort-v1 cannot be goal-conditioned: it has no goal.",
      ...["RememberGoal-v1", "Occluded-v1"].map(
        (id) =>
          `ValueError: ${id} cannot be goal-conditioned: the policy must remember the goal, or success is more than reaching it.`,
      ),
      'ValueError: Reach-v1 cannot be goal-conditioned: rewardMode is "dense", and the reward of another goal is known only where it is "sparse". Leave rewardMode out.',
      'ValueError: Reach-v1 cannot be goal-conditioned: its camera "front" shows the goal. Hide it, for example cameras=[{"name": "front", "goalMarker": "hidden"}].',
    ]);
  });

  test("makes episodes again by their seeds, and begins others without", async () => {
    expect(await check("seeds")).toEqual([]);
  });

  test("gives Stable-Baselines3 what its DummyVecEnv over single environments gives, where that is there", async () => {
    const lines = await check("sb3");
    expect(lines).toEqual(
      lines.length === 1
        ? ["ImportError: make_sb3_vec_env() needs Stable-Baselines3: pip install stable-baselines3"]
        : [
            "ValueError: reset() got options that differ between environments, which a batch does not have",
            "AttributeError: env_method() got 'step': the environments of a batch do that together",
            "ValueError: make_sb3_vec_env() got autoreset_mode: a VecEnv of Stable-Baselines3 always begins the next episode at once",
          ],
    );
  });

  test("opens a browser on the episode that is stepped, and says where there is none", async () => {
    const folder = temporaryFolder();
    const [browser, opened] = [join(folder, "browser"), join(folder, "opened")];
    writeFileSync(browser, `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 });
    expect(await check("human", [opened], browser)).toEqual([]);
    expect(await check("no_browser", [], "")).toEqual([
      `RuntimeError: render_mode="human" opens the viewer in a browser, and none can be started here. Use render_mode="rgb_array", or set the environment variable BROWSER to a command that takes an address: BROWSER=echo prints it`,
    ]);
  });

  test("takes an environment and a robot of the user's own by their paths", async () => {
    const folder = temporaryFolder();
    const robot = join(folder, "mine.mjs");
    writeFileSync(robot, `export const mine = ${JSON.stringify({ ...panda, id: "mine" })};\n`);
    expect(await check("own", [writeLineEnv(folder, "line.ts"), robot])).toEqual([]);
  });

  test("refuses what cannot be in the caller's terms", async () => {
    expect(await check("refusals")).toMatchInlineSnapshot(`
      [
        "ValueError: Environment 0 has not begun an episode. Call reset() first.",
        "ValueError: step() got actions of the shape (1, 3), expected (3,)",
        "ValueError: action entry 1 (tcp_y) of environment 0 is nan, expected a number from -1 to 1",
        "ValueError: step() got ['left', 0, 0], expected numbers of the shape (3,)",
        "ValueError: reset() got the option "dificulty", expected "difficulty", 0 to 1; "reset_mask" of a VectorEnv",
        "ValueError: reset() got the difficulty 3, expected a number from 0 to 1",
        "ValueError: Unknown setting "controlRat" of Reach-v1. Did you mean "controlRate"? It has: robot, controlMode, controlRate, rateLimits, physicsRate, solver, selfCollision, randomization, curriculum, rewardMode, observationMode, cameras, appearance, visualRandomization, threshold, rewardWeights.",
        "ValueError: the setting controlRate is nan, expected what JSON can hold",
        "ValueError: render_mode is 'ansi', expected None or "human" or "rgb_array"",
        "ValueError: render_mode is 'human', expected None or "rgb_array"",
        "RuntimeError: armgym announces 2021161080 bytes, expected at most 67108864: is ['python', '-c', "print('x' * 99)"] armgym?",
        "RuntimeError: armgym cannot be started by ['there-is-no-such-program', 'serve-env']: [Errno 2] No such file or directory: 'there-is-no-such-program'",
        "RuntimeError: armgym 0.1.9 speaks protocol 0, this file, of 0.2.0, protocol 1. Write it anew: armgym serve-env --client python > armgym_gym.py",
        "ValueError: reset() got 1 seeds for 2 environments",
        "ValueError: step() got actions of the shape (3, 3), expected (2, 3)",
        "TypeError: step() got 0, expected an array of the shape (2, 3)",
        "ValueError: \`options['reset_mask']\` must have shape \`(2,)\`, got (1,)",
        "TypeError: \`options['reset_mask']\` must be a numpy array, got <class 'list'>",
      ]
    `);
  });

  test("ends its server with itself, and starts another where one died", async () => {
    expect(await check("ends")).toEqual([
      "RuntimeError: the environment's process ended by itself (exit code -9); stderr may say why",
      "RuntimeError: the environment is closed: call reset() to start it again",
    ]);
  });
});
