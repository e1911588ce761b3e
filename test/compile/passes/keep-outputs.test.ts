import { expect, test } from "vitest";
import { keepOutputs } from "../../../src/compile/passes/keep-outputs.js";
import { constant, graphOf, node } from "./small-graphs.js";

const graph = graphOf(
  [constant("~0", 1, 2), constant("~1", 3, 4)],
  [node("~2", "Tanh", "x"), node("~3", "Add", "~2", "~0"), node("~4", "Multiply", "~2", "~1")],
  { mean: "~3", value: "~4" },
);

test("what only the critic needs goes with its output, what the actor shares with it stays", () => {
  expect(keepOutputs(graph, ["mean"])).toEqual(
    graphOf([constant("~0", 1, 2)], [node("~2", "Tanh", "x"), node("~3", "Add", "~2", "~0")], { mean: "~3" }),
  );
});

test("outputs keep their order, and one that is not there is refused by name", () => {
  expect(keepOutputs(graph, ["value", "mean"])).toEqual(graph);
  expect(() => keepOutputs(graph, ["mean", "std"])).toThrow(
    'The graph has no output "std". Its outputs are: mean, value.',
  );
});
