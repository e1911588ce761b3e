// What an operation is: one entry with its shape rule, its forms in ONNX and TensorFlow.js, and its gradient.
//
// To add an operation of TensorFlow.js (its kernel's name is in the error that tracing it gives):
//   1. write its entry beside its kind (arithmetic.ts, reduction.ts, movement.ts, ...), under the kernel's name: `inputs`,
//      `accepts`, `attributes`, `shape`, `onnx`, `graphModel`, `gradient`. It is traced, emitted and differentiated from there;
//      nothing else is registered anywhere. A kind of its own gets a file, and a line in table.ts;
//   2. add a case with random shapes and every attribute to test/compile/operations/cases.
// test/compile/operations holds every entry against TensorFlow.js (values, gradients, shapes) and fails for one without a
// case. What has no gradient, or not a form, says `{ none: "why" }`. Another emitter puts its form beside `onnx`.
import type * as tf from "@tensorflow/tfjs-core";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import type { GraphModelBuilder, NodeAttribute } from "../emit/tfjs/graph-model-builder.js";
import type { Attributes, TensorType, TensorValues, Value } from "../graph/graph.js";

/** Attributes as TensorFlow.js hands them to a kernel; their types are as its documentation says. */
// biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types attributes per kernel only by convention
export type KernelAttributes = Readonly<Record<string, any>>;

/** Why an operation lacks a part that others have. */
export interface Lacking {
  readonly none: string;
}

/** The gradient of an operation, as TensorFlow.js takes it. */
export interface Gradient {
  /** Which of the operation's tensors it needs. */
  readonly saves: Pick<Partial<tf.GradConfig>, "inputsToSave" | "outputsToSave" | "saveAllInputs">;
  /** Gradients by the names of the inputs, given that of the output and what was saved. */
  readonly rule: (
    dy: tf.Tensor,
    saved: tf.Tensor[],
    attributes: KernelAttributes,
  ) => Record<string, () => tf.Tensor>;
}

/** Everything that is known of one operation. `A` are its attributes in the graph. */
export interface Operation<A = Attributes> {
  /** Names of its inputs in TensorFlow.js, in the order that a node has them; "list": any number of them. */
  readonly inputs: readonly string[] | "list";
  /** Per attribute of TensorFlow.js: "any" value, or the only ones that we can compile. Others are refused by name. */
  readonly accepts: Readonly<Record<string, "any" | readonly unknown[]>>;
  /** Return the node's attributes: what TensorFlow.js leaves to be worked out (negative axes, "same") in numbers. Default: none. */
  attributes?(inputs: readonly TensorType[], given: KernelAttributes): A;
  /** Return why inputs of these types cannot be compiled, to go on from "Exp cannot be compiled"; default: all can. */
  refuse?(inputs: readonly TensorType[], attributes: A): string | undefined;
  /** Return the type of the output, or a list of them where TensorFlow.js gives one. */
  shape(inputs: readonly TensorType[], attributes: A): TensorType | readonly TensorType[];
  /** Tell whether the output is the input itself, so that no node is needed. Default: never. */
  isCopy?(inputs: readonly TensorType[], attributes: A): boolean;
  /** Return the number that the whole output consists of, whatever the inputs' values: it is a constant then. */
  fill?(attributes: A): number;
  /** Return the numbers that the output consists of: it is a constant then. */
  values?(attributes: A): TensorValues;
  /** Append ONNX nodes and return the output, or the list of them. */
  readonly onnx: OnnxForm<A> | Lacking;
  /** Append nodes of a TensorFlow.js GraphModel and return the output, or the list of them. */
  readonly graphModel: GraphModelForm<A> | Lacking;
  readonly gradient: Gradient | Lacking;
}

/** How an operation is written in ONNX; `outputs` are the types that the shape rule gave. */
export type OnnxForm<A = Attributes> = {
  // as a method's: an entry may know the types of its own attributes better than the table does
  form(
    onnx: OnnxBuilder,
    inputs: readonly OnnxTensor[],
    attributes: A,
    outputs: readonly TensorType[],
  ): OnnxTensor | readonly OnnxTensor[];
}["form"];

/** How an operation is written in a TensorFlow.js GraphModel; `outputs` are the types that the shape rule gave. */
export type GraphModelForm<A = Attributes> = {
  form(
    model: GraphModelBuilder,
    inputs: readonly Value[],
    attributes: A,
    outputs: readonly TensorType[],
  ): Value | readonly Value[];
}["form"];

/** The form of an operation that is one node `op` of TensorFlow, with the same inputs. */
export function graphModelNode<A = Attributes>(
  op: string,
  attributesOf?: (attributes: A, inputs: readonly Value[]) => Readonly<Record<string, NodeAttribute>>,
): GraphModelForm<A> {
  return (model, inputs, attributes, [output]) =>
    model.node(op, inputs, output!, attributesOf?.(attributes, inputs));
}

/** Operations by the names of their kernels in TensorFlow.js. */
export type Operations = Readonly<Record<string, Operation>>;

/** Describe an operation whose attributes have the types `A`. */
export function operation<A extends Attributes>(entry: Operation<A>): Operation {
  return entry;
}
