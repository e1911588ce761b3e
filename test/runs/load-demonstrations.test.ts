// Demonstrations as LeRobot, robomimic and our own recordings hold them: the same, to the last bit.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { prepareDatasets, writeDatasets } from "../../src/cli/write-datasets.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { joinEpisodes } from "../../src/recording/recording.js";
import { clonePolicy } from "../../src/rl/imitation/cloning.js";
import type { Demonstrations } from "../../src/rl/imitation/demonstrations.js";
import { loadDemonstrations } from "../../src/runs/load-demonstrations.js";

const folder = mkdtempSync(join(tmpdir(), "armgym-demos-"));
const factory = envs["Reach-v1"];
const env = factory.create();
const { spec } = env;
const [mcap, lerobot, robomimic] = ["demos.mcap", "lerobot", "demos.hdf5"].map((name) => join(folder, name));
const again = 'Record others: "armgym demo Reach-v1".';

beforeAll(async () => {
  const actor = expertPolicy(experts["Reach-v1"], spec);
  const episodes = [1, 2, 3].map((seed) =>
    recordDemonstration(env, actor, seed, { agent: "expert-reach", noise: 0.3 }),
  );
  writeFileSync(mcap!, await writeRecording(joinEpisodes(episodes)));
  const targets = { lerobot: lerobot!, robomimic: robomimic! };
  writeDatasets(targets, { factory, env, episodes }, await prepareDatasets(targets));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the data set with one of its files changed. */
function changed(name: string, file: string, change: (text: string) => string): string {
  const copy = join(folder, name);
  cpSync(lerobot!, copy, { recursive: true });
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), "utf8")));
  return copy;
}

const withInfo = (name: string, values: object) =>
  changed(name, "meta/info.json", (text) => JSON.stringify({ ...JSON.parse(text), ...values }));

/** Without what only armgym writes, as another program leaves it that has read and written the data set. */
function foreign(name: string, values: object = {}): string {
  const copy = withInfo(name, values);
  rmSync(join(copy, "meta/armgym.json"));
  return copy;
}

test("a policy cloned from a data set that was written and read again is the one cloned from the recording, bit for bit", async () => {
  const engine = await loadEngine("native");
  const policy = ppoMlp.createPolicy(spec.observation.length, spec.action.length, {
    ...ppoMlp.settings,
    hiddenSize: 16,
  });
  const clone = (demonstrations: Demonstrations) =>
    clonePolicy(engine, policy, demonstrations, {
      parameters: initializeParameters(policy.layout, createRandom("parameters")),
      epochs: 3,
      random: createRandom("shuffle"),
    });
  const original = await loadDemonstrations(mcap!, spec);
  expect(original).toMatchObject({ count: 150, episodes: 3, noise: 0.3 });
  const expected = await clone(original);
  for (const path of [lerobot!, robomimic!]) {
    const demonstrations = await loadDemonstrations(path, spec);
    expect(demonstrations, path).toEqual(original);
    const { parameters, statistics, loss } = await clone(demonstrations);
    expect(parameters, path).toEqual(expected.parameters);
    expect(statistics.state(), path).toEqual(expected.statistics.state());
    expect(loss).toBe(expected.loss);
  }
});

test("entries that a data set holds in another order are found by their names", async () => {
  const swapped = foreign("swapped");
  const names = spec.observation.map(({ name }) => name);
  const original = await loadDemonstrations(lerobot!, spec);
  const size = names.length;
  // the environment wants its first two entries the other way round
  const observation = [spec.observation[1]!, spec.observation[0]!, ...spec.observation.slice(2)];
  const found = await loadDemonstrations(swapped, { ...spec, observation });
  expect([...found.observations.slice(size, 2 * size)]).toEqual([
    original.observations[size + 1],
    original.observations[size],
    ...original.observations.slice(size + 2, 2 * size),
  ]);
});

test("a data set without what armgym wrote of it is taken by its names; the noise is not known then", async () => {
  const { noise, ...rest } = await loadDemonstrations(mcap!, spec);
  expect(noise).toBe(0.3);
  expect(await loadDemonstrations(foreign("plain"), spec)).toEqual(rest);
});

test("demonstrations of another environment, robot, control mode, rate or observation are refused by the difference", async () => {
  const otherOrigin = (name: string, values: object) =>
    changed(name, "meta/armgym.json", (text) => JSON.stringify({ ...JSON.parse(text), ...values }));
  const info = JSON.parse(readFileSync(join(lerobot!, "meta/info.json"), "utf8"));
  const named = (feature: string, names: unknown) => ({
    features: { ...info.features, [feature]: { ...info.features[feature], names } },
  });
  const joints = ["shoulder_pan.pos", "shoulder_lift.pos", "gripper.pos"];
  const cases: [string, string][] = [
    [otherOrigin("env", { env: "Push-v1" }), 'has the environment "Push-v1"; training is set to "Reach-v1".'],
    [withInfo("robot", { robot_type: "so101" }), 'has the robot "so101"; training is set to "panda".'],
    [foreign("nobody", { robot_type: null }), 'does not say its robot; training is set to "panda".'],
    [
      otherOrigin("mode", { controlMode: "joint-velocity" }),
      'has the control mode "joint-velocity"; training is set to "ee-delta".',
    ],
    [withInfo("rate", { fps: 30 }), 'has the control rate "30"; training is set to "20".'],
    [
      foreign("joints", named("action", joints)),
      'has the action 0 "shoulder_pan.pos"; training is set to "tcp_x".',
    ],
    [
      foreign("motors", named("action", { motors: joints })),
      'has the action 0 "shoulder_pan.pos"; training is set to "tcp_x".',
    ],
  ];
  for (const [path, message] of cases)
    await expect(loadDemonstrations(path, spec)).rejects.toThrow(`${path} ${message} ${again}`);
  const unnamed = foreign("unnamed", named("action", null));
  await expect(loadDemonstrations(unnamed, spec)).rejects.toThrow(
    `${unnamed}: meta/info.json does not name the numbers of "action". Write their names there, 3 of them.`,
  );
});

test("robomimic's files of another task and without the observations are refused", async () => {
  const other = envs["Push-v1"].create();
  await expect(loadDemonstrations(robomimic!, other.spec)).rejects.toThrow(
    `${robomimic} has the environment "Reach-v1"; training is set to "Push-v1". Record others: "armgym demo Push-v1".`,
  );
  const text = join(folder, "text.hdf5");
  writeFileSync(text, "no HDF5");
  await expect(loadDemonstrations(text, spec)).rejects.toThrow(
    `${text} is no whole HDF5 file: file signature not found. Copy it again.`,
  );
  const short = join(folder, "short.hdf5");
  cpSync(robomimic!, short);
  truncateSync(short, 3000);
  await expect(loadDemonstrations(short, spec)).rejects.toThrow(
    /^.+short\.hdf5 is no whole HDF5 file: truncated file: eof = 3000, .+\. Copy it again\.$/,
  );
  const observation = spec.observation.map((entry) => ({ ...entry, group: `my-${entry.group}` }));
  await expect(loadDemonstrations(robomimic!, { ...spec, observation })).rejects.toThrow(
    `${robomimic}: demo_0/obs/my-tool is missing, or holds no floating-point numbers.`,
  );
});

test("what is cut short, of another version, or leads out of its folder is refused by name", async () => {
  const table = "data/chunk-000/file-000.parquet";
  const short = foreign("short");
  truncateSync(join(short, table), 2000);
  await expect(loadDemonstrations(short, spec)).rejects.toThrow(
    `${short}/${table} is no whole parquet file: parquet file invalid (footer != PAR1). Copy the data set again.`,
  );
  const lost = foreign("lost");
  rmSync(join(lost, table));
  await expect(loadDemonstrations(lost, spec)).rejects.toThrow(
    `${lost} is not a whole data set: ${table} is missing. Copy it again, all of it.`,
  );
  const fewer = foreign("fewer", { total_frames: 170 });
  await expect(loadDemonstrations(fewer, spec)).rejects.toThrow(
    `${fewer} is not a whole data set: meta/info.json says 170 frames, meta/episodes lists 150. Copy or record it again.`,
  );
  const fewerEpisodes = foreign("fewer-episodes", { total_episodes: 4 });
  await expect(loadDemonstrations(fewerEpisodes, spec)).rejects.toThrow(
    "says 4 episodes, meta/episodes lists 3.",
  );
  const old = foreign("old", { codebase_version: "v2.1" });
  await expect(loadDemonstrations(old, spec)).rejects.toThrow(
    `${old} is a LeRobot data set of version v2.1, expected v3.0. Convert it by LeRobot's own convert_dataset_v21_to_v30.`,
  );
  const out = foreign("out", { data_path: "../../{chunk_index:03d}-{file_index:03d}.parquet" });
  await expect(loadDemonstrations(out, spec)).rejects.toThrow(
    `${out} names a file outside of itself: ../../000-000.parquet. Nothing of it is read.`,
  );
  const odd = changed("odd", "meta/armgym.json", () => "{}");
  await expect(loadDemonstrations(odd, spec)).rejects.toThrow(
    `${odd}/meta/armgym.json cannot be read: version: `,
  );
  const empty = join(folder, "empty");
  mkdirSync(empty);
  await expect(loadDemonstrations(empty, spec)).rejects.toThrow(
    `${empty} is no LeRobot data set: it has no meta/info.json. Name the folder above "meta".`,
  );
  await expect(loadDemonstrations(join(folder, "nowhere"), spec)).rejects.toThrow(
    `There is no file ${join(folder, "nowhere")}. Record one: npx armgym demo Reach-v1 --out `,
  );
});
