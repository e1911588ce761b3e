import { expect, test } from "vitest";
import { removeDeadCode } from "../../../src/compile/passes/remove-dead-code.js";
import { constant, float, graphOf, node } from "./small-graphs.js";

test("nodes and constants that no output needs are left out, also where only such nodes read them", () => {
  const graph = graphOf(
    [constant("~0", 1, 2), constant("~1", 3, 4)],
    [
      node("~2", "Add", "x", "~0"),
      node("~3", "Multiply", "x", "~1"),
      node("~4", "Neg", "~3"),
      node("~5", "Neg", "~2"),
    ],
    { y: "~5" },
  );
  expect(removeDeadCode(graph)).toEqual(
    graphOf([constant("~0", 1, 2)], [node("~2", "Add", "x", "~0"), node("~5", "Neg", "~2")], { y: "~5" }),
  );
});

test("a node stays for one of its outputs, an input although nothing reads it, a constant as an output", () => {
  const split = {
    operation: "SplitV",
    inputs: ["x"],
    attributes: { axis: 0, sizes: [1, 1] },
    outputs: [float("~1", [1]), float("~2", [1])],
  };
  const graph = graphOf([constant("~0", 1)], [split], { first: "~2", one: "~0" });
  expect(removeDeadCode(graph)).toEqual(graph);
  expect(removeDeadCode(graphOf([], [split], { same: "x" }))).toEqual(graphOf([], [], { same: "x" }));
});
