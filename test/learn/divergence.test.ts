import { expect, test } from "vitest";
import type { Arrays, CompiledFunction } from "../../src/compile/engines/engine.js";
import { DivergedUpdate, firstNotFinite } from "../../src/learn/divergence.js";
import { Optimizer } from "../../src/learn/optimizer.js";

/** An update that gives what it is told. */
function update(given: Arrays): CompiledFunction {
  return { inputs: {}, run: async () => given, dispose: async () => {} };
}

test("an optimiser stays as it was where an update is not finite, and says what is not", async () => {
  const good = {
    nextParameters: Float32Array.of(2, 3),
    nextFirstMoment: Float32Array.of(0, 0),
    nextSecondMoment: Float32Array.of(0, 0),
    loss: Float32Array.of(1),
  };
  const optimizer = new Optimizer(Float32Array.of(1, 1), 0.1);
  await optimizer.step(update(good), {});
  const cases: [Arrays, string][] = [
    [{ ...good, loss: Float32Array.of(Number.NaN) }, "loss is NaN"],
    [{ ...good, nextParameters: Float32Array.of(9, Number.NEGATIVE_INFINITY) }, "parameter 1 is -Infinity"],
    [
      { ...good, nextSecondMoment: Float32Array.of(Number.POSITIVE_INFINITY, 0) },
      "moment of the gradient of parameter 0 is Infinity",
    ],
  ];
  for (const [bad, what] of cases) {
    const thrown = await optimizer.step(update(bad), {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(DivergedUpdate);
    expect(thrown).toMatchObject({ what, updates: 1 });
    expect(optimizer.state()).toMatchObject({ parameters: Float32Array.of(2, 3), updates: 1 });
  }
});

test("numbers that are not finite are found wherever they are, and large ones are none", () => {
  expect(firstNotFinite(new Float32Array(5).fill(3e38))).toBe(-1);
  expect(firstNotFinite([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(1);
  expect(firstNotFinite([1, 2, Number.NaN])).toBe(2);
});
