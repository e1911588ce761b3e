import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_RANDOMIZATION } from "../../src/env/randomization/randomization.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { checkpointOf, metricsOf, onlyRun, QUICK, runCommand, temporaryFolder } from "./command.js";

const PLAN = [
  "Reach-v1",
  ...QUICK,
  ...["evalInterval=512", "validationEpisodes=8"].flatMap((setting) => ["--set", setting]),
  ...["--steps", "1024"],
];

test("a randomised run with a curriculum: the same bits for 1 and 2 workers, difficulty in its metrics, values in its episodes", async () => {
  const folder = temporaryFolder();
  const [one, two] = await Promise.all(
    ["1", "2"].map(async (workers) => {
      const out = join(folder, workers);
      const args = ["train", ...PLAN, "--randomize", "--set", "curriculum.window=1", "--out", out];
      const { code, stderr } = await runCommand([...args, "--workers", workers]);
      expect(stderr).toContain("Measuring the best policy");
      expect(code).toBe(0);
      return onlyRun(out);
    }),
  );
  expect(await checkpointOf(two!)).toEqual(await checkpointOf(one!));
  const metrics = metricsOf(one!);
  expect(metricsOf(two!)).toEqual(metrics);
  expect(metrics.at(-1)!["curriculum/difficulty"]).toBeGreaterThanOrEqual(0);
  const config = JSON.parse(readFileSync(join(one!, "config.json"), "utf8"));
  expect(config.envConfig).toEqual({ randomization: "default", curriculum: { window: 1 } });
  expect(config.resolved.envConfig).toMatchObject({
    randomization: DEFAULT_RANDOMIZATION,
    curriculum: { start: 0, window: 1 },
  });
  const episodes = readdirSync(join(one!, "episodes"));
  const headers = episodes.map((name) => {
    const file = join(one!, "episodes", name);
    return readRecording(readFileSync(file), file).header;
  });
  for (const { randomization } of headers)
    expect(Object.keys(randomization!)).toEqual(Object.keys(DEFAULT_RANDOMIZATION));
  expect(new Set(headers.map(({ randomization }) => randomization!.friction![0])).size).toBeGreaterThan(1);

  const evaluation = () => readFileSync(join(one!, "evaluation.json"), "utf8");
  const before = evaluation();
  const evaluate = async (...args: string[]) => {
    const { code, stdout } = await runCommand(["eval", one!, "--episodes", "24", "--json", ...args]);
    expect(code).toBe(0);
    return JSON.parse(stdout);
  };
  const [plain, randomized, same] = [
    await evaluate("--set", "randomization=none"),
    await evaluate("--randomize"),
    await evaluate("--set", "randomization=default"),
  ];
  expect(randomized).toEqual(same);
  expect(randomized.meanReturn).not.toBe(plain.meanReturn);
  expect(evaluation()).toBe(before);
});

test("impossible randomisation is refused before anything is made", async () => {
  const cwd = temporaryFolder();
  const set = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
  const refusals = await Promise.all(
    [
      set("randomization.frction=1"),
      set("randomization.friction=[1.3,0.7]"),
      set("randomization.controlLatency=3"),
      set("curriculum=yes"),
      ["--randomize", ...set("randomization.friction=0.5")],
      ["--randomise"],
    ].map((args) => runCommand(["train", "Reach-v1", ...args], cwd)),
  );
  expect(refusals.map(({ code, stdout }) => [code, stdout])).toEqual(refusals.map(() => [2, ""]));
  expect(readdirSync(cwd)).toEqual([]);
  expect(refusals.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining('Unknown setting "randomization.frction" of Reach-v1. Did you mean "friction"?'),
    'Setting "randomization.friction" of Reach-v1 runs from 1.3 to 0.7: the first must not be greater.\n',
    'Setting "randomization.controlLatency" of Reach-v1 goes up to 3 s, but an episode lasts 2.5 s. Choose a shorter one.\n',
    'Setting "curriculum" of Reach-v1 is "yes", expected true, false, or settings like {"start": 0.2}.\n',
    "--randomize stands for --set randomization=default and does not go with another --set randomization. Leave one out.\n",
    "Unknown option '--randomise'\n(Did you mean --randomize?)\nRun \"armgym train --help\" to see what there is.\n",
  ]);
});
