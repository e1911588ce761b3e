// Compute once what is computed twice in the same way.
import {
  type AttributeValue,
  bytesOf,
  type Constant,
  type Graph,
  type GraphNode,
  sameConstant,
} from "../graph/graph.js";
import { removeDeadCode } from "./remove-dead-code.js";

/** Return the graph with one node in place of several of the same operation, inputs and attributes, and each constant once. */
export function mergeEqualNodes(graph: Graph): Graph {
  /** Names that are read in place of others. */
  const first = new Map<string, string>();
  const renamed = (name: string) => first.get(name) ?? name;
  mergeConstants(graph.constants, first);
  const known = new Map<string, GraphNode>();
  const nodes = graph.nodes.map((node) => {
    const merged = { ...node, inputs: node.inputs.map(renamed) };
    const key = nodeKey(merged);
    const same = known.get(key);
    if (!same) known.set(key, merged);
    for (const [k, { name }] of node.outputs.entries()) if (same) first.set(name, same.outputs[k]!.name);
    return merged;
  });
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: renamed(value) }));
  return removeDeadCode({ ...graph, nodes, outputs });
}

function mergeConstants(constants: readonly Constant[], first: Map<string, string>): void {
  const known = new Map<string, Constant[]>();
  for (const constant of constants) {
    const key = `${constant.dtype}[${constant.shape.join(",")}]${checksum(constant)}`;
    const alike = known.get(key) ?? [];
    const same = alike.find((other) => sameConstant(other, constant));
    if (same) first.set(constant.name, same.name);
    else known.set(key, [...alike, constant]);
  }
}

/** Return a number that constants with the same bits share, and few others (FNV-1a). */
function checksum({ values }: Constant): number {
  let hash = 0x811c9dc5;
  for (const byte of bytesOf(values)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** Write what a node computes, but for the names of its outputs: two nodes with the same text give the same tensors. */
function nodeKey({ operation, inputs, attributes, outputs }: GraphNode): string {
  const settings = Object.keys(attributes)
    .sort()
    .map((name) => `${name}=${attributeKey(attributes[name]!)}`);
  const types = outputs.map(({ dtype, shape }) => `${dtype}[${shape.join(",")}]`);
  return JSON.stringify([operation, inputs, settings, types]);
}

function attributeKey(value: AttributeValue): string {
  if (typeof value === "object") return `[${value.map(attributeKey).join(",")}]`;
  // String(-0) is "0"
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return JSON.stringify(value);
}
