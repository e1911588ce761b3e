// Write a graph as a GraphModel of TensorFlow.js.
import { UsageError } from "../../../math/usage-error.js";
import type { Graph, TensorType, Value } from "../../graph/graph.js";
import type { Operation } from "../../operations/operation.js";
import { OPERATIONS } from "../../operations/table.js";
import { GraphModelBuilder, tensorShape, typeName } from "./graph-model-builder.js";
import { type TfjsModel, writeTfjsModel } from "./tfjs-model.js";

/**
 * Return the files of a graph as a GraphModel, which `tf.loadGraphModel` loads.
 *
 * Its inputs and outputs have the graph's names and shapes; `predict` of several outputs gives them by name. Bytes (uint8) are int32, as
 * TensorFlow.js has none. `metadata` is stored in model.json as `userDefinedMetadata`.
 *
 * Throws a UsageError that names the operation where one has no form there.
 */
export function emitGraphModel(
  { inputs, constants, nodes, outputs }: Graph,
  metadata: Readonly<Record<string, unknown>> = {},
): TfjsModel {
  const model = new GraphModelBuilder();
  const tensors = new Map<string, Value>();
  for (const input of inputs) {
    model.rawNode(input.name, "Placeholder", [], { dtype: { type: input.dtype } }, input.shape);
    tensors.set(input.name, input);
  }
  for (const { name, values, shape, dtype } of constants)
    tensors.set(name, model.constant(values, shape, dtype));
  const tensorOf = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the graph reads "${name}" before anything gives it`);
    return tensor;
  };
  for (const node of nodes) {
    const { graphModel: form } = OPERATIONS[node.operation] as Operation;
    if (typeof form !== "function")
      throw new UsageError(
        `${node.operation} cannot be written as a TensorFlow.js GraphModel: ${form.none}.`,
      );
    const given = [form(model, node.inputs.map(tensorOf), node.attributes, node.outputs)].flat();
    for (const [k, { name }] of node.outputs.entries()) tensors.set(name, given[k]!);
  }
  const given = outputs.map(({ name, value }) => {
    const tensor = tensorOf(value);
    model.rawNode(name, "Identity", [tensor.name], { T: { type: tensor.dtype } });
    return { name, dtype: tensor.dtype, shape: tensor.shape };
  });
  const head = {
    format: "graph-model",
    signature: { inputs: signatureOf(inputs), outputs: signatureOf(given) },
    modelTopology: { node: model.nodes, library: {}, versions: { producer: 1, minConsumer: 0 } },
  };
  // by these `predict` names what it gives
  const structuredOutputKeys =
    outputs.length > 1 ? { structuredOutputKeys: outputs.map(({ name }) => name) } : {};
  return writeTfjsModel(head, model.weights, { ...metadata, ...structuredOutputKeys });
}

function signatureOf(values: readonly Value[]): Record<string, object> {
  return Object.fromEntries(
    values.map((value) => [value.name, { name: `${value.name}:0`, ...typeOf(value) }]),
  );
}

function typeOf({ dtype, shape }: TensorType) {
  return { dtype: typeName(dtype), tensorShape: tensorShape(shape) };
}
