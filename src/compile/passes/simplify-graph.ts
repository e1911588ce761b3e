// Passes over a traced graph that is written to a file: nothing in it is computed twice or for nothing.

import { encodeOnnx, type OnnxConstant, type OnnxNode } from "../emit/onnx-model.js";
import type { Engine } from "../engines/engine.js";
import { type TracedGraph, withoutUnused } from "../trace/trace.js";

/**
 * Return the graph with constants in place of the nodes that work on constants alone, without copies of outputs and
 * without what no output needs.
 *
 * `engine` computes the constants, so the graph gives the bits that it would give there anyway.
 */
export async function simplifyGraph(graph: TracedGraph, engine: Engine): Promise<TracedGraph> {
  return withNamedOutputs(await foldConstants(graph, engine));
}

/** Fold nodes into constants; those that give an output stay. */
async function foldConstants(graph: TracedGraph, engine: Engine): Promise<TracedGraph> {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const constant = new Set(graph.constants.map(({ name }) => name));
  const [folded, kept]: [OnnxNode[], OnnxNode[]] = [[], []];
  for (const node of graph.nodes) {
    const foldable =
      node.input.every((name) => constant.has(name)) &&
      node.output.every((name) => graph.types.has(name) && !outputs.has(name));
    (foldable ? folded : kept).push(node);
    if (foldable) for (const name of node.output) constant.add(name);
  }
  const needed = new Set(kept.flatMap(({ input }) => input));
  const results = folded.flatMap(({ output }) => output.filter((name) => needed.has(name)));
  if (results.length === 0) return graph;
  const values = await compute({ ...graph, nodes: folded }, results, engine);
  return withoutUnused({ ...graph, nodes: kept, constants: [...graph.constants, ...values] });
}

async function compute(
  graph: TracedGraph,
  names: readonly string[],
  engine: Engine,
): Promise<OnnxConstant[]> {
  const outputs = names.map((name) => ({ name, ...graph.types.get(name)! }));
  const model = withoutUnused({ ...graph, inputs: [], outputs });
  const compiled = await engine.load(encodeOnnx({ ...model, metadata: {} }));
  const arrays = await compiled.run({});
  await compiled.dispose();
  return outputs.map(({ name, shape, elementType }) => {
    const { buffer, byteOffset, byteLength } = arrays[name]!;
    // a copy: the engine may use its memory again
    const rawData = new Uint8Array(buffer, byteOffset, byteLength).slice();
    return { name, dims: shape, dataType: elementType, rawData };
  });
}

/** Let the nodes themselves give the outputs that are copies of what they give: some readers know only a tensor's first name. */
function withNamedOutputs(graph: TracedGraph): TracedGraph {
  const made = new Set(graph.nodes.flatMap(({ opType, output }) => (opType === "Identity" ? [] : output)));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const names = new Map<string, string>();
  for (const { opType, input, output } of graph.nodes) {
    if (opType !== "Identity" || !outputs.has(output[0]!)) continue;
    if (made.has(input[0]!) && !outputs.has(input[0]!) && !names.has(input[0]!))
      names.set(input[0]!, output[0]!);
  }
  const renamed = (list: readonly string[]) => list.map((name) => names.get(name) ?? name);
  const nodes = graph.nodes
    .filter(({ opType, input, output }) => opType !== "Identity" || names.get(input[0]!) !== output[0])
    .map((node) => ({ ...node, input: renamed(node.input), output: renamed(node.output) }));
  return { ...graph, nodes };
}
