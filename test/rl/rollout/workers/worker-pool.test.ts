import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

/** Threads run what was built, so all of it is taken from there. */
const built = (path: string) => pathToFileURL(resolve("dist", path)).href;

const CAMERAS = ["front", "wrist"].map((name) => ({ name, width: 32, height: 32 }));
const SETTINGS = {
  totalSteps: 512,
  numEnvs: 16,
  numSteps: 16,
  numMinibatches: 2,
  numEpochs: 1,
  hiddenSize: 8,
  sequenceLength: 8,
  validationEpisodes: 8,
};

test("a policy that sees and remembers is trained to the same bits by one and two worker threads", async () => {
  const { train }: typeof import("../../../../src/rl/trainer.js") = await import(built("src/rl/trainer.js"));
  const { workerPool }: typeof import("../../../../src/rl/rollout/workers/worker-pool.js") = await import(
    built("src/rl/rollout/workers/worker-pool.js")
  );
  const { envs }: typeof import("../../../../envs/index.js") = await import(built("envs/index.js"));
  const { agents }: typeof import("../../../../agents/index.js") = await import(built("agents/index.js"));
  const env = { module: built("envs/index.js"), id: "Reach-v1" };
  const agent = { module: built("agents/index.js"), id: "ppo-cnn-lstm" };
  const states = [];
  for (const workers of [1, 2]) {
    const { state } = await train({
      env: envs["Reach-v1"],
      agent: agents["ppo-cnn-lstm"],
      seed: 1,
      envConfig: { observationMode: "camera", cameras: CAMERAS },
      settings: SETTINGS,
      createPool: (plan) => workerPool(plan, env, agent, workers),
    });
    states.push({ ...state, minutes: 0 });
  }
  const [one, two] = states;
  expect(one!.steps).toBe(512);
  expect(two!.parameters).toEqual(one!.parameters);
  expect(two).toEqual(one);
});
