import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { traceToOnnx } from "../../src/compile/trace-to-onnx.js";
import { exportBundle, loadBundle } from "../../src/deploy/bundle.js";
import type { PolicyManifest } from "../../src/deploy/policy-manifest.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { exportedPolicy } from "../../src/rl/exported-policy.js";
import { policyModel, policyWeights } from "../../src/rl/policy-model.js";

const weightsOf = (parameters: Float32Array) =>
  policyWeights({ parameters, statistics: new RunningStatistics(12).state() });

async function makeBundle(shift = 0) {
  const { spec } = envs["Reach-v1"].create();
  const policy = ppoMlp.createPolicy(spec.observation.length, spec.action.length, ppoMlp.settings);
  const random = createRandom("bundle");
  const parameters = initializeParameters(policy.layout, random).map((value) => value + 0.02);
  const fn = exportedPolicy(policyModel(policy), weightsOf(parameters), spec.action);
  const reference = await (await loadEngine("reference")).compile(fn, { obs: { shape: [1, 12] } });
  const examples: { obs: number[]; actions: number[] }[] = [];
  for (let k = 0; k < 8; k++) {
    const obs = Float32Array.from({ length: 12 }, () => 3 * random.normal());
    const { actions } = await reference.run({ obs });
    examples.push({ obs: [...obs], actions: [...actions!].map((value) => value + shift) });
  }
  const manifest: PolicyManifest = {
    format: "armgym-policy",
    formatVersion: 1,
    armgymVersion: "0.1.0",
    env: spec.id,
    agent: "ppo-mlp",
    robot: spec.robot,
    jointNames: [...spec.jointNames],
    controlMode: spec.controlMode,
    controlRate: spec.controlRate,
    observation: spec.observation.map((entry) => ({ ...entry })),
    action: spec.action.map((entry, index) => ({ index, ...entry })),
    training: { run: "test", seed: 1, steps: 0, successRate: null },
  };
  return exportBundle(fn, manifest, examples, await loadEngine("native"));
}

test("an exported policy repeats the trained one to 1e-6 on native and wasm", async () => {
  const { bundle, difference } = await makeBundle();
  expect(difference).toBeLessThanOrEqual(1e-6);
  for (const engine of ["native", "wasm"]) {
    const policy = await loadBundle(bundle, await loadEngine(engine));
    expect(await policy.verify()).toBeLessThanOrEqual(1e-6);
    const action = await policy.act(new Float32Array(12));
    expect(action).toHaveLength(3);
    for (const entry of action) expect(Math.abs(entry)).toBeLessThanOrEqual(1);
    await expect(policy.act([1, 2])).rejects.toThrow(
      'The observation has 2 entries, the policy needs 12, and "tcp_z" (m) is the first that is missing.',
    );
  }
});

test("an export that differs from the trained policy is not called done", async () => {
  await expect(makeBundle(1e-3)).rejects.toThrow(
    /^the exported policy differs from the trained one by 0\.02/,
  );
});

test("damaged files and files that do not belong together are refused by name", async () => {
  const { bundle } = await makeBundle();
  const engine = await loadEngine("native");
  await expect(loadBundle({ ...bundle, policyJson: "{" }, engine)).rejects.toThrow(
    /^policy\.json is damaged: /,
  );
  await expect(loadBundle({ ...bundle, policyJson: "3" }, engine)).rejects.toThrow(
    "policy.json is damaged: the file: Invalid input: expected object, received number. Export the policy again.",
  );
  const text = bundle.policyJson.replace('"controlRate": 20', '"controlRate": "fast"');
  await expect(loadBundle({ ...bundle, policyJson: text }, engine)).rejects.toThrow(
    "policy.json is damaged: controlRate: Invalid input: expected number, received string. Export the policy again.",
  );
  await expect(loadBundle({ ...bundle, policyOnnx: Uint8Array.of(9, 9) }, engine)).rejects.toThrow(
    /^The ONNX model cannot be opened: /,
  );
  const manifest = JSON.parse(bundle.policyJson) as PolicyManifest;
  const shorter = JSON.stringify({ ...manifest, observation: manifest.observation.slice(0, -1) });
  await expect(loadBundle({ ...bundle, policyJson: shorter }, engine)).rejects.toThrow(
    "policy.onnx takes 12 numbers, policy.json lists 11. The files do not belong together; export again.",
  );
  const damaged = await loadBundle({ ...bundle, vectorsJson: "[]" }, engine);
  await expect(damaged.verify()).rejects.toThrow("vectors.json is damaged. Export the policy again.");
});

test("what is no finite number is refused by its entry's name, and nothing is commanded", async () => {
  const { bundle } = await makeBundle();
  const policy = await loadBundle(bundle, await loadEngine("native"));
  const refusal = async (observation: unknown) => {
    const refused = [];
    for (const ask of [policy.act, policy.command]) {
      refused.push(await ask(observation as number[]).then(String, (error: Error) => error.message));
    }
    expect(refused[0]).toBe(refused[1]);
    return refused[0];
  };
  const withThird = (value: unknown) => [0, 0, value, ...new Array<number>(9).fill(0)];
  const third = (value: string) => `Observation entry 2, "tcp_z" (m), is ${value}, expected a finite number.`;
  expect(await refusal(withThird(Number.NaN))).toBe(third("NaN"));
  expect(await refusal(withThird(Number.NEGATIVE_INFINITY))).toBe(third("-Infinity"));
  expect(await refusal(withThird("0.5"))).toBe(third('the text "0.5"'));
  expect(await refusal(withThird(null))).toBe(third("null"));
  expect(await refusal(withThird(undefined))).toBe(third("undefined"));
  // more than float32 holds
  expect(await refusal(withThird(1e39))).toBe(third("1e+39"));
  expect(await refusal(Float32Array.of(...(withThird(Number.NaN) as number[])))).toBe(third("NaN"));
  expect(await refusal(new Array(13).fill(0))).toBe("The observation has 13 entries, the policy needs 12.");
  expect(await refusal(undefined)).toBe("The observation is undefined, expected a list of 12 numbers.");
  expect(await refusal("0,0,0,0,0,0,0,0,0,0,0,0")).toBe(
    'The observation is the text "0,0,0,0,0,0,0,0,0,0,0,0", expected a list of 12 numbers.',
  );
  expect(await policy.act(withThird(0) as number[])).toHaveLength(3);
});

test("a policy that answers with what is no number is refused where it is loaded", async () => {
  const { spec } = envs["Reach-v1"].create();
  const policy = ppoMlp.createPolicy(spec.observation.length, spec.action.length, ppoMlp.settings);
  const parameters = new Float32Array(policy.layout.total).fill(Number.NaN);
  const inputs = { obs: { shape: [1, 12] } };
  const policyOnnx = traceToOnnx(
    exportedPolicy(policyModel(policy), weightsOf(parameters), spec.action),
    inputs,
  );
  const { bundle } = await makeBundle();
  await expect(loadBundle({ ...bundle, policyOnnx }, await loadEngine("native"))).rejects.toThrow(
    'policy.onnx answers NaN for action entry 0, "tcp_x" (m): its parameters are damaged. Make it again from the run.',
  );
});

test("a manifest whose entries are not those of the policy is refused", async () => {
  const { bundle } = await makeBundle();
  const engine = await loadEngine("native");
  const manifest = JSON.parse(bundle.policyJson) as PolicyManifest;
  const changed = (change: Partial<PolicyManifest>) =>
    loadBundle({ ...bundle, policyJson: JSON.stringify({ ...manifest, ...change }) }, engine);
  const [first, second, third] = manifest.action;
  // an entry that came in twice, as a damaged file had it
  await expect(changed({ action: [first!, second!, third!, third!] })).rejects.toThrow(
    "policy.json is damaged: action.3.index: is 2, expected 3. Export the policy again.",
  );
  await expect(changed({ action: [first!, second!, third!, { ...third!, index: 3 }] })).rejects.toThrow(
    "policy.onnx gives 3 numbers of actions, policy.json lists 4. The files do not belong together; export again.",
  );
  const backwards = { ...first!, low: 1, high: -1 };
  await expect(changed({ action: [backwards, second!, third!] })).rejects.toThrow(
    "policy.json is damaged: action.0.low: is 1, above high -1. Export the policy again.",
  );
  // JSON has no NaN: it is written as null
  const noNumber = { ...second!, scale: Number.NaN };
  await expect(changed({ action: [first!, noNumber, third!] })).rejects.toThrow(
    "policy.json is damaged: action.1.scale: Invalid input: expected number, received null. Export the policy again.",
  );
  const vectors = JSON.stringify([{ obs: new Array(12).fill(0), actions: [0, 0] }]);
  const short = await loadBundle({ ...bundle, vectorsJson: vectors }, engine);
  await expect(short.verify()).rejects.toThrow(
    "Vector 0 of vectors.json is not of the size that policy.json lists. The files do not belong together; export again.",
  );
});
