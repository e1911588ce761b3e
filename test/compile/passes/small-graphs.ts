// Graphs written by hand, for passes to rewrite.
import type { Constant, Graph, GraphNode, Value } from "../../../src/compile/graph/graph.js";

/** A tensor of float32. */
export function float(name: string, shape: readonly number[] = [2]): Value {
  return { name, dtype: "float32", shape };
}

/** A constant list of float32. */
export function constant(name: string, ...values: number[]): Constant {
  return { ...float(name, [values.length]), values: Float32Array.from(values) };
}

/** A node with one output of float32 [2]. */
export function node(output: string, operation: string, ...inputs: string[]): GraphNode {
  return { operation, inputs, attributes: {}, outputs: [float(output)] };
}

/** A graph with the input x [2]; outputs by their names. */
export function graphOf(
  constants: readonly Constant[],
  nodes: readonly GraphNode[],
  outputs: Readonly<Record<string, string>>,
): Graph {
  return {
    inputs: [float("x")],
    constants,
    nodes,
    outputs: Object.entries(outputs).map(([name, value]) => ({ name, value })),
  };
}
