// The real server process, driven from here.
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { encodeFrame, FRAME, PROTOCOL } from "../../src/serve/frames.js";
import { pythonClient } from "../../src/serve/python-client.js";
import { VERSION } from "../../src/version.js";
import { runCommand, temporaryFolder, writeLineEnv } from "../cli/command.js";
import { Client, errorOf, type Hello, rowsOf } from "./client.js";

/** A point on a line in episodes of 3 steps, 2 of them side by side. */
const line = (parts: Parameters<typeof writeLineEnv>[2] = {}) =>
  writeLineEnv(temporaryFolder(), "line.mjs", { maxEpisodeSteps: 3, ...parts });
const TWO = ["--num-envs", "2"];
const [NEXT_STEP, SAME_STEP, DISABLED] = [0, 1, 2];
const rows = (frame: Parameters<typeof rowsOf>[0]) => rowsOf(frame, 2, 1, 1);

describe("a batch of two points on a line", () => {
  test("begins with what it is, and steps as the environments themselves do", async () => {
    const client = new Client([...TWO, line()]);
    const { type, value } = await client.nextJson<Hello>();
    expect(type).toBe(FRAME.hello);
    expect(value).toMatchObject({ protocol: PROTOCOL, version: VERSION, numEnvs: 2, rewardTerms: ["near"] });
    expect(value.parts).toEqual([
      { name: "observation", dtype: "float32", shape: [1], low: [-3], high: [3], entries: ["x"] },
    ]);
    const start = rows(await client.reset({ seeds: ["5", "6"] }));
    expect(start.notes.reset).toEqual([
      [0, { seed: "5" }],
      [1, { seed: "6" }],
    ]);
    const [x, y] = start.observations as [number, number];
    const next = rows(await client.step(NEXT_STEP!, [1, -3]));
    // the point moves by half of the action, which is clipped
    expect(next.observations).toEqual([Math.fround(x + 0.5), Math.fround(y - 0.5)]);
    expect(next.rewards.map(Math.fround)).toEqual(
      next.observations.map((at) => Math.fround(1 - Math.abs(at))),
    );
    expect(next.terms).toEqual(next.rewards);
    expect(next.clipped).toEqual([0, 1]);
    expect([...next.terminated, ...next.truncated, ...next.reset]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("begins the next episode in the step after, in the same step, or when it is told to", async () => {
    const seed = { seeds: ["5", "6"] };
    const file = line();
    const play = async (mode: number) => {
      const client = new Client([...TWO, file]);
      await client.next();
      await client.reset(seed);
      for (let k = 0; k < 2; k++) await client.step(mode, [0.5, 0.5]);
      return { client, end: rows(await client.step(mode, [0.5, 0.5])) };
    };
    const [next, same, disabled] = [await play(NEXT_STEP!), await play(SAME_STEP!), await play(DISABLED!)];
    for (const { end } of [next, same, disabled]) expect(end.truncated).toEqual([1, 1]);
    expect(disabled.end.observations).toEqual(next.end.observations);
    expect(same.end.finals).toEqual([0, 1]);
    expect(same.end.last).toEqual(next.end.observations);
    const begun = rows(await next.client.step(NEXT_STEP!, [1, 1]));
    expect(begun).toMatchObject({ rewards: [0, 0], truncated: [0, 0], reset: [1, 1] });
    expect(begun.observations).toEqual(same.end.observations);
    expect(begun.notes).toEqual(same.end.notes);
    expect(errorOf(await disabled.client.step(DISABLED!, [0, 0])).message).toBe(
      "The episode of environment 0 has ended. Call reset() before the next step.",
    );
    const masked = rows(await disabled.client.reset({ mask: [false, true] }));
    expect(masked.reset).toEqual([0, 1]);
    expect(masked.observations).toEqual([disabled.end.observations[0], same.end.observations[1]]);
  });

  test("refuses what cannot be, moves nothing, and goes on", async () => {
    const client = new Client([...TWO, line()]);
    await client.next();
    const refused = async (frame: Promise<Parameters<typeof errorOf>[0]>) => errorOf(await frame);
    expect(await refused(client.step(NEXT_STEP!, [0, 0]))).toEqual({
      kind: "usage",
      message: "Environment 0 has not begun an episode. Call reset() first.",
    });
    expect((await refused(client.reset({ mask: [true, false] }))).message).toBe(
      "Environment 1 has not begun any episode and is not in the mask. Reset all of them first.",
    );
    expect((await refused(client.reset({ seeds: ["1"] }))).message).toBe(
      "reset() got 1 seeds for 2 environments.",
    );
    expect((await refused(client.reset({ difficulty: 2 }))).message).toMatch(
      /^The reset request cannot be read: difficulty: /,
    );
    const { observations } = rows(await client.reset({ seeds: ["5", "6"] }));
    expect((await refused(client.step(NEXT_STEP!, [0.5, Number.NaN]))).message).toBe(
      "Action entry 0 (push) of environment 1 is NaN, expected a number from -1 to 1.",
    );
    expect((await refused(client.step(NEXT_STEP!, [0.5]))).message).toBe(
      "step() got 8 bytes, expected 12: a mode and 2 x 1 float32.",
    );
    expect((await refused(client.step(7, [0, 0]))).message).toBe(
      "step() got the autoreset mode 7, expected 0 to 2.",
    );
    expect(rows(await client.step(NEXT_STEP!, [0, 0])).observations).toEqual(observations);
  });

  test("an episode that is not finite ends terminated, without success, and the seeds go on", async () => {
    const file = line({ afterStep: "if (point.steps === 2) point.x = Number.NaN;", before: "" });
    const client = new Client([...TWO, file]);
    await client.next();
    await client.reset({ seeds: ["5", "6"] });
    const fine = rows(await client.step(NEXT_STEP!, [0.5, 0.5]));
    const end = rows(await client.step(NEXT_STEP!, [0, 0]));
    expect(end).toMatchObject({ terminated: [1, 1], truncated: [0, 0], success: [0, 0], rewards: [0, 0] });
    expect(end.observations).toEqual(fine.observations);
    expect(end.notes.step[0]).toEqual([0, { non_finite: "observation entry 0 (x)" }]);
    const begun = rows(await client.step(NEXT_STEP!, [0, 0]));
    // the seeds that follow without the accident
    const other = new Client([...TWO, line()]);
    await other.next();
    await other.reset({ seeds: ["5", "6"] });
    expect(begun.notes.reset).toEqual(rows(await other.reset({})).notes.reset);
  });
});

describe("the server's end", () => {
  const begun = async (args: readonly string[] = [line()]) => {
    const client = new Client(args);
    await client.next();
    return client;
  };

  test("closing its stdin, and asking it to close, end it with 0", async () => {
    const [one, other] = [await begun(), await begun()];
    one.process.stdin.end();
    other.process.stdin.write(encodeFrame(FRAME.close));
    expect(await Promise.all([one.ended, other.ended])).toEqual([0, 0]);
    expect([one.stderr, other.stderr]).toEqual(["", ""]);
  });

  test("a client that dies in the middle of a frame ends it, timers of the environment or not", async () => {
    const client = await begun([line({ before: "setInterval(() => {}, 1000);" })]);
    client.process.stdin.end(Uint8Array.of(2, 0, 0, 0, 8));
    expect(await client.ended).toBe(0);
  });

  test("Ctrl-C, which reaches a whole terminal, does not", async () => {
    const client = await begun();
    client.process.kill("SIGINT");
    await setTimeout(100);
    expect((await client.reset({})).type).toBe(FRAME.reset);
  });

  test("a frame of a gigabyte is refused when its header is there, and ends it", async () => {
    const client = await begun();
    const header = Buffer.alloc(8);
    header.writeUInt32LE(FRAME.step, 0);
    header.writeUInt32LE(2 ** 30, 4);
    client.process.stdin.write(header);
    const message =
      "A frame of type 2 announces 1073741824 bytes, expected at most 8. The connection is given up.";
    expect(errorOf(await client.next())).toEqual({ kind: "usage", message });
    expect(await client.ended).toBe(2);
    expect(client.stderr).toBe(`${message}\n`);
  });
});

describe("what an environment's module does", () => {
  test("its prints go to stderr, not between the frames", async () => {
    const client = new Client([line({ before: 'console.log("hello from a module");' })]);
    expect((await client.next()).type).toBe(FRAME.hello);
    expect(client.stderr).toBe("hello from a module\n");
  });

  test("what it throws is an error frame that names the call", async () => {
    const client = new Client([line({ afterStep: 'throw new Error("a bearing broke");' })]);
    await client.next();
    await client.reset({});
    const { kind, message } = errorOf(await client.step(NEXT_STEP!, [0]));
    expect(kind).toBe("usage");
    expect(message).toMatch(/^Line-v1: step\(\) threw "a bearing broke" at .*line\.mjs:\d+:\d+\.$/);
  });
});

test("an environment that is not there is an error frame and a line, with exit code 2", async () => {
  const client = new Client(["Reac-v1"]);
  const message = 'Unknown env "Reac-v1". Did you mean "Reach-v1"? Run "armgym list".';
  expect(errorOf(await client.next())).toEqual({ kind: "usage", message });
  expect(await client.ended).toBe(2);
  expect(client.stderr).toBe(`${message}\n`);
});

test("--client python writes the file of the package with the version and all ids, --json what is served", async () => {
  const { stdout } = await runCommand(["serve-env", "--client", "python"]);
  expect(stdout).toBe(pythonClient(Object.keys(envs)));
  expect(stdout).toContain(`\nVERSION = "${VERSION}"\n`);
  expect(stdout).toContain(`\nPROTOCOL = ${PROTOCOL}\n`);
  for (const id of Object.keys(envs))
    expect(stdout).toMatch(new RegExp(`^ENV_IDS = \\(.*"${id}",.*\\)$`, "m"));
  const served = JSON.parse((await runCommand(["serve-env", "Reach-v1", "--goal", "--json"])).stdout);
  expect(served.parts.map(({ name }: { name: string }) => name)).toEqual([
    "observation",
    "achieved_goal",
    "desired_goal",
  ]);
  expect(served.parts[0].entries).not.toContain("goal_from_tcp_x");
});

test("bad words on the command line are refused with the way out", async () => {
  const refusals = [
    [
      [],
      'Give an environment to serve, for example: armgym serve-env PickPlace-v1. The client: "armgym serve-env --client python".\n',
    ],
    [["--client", "ruby"], '--client is "ruby", expected python, the only one so far.\n'],
    [["Reach-v1", "--num-envs", "0"], '--num-envs is "0", expected a whole number from 1 to 4096.\n'],
  ] as const;
  for (const [args, stderr] of refusals)
    expect(await runCommand(["serve-env", ...args])).toEqual({ code: 2, stdout: "", stderr });
});

test("the npm package holds the Python file", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    encoding: "utf8",
  });
  const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path)).toContain("dist/src/serve/armgym_gym.py");
});
