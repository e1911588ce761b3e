// Write a graph of dense layers as a LayersModel of TensorFlow.js, of layers that Keras has.
import { sizeOf } from "../../../math/shape.js";
import { type Constant, type Graph, type GraphNode, type TensorType, typesOf } from "../../graph/graph.js";
import { LayerBuilder } from "./layer-builder.js";
import { type TfjsModel, writeTfjsModel } from "./tfjs-model.js";

/** Why a graph is no LayersModel, to go on from "No LayersModel: ". */
export interface NoLayersModel {
  readonly none: string;
}

/** What nodes are written into, and what became of those before. */
interface Written {
  readonly model: LayerBuilder;
  readonly constants: ReadonlyMap<string, Constant>;
  /** Names of layers by the tensors that they give. */
  readonly layers: Map<string, string>;
  readonly types: ReadonlyMap<string, TensorType>;
  /** By tensor: how many nodes and outputs read it. */
  readonly readers: ReadonlyMap<string, number>;
}

/** Activations of Keras by the operations that they are. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  Elu: "elu",
  Relu: "relu",
  Sigmoid: "sigmoid",
  Softmax: "softmax",
  Softplus: "softplus",
  Tanh: "tanh",
};

/** Writes a node; false where it cannot be. */
type Writer = (written: Written, node: GraphNode) => boolean;

const WRITERS: Readonly<Record<string, Writer>> = {
  BatchMatMul: writeDense,
  Add: (written, node) => writeSum(written, node, 1),
  Multiply: writeScaling,
  Sub: (written, node) => writeSum(written, node, -1),
  ClipByValue: writeClip,
  Concat: writeConcatenation,
  ...Object.fromEntries(Object.keys(ACTIVATIONS).map((operation) => [operation, writeActivation])),
};

/**
 * Return the files of a graph as a LayersModel, which `tf.loadLayersModel` loads and further training can take, or why it is none.
 *
 * One input [1, I] and one output [1, O]; products with constant matrices, sums and products with constants, activations,
 * limits around 0 and concatenations become Dense, Activation, ReLU, Rescaling, Add and Concatenate. What scales and shifts single
 * entries is a Dense layer of a diagonal kernel that does not train. The model takes batches. `metadata` is stored in model.json as
 * `userDefinedMetadata`.
 */
export function emitLayersModel(
  graph: Graph,
  metadata: Readonly<Record<string, unknown>> = {},
): TfjsModel | NoLayersModel {
  const { inputs, outputs, nodes, constants } = graph;
  const [input] = inputs;
  if (inputs.length !== 1 || input!.shape.length !== 2 || input!.dtype !== "float32")
    return { none: `it takes ${inputs.map(({ name }) => name).join(", ")}, not one list of numbers` };
  const model = new LayerBuilder();
  model.input(input!.name, input!.shape[1]!);
  const written: Written = {
    model,
    constants: new Map(constants.map((constant) => [constant.name, constant])),
    layers: new Map([[input!.name, input!.name]]),
    types: typesOf(graph),
    readers: countReaders(graph),
  };
  for (const node of nodes) {
    const isWritten = node.outputs[0]!.shape.length === 2 && WRITERS[node.operation]?.(written, node);
    if (!isWritten) return { none: `no layer of Keras computes its ${node.operation} as it is used there` };
  }
  const output = outputs.length === 1 && written.layers.get(outputs[0]!.value);
  if (!output)
    return { none: `it gives ${outputs.map(({ name }) => name).join(", ")}, not one list of numbers` };
  const head = { format: "layers-model", modelTopology: model.topology(input!.name, output) };
  return writeTfjsModel(head, model.weights(), metadata);
}

function countReaders({ nodes, outputs }: Graph): Map<string, number> {
  const readers = new Map<string, number>();
  const read = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ value }) => value)];
  for (const name of read) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

function writeDense(
  { model, constants, layers }: Written,
  { inputs, attributes, outputs }: GraphNode,
): boolean {
  const [from, kernel] = [layers.get(inputs[0]!), constants.get(inputs[1]!)];
  if (from === undefined || !kernel || attributes.transposeA || attributes.transposeB) return false;
  const config = { units: kernel.shape[1]!, use_bias: false, activation: "linear" };
  layers.set(outputs[0]!.name, model.add("Dense", [from], config, { kernel: tensorOf(kernel) }));
  return true;
}

/** What is added is the bias of the Dense layer before it, or of one that changes nothing else. */
function writeSum(written: Written, node: GraphNode, sign: 1 | -1): boolean {
  const { model, layers } = written;
  const { tensor, constant, isSwapped } = operandsOf(written, node) ?? {};
  if (tensor === undefined || !constant || (sign < 0 && isSwapped)) return false;
  const width = node.outputs[0]!.shape[1]!;
  const before = ownLayer(written, tensor, "Dense");
  const { use_bias, activation } = before === undefined ? {} : model.layer(before).config;
  const layer =
    before !== undefined && !use_bias && activation === "linear"
      ? before
      : addDiagonal(model, layers.get(tensor)!, new Float32Array(width).fill(1));
  const values = spread(constant, width).map((value) => sign * value);
  model.change(layer, { config: { use_bias: true }, weights: { bias: { values, shape: [width] } } });
  layers.set(node.outputs[0]!.name, layer);
  return true;
}

function writeScaling(written: Written, node: GraphNode): boolean {
  const { model, layers } = written;
  const { tensor, constant } = operandsOf(written, node) ?? {};
  if (tensor === undefined || !constant) return false;
  const layer = addDiagonal(model, layers.get(tensor)!, spread(constant, node.outputs[0]!.shape[1]!));
  layers.set(node.outputs[0]!.name, layer);
  return true;
}

/**
 * A Dense layer that multiplies each entry by a number of its own.
 *
 * BatchNormalization would do so as well, but not while it trains: it goes by the batch's mean then.
 */
function addDiagonal(model: LayerBuilder, from: string, factors: Float32Array): string {
  const units = factors.length;
  const values = new Float32Array(units * units);
  for (const [k, factor] of factors.entries()) values[k * units + k] = factor;
  const config = { units, use_bias: false, activation: "linear", trainable: false };
  return model.add("Dense", [from], config, { kernel: { values, shape: [units, units] } });
}

function writeActivation(written: Written, { operation, inputs, outputs }: GraphNode): boolean {
  const { model, layers } = written;
  const from = layers.get(inputs[0]!);
  if (from === undefined) return false;
  const activation = ACTIVATIONS[operation]!;
  const dense = ownLayer(written, inputs[0]!, "Dense");
  const isFree = dense !== undefined && model.layer(dense).config.activation === "linear";
  if (isFree) model.change(dense, { config: { activation } });
  layers.set(outputs[0]!.name, isFree ? dense : model.add("Activation", [from], { activation }));
  return true;
}

/** Keras limits from 0 on only: what is above and what is below are limited apart, which keeps every bit. */
function writeClip({ model, layers }: Written, { inputs, attributes, outputs }: GraphNode): boolean {
  const from = layers.get(inputs[0]!);
  const { min, max } = attributes as { readonly min: number; readonly max: number };
  if (from === undefined || min > 0 || max < 0) return false;
  const negative = (layer: string) => model.add("Rescaling", [layer], { scale: -1, offset: 0 });
  const limited = (layer: string, limit: number) => model.add("ReLU", [layer], { max_value: limit });
  const [above, below] = [limited(from, max), negative(limited(negative(from), -min))];
  layers.set(outputs[0]!.name, model.add("Add", [above, below]));
  return true;
}

function writeConcatenation({ model, layers }: Written, { inputs, attributes, outputs }: GraphNode): boolean {
  const from = inputs.map((name) => layers.get(name));
  if (attributes.axis !== 1 || from.some((layer) => layer === undefined)) return false;
  layers.set(outputs[0]!.name, model.add("Concatenate", from as string[], { axis: -1 }));
  return true;
}

/** Return the operand that a layer gives and the one that is constant, a number per entry; `isSwapped`: the constant comes first. */
function operandsOf({ layers, constants, types }: Written, { inputs, outputs }: GraphNode) {
  const [first, second] = inputs as [string, string];
  const isSwapped = constants.has(first);
  const [tensor, constant] = isSwapped ? [second, constants.get(first)] : [first, constants.get(second)];
  if (!layers.has(tensor) || !constant) return undefined;
  const isRepeated = types.get(tensor)!.shape.join() !== outputs[0]!.shape.join();
  const isPerEntry = constant.shape.slice(0, -1).every((length) => length === 1);
  return isRepeated || !isPerEntry ? undefined : { tensor, constant, isSwapped };
}

/** Return the layer of that class that gives a tensor to the node at hand alone. */
function ownLayer(
  { model, layers, readers }: Written,
  tensor: string,
  className: string,
): string | undefined {
  const layer = layers.get(tensor)!;
  return model.layer(layer).className === className && readers.get(tensor) === 1 ? layer : undefined;
}

function tensorOf({ values, shape }: Constant) {
  return { values: values as Float32Array, shape };
}

/** Return a constant's numbers, one per entry of a row. */
function spread({ values, shape }: Constant, width: number): Float32Array {
  return sizeOf(shape) === width ? (values as Float32Array) : new Float32Array(width).fill(values[0]!);
}
