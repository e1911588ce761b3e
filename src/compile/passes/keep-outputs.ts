// Leave out outputs that nobody asks for, and with them what only they need: of an exported policy, its critic.
import { UsageError } from "../../math/usage-error.js";
import type { Graph } from "../graph/graph.js";
import { removeDeadCode } from "./remove-dead-code.js";

/** Return the graph with the outputs `names` alone; throws a UsageError that lists those there are for a name that is none. */
export function keepOutputs(graph: Graph, names: readonly string[]): Graph {
  const unknown = names.find((name) => !graph.outputs.some((output) => output.name === name));
  if (unknown !== undefined) {
    const known = graph.outputs.map(({ name }) => name).join(", ");
    throw new UsageError(`The graph has no output "${unknown}". Its outputs are: ${known}.`);
  }
  return removeDeadCode({ ...graph, outputs: graph.outputs.filter(({ name }) => names.includes(name)) });
}
