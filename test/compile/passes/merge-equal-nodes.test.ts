import { expect, test } from "vitest";
import { mergeEqualNodes } from "../../../src/compile/passes/merge-equal-nodes.js";
import { constant, float, graphOf, node } from "./small-graphs.js";

test("equal nodes become one, and so do those that are equal once these are", () => {
  const graph = graphOf(
    [],
    [
      node("~0", "Tanh", "x"),
      node("~1", "Tanh", "x"),
      node("~2", "Neg", "~0"),
      node("~3", "Neg", "~1"),
      node("~4", "Add", "~2", "~3"),
    ],
    { y: "~4", z: "~3" },
  );
  expect(mergeEqualNodes(graph)).toEqual(
    graphOf([], [node("~0", "Tanh", "x"), node("~2", "Neg", "~0"), node("~4", "Add", "~2", "~2")], {
      y: "~4",
      z: "~2",
    }),
  );
});

test("constants of the same bits become one; 0 and -0, and other shapes, are not the same", () => {
  const flat = constant("~3", 0, 1);
  const graph = graphOf(
    [constant("~0", 0, 1), constant("~1", 0, 1), constant("~2", -0, 1), { ...flat, shape: [1, 2] }],
    [
      node("~4", "Add", "x", "~0"),
      node("~5", "Add", "x", "~1"),
      node("~6", "Add", "x", "~2"),
      node("~7", "Add", "x", "~3"),
    ],
    { a: "~4", b: "~5", c: "~6", d: "~7" },
  );
  const merged = mergeEqualNodes(graph);
  expect(merged.constants.map(({ name }) => name)).toEqual(["~0", "~2", "~3"]);
  expect(merged.outputs.map(({ value }) => value)).toEqual(["~4", "~4", "~6", "~7"]);
});

test("nodes that differ in the order of inputs, an attribute, an output's type or the operation stay apart", () => {
  const clip = (output: string, min: number) => ({
    ...node(output, "ClipByValue", "x"),
    attributes: { min, max: 1 },
  });
  const cast = (output: string, dtype: "int32" | "bool") => ({
    ...node(output, "Cast", "x"),
    outputs: [{ ...float(output), dtype }],
  });
  const nodes = [
    node("~0", "Neg", "x"),
    node("~1", "Sub", "x", "~0"),
    node("~2", "Sub", "~0", "x"),
    clip("~3", Number.NEGATIVE_INFINITY),
    clip("~4", Number.NaN),
    clip("~5", 0),
    clip("~6", -0),
    cast("~7", "int32"),
    cast("~8", "bool"),
    node("~9", "Abs", "x"),
  ];
  const outputs = Object.fromEntries(nodes.map((_, k) => [`y${k}`, `~${k}`]));
  const graph = graphOf([], nodes, outputs);
  expect(mergeEqualNodes(graph)).toEqual(graph);
});
