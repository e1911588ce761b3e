import { expect, test } from "vitest";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../src/deploy/bundle.js";
import type { PolicyManifest } from "../../src/deploy/policy-manifest.js";
import { untrainedBundle } from "./untrained-bundle.js";

/** Export an untrained policy with the commands it gives over an episode of 50 steps. */
function makeBundle(memory: "lstm" | "gru") {
  const settings = { memory, hiddenSize: 24 };
  return untrainedBundle({ agent: ppoLstm, env: "RememberGoal-v1", settings, steps: 50 });
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
