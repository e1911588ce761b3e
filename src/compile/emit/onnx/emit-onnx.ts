// Write a graph as an ONNX file.
import type { Graph, Value } from "../../graph/graph.js";
import type { Operation } from "../../operations/operation.js";
import { OPERATIONS } from "../../operations/table.js";
import { OnnxBuilder, type OnnxTensor } from "./onnx-builder.js";
import { ELEMENT_TYPE, encodeOnnx, type OnnxModel, type OnnxNode } from "./onnx-model.js";

/** How a graph is written. */
export interface OnnxOptions {
  /** Stored in the file. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * Spare nodes that move constants about and those that copy outputs, for files that other programs read: some know only a
   * tensor's first name. The numbers are the same but for the order of onnxruntime's sums. Default false.
   */
  readonly simplified?: boolean;
}

/** Return the bytes of the ONNX file of a graph (opset 17). */
export function emitOnnx(graph: Graph, { metadata = {}, simplified = false }: OnnxOptions = {}): Uint8Array {
  const model = withoutUnused(onnxModel(graph, new OnnxBuilder(simplified), metadata));
  return encodeOnnx(simplified ? withDirectOutputs(model) : model);
}

function onnxModel(
  { inputs, constants, nodes, outputs }: Graph,
  onnx: OnnxBuilder,
  metadata: OnnxModel["metadata"],
): OnnxModel {
  const tensors = new Map<string, OnnxTensor>(inputs.map((input) => [input.name, input]));
  for (const { name, values, shape, dtype } of constants) {
    tensors.set(name, onnx.constant(values, shape, dtype));
  }
  const tensorOf = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the graph reads "${name}" before anything gives it`);
    return tensor;
  };
  for (const node of nodes) {
    const { onnx: form } = OPERATIONS[node.operation] as Operation;
    if (typeof form !== "function") throw new Error(`${node.operation} has no ONNX form: ${form.none}`);
    const given = [form(onnx, node.inputs.map(tensorOf), node.attributes, node.outputs)].flat();
    for (const [k, { name }] of node.outputs.entries()) tensors.set(name, given[k]!);
  }
  const given: Value[] = [];
  for (const { name, value } of outputs) {
    const tensor = tensorOf(value);
    onnx.rawNode("Identity", [tensor], [name]);
    given.push({ name, dtype: tensor.dtype, shape: tensor.shape });
  }
  return {
    nodes: onnx.nodes,
    constants: onnx.constants,
    inputs: inputs.map(onnxValue),
    outputs: given.map(onnxValue),
    metadata,
  };
}

function onnxValue({ name, dtype, shape }: Value) {
  return { name, elementType: ELEMENT_TYPE[dtype], shape };
}

/** Leave out what turned out not to be needed: casts of bytes that were moved first, tensors laid out for nothing. */
function withoutUnused(model: OnnxModel): OnnxModel {
  const names = new Set(model.outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of [...model.nodes].reverse()) {
    if (!node.output.some((name) => names.has(name))) continue;
    for (const name of node.input) names.add(name);
    kept.push(node);
  }
  const constants = model.constants.filter(({ name }) => names.has(name));
  return { ...model, nodes: kept.reverse(), constants };
}

function withDirectOutputs(model: OnnxModel): OnnxModel {
  const made = new Set(model.nodes.flatMap(({ opType, output }) => (opType === "Identity" ? [] : output)));
  const outputs = new Set(model.outputs.map(({ name }) => name));
  const names = new Map<string, string>();
  for (const { opType, input, output } of model.nodes) {
    if (opType !== "Identity" || !outputs.has(output[0]!)) continue;
    if (made.has(input[0]!) && !outputs.has(input[0]!) && !names.has(input[0]!))
      names.set(input[0]!, output[0]!);
  }
  const renamed = (list: readonly string[]) => list.map((name) => names.get(name) ?? name);
  const nodes = model.nodes
    .filter(({ opType, input, output }) => opType !== "Identity" || names.get(input[0]!) !== output[0])
    .map((node) => ({ ...node, input: renamed(node.input), output: renamed(node.output) }));
  return { ...model, nodes };
}
