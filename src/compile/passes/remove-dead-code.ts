// Leave out what no output needs.
import type { Graph, GraphNode } from "../graph/graph.js";

/** Return the graph without the nodes and constants that no output needs; inputs stay, needed or not. */
export function removeDeadCode(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ value }) => value));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ name }) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    kept.push(node);
  }
  const constants = graph.constants.filter(({ name }) => needed.has(name));
  return { ...graph, constants, nodes: kept.reverse() };
}
