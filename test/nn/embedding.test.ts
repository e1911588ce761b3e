import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { embedding, embeddingSpecs } from "../../src/nn/embedding.js";
import { gelu } from "../../src/nn/gelu.js";
import { initializeParameters, parameterLayout } from "../../src/nn/parameters.js";

const ENGINES = await Promise.all(["reference", "native", "wasm"].map((name) => loadEngine(name)));

test.each([
  [7, 3],
  [3, 7],
])("an embedding of %i vectors of %i numbers starts with a mean square of 1", (count, size) => {
  const layout = parameterLayout(embeddingSpecs("letters", count, size));
  expect(layout.specs.map(({ name, shape }) => [name, shape])).toEqual([["letters/weight", [count, size]]]);
  const values = initializeParameters(layout, createRandom("embedding"));
  expect(values.reduce((sum, value) => sum + value ** 2, 0) / values.length).toBeCloseTo(1, 5);
});

test("ids of any shape get their vectors, and the vectors the gradients of all places where they stand", async () => {
  const inputs = { table: { shape: [3, 2] }, ids: { shape: [2, 2], dtype: "int32" as const } };
  const look = (table: tf.Tensor, ids: tf.Tensor) => embedding(ids, { "letters/weight": table }, "letters");
  for (const engine of ENGINES) {
    const compiled = await engine.compile(({ table, ids }) => {
      const weights = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      const slope = tf.grad((rows) => tf.sum(tf.mul(look(rows, ids!), weights)))(table!);
      return { y: look(table!, ids!), slope };
    }, inputs);
    const { y, slope } = await compiled.run({
      table: Float32Array.of(10, 11, 20, 21, 30, 31),
      ids: Int32Array.of(2, 0, 2, 2),
    });
    await compiled.dispose();
    expect([...y!], engine.name).toEqual([30, 31, 10, 11, 30, 31, 30, 31]);
    expect([...slope!], engine.name).toEqual([3, 4, 0, 0, 13, 16]);
  }
});

test("gelu weighs numbers by the normal distribution", async () => {
  const x = Float32Array.of(-10, -1, 0, 0.5, 2, 10);
  // x times the distribution function, from its tables
  const wanted = [0, -0.158655, 0, 0.345731, 1.9545, 10];
  for (const engine of ENGINES) {
    const compiled = await engine.compile((given) => ({ y: gelu(given.x!) }), { x: { shape: [6] } });
    const { y } = await compiled.run({ x });
    await compiled.dispose();
    for (const [k, value] of wanted.entries()) expect(y![k], engine.name).toBeCloseTo(value, 5);
  }
});
