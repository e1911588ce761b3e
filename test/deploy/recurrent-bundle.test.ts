import { expect, test } from "vitest";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engine.js";
import { exportBundle, type GoldenVector, loadBundle } from "../../src/deploy/bundle.js";
import { MEMORY_RULE, type PolicyManifest } from "../../src/deploy/policy-manifest.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { emptyMemory, nextMemory } from "../../src/rl/acting-memory.js";
import { exportedPolicy } from "../../src/rl/exported-policy.js";
import { actingState, inference, inferenceInputs } from "../../src/rl/inference.js";

const STEPS = 50;

/** Export an untrained policy with the commands it gives over an episode of 50 steps. */
async function makeBundle(memory: "lstm" | "gru") {
  const env = envs["RememberGoal-v1"].create();
  const { spec } = env;
  const settings = { ...ppoLstm.settings, memory, hiddenSize: 24 };
  const policy = ppoLstm.createPolicy(spec.observation.length, spec.action.length, settings);
  const random = createRandom("recurrent bundle");
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.05 * random.normal(),
  );
  const acting = actingState(parameters, new RunningStatistics(spec.observation.length));
  const native = await loadEngine("native");
  const trained = await native.compile(inference(policy), inferenceInputs(policy, 1));
  const examples: GoldenVector[] = [];
  let remembered = emptyMemory(trained);
  let observation = env.reset({ seed: 1 }).observation.state;
  for (let step = 0; step < STEPS; step++) {
    const said = await trained.run({ ...acting, observations: observation, ...remembered });
    remembered = nextMemory(said);
    const actions = spec.action.map(
      ({ scale, offset }, k) => scale * Math.max(-1, Math.min(1, said.mean![k]!)) + offset,
    );
    examples.push({ obs: [...observation], actions, ...(step === 0 ? { isStart: true } : {}) });
    observation = env.step(said.mean!).observation.state;
  }
  const manifest: PolicyManifest = {
    format: "armgym-policy",
    formatVersion: 1,
    armgymVersion: "0.1.0",
    env: spec.id,
    agent: "ppo-lstm",
    robot: spec.robot,
    jointNames: [...spec.jointNames],
    controlMode: spec.controlMode,
    controlRate: spec.controlRate,
    observation: spec.observation.map((entry) => ({ ...entry })),
    action: spec.action.map((entry, index) => ({ index, ...entry })),
    memory: {
      parts: policy.memory!.map(({ name, size }) => ({ input: `${name}_in`, output: `${name}_out`, size })),
      rule: MEMORY_RULE,
    },
    training: { run: "test", seed: 1, steps: 0, successRate: null },
  };
  const fn = exportedPolicy(policy, acting, spec.action);
  return { ...(await exportBundle(fn, manifest, examples, native)), examples };
}

test.each([
  ["lstm", ["h_in", "c_in"]],
  ["gru", ["h_in"]],
] as const)("an exported %s repeats 50 steps in a row to 1e-5 on native and wasm", async (memory, inputs) => {
  const { bundle, difference, examples } = await makeBundle(memory);
  expect(difference).toBeLessThanOrEqual(1e-5);
  for (const name of ["native", "wasm"]) {
    const engine = await loadEngine(name);
    const raw = await engine.load(bundle.policyOnnx);
    expect(Object.keys(raw.inputs)).toEqual(["obs", ...inputs]);
    const policy = await loadBundle(bundle, engine);
    expect(await policy.verify()).toBeLessThanOrEqual(1e-5);
    // verifying leaves it as new, and after a reset an episode starts again
    for (let episode = 0; episode < 2; episode++) {
      for (const [step, { obs, actions }] of examples.slice(0, 7).entries()) {
        const command = await policy.command(obs);
        for (const [k, wanted] of actions.entries())
          expect(command[k], `${name} step ${step}`).toBeCloseTo(wanted, 6);
      }
      policy.reset();
    }
    const first = await policy.command(examples[3]!.obs);
    expect(await policy.command(examples[3]!.obs)).not.toEqual(first);
  }
});

test("a bundle whose files disagree about the memory is refused", async () => {
  const { bundle } = await makeBundle("lstm");
  const engine = await loadEngine("native");
  const manifest = JSON.parse(bundle.policyJson) as PolicyManifest;
  const { memory, ...forgetful } = manifest;
  await expect(loadBundle({ ...bundle, policyJson: JSON.stringify(forgetful) }, engine)).rejects.toThrow(
    "policy.onnx has the memory inputs h_in (24), c_in (24), policy.json lists none. The files do not belong together; export again.",
  );
  const parts = [{ ...memory!.parts[0]!, size: 5 }, memory!.parts[1]!];
  const other = JSON.stringify({ ...manifest, memory: { ...memory, parts } });
  await expect(loadBundle({ ...bundle, policyJson: other }, engine)).rejects.toThrow(
    "policy.onnx has the memory inputs h_in (24), c_in (24), policy.json lists h_in (5), c_in (24). The files do not belong together; export again.",
  );
});
