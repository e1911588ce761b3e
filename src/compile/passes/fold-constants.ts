// Compute now what is the same in every run.
import type { Constant, Graph, GraphNode, TensorValues } from "../graph/graph.js";
import { typesOf } from "../graph/graph.js";
import { removeDeadCode } from "./remove-dead-code.js";

/** Runs a graph without inputs; the values of its outputs by their names. */
export type Evaluate = (graph: Graph) => Promise<Readonly<Record<string, TensorValues>>>;

/**
 * Return the graph with constants in place of the nodes that work on constants alone.
 *
 * `evaluate` computes them: where that is the engine that will run the graph, its outputs keep every bit.
 */
export async function foldConstants(graph: Graph, evaluate: Evaluate): Promise<Graph> {
  const constant = new Set(graph.constants.map(({ name }) => name));
  const [folded, kept]: [GraphNode[], GraphNode[]] = [[], []];
  for (const node of graph.nodes) {
    const foldable = node.inputs.every((name) => constant.has(name));
    (foldable ? folded : kept).push(node);
    if (foldable) for (const { name } of node.outputs) constant.add(name);
  }
  const needed = new Set([
    ...kept.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value),
  ]);
  const results = folded.flatMap(({ outputs }) =>
    outputs.map(({ name }) => name).filter((name) => needed.has(name)),
  );
  if (results.length === 0) return graph;
  const types = typesOf(graph);
  const values = await evaluate(partOf(graph, folded, results));
  const made: Constant[] = results.map((name, k) => ({
    name,
    ...types.get(name)!,
    values: values[resultName(k)]!,
  }));
  return removeDeadCode({ ...graph, nodes: kept, constants: [...graph.constants, ...made] });
}

/** Return the graph that gives tensors which need no inputs. */
function partOf(graph: Graph, nodes: readonly GraphNode[], names: readonly string[]): Graph {
  const outputs = names.map((value, k) => ({ name: resultName(k), value }));
  return removeDeadCode({ inputs: [], constants: graph.constants, nodes, outputs });
}

function resultName(index: number): string {
  return `constant${index}`;
}
