// What stands in policy.onnx, read from its bytes.
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../src/deploy/bundle.js";
import { readOnnx } from "../compile/emit/onnx/read-onnx.js";
import { POLICY_KINDS, untrainedBundle } from "./untrained-bundle.js";

test.each(Object.entries(POLICY_KINDS))(
  "policy.onnx of %s holds what acts, once, and computes nothing that never changes",
  async (name, options) => {
    const { bundle, policy } = await untrainedBundle({ ...options, steps: 12 });
    const { nodes, initializers, outputs } = readOnnx(bundle.policyOnnx);
    const used = new Set(nodes.flatMap(({ input }) => input));
    expect(initializers.filter((tensor) => !used.has(tensor.name))).toEqual([]);
    const constants = new Set(initializers.map((tensor) => tensor.name));
    expect(nodes.filter(({ input }) => input.every((part) => constants.has(part)))).toEqual([]);
    const needed = new Set([...used, ...outputs]);
    expect(nodes.filter(({ output }) => !output.some((part) => needed.has(part)))).toEqual([]);
    expect(nodes.filter(({ type, output }) => type === "Split" && output.length === 1)).toEqual([]);
    // an integer attribute (type, field 20, is 2) has its value in field 3, also where that is 0
    const integers = nodes.flatMap(({ attributes }) => attributes.filter((fields) => fields[20]![0] === 2n));
    expect(integers.length).toBeGreaterThan(0);
    for (const fields of integers) expect(fields[3]).toHaveLength(1);

    // parameters of the actor alone, and the little that normalising and scaling take
    const critic = policy.layout.specs.filter((spec) => /critic|value|logStd/i.test(spec.name));
    expect(critic.length, policy.layout.specs.map((spec) => spec.name).join()).toBeGreaterThan(0);
    const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
    const acting = policy.layout.total - critic.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const floats = initializers.reduce((sum, { bytes }) => sum + bytes, 0) / 4;
    expect(floats, `${name}: ${acting} parameters of ${policy.layout.total} act`).toBeLessThan(
      acting + 4 * policy.observationSize + 200,
    );

    for (const engine of ["native", "wasm"]) {
      const exported = await loadBundle(bundle, await loadEngine(engine));
      expect(await exported.verify()).toBeLessThanOrEqual(policy.memory ? 1e-5 : 1e-6);
      await exported.dispose();
    }
  },
);
