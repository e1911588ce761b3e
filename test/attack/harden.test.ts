import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { adversarialTraining } from "../../src/attack/harden.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";

/** Run harden on the loss `sum(x w)` of rows of three numbers, compiled. */
async function hardened(
  dtype: "uint8" | "float32",
  { x, noise, step = 0, scale }: { x: number[]; noise: number[]; step?: number; scale?: number[] },
  options: { strength: number; growUpdates?: number },
): Promise<number[]> {
  const engine = await loadEngine("native");
  const { harden, noise: shapes } = adversarialTraining({ inputs: { x: { shape: [3], dtype } } }, options);
  expect(shapes).toEqual({ x: [3] });
  const rows = x.length / 3;
  const compiled = await engine.compile(
    ({ x: given, noise: drawn, step: at, scale: reciprocal }) => {
      const lossOf = ({ x: value }: Readonly<Record<string, tf.Tensor>>) =>
        tf.sum(tf.mul(value!, tf.tensor1d([1, -2, 0.5]))) as tf.Scalar;
      const place = { step: at!, ...(reciprocal ? { "scale.x": reciprocal } : {}) };
      return { attacked: harden({ x: given! }, lossOf, { x: drawn! }, place).x! };
    },
    {
      x: { shape: [rows, 3], dtype },
      noise: { shape: [rows, 3] },
      step: { shape: [] },
      ...(scale ? { scale: { shape: [3] } } : {}),
    },
  );
  const result = await compiled.run({
    x: dtype === "uint8" ? Uint8Array.from(x) : Float32Array.from(x),
    noise: Float32Array.from(noise),
    step: Float32Array.of(step),
    ...(scale ? { scale: Float32Array.from(scale) } : {}),
  });
  await compiled.dispose();
  return Array.from(result.attacked!);
}

test("rows start anywhere in the ball, go 1.25 strengths uphill, and stay in it and among bytes", async () => {
  // radius 0.2 * 255 = 51: starts 100 - 51, 100 + 0, 250 clipped to 255; steps of 63.75 by the signs +, -, +
  const [a, b, c, d, e, f] = await hardened(
    "uint8",
    { x: [100, 100, 250, 100, 20, 30], noise: [0, 0.5, 1, 0.25, 1, 0] },
    { strength: 0.2 },
  );
  expect(a).toBeCloseTo(100 - 51 + 63.75, 3);
  expect(b).toBeCloseTo(100 - 51, 3);
  expect(c).toBeCloseTo(255, 3);
  expect(d).toBeCloseTo(100 - 25.5 + 63.75, 3);
  // from 20 + 51 down by 63.75
  expect(e).toBeCloseTo(7.25, 3);
  // from 30 - 51, clipped to 0, up by 63.75
  expect(f).toBeCloseTo(63.75, 3);
});

test("the ball of standardised inputs is in standard deviations, and grows with the updates", async () => {
  const given = { x: [1, 1, 1], noise: [0.5, 0.5, 0.5], scale: [1, 0.5, 4] };
  const options = { strength: 0.4, growUpdates: 100 };
  expect(await hardened("float32", { ...given, step: 0 }, options)).toEqual([1, 1, 1]);
  const half = await hardened("float32", { ...given, step: 50 }, options);
  for (const [k, value] of [1.2, 0.6, 1.05].entries()) expect(half[k]).toBeCloseTo(value, 6);
  const full = await hardened("float32", { ...given, step: 500 }, options);
  for (const [k, value] of [1.4, 0.2, 1.1].entries()) expect(full[k]).toBeCloseTo(value, 6);
});
