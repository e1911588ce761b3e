import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { broadcastShape, reducedShape } from "../../../src/compile/graph/shapes.js";
import { createRandom } from "../../../src/math/random.js";

function outcome(rule: () => readonly number[]): string {
  try {
    return `[${rule()}]`;
  } catch (error) {
    return (error as Error).message;
  }
}

test("shapes are broadcast, or refused, as TensorFlow.js does it", () => {
  const seed = "broadcast shapes";
  const random = createRandom(seed);
  const outcomes = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: random.integer(4) }, () => 1 + random.integer(3)));
    const ours = outcome(() => broadcastShape(a!, b!));
    const message = `[${a}] and [${b}] (seed "${seed}")`;
    expect(ours, message).toBe(outcome(() => tf.broadcast_util.assertAndGetBroadcastShape(a!, b!)));
    outcomes.add(ours);
  }
  expect([...outcomes].filter((text) => text.startsWith("Operands")).length).toBeGreaterThan(10);
  expect(broadcastShape([4, 1, 3], [5, 1])).toEqual([4, 5, 3]);
  expect(() => broadcastShape([2, 3], [4])).toThrow(
    "Operands could not be broadcast together with shapes 2,3 and 4.",
  );
});

test("reduced axes go, or stay with the length 1", () => {
  expect(reducedShape([4, 5, 6], [0, 2], false)).toEqual([5]);
  expect(reducedShape([4, 5, 6], [0, 2], true)).toEqual([1, 5, 1]);
});
