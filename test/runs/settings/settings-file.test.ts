import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agents } from "../../../agents/index.js";
import { envs } from "../../../envs/index.js";
import { UsageError } from "../../../src/math/usage-error.js";
import {
  lineOfMistake,
  readSettingsFile,
  requireKnownSettings,
} from "../../../src/runs/settings/settings-file.js";
import { VERSION } from "../../../src/version.js";
import { temporaryFolder } from "../../cli/command.js";

function fileOf(text: string | Uint8Array, name = "mine.yaml"): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

const KNOWN =
  "armgym, env, agent, seed, engine, demos, encoder, from, teacher, settings, envConfig, trainEnv";
const PLACES =
  'Settings of the agent stand below "settings", those of the environment below "envConfig", and what differs while training below "trainEnv".';
const MENDING = "Write one by: npx armgym show RUN --settings FILE";

test("YAML and JSON say the same, and each value knows its line", () => {
  const yaml = fileOf(`# a comment
env: Reach-v1
seed: 3
settings: # of the agent
  gamma: 0.97
  distillation: {noise: 0.1}
envConfig:
  solver:
    tolerance: 1e-5
  cameras: [front, {name: wrist}]
`);
  const json = fileOf(
    JSON.stringify({
      env: "Reach-v1",
      seed: 3,
      settings: { gamma: 0.97, distillation: { noise: 0.1 } },
      envConfig: { solver: { tolerance: 1e-5 }, cameras: ["front", { name: "wrist" }] },
    }),
    "mine.json",
  );
  const { file: _, lines, ...said } = readSettingsFile(yaml);
  expect(said).toEqual({
    env: "Reach-v1",
    seed: 3,
    settings: { gamma: 0.97, distillation: { noise: 0.1 } },
    envConfig: { solver: { tolerance: 1e-5 }, cameras: ["front", { name: "wrist" }] },
  });
  const { file: __, lines: ___, ...same } = readSettingsFile(json);
  expect(same).toEqual(said);
  expect(
    ["env", "settings.gamma", "settings.distillation.noise", "envConfig.solver.tolerance"].map((path) =>
      lines.get(path),
    ),
  ).toEqual([2, 5, 6, 9]);
});

test.each<[what: string, text: string | Uint8Array, (file: string) => string]>([
  [
    "an unknown entry",
    "env: Reach-v1\nsede: 3\n",
    (file) =>
      `${file}:2: Unknown entry "sede". Did you mean "seed"? A settings file has: ${KNOWN}. ${PLACES}`,
  ],
  [
    "a setting outside of its section",
    "gamma: 0.9\n",
    (file) => `${file}:1: Unknown entry "gamma". A settings file has: ${KNOWN}. ${PLACES}`,
  ],
  [
    "a seed that is none",
    "env: Reach-v1\n\nseed: -1\n",
    (file) => `${file}:3: "seed" is -1, expected a whole number of at least 0, or a text.`,
  ],
  [
    "a section that is a list",
    "settings: [1, 2]\n",
    (file) => `${file}:1: "settings" is [1,2], expected settings by name.`,
  ],
  ["an empty section", "settings:\n", (file) => `${file}:1: "settings" is null, expected settings by name.`],
  ["a number as a name", "env: 7\n", (file) => `${file}:1: "env" is 7, expected a name.`],
  [
    "a name twice",
    "settings:\n  gamma: 0.9\n  hiddenSize: 8\n  gamma: 0.8\n",
    (file) => `${file}:4: "gamma" stands there a second time. Leave one out.`,
  ],
  [
    "a name twice in JSON",
    '{"seed": 1,\n"seed": 2}',
    (file) => `${file}:2: "seed" stands there a second time. Leave one out.`,
  ],
  [
    "an alias",
    "settings: &all\n  gamma: 0.9\nenvConfig: *all\n",
    (file) => `${file}:3: *all stands for something else of the file, which is not taken. Write it out.`,
  ],
  [
    "a cycle",
    "settings: &all\n  gamma: 0.9\n  distillation: *all\n",
    (file) => `${file}:3: *all stands for something else of the file, which is not taken. Write it out.`,
  ],
  [
    "a tag",
    "settings: !!binary aGk=\n",
    (file) => `${file}:1: a number, a text, true, false or null is expected there.`,
  ],
  [
    "a key that is a list",
    "settings:\n  [a, b]: 1\n",
    (file) => `${file}:2: a name is expected there, of letters. Put it in quotes.`,
  ],
  [
    "a wrong indent",
    "settings:\n  gamma: 0.9\n gae: 1\n",
    (file) => `${file}:3: All mapping items must start at the same column. ${MENDING}`,
  ],
  [
    "two documents",
    "seed: 1\n---\nseed: 2\n",
    (file) =>
      `${file}:2: Source contains multiple documents; please use YAML.parseAllDocuments(). ${MENDING}`,
  ],
  [
    "a text",
    "train Reach with gamma\n",
    (file) =>
      `${file} is no settings file: it holds a text or a number, expected settings by name. ${MENDING}`,
  ],
  [
    "a list",
    "- gamma\n",
    (file) => `${file} is no settings file: it holds a list, expected settings by name. ${MENDING}`,
  ],
  [
    "nothing",
    "",
    (file) => `${file} is no settings file: it holds nothing, expected settings by name. ${MENDING}`,
  ],
  [
    "another version",
    'seed: 1\narmgym: "9.1.0"\n',
    (file) =>
      `${file}:2: it was written by armgym 9.1.0, this is ${VERSION}. Run "npx armgym@9.1.0", or write it again: npx armgym show RUN --settings ${file}`,
  ],
  [
    "brackets within brackets",
    `settings: ${"[".repeat(100_000)}`,
    (file) => `${file}:1: what stands there is more than 24 deep. ${MENDING}`,
  ],
  [
    "indents within indents",
    `settings:\n${Array.from({ length: 1000 }, (_, k) => `${" ".repeat(k + 1)}a:`).join("\n")}`,
    (file) => `${file}:130: what stands there is more than 24 deep. ${MENDING}`,
  ],
  [
    "dashes after dashes",
    `settings:\n  ${"- ".repeat(1000)}1`,
    (file) => `${file}:2: what stands there is more than 24 deep. ${MENDING}`,
  ],
  [
    "a tag that is not known",
    "settings: !mine {}\n",
    (file) => `${file}:1: Unresolved tag: !mine. ${MENDING}`,
  ],
  [
    "groups within groups",
    `settings: ${"{a: ".repeat(40)}1${"}".repeat(40)}\n`,
    (file) => `${file}:1: what stands there is more than 24 deep. ${MENDING}`,
  ],
  [
    "a file too large",
    new Uint8Array(2 ** 20 + 1),
    (file) => `${file} has 1 MB, more than the 1 MB that a file of its kind may have.`,
  ],
])("%s is refused by file and line", (_, text, message) => {
  const file = fileOf(text);
  expect(() => readSettingsFile(file)).toThrow(new UsageError(message(file)));
});

test("aliases that would grow without bounds are refused before they are followed", () => {
  const levels = Array.from(
    { length: 30 },
    (_, k) => `l${k + 1}: &l${k + 1} [${`*l${k}, `.repeat(9)}*l${k}]`,
  );
  const file = fileOf(`l0: &l0 [1]\n${levels.join("\n")}\n`);
  const begin = performance.now();
  expect(() => readSettingsFile(file)).toThrow(`${file}:2: *l0 stands for something else of the file`);
  expect(performance.now() - begin).toBeLessThan(5000);
});

test("as many names as a file may hold are read in a moment", () => {
  const names = Array.from({ length: 80_000 }, (_, k) => `  a${k}: 1`).join("\n");
  const begin = performance.now();
  expect(Object.keys(readSettingsFile(fileOf(`settings:\n${names}\n`)).settings!)).toHaveLength(80_000);
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test.each<[string, (file: string) => string | RegExp]>([
  [
    "settings:\n  gama: 0.9\n",
    (file) => new RegExp(`^${file}:2: Unknown setting "gama" of ppo-mlp\\. Did you mean "gamma"\\? It has: `),
  ],
  [
    "settings:\n  gamma: high\n",
    (file) => `${file}:2: Setting "gamma" of ppo-mlp is "high", expected a number like 0.95.`,
  ],
  ["settings:\n  gamma: 2\n", (file) => `${file}:2: Setting "gamma" is 2, expected a number from 0 to 1.`],
  [
    "settings:\n  gamma: .nan\n",
    (file) => `${file}:2: Setting "gamma" of ppo-mlp is NaN, expected a finite number.`,
  ],
  [
    "settings:\n  distillation:\n    noise: 3\n",
    (file) => `${file}:3: Setting "distillation.noise" is 3, expected a number from 0 to 2.`,
  ],
  [
    "settings:\n  __proto__:\n    gamma: 1\n",
    (file) => new RegExp(`^${file}:3: Unknown setting "__proto__" of ppo-mlp\\. `),
  ],
  [
    "envConfig:\n  solver:\n    iteration: 5\n",
    (file) =>
      `${file}:3: Unknown setting "iteration" of Reach-v1, solver. Did you mean "iterations"? It has: iterations, tolerance.`,
  ],
  [
    "envConfig:\n  rewardMode: dens\n",
    (file) =>
      `${file}:2: Setting "rewardMode" of Reach-v1 is "dens", expected "dense" or "sparse". Did you mean "dense"?`,
  ],
  [
    "trainEnv:\n  solver: 5\n",
    (file) =>
      `${file}:2: Setting "solver" of Reach-v1 is 5, expected settings like {"iterations":20,"tolerance":0.00001}.`,
  ],
])("%j is refused by file and line", (text, message) => {
  const file = fileOf(text);
  const said = readSettingsFile(file);
  expect(() => requireKnownSettings(said, envs["Reach-v1"], agents["ppo-mlp"])).toThrow(message(file));
});

test("a mistake that only shows when settings meet is found in the file by the setting's name", () => {
  const said = readSettingsFile(fileOf("settings:\n  numEnvs: 7\nenvConfig:\n  physicsRate: 0\n"));
  expect(lineOfMistake(said, 'Setting "numEnvs" is 7, expected a multiple of envsPerGroup (8).')).toBe(2);
  expect(lineOfMistake(said, "physicsRate is 0, expected a number from 1 to 20000, in Hz.")).toBe(4);
  expect(lineOfMistake(said, 'Setting "gamma" is 2, expected a number from 0 to 1.')).toBeUndefined();
});
