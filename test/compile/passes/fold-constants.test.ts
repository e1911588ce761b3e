import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { evaluateBy } from "../../../src/compile/engines/evaluate-graph.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { foldConstants } from "../../../src/compile/passes/fold-constants.js";
import { traceGraph } from "../../../src/compile/trace/trace.js";
import { constant, graphOf, node } from "./small-graphs.js";

const native = evaluateBy(await loadEngine("native"));
const nothing = async () => {
  throw new Error("there is nothing to compute");
};

test("what follows from constants alone becomes a constant; what needs an input stays", async () => {
  const graph = graphOf(
    [constant("~0", 1, -2), constant("~1", 10, 20)],
    [
      node("~2", "Add", "~0", "~1"),
      node("~3", "Neg", "~2"),
      node("~4", "Multiply", "x", "~3"),
      node("~5", "Abs", "~0"),
    ],
    { y: "~4", size: "~5" },
  );
  expect(await foldConstants(graph, native)).toEqual(
    graphOf([constant("~3", -11, -18), constant("~5", 1, 2)], [node("~4", "Multiply", "x", "~3")], {
      y: "~4",
      size: "~5",
    }),
  );
});

test("a graph in which everything needs an input is returned as it is, and nothing is computed", async () => {
  const graph = graphOf([constant("~0", 1, 2)], [node("~1", "Add", "x", "~0")], { y: "~1" });
  expect(await foldConstants(graph, nothing)).toBe(graph);
});

test("each part of a split constant that is read becomes one, of every type", async () => {
  const graph = traceGraph(
    ({ x }) => {
      const [left, , right] = tf.split(tf.tensor1d([1, 2, 3, 4, 5, 6]), [1, 2, 3]);
      const chosen = tf.where(tf.greater(right!, 4.5), x!, left!);
      return { y: tf.mul(chosen, tf.cast(tf.cast(right!, "int32"), "float32")) };
    },
    { x: { shape: [3] } },
  );
  const folded = await foldConstants(graph, native);
  expect(folded.nodes.map(({ operation }) => operation)).toEqual(["Select", "Multiply"]);
  expect(folded.constants.map(({ dtype, values }) => [dtype, ...values])).toEqual([
    ["bool", 0, 1, 1],
    ["float32", 1, 1, 1],
    ["float32", 4, 5, 6],
  ]);
});
