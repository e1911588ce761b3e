import { expect, test } from "vitest";
import { checkGraph } from "../../../src/compile/passes/check-graph.js";
import { constant, float, graphOf, node } from "./small-graphs.js";

const whole = graphOf([constant("~0", 1, 2)], [node("~1", "Add", "x", "~0"), node("~2", "Neg", "~1")], {
  y: "~2",
  same: "x",
});

test("a whole graph is returned as it is", () => {
  expect(checkGraph(whole)).toBe(whole);
});

test("names given twice, or read before they are given, are told with who reads them", () => {
  const [first, second] = whole.nodes;
  expect(() => checkGraph({ ...whole, nodes: [second!, first!] })).toThrow(
    'Neg "~2" reads "~1", which nothing before it gives',
  );
  expect(() => checkGraph({ ...whole, nodes: [first!, second!, first!] })).toThrow(
    'the graph gives "~1" twice',
  );
  expect(() => checkGraph({ ...whole, constants: [constant("x", 3)] })).toThrow('the graph gives "x" twice');
  expect(() => checkGraph({ ...whole, outputs: [{ name: "y", value: "~3" }] })).toThrow(
    'the output "y" reads "~3", which nothing before it gives',
  );
});

test("types that an operation does not give, and operations that there are not, are told", () => {
  const wide = { ...node("~1", "Neg", "x"), outputs: [float("~1", [2, 1])] };
  expect(() => checkGraph(graphOf([], [wide], { y: "~1" }))).toThrow(
    'Neg "~1" gives float32[2], the graph says float32[2, 1]',
  );
  const whether = node("~1", "Less", "x", "x");
  expect(() => checkGraph(graphOf([], [whether], { y: "~1" }))).toThrow(
    'Less "~1" gives bool[2], the graph says float32[2]',
  );
  expect(() => checkGraph(graphOf([], [node("~1", "Cosine", "x")], { y: "~1" }))).toThrow(
    '"Cosine" is not in the table of operations',
  );
});
