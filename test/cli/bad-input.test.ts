import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand, temporaryFolder, writeLineEnv } from "./command.js";

const SEE = (command: string) => `Run "armgym ${command} --help" to see what there is.\n`;
const REACH = "Reach-v1 has: ";

/** Run commands side by side and return exit code and stderr of each; none of them may print to stdout. */
async function refusals(commands: readonly (readonly string[])[], cwd: string) {
  const results = await Promise.all(commands.map((args) => runCommand(args, cwd)));
  expect(results.map(({ stdout }) => stdout)).toEqual(commands.map(() => ""));
  expect(readdirSync(cwd)).not.toContain("runs");
  return results.map(({ code, stderr }) => [code, stderr]);
}

test("mistyped commands, options and names get a near match, and no run is made", async () => {
  const cwd = temporaryFolder();
  expect(
    await refusals(
      [
        ["trian", "Reach-v1"],
        ["train", "Reach-v1", "--sede", "3"],
        ["train"],
        ["train", "Reach-v2"],
        ["train", "Reach-v1", "--agent", "ppo-mpl"],
        ["train", "Reach-v1", "--engine", "natve"],
        ["bench", "updte"],
      ],
      cwd,
    ),
  ).toEqual([
    [2, `Unknown command 'trian'\n(Did you mean train?)\nRun "armgym --help" to see what there is.\n`],
    [2, `Unknown option '--sede'\n(Did you mean --seed?)\n${SEE("train")}`],
    [2, 'Which environment? For example "armgym train Reach-v1"; "armgym list" shows all.\n'],
    [2, 'Unknown env "Reach-v2". Did you mean "Reach-v1"? Run "armgym list".\n'],
    [2, 'Unknown agent "ppo-mpl". Did you mean "ppo-mlp"? Run "armgym list".\n'],
    [2, 'Unknown engine "natve". Did you mean "native"? Engines are: native, wasm, tensorflow, reference.\n'],
    [
      2,
      expect.stringMatching(
        /^Unknown benchmark "updte"\. Did you mean "update"\? There are: .*update.*\.\n$/,
      ),
    ],
  ]);
});

test("an impossible observation mode or camera, and an agent that cannot see, are refused", async () => {
  const cwd = temporaryFolder();
  const seen = (...more: string[]) => ["train", "Reach-v1", "--obs", "camera", ...more];
  expect(
    await refusals(
      [
        ["train", "Reach-v1", "--obs", "camrea"],
        seen(),
        seen("--set", 'cameras=["frnt"]'),
        seen("--set", 'cameras=[{"name":"front","fovDeg":200}]'),
      ],
      cwd,
    ),
  ).toEqual([
    [2, '--obs is "camrea", expected one of: state, camera, camera+state. Did you mean "camera"?\n'],
    [
      2,
      'ppo-mlp reads no pictures, and Reach-v1 has observationMode "camera". Choose an agent that reads them, or --obs state.\n',
    ],
    [
      2,
      'Unknown camera "frnt" of Reach-v1. Did you mean "front"? There are: front, side, wrist; or give one of your own: name, eye and target.\n',
    ],
    [
      2,
      'Camera "front" of Reach-v1: fovDeg is 200, expected degrees above 0 and below 180, for example 45.\n',
    ],
  ]);
});

test("impossible values are refused with what was expected, and no run is made", async () => {
  const cwd = temporaryFolder();
  const set = (setting: string) => ["train", "Reach-v1", "--set", setting];
  expect(
    await refusals(
      [
        ["train", "Reach-v1", "--steps", "many"],
        ["train", "Reach-v1", "--workers", "0"],
        ["train", "Reach-v1", "--seed", "9007199254740992"],
        set("numSteps=9007199254740992"),
        ["view", "--port", "99999"],
        set("gama=0.9"),
        set("gamma=2"),
        set("gamma=high"),
        set("numEnvs=7"),
        set("learningRate=-1"),
        set("solver.iteration=5"),
        set("controlMode=ee-delt"),
        set("physicsRate=0"),
        set("rewardMode=dens"),
        set("gamma"),
        set("__proto__.numEnvs=1"),
        set("solver.__proto__.iterations=1"),
        set("solver=null"),
      ],
      cwd,
    ),
  ).toEqual([
    [2, '--steps is "many", expected a whole number of at least 1.\n'],
    [2, '--workers is "0", expected a whole number from 1 to 256.\n'],
    [2, '--seed is "9007199254740992", expected a whole number from 0 to 9007199254740991.\n'],
    [2, 'Setting "numSteps" is 9007199254740992, expected a whole number from 1 to 65536, in steps.\n'],
    [2, '--port is "99999", expected a whole number from 0 to 65535.\n'],
    [2, expect.stringContaining(`Unknown setting "gama". Did you mean "gamma"? ${REACH}`)],
    [2, 'Setting "gamma" is 2, expected a number from 0 to 1.\n'],
    [2, 'Setting "gamma" of ppo-mlp is "high", expected a number like 0.95.\n'],
    [2, 'Setting "numEnvs" is 7, expected a multiple of envsPerGroup (8).\n'],
    [2, 'Setting "learningRate" is -1, expected a number above 0, at most 1.\n'],
    [
      2,
      'Unknown setting "iteration" of Reach-v1, solver. Did you mean "iterations"? It has: iterations, tolerance.\n',
    ],
    [
      2,
      'Unknown control mode "ee-delt". Did you mean "ee-delta"? Available: ee-delta, ee-delta-yaw, ee-delta-pose, ee-absolute, ee-absolute-yaw, ee-absolute-pose, osc, joint-position, joint-delta, joint-velocity, joint-torque.\n',
    ],
    [2, "physicsRate is 0, expected a number from 1 to 20000, in Hz.\n"],
    [2, 'Setting "rewardMode" of Reach-v1 is "dens", expected "dense" or "sparse". Did you mean "dense"?\n'],
    [2, 'The setting "gamma" is not of the form path=value, for example solver.iterations=10.\n'],
    [2, expect.stringContaining(`Unknown setting "__proto__". ${REACH}`)],
    [2, 'Unknown setting "__proto__" of Reach-v1, solver. It has: iterations, tolerance.\n'],
    [
      2,
      'Setting "solver" of Reach-v1 is null, expected settings like {"iterations":20,"tolerance":0.00001}.\n',
    ],
  ]);
});

test("environment modules that cannot be used are refused by name", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "throws.ts"), 'throw new Error("no luck");\n');
  writeFileSync(join(cwd, "empty.js"), "export const answer = 42;\n");
  writeFileSync(join(cwd, "syntax.ts"), "export const = ;\n");
  writeLineEnv(cwd, "two.ts", {
    exported: 'export { line }; export const other = { ...line, id: "Other-v1" };',
  });
  const url = (name: string) => `file://${join(cwd, name)}`;
  expect(
    await refusals(
      [
        ["check", "./nowhere.ts"],
        ["check", "./throws.ts"],
        ["check", "./empty.js"],
        ["check", "./syntax.ts"],
        ["train", "./two.ts"],
      ],
      cwd,
    ),
  ).toEqual([
    [2, "There is no file ./nowhere.ts. Give an env's id or a module that exports one.\n"],
    [2, `The module ${url("throws.ts")} cannot be loaded: no luck\n`],
    [2, "./empty.js exports no env. Export what defineEnv() returns.\n"],
    [2, expect.stringMatching(`^The module ${url("syntax.ts")} cannot be loaded: ParseError: .*\n`)],
    [2, "./two.ts exports Line-v1, Other-v1. Choose one, for example ./two.ts#Line-v1.\n"],
  ]);
});

test("check finds a broken contract in a user's module, TypeScript and JavaScript alike", async () => {
  const cwd = temporaryFolder();
  writeLineEnv(cwd, "good.ts");
  writeLineEnv(cwd, "reward.ts", { reward: "point.x > 0.5 ? Number.NaN : 0" });
  writeLineEnv(cwd, "bounds.js", { read: "20 + point.x" });
  writeLineEnv(cwd, "observation.js", { read: "Number.NaN" });
  const [good, ...bad] = await Promise.all(
    ["good.ts", "reward.ts", "bounds.js", "observation.js"].map((name) =>
      runCommand(["check", `./${name}`], cwd),
    ),
  );
  expect([good!.code, good!.stdout.split("\n").at(-2)]).toEqual([0, "Line-v1 keeps its contract."]);
  expect(bad.map(({ code }) => code)).toEqual([2, 2, 2]);
  const [reward, bounds, observation] = bad.map(({ stdout }) => stdout);
  expect(reward).toMatch(
    /✗ step returns an observation, reward and flags: step \d+: reward term "near" is not finite; look for divisions by zero in reward and observation\n/,
  );
  expect(bounds).toMatch(
    /✗ reset returns an observation of the space: observation\.state\[0\] is 2\d\.\d+, expected -3 to 3\n/,
  );
  expect(observation).toContain(
    "✗ reset returns an observation of the space: it throws: Line-v1: observation entry 0 (x) is not finite after reset(). Look at reset and observation.\n",
  );
  for (const text of [reward, bounds, observation]) expect(text).toMatch(/Line-v1 breaks its contract\.\n$/);
});

test("a port in use is refused before anything is trained", async () => {
  const cwd = temporaryFolder();
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  expect(await refusals([["train", "Reach-v1", "--view", "--port", String(port)]], cwd)).toEqual([
    [2, `Port ${port} is in use. Choose another with --port, or leave it out for any free one.\n`],
  ]);
  server.close();
});
