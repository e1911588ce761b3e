import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { UsageError } from "../../src/math/usage-error.js";
import { compileModel, modelWeights } from "../../src/nn.js";
import { createRun, openBundle, openRun, type Run, type TrainingOutcome } from "../../src/node.js";
import type { TrainingCallback } from "../../src/rl/training-callback.js";
import type { CheckpointReport } from "../../src/rl/training-report.js";
import { lockRun } from "../../src/runs/run-lock.js";
import { VERSION } from "../../src/version.js";
import { checkpointOf, onlyRun, runCommand, temporaryFolder } from "../cli/command.js";

const SETTINGS = {
  numEnvs: 16,
  envsPerGroup: 4,
  numSteps: 16,
  numMinibatches: 2,
  numEpochs: 2,
  hiddenSize: 8,
};
const VALIDATED = { evalInterval: 256, validationEpisodes: 8 };

let run: Run;
let outcome: TrainingOutcome;
const steps: number[] = [];
let out: string;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), "armgym-run-"));
  run = await createRun({
    env: "Reach-v1",
    seed: 3,
    settings: { ...SETTINGS, ...VALIDATED, totalSteps: 512 },
    envConfig: { controlRate: 10 },
    trainEnv: { solver: { iterations: 5 } },
    workers: 1,
    out,
  });
  outcome = (await run.train({ onIteration: (report) => void steps.push(report.steps) }))!;
});

afterAll(() => rmSync(out, { recursive: true, force: true }));

test("a run from code is trained, and says what it came to and by which settings", async () => {
  expect(steps).toEqual([256, 512]);
  expect(outcome).toMatchObject({
    env: "Reach-v1",
    agent: "ppo-mlp",
    seed: 3,
    steps: 512,
    episodes: 200,
    run: run.path,
  });
  expect(run.path).toBe(onlyRun(out));
  const { rows } = await run.settings();
  expect(rows.settings.find(({ path }) => path === "totalSteps")).toEqual({
    path: "totalSteps",
    value: 512,
    unit: "steps",
    origin: "user",
    today: { value: 49_152 },
  });
  expect(rows.trainEnv.map(({ path, value, origin }) => [path, value, origin])).toEqual([
    ["solver.iterations", 5, "user"],
    ["solver.tolerance", 1e-3, "tuning"],
  ]);
  expect(run.metrics().map(({ step }) => step)).toEqual([256, 512]);
  expect(run.metrics()[0]).toHaveProperty("eval/success_rate");
});

test("the same settings on the command line train the same bits", async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, "same.json");
  await runCommand(["show", run.path, "--settings", file], cwd);
  const { code } = await runCommand(["train", "--settings", file, "--workers", "1", "--out", "again"], cwd);
  expect(code).toBe(0);
  expect(await checkpointOf(onlyRun(join(cwd, "again")))).toEqual(await checkpointOf(run.path));
});

test("its best policy acts as it is recorded, and its last one is another", async () => {
  const opened = await openRun(run.path);
  const { name, file, recording } = await opened.record({ seed: 7 });
  expect(existsSync(file)).toBe(true);
  const env = await opened.createEnv();
  expect(env.spec.controlRate).toBe(10);
  const policy = await opened.best();
  const { observation: first } = env.reset({ seed: 7 });
  const { mean, std, value } = await policy.predict(first);
  expect([...mean]).toEqual(recording.frames[1]!.actionMean);
  expect([...std]).toEqual(recording.frames[1]!.actionStd!.map(Math.fround));
  expect(value).toBe(recording.frames[0]!.value);
  policy.reset();
  let { observation } = env.reset({ seed: 7 });
  const actions: number[][] = [];
  for (let done = false; !done; ) {
    const action = await policy.act(observation);
    actions.push([...action]);
    const result = env.step(action);
    observation = result.observation;
    done = result.terminated || result.truncated;
  }
  expect(actions).toEqual(recording.frames.slice(1).map(({ action }) => action));
  expect(opened.episodes().map((episode) => episode.name)).toContain(name);
  expect(opened.readEpisode(name).frames).toHaveLength(recording.frames.length);
  const [best, last] = [policy, await opened.last()];
  expect([typeof best.successRate, last.successRate, last.steps]).toEqual(["number", null, 512]);
  await Promise.all([best.dispose(), last.dispose()]);
});

test("its model, from model.safetensors, computes what its best policy does, and gradients besides", async () => {
  const opened = await openRun(run.path);
  const [trained, policy, env] = [await opened.model(), await opened.best(), await opened.createEnv()];
  expect([...trained.parameters]).toEqual([...policy.trained.parameters]);
  expect(trained.provenance).toMatchObject({ version: VERSION, env: "Reach-v1", agent: "ppo-mlp", seed: 3 });
  const options = { normalized: Object.keys(trained.normalizers), gradients: true };
  const runner = await compileModel(trained.model, await loadEngine("native"), options);
  runner.load(modelWeights(trained));
  const { observation } = env.reset({ seed: 5 });
  const inputs = { observation: observation.state };
  const { mean } = await policy.predict(observation);
  expect((await runner.predict(inputs)).mean).toEqual(mean);
  const weights = { mean: new Float32Array(mean.length), value: Float32Array.of(1) };
  const { "observation.gradient": gradient } = await runner.gradients(inputs, weights);
  expect(gradient).toHaveLength(observation.state.length);
  expect(gradient!.some((slope) => slope !== 0)).toBe(true);
  await Promise.all([runner.dispose(), policy.dispose()]);
});

test("it is measured as training measured it, or on other settings, and nothing is written", async () => {
  const before = readFileSync(join(run.path, "evaluation.json"), "utf8");
  const { minutes: _, stepsPerSecond: __, ...same } = await run.evaluate();
  expect(outcome).toMatchObject({ ...same });
  const other = await run.evaluate({ episodes: 4, firstSeed: 50, envConfig: { rewardMode: "sparse" } });
  expect(other).toMatchObject({ episodes: 4, meanReturn: -25 });
  expect(readFileSync(join(run.path, "evaluation.json"), "utf8")).toBe(before);
});

test("what it exports acts as its best policy does", async () => {
  const folder = temporaryFolder();
  const { folder: written, files } = await run.export(folder);
  expect([written, [...files].sort()]).toEqual([folder, readdirSync(folder).sort()]);
  const [bundle, policy, env] = [await openBundle(folder), await run.best(), await run.createEnv()];
  const { observation } = env.reset({ seed: 9 });
  const [theirs, ours] = [await bundle.act(observation.state), await policy.act(observation)];
  for (const [k, entry] of ours.entries()) expect(theirs[k]).toBeCloseTo(entry, 5);
  await Promise.all([bundle.dispose(), policy.dispose()]);
});

test("it exports TensorFlow.js models beside what else is in the folder, in place of earlier ones", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "notes.txt"), "mine");
  mkdirSync(join(folder, "tfjs_graph_model"));
  writeFileSync(join(folder, "tfjs_graph_model", "model.json"), "an earlier one");
  const { files, tfjs } = await run.export(folder, { tfjs: true });
  expect(files).toEqual([
    ...["policy.onnx", "policy.json", "vectors.json"],
    ...["tfjs_graph_model/model.json", "tfjs_graph_model/weights.bin"],
    ...["tfjs_layers_model/model.json", "tfjs_layers_model/weights.bin"],
  ]);
  const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(written.map(({ name }) => name).sort()).toEqual(
    ["notes.txt", ...files.map((file) => basename(file))].sort(),
  );
  expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("mine");
  const model = JSON.parse(readFileSync(join(folder, "tfjs_graph_model", "model.json"), "utf8"));
  const manifest = JSON.parse(readFileSync(join(folder, "policy.json"), "utf8"));
  expect(model).toMatchObject({ format: "graph-model", userDefinedMetadata: { armgym_policy: manifest } });
  expect(tfjs).toEqual({
    graphModelDifference: expect.any(Number),
    layersModelDifference: expect.any(Number),
    noLayersModel: null,
    unchecked: null,
  });

  const blocked = temporaryFolder();
  writeFileSync(join(blocked, "tfjs_graph_model"), "a file");
  const weights = join(blocked, "tfjs_graph_model", "weights.bin");
  await expect(run.export(blocked, { tfjs: true })).rejects.toThrow(
    new UsageError(
      `Cannot write ${weights}: there is a file where a folder is needed. Choose another folder with the option "out".`,
    ),
  );
});

test("training that is stopped from code is saved, measured, and goes on to the same bits", async () => {
  const again = await createRun({
    env: "Reach-v1",
    seed: 3,
    settings: { ...SETTINGS, ...VALIDATED, totalSteps: 512 },
    envConfig: { controlRate: 10 },
    trainEnv: { solver: { iterations: 5 } },
    workers: 1,
    out: temporaryFolder(),
  });
  const stopped = await again.train({ onIteration: () => "stop" });
  expect(stopped).toMatchObject({ steps: 256, episodes: 200 });
  await expect(again.train()).rejects.toThrow(
    new UsageError(`${again.path} was trained before. Continue with resume(), or make another run.`),
  );
  const said: string[] = [];
  const resumed = await (await openRun(again.path, { say: (line) => said.push(line) })).resume();
  expect(resumed).toMatchObject({
    steps: 512,
    successRate: outcome.successRate,
    meanReturn: outcome.meanReturn,
  });
  expect(said[0]).toBe(`Resuming Reach-v1 at step 256 of 512\n  ${again.path}`);
  expect(await checkpointOf(again.path)).toEqual(await checkpointOf(run.path));
});

test("what cannot be is refused in the words of a program", async () => {
  const folder = temporaryFolder();
  const refused = (options: Parameters<typeof createRun>[0]) =>
    createRun({ env: "Reach-v1", out: folder, ...options }).then(
      () => "made",
      (error: unknown) => (error instanceof UsageError ? error.message : error),
    );
  expect(
    await Promise.all([
      refused({ env: "Reach-v2" }),
      refused({ agent: "ppo-mpl" }),
      refused({ agent: "./nowhere.ts" }),
      refused({ settings: { numEnvs: 7 } }),
      refused({ envConfig: { solver: { iteration: 3 } } }),
      refused({ teacher: "expert", demos: "demos.mcap" }),
      refused({ demos: "nowhere.mcap" }),
      refused({ seed: -1 }),
      refused({ workers: 0 }),
      // @ts-expect-error: not every program is checked
      refused({ engine: "natve" }),
    ]),
  ).toEqual([
    'Unknown env "Reach-v2". Did you mean "Reach-v1"? Run "armgym list".',
    'Unknown agent "ppo-mpl". Did you mean "ppo-mlp"? Run "armgym list".',
    "There is no file ./nowhere.ts. Give an agent's id or a module that exports one.",
    'Setting "numEnvs" is 7, expected a multiple of envsPerGroup (8).',
    'Unknown setting "iteration" of Reach-v1, solver. Did you mean "iterations"? It has: iterations, tolerance.',
    'There are two ways to initialize the policy, the option "teacher" and the option "demos". Leave one out.',
    "There is no file nowhere.mcap. Record one: npx armgym demo Reach-v1 --out nowhere.mcap",
    "The seed is -1, expected a whole number from 0 to 9007199254740991, or a text.",
    "workers is 0, expected a whole number from 1 to 256.",
    expect.stringContaining('"natve"'),
  ]);
  expect(readdirSync(folder)).toEqual([]);
  await expect(openRun(join(folder, "nowhere"))).rejects.toThrow(
    new UsageError(`There is no run folder ${join(folder, "nowhere")}.`),
  );
  expect(() => run.readEpisode("../config.json")).toThrow(
    new UsageError(`${run.path} has no episode "../config.json". episodes() lists those it has.`),
  );
  const policy = await run.best();
  await expect(policy.act({ state: new Float32Array(3) })).rejects.toThrow(
    new UsageError(
      "The policy reads 12 numbers of Reach-v1, the observation has 3. Give what the environment's reset() or step() returned.",
    ),
  );
  await policy.dispose();
});

test("means that cannot be are refused before anything is written, and the run can still be opened", async () => {
  const made = await createRun({
    env: "Reach-v1",
    settings: { ...SETTINGS, totalSteps: 256 },
    workers: 1,
    out: temporaryFolder(),
  });
  const before = readFileSync(join(made.path, "config.json"), "utf8");
  const workers = new UsageError("workers is 0, expected a whole number from 1 to 256.");
  await expect(made.train({ workers: 0 })).rejects.toThrow(workers);
  // @ts-expect-error: not every program is checked
  await expect(made.train({ engine: "natve" })).rejects.toThrow(/^Unknown engine "natve"/);
  await expect((await openRun(run.path)).resume({ workers: 0 })).rejects.toThrow(workers);
  lockRun(made.path);
  await expect(made.train({ workers: 2 })).rejects.toThrow(`${made.path} is being trained by process`);
  expect(readFileSync(join(made.path, "config.json"), "utf8")).toBe(before);
  expect((await openRun(run.path)).config.workers).toBe(1);
});

test("callbacks of a run log into its metrics, get its checkpoints, and are named with what is saved where one throws", async () => {
  const made = await createRun({
    env: "Reach-v1",
    settings: { ...SETTINGS, ...VALIDATED, totalSteps: 768 },
    workers: 1,
    out: temporaryFolder(),
  });
  const saved: CheckpointReport[] = [];
  const callbacks: TrainingCallback[] = [
    { onRolloutEnd: ({ episodes }, { log }) => log("custom/episodes", episodes.length) },
    {
      onCheckpoint: (checkpoint) => void saved.push(checkpoint),
      onRolloutStart: ({ steps }) => {
        if (steps === 512) throw new Error("enough");
      },
    },
  ];
  const thrown: unknown = await made.train({ callbacks }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UsageError);
  const [first, second] = (thrown as Error).message.split("\n");
  expect(first).toMatch(/^callbacks\[1\]\.onRolloutStart\(\) threw "enough" at .*run\.test\.ts:\d+:\d+\.$/);
  expect(second).toBe(`Saved up to step 512. Resume with: npx armgym train --resume ${made.path}`);
  expect(saved.map(({ run: path, steps }) => [path, steps])).toEqual([
    [made.path, 256],
    [made.path, 512],
  ]);
  expect(saved[0]!.improved).toBe(true);
  const [header, ...rows] = readFileSync(join(made.path, "progress.csv"), "utf8").trim().split("\n");
  const column = header!.split(",").indexOf("custom/episodes");
  const logged = rows.map((row) => Number(row.split(",")[column]));
  expect(logged).toEqual(made.metrics().map((row) => row["custom/episodes"]));
  expect(logged).toHaveLength(2);
});
