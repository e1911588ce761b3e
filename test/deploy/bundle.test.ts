import { expect, test } from "vitest";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engine.js";
import { exportBundle, loadBundle } from "../../src/deploy/bundle.js";
import type { PolicyManifest } from "../../src/deploy/policy-manifest.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { exportedPolicy } from "../../src/rl/exported-policy.js";
import { actingState } from "../../src/rl/inference.js";

async function makeBundle(shift = 0) {
  const { spec } = envs["Reach-v1"].create();
  const policy = ppoMlp.createPolicy(spec.observation.length, spec.action.length, ppoMlp.settings);
  const random = createRandom("bundle");
  const parameters = initializeParameters(policy.layout, random).map((value) => value + 0.02);
  const fn = exportedPolicy(policy, actingState(parameters, new RunningStatistics(12)), spec.action);
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
    await expect(policy.act([1, 2])).rejects.toThrow("The observation has 2 entries, the policy needs 12.");
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
  const text = bundle.policyJson.replace('"controlRate": 20', '"controlRate": "fast"');
  await expect(loadBundle({ ...bundle, policyJson: text }, engine)).rejects.toThrow(
    "policy.json is damaged: controlRate: Invalid input: expected number, received string. Export the policy again.",
  );
  await expect(loadBundle({ ...bundle, policyOnnx: Uint8Array.of(9, 9) }, engine)).rejects.toThrow(
    /^The ONNX model cannot be opened: /,
  );
  const manifest = JSON.parse(bundle.policyJson) as PolicyManifest;
  const shorter = JSON.stringify({ ...manifest, observation: manifest.observation.slice(1) });
  await expect(loadBundle({ ...bundle, policyJson: shorter }, engine)).rejects.toThrow(
    "policy.onnx takes 12 numbers, policy.json lists 11. The files do not belong together; export again.",
  );
  const damaged = await loadBundle({ ...bundle, vectorsJson: "[]" }, engine);
  await expect(damaged.verify()).rejects.toThrow("vectors.json is damaged. Export the policy again.");
});
