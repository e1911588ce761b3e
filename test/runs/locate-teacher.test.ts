import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { loadTeacher } from "../../src/rl/rollout/workers/load-teacher.js";
import { locateTeacher } from "../../src/runs/locate-teacher.js";
import { RunFolder } from "../../src/runs/run-folder.js";
import { VERSION } from "../../src/version.js";
import { temporaryFolder } from "../cli/command.js";

const { spec } = envs["PickPlace-v1"].create({ observationMode: "camera" });

/** The folder of a run that has just been started. */
function runOf(env: string, envConfig: Record<string, unknown> = {}): string {
  return RunFolder.create(temporaryFolder(), {
    version: VERSION,
    env,
    agent: "ppo-mlp",
    envModule: "armgym",
    agentModule: "armgym",
    seed: 1,
    engine: "native",
    workers: 1,
    envConfig,
    settings: {},
    resolved: { settings: {}, envConfig: {}, trainEnv: {} },
  }).path;
}

test.each([
  ["environment", "Reach-v1", "PickPlace-v1", runOf.bind(null, "Reach-v1")],
  ["robot", "xarm7", "panda", runOf.bind(null, "PickPlace-v1", { robot: "xarm7" })],
  [
    "control mode",
    "joint-delta",
    "ee-delta",
    runOf.bind(null, "PickPlace-v1", { controlMode: "joint-delta" }),
  ],
  ["observation mode", "camera", "state", runOf.bind(null, "PickPlace-v1", { observationMode: "camera" })],
])("a teacher of another %s is refused", async (what, got, expected, makeRun) => {
  const run = makeRun();
  await expect(locateTeacher(run, spec)).rejects.toThrow(
    `The teacher ${run} has the ${what} "${got}"; training is set to "${expected}". Give a run that was trained as this one is to be, on the state.`,
  );
});

test("the expert teaches only what there is one for", async () => {
  const teacher = await loadTeacher(await locateTeacher("expert", spec));
  await expect(teacher.createTeacher({ ...spec, id: "Mine-v1" }, 1, "native")).rejects.toThrow(
    "There is no scripted expert for Mine-v1. There are some for: Reach-v1, ",
  );
});
