// Gradients with respect to inner activations.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { compileModel } from "../../src/model/compile-model.js";
import type { Model } from "../../src/model/model.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const layout = parameterLayout([
  { name: "w", shape: [3, 2], initialization: { kind: "constant", value: 0 } },
  { name: "u", shape: [2, 2], initialization: { kind: "constant", value: 0 } },
]);

/** hidden = relu(x w), y = hidden² u; `aside` is on no way to y. */
const model: Model = {
  layout,
  inputs: { x: { shape: [3] } },
  outputs: { y: { shape: [2] } },
  taps: { hidden: { shape: [2] }, aside: { shape: [2] } },
  apply(parameters, { x }) {
    const { w, u } = splitParameters(parameters, layout);
    const hidden = tf.relu(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
    return {
      y: tf.matMul(tf.square(hidden) as tf.Tensor2D, u as tf.Tensor2D),
      hidden,
      aside: tf.mul(hidden, 2),
    };
  },
};
const weights = { parameters: Float32Array.of(1, 0, 0, 1, 1, -1, 2, 3, 5, 7), normalizers: {} };

test.each(["native", "reference"] as const)(
  "a tap's gradient is that of the weighted outputs, on %s",
  async (name) => {
    const engine = await loadEngine(name);
    const runner = await compileModel(model, engine, { rows: 2, gradients: true, tapGradients: ["hidden"] });
    runner.load(weights);
    // x w = [4, -1] and [1, 2]: hidden = [4, 0] and [1, 2]
    const said = await runner.gradients(
      { x: Float32Array.of(1, 2, 3, 1, 2, 0) },
      { y: Float32Array.of(1, 0, 0, 10) },
    );
    expect([...said.hidden!]).toEqual([4, 0, 1, 2]);
    // d y0 / d hidden = 2 hidden u[:, 0]; 10 d y1 / d hidden = 20 hidden u[:, 1]
    expect([...said["hidden.gradient"]!]).toEqual([16, 0, 60, 280]);
    // through relu and w: [16, 0] wᵀ and [60, 280] wᵀ
    expect([...said["x.gradient"]!]).toEqual([16, 0, 16, 60, 280, -220]);
  },
);

test("a tap that no output depends on is an error", async () => {
  const engine = await loadEngine("native");
  const compiling = compileModel(model, engine, { gradients: true, tapGradients: ["aside"] });
  await expect(compiling).rejects.toThrow('no output of the model depends on the tap "aside"');
});
