import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import {
  attackedRunner,
  compileAttackedPolicy,
  type PolicyAttack,
} from "../../src/attack/observation-attack.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { compileModel } from "../../src/model/compile-model.js";
import type { Model } from "../../src/model/model.js";
import { parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const layout = parameterLayout([
  { name: "w", shape: [3, 2], initialization: { kind: "constant", value: 0 } },
]);

/** `mean` = (observation - 1) scale w + sum(image) / 255, [2]. */
const policy: Model = {
  layout,
  inputs: { observation: { shape: [3] }, image: { shape: [1, 2, 1], dtype: "uint8" } },
  outputs: { mean: { shape: [2] } },
  apply(parameters, { observation, image }) {
    const { w } = splitParameters(parameters, layout);
    const seen = tf.div(tf.sum(tf.reshape(image!, [-1, 2]), 1, true), 255);
    return { mean: tf.add(tf.matMul(observation as tf.Tensor2D, w as tf.Tensor2D), seen) };
  },
};
// deviations 1, 0.5 and 2; the first action hangs on all three, the second on none
const WEIGHTS = {
  parameters: Float32Array.of(1, 0, -2, 0, 3, 0),
  normalizers: { observation: { mean: Float32Array.of(1, 1, 1), scale: Float32Array.of(1, 2, 0.5) } },
};

async function meanUnder(attack: PolicyAttack): Promise<Float32Array> {
  const engine = await loadEngine("native");
  const runner = await compileModel(policy, engine, { rows: 2, normalized: ["observation"] });
  runner.load(WEIGHTS);
  const attacked = await compileAttackedPolicy({ model: policy, weights: WEIGHTS, engine, rows: 2 });
  const acting = attackedRunner(runner, attacked, attack, 3);
  acting.inputs.observation!.set([1, 1, 1, 2, 2, 2]);
  acting.inputs.image!.set([100, 200, 0, 255]);
  const { mean } = await acting.predict();
  await runner.dispose();
  await attacked.dispose();
  return mean as Float32Array;
}

// 0 + 300 / 255 and 1 - 4 + 1.5 + 1
const CLEAN = [300 / 255, 300 / 255, -0.5, 1];

test("PGD moves the mean action by as much as the ball allows, and noise by less", async () => {
  const clean = await meanUnder({ kind: "pgd", strength: 0 });
  for (const [k, value] of CLEAN.entries()) expect(clean[k]).toBeCloseTo(value, 5);
  const pgd = await meanUnder({ kind: "pgd", strength: 0.1, steps: 5 });
  // the observation gives 0.1 (1 + 2 + 3) in standard deviations, two bytes 2 * 26 / 255 (25.5 is rounded), both ways from 100 and 200
  const moved = Math.abs(pgd[0]! - CLEAN[0]!);
  expect(moved).toBeGreaterThan(0.6 + 2 * (25 / 255) - 1e-4);
  expect(moved).toBeLessThan(0.6 + 2 * (26 / 255) + 1e-4);
  const noise = await meanUnder({ kind: "noise", strength: 0.1 });
  expect(Math.abs(noise[0]! - CLEAN[0]!)).toBeGreaterThan(0);
  expect(Math.abs(noise[0]! - CLEAN[0]!)).toBeLessThan(moved);
});

test("noise on actions leaves what is observed, and stays within its strength", async () => {
  const noisy = await meanUnder({ kind: "action", strength: 0.25 });
  for (const [k, value] of CLEAN.entries()) {
    expect(noisy[k]).not.toBe(value);
    expect(Math.abs(noisy[k]! - value)).toBeLessThanOrEqual(0.25);
  }
});
