import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointOf, onlyRun, QUICK, runCommand, temporaryFolder, writeLineEnv } from "./command.js";

const SHORT = ["--workers", "1", "--set", "evalInterval=256", "--set", "validationEpisodes=8"];

test("what show writes trains the same bits, from YAML, from JSON and from its output, and --set goes above it", async () => {
  const folder = temporaryFolder();
  const train = async (out: string, ...args: string[]) => {
    const { code, stderr } = await runCommand(
      ["train", ...args, "--out", join(folder, out), "--workers", "1"],
      folder,
    );
    expect(stderr).toContain("Measuring the best policy");
    expect(code).toBe(0);
    return onlyRun(join(folder, out));
  };
  // a teacher: its route and its tuning are in the file as well; solver: trained on is another than evaluated on
  const first = await train(
    ...([
      "first",
      "Reach-v1",
      ...QUICK,
      ...SHORT,
      "--steps",
      "512",
      "--seed",
      "3",
      "--teacher",
      "expert",
    ] as const),
    ...["--set", "gamma=0.9", "--set", 'distillation={"numUpdates":4,"batchSize":64,"bufferSize":512}'],
    ...["--set", "controlRate=10"],
  );
  const state = await checkpointOf(first);
  const shown = await runCommand(["show", first], folder);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  for (const line of [
    /^env: "Reach-v1"$/m,
    /^seed: 3$/m,
    /^teacher: "expert"$/m,
    /^settings: # of the agent\n {2}# network\n {2}hiddenSize: \d+ +# /m,
    /\n {2}# algorithm\n {2}totalSteps: 512 /,
    /\n {2}# validation\n {2}evalInterval: /,
    /^ {2}gamma: 0\.9 +# user, today's default 0\.95$/m,
    /^ {2}totalSteps: 512 +# steps, user, today's default 49152$/m,
    /^ {2}maxGradNorm: 1 +# route$/m,
    /^ {2}stopAtSuccess: 1 +# tuning$/m,
    /^ {2}clipCoef: 0\.2 +# default$/m,
    /^ {2}controlRate: 10 +# Hz, user, today's default 20$/m,
    /^trainEnv: # where the environment that is trained on differs\n {2}solver:\n {4}iterations: 10 +# tuning\n {4}tolerance: 0\.001 +# m\/s, tuning$/m,
  ])
    expect(shown.stdout).toMatch(line);
  writeFileSync(join(folder, "printed.yaml"), shown.stdout);
  for (const file of ["mine.yaml", "mine.json"])
    expect(await runCommand(["show", first, "--settings", file], folder)).toEqual({
      code: 0,
      stdout: `Wrote ${file}. Train by it: armgym train --settings ${file}\n`,
      stderr: "",
    });
  expect(readFileSync(join(folder, "mine.yaml"), "utf8")).toBe(shown.stdout);
  for (const file of ["printed.yaml", "mine.json"]) {
    const again = await train(`by-${file}`, "--settings", file);
    expect(await checkpointOf(again)).toEqual(state);
  }
  const other = await train("other", "--settings", "mine.yaml", "--set", "gamma=0.8", "--seed", "4");
  const config = JSON.parse(readFileSync(join(other, "config.json"), "utf8"));
  expect(config).toMatchObject({
    seed: 4,
    teacher: "expert",
    resolved: { settings: { gamma: 0.8, numSteps: 16 } },
  });
  const { origins } = config.resolved;
  expect([origins.settings.gamma, origins.settings.clipCoef, origins.envConfig.controlRate]).toEqual([
    "user",
    "file",
    "file",
  ]);
  const asJson = await runCommand(["show", other, "--json"], folder);
  const { settings } = JSON.parse(asJson.stdout);
  expect(settings.find(({ path }: { path: string }) => path === "gamma")).toEqual({
    path: "gamma",
    value: 0.8,
    origin: "user",
    today: { value: 0.95 },
  });
});

test("a settings file of an environment of one's own names no code: the command line does", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.ts");
  const sizes = [...QUICK, ...SHORT, "--steps", "256"];
  expect((await runCommand(["train", "./line.ts", ...sizes, "--set", "speed=0.4"], folder)).code).toBe(0);
  const run = onlyRun(join(folder, "runs"));
  expect((await runCommand(["show", run, "--settings", "line.yaml"], folder)).code).toBe(0);
  writeFileSync(join(folder, "evil.yaml"), `env: ${env}\n`);
  const [refused, evil] = await Promise.all(
    ["line.yaml", "evil.yaml"].map((file) => runCommand(["train", "--settings", file], folder)),
  );
  const refusal = (line: string, id: string, file: string, hint = "") =>
    `${line}: the environment "${id}" does not come with armgym, and a settings file is data that names no code. ${hint}Name the module of an environment of your own: npx armgym train ./my-env.ts --settings ${file}\n`;
  expect(refused).toEqual({
    code: 2,
    stdout: "",
    stderr: refusal("line.yaml:4", "Line-v1", "line.yaml", 'Did you mean "Lift-v1"? '),
  });
  expect(evil).toEqual({ code: 2, stdout: "", stderr: refusal("evil.yaml:1", env, "evil.yaml") });
  const out = ["--out", join(folder, "again")];
  expect((await runCommand(["train", "./line.ts", "--settings", "line.yaml", ...out], folder)).code).toBe(0);
  expect(await checkpointOf(onlyRun(join(folder, "again")))).toEqual(await checkpointOf(run));
});

test("settings that cannot be are refused by file and line, with exit code 2, and no run is made", async () => {
  const folder = temporaryFolder();
  execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
  const cases: [text: string | undefined, string][] = [
    [
      "env: Reach-v1\nsettings:\n  gamma: 2\n",
      'FILE:3: Setting "gamma" is 2, expected a number from 0 to 1.\n',
    ],
    [
      "env: Reach-v1\nsettings:\n  numEnvs: 7\n",
      'FILE:3: Setting "numEnvs" is 7, expected a multiple of envsPerGroup (8).\n',
    ],
    [
      "env: Reach-v1\nenvConfig:\n  physicsRate: 0\n",
      "FILE:3: physicsRate is 0, expected a number from 1 to 20000, in Hz.\n",
    ],
    [
      "env: Reach-v1\nagent: ppo-mpl\n",
      'Unknown agent "ppo-mpl". Did you mean "ppo-mlp"? Run "armgym list".\n',
    ],
    ["seed: 1\n", "FILE names no environment. Name one, for example Reach-v1.\n"],
    [
      "env: Reach-v1\nteacher: expert\nfrom: nowhere\n",
      "There are two ways to initialize the policy, --teacher and --from. Leave one out.\n",
    ],
    [undefined, "FILE cannot be read: there is no such file.\n"],
  ];
  const results = await Promise.all(
    cases.map(([text], k) => {
      const file = `case-${k}.yaml`;
      if (text !== undefined) writeFileSync(join(folder, file), text);
      return runCommand(["train", "--settings", file], folder);
    }),
  );
  expect(results.map(({ code, stdout }) => [code, stdout])).toEqual(cases.map(() => [2, ""]));
  expect(results.map(({ stderr }) => stderr)).toEqual(
    cases.map(([, message], k) => message.replace("FILE", `case-${k}.yaml`)),
  );
  expect(await runCommand(["train", "--settings", "pipe.yaml"], folder)).toMatchObject({
    code: 2,
    stderr: "pipe.yaml is no plain file.\n",
  });
  expect(await runCommand(["show", folder, "--settings", "out.txt"], folder)).toMatchObject({
    code: 2,
    stderr: "--settings out.txt ends neither in .yaml nor in .json. For example: --settings mine.yaml\n",
  });
  expect(readdirSync(folder)).not.toContain("runs");
});
