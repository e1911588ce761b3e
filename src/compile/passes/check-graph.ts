// Make sure that a graph is whole, for example after passes have rewritten it.
import type { Graph, GraphNode, TensorType } from "../graph/graph.js";
import { OPERATIONS } from "../operations/table.js";

/**
 * Return the graph as it is.
 *
 * Throws an Error where a name is given twice or read before it is given, and where an operation is not in the table or its
 * shape rule gives other types than the node says.
 */
export function checkGraph(graph: Graph): Graph {
  const given = new Map<string, TensorType>();
  const give = ({ name, dtype, shape }: TensorType & { readonly name: string }) => {
    if (given.has(name)) throw new Error(`the graph gives "${name}" twice`);
    given.set(name, { dtype, shape });
  };
  const read = (name: string, reader: string) => {
    const type = given.get(name);
    if (!type) throw new Error(`${reader} reads "${name}", which nothing before it gives`);
    return type;
  };
  for (const value of [...graph.inputs, ...graph.constants]) give(value);
  for (const node of graph.nodes) {
    const name = `${node.operation} "${node.outputs[0]?.name}"`;
    checkTypes(
      node,
      node.inputs.map((input) => read(input, name)),
    );
    for (const output of node.outputs) give(output);
  }
  for (const { name, value } of graph.outputs) read(value, `the output "${name}"`);
  return graph;
}

function checkTypes({ operation, attributes, outputs }: GraphNode, inputs: readonly TensorType[]): void {
  const entry = OPERATIONS[operation];
  if (!entry) throw new Error(`"${operation}" is not in the table of operations`);
  const ruled = written([entry.shape(inputs, attributes)].flat());
  const said = written(outputs);
  if (ruled !== said)
    throw new Error(`${operation} "${outputs[0]?.name}" gives ${ruled}, the graph says ${said}`);
}

function written(types: readonly TensorType[]): string {
  return types.map(({ dtype, shape }) => `${dtype}[${shape.join(", ")}]`).join(", ");
}
