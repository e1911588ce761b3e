// What pointwise operations give at the ends of their ranges, on each engine that is always there.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";

const ENGINES = await Promise.all(["reference", "native", "wasm"].map((name) => loadEngine(name)));

/** Run a function of float32 lists, or of int32 ones, and return a list per engine. */
async function onEngines(
  fn: (...inputs: tf.Tensor[]) => tf.Tensor,
  ...lists: readonly (Float32Array | Int32Array)[]
): Promise<(readonly [engine: string, values: number[]])[]> {
  const names = lists.map((_, k) => `x${k}`);
  const inputs = Object.fromEntries(
    lists.map((list, k) => {
      const dtype = list instanceof Int32Array ? ("int32" as const) : ("float32" as const);
      return [names[k]!, { shape: [list.length], dtype }];
    }),
  );
  const arrays = Object.fromEntries(lists.map((list, k) => [names[k]!, list]));
  return Promise.all(
    ENGINES.map(async (engine) => {
      const compiled = await engine.compile(
        (given) => ({ y: fn(...names.map((name) => given[name]!)) }),
        inputs,
      );
      const { y } = await compiled.run(arrays);
      await compiled.dispose();
      return [engine.name, Array.from(y!)] as const;
    }),
  );
}

const TINY = [1e-30, 1e-10, 5e-8, 1e-7, 3e-4, 0.02];

test.each<readonly [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, readonly number[]]>([
  ["log1p", tf.log1p, Math.log1p, [-1, -0.999, -0.4, 0, 0.3, 1, 40, 1e20, Number.POSITIVE_INFINITY]],
  ["expm1", tf.expm1, Math.expm1, [Number.NEGATIVE_INFINITY, -100, -2, -0.3, 0, 0.3, 1, 40, 80, 200]],
])("%s keeps its digits near 0 and reaches infinity", async (_, operation, wanted, others) => {
  const x = Float32Array.from([...TINY, ...TINY.map((value) => -value), ...others]);
  for (const [engine, values] of await onEngines(operation, x)) {
    for (const [k, value] of values.entries()) {
      const right = Math.fround(wanted(x[k]!));
      if (Number.isFinite(right) && right !== 0)
        expect(
          Math.abs(value / right - 1),
          `of ${x[k]} on ${engine}: ${value}, right is ${right}`,
        ).toBeLessThan(1e-6);
      else expect(value, `of ${x[k]} on ${engine}`).toBe(right);
    }
  }
});

test("atan2 tells all quadrants, both zeros and both infinities apart", async () => {
  const ends = [0, -0, 1, -1, 0.3, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const pairs = ends.flatMap((up) => ends.map((right) => [up, right] as const));
  const up = Float32Array.from(pairs, ([value]) => value);
  const right = Float32Array.from(pairs, ([, value]) => value);
  for (const [engine, values] of await onEngines(tf.atan2, up, right)) {
    for (const [k, value] of values.entries()) {
      const message = `atan2(${up[k]}, ${right[k]}) on ${engine}`;
      expect(value, message).toBeCloseTo(Math.atan2(up[k]!, right[k]!), 6);
    }
  }
});

test("round goes to the even neighbour from halfway", async () => {
  const x = Float32Array.of(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999, 8388609);
  for (const [engine, values] of await onEngines(tf.round, x))
    expect(
      values.map((value) => value + 0),
      engine,
    ).toEqual([-2, -2, 0, 0, 2, 2, 2, 8388609]);
});

test("mod has the sign of the divisor", async () => {
  const [a, b] = [
    [7, -7, 7, -7, 6, -6, 0.5],
    [3, 3, -3, -3, 3, -3, -2],
  ] as const;
  for (const [engine, values] of await onEngines(tf.mod, Float32Array.from(a), Float32Array.from(b)))
    expect(
      values.map((value) => value + 0),
      engine,
    ).toEqual([1, 2, -2, -1, 0, 0, -1.5]);
});

const LEAST = -(2 ** 31);
const WHOLE = [
  Int32Array.of(7, -7, 7, -7, 6, 5, 0, -5, LEAST, LEAST, LEAST, LEAST),
  Int32Array.of(3, 3, -3, -3, -3, 0, 0, 0, -1, 1, 7, 0),
] as const;

test("whole numbers are divided downwards; by 0 they give 0 and leave 0, and the least one is divided by -1", async () => {
  for (const [engine, values] of await onEngines(tf.floorDiv, ...WHOLE))
    expect(values, engine).toEqual([2, -3, -3, 2, -2, 0, 0, 0, LEAST, LEAST, -306783379, 0]);
  for (const [engine, values] of await onEngines(tf.mod, ...WHOLE))
    expect(
      values.map((value) => value + 0),
      engine,
    ).toEqual([1, 2, -2, -1, 0, 0, 0, 0, 0, 0, 5, 0]);
});

test("isNaN finds what is no number, and infinity is one", async () => {
  const x = Float32Array.of(Number.NaN, 0, Number.POSITIVE_INFINITY, 1);
  const asNumbers = (value: tf.Tensor) => tf.cast(tf.isNaN(value), "float32");
  for (const [engine, values] of await onEngines(asNumbers, x)) expect(values, engine).toEqual([1, 0, 0, 0]);
});

test("the second derivative of selu is a number where its exponential would overflow", async () => {
  const slope = (v: tf.Tensor) => tf.grad((z) => tf.sum(tf.selu(z)))(v);
  for (const [engine, values] of await onEngines(
    (x) => tf.grad((v) => tf.sum(slope(v)))(x),
    Float32Array.of(200, -1),
  )) {
    expect(values[0], engine).toBe(0);
    expect(values[1], engine).toBeCloseTo(1.7580993408 * Math.exp(-1), 5);
  }
});
