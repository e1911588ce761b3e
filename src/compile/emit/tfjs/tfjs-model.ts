// The files of a TensorFlow.js model, of whichever kind: model.json, and beside it the weights that it lists.
import { sizeOf } from "../../../math/shape.js";
import { bytesOf, type ElementType, type TensorValues } from "../../graph/graph.js";

/** A model as `tf.loadGraphModel` or `tf.loadLayersModel` takes it: two files in one folder. */
export interface TfjsModel {
  /** model.json: topology, names and shapes of the weights, what the caller adds as `userDefinedMetadata`. */
  readonly modelJson: string;
  /** weights.bin */
  readonly weights: Uint8Array;
}

/** A tensor that is stored in weights.bin. */
export interface TfjsWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfjsType;
  readonly values: TensorValues;
}

/** Element types of TensorFlow.js: bytes are int32 there. */
export type TfjsType = "float32" | "int32" | "bool";

/** Return the element type that TensorFlow.js has for a graph's. */
export function tfjsType(dtype: ElementType): TfjsType {
  return dtype === "uint8" ? "int32" : dtype;
}

/** Make a weight of a tensor's values. */
export function tfjsWeight(
  name: string,
  values: TensorValues,
  shape: readonly number[],
  dtype: ElementType,
): TfjsWeight {
  return {
    name,
    shape,
    dtype: tfjsType(dtype),
    values: dtype === "uint8" ? Int32Array.from(values) : values,
  };
}

/** Name of the file that model.json reads its weights from. */
export const WEIGHTS_FILE = "weights.bin";

/** Write a model; `head` is what its kind has at the top of model.json. */
export function writeTfjsModel(
  head: Readonly<Record<string, unknown>>,
  weights: readonly TfjsWeight[],
  userDefinedMetadata: Readonly<Record<string, unknown>>,
): TfjsModel {
  const specs = weights.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  const modelJson = JSON.stringify({
    ...head,
    generatedBy: "armgym",
    convertedBy: null,
    userDefinedMetadata,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: specs }],
  });
  return { modelJson: `${modelJson}\n`, weights: joined(weights) };
}

function joined(weights: readonly TfjsWeight[]): Uint8Array {
  const parts = weights.map(({ name, shape, values }) => {
    if (values.length !== sizeOf(shape)) throw new Error(`"${name}" has ${values.length} numbers`);
    return bytesOf(values);
  });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
