import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";

test("equal names give equal streams and different names different ones", () => {
  const draw = (name: string) => {
    const random = createRandom(name);
    return [random.uniform(), random.normal(), random.integer(1000)];
  };
  expect(draw("7/env/0")).toEqual(draw("7/env/0"));
  expect(draw("7/env/0")).not.toEqual(draw("7/env/1"));
});

test("a restored stream continues with the same bits", () => {
  const random = createRandom("restore");
  for (let i = 0; i < 17; i++) random.normal();
  const state = JSON.parse(JSON.stringify(random.state()));
  const expected = Array.from({ length: 9 }, () => random.normal());
  const other = createRandom("something else");
  other.restore(state);
  expect(Array.from({ length: 9 }, () => other.normal())).toEqual(expected);
});

test("normal draws have mean 0 and variance 1 (seed: moments)", () => {
  const random = createRandom("moments");
  const draws = Array.from({ length: 50_000 }, () => random.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
});

test("integer and uniform stay inside their ranges (seed: ranges)", () => {
  const random = createRandom("ranges");
  const seen = new Set<number>();
  for (let i = 0; i < 500; i++) {
    seen.add(random.integer(5));
    const x = random.uniform(-2, 3);
    expect(x).toBeGreaterThanOrEqual(-2);
    expect(x).toBeLessThan(3);
  }
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
});

test("shuffle keeps every value", () => {
  const values = Int32Array.from([4, 8, 15, 16, 23, 42]);
  createRandom("shuffle").shuffle(values);
  expect([...values].sort((a, b) => a - b)).toEqual([4, 8, 15, 16, 23, 42]);
  expect([...values]).not.toEqual([4, 8, 15, 16, 23, 42]);
});
